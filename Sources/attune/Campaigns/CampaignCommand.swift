import API
import ArgumentParser
import CommandSupport

struct CampaignCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "campaign",
    abstract: "One plan, many copies, one launch: each user gets the one copy that suits them, under quotas.",
    subcommands: [Launch.self, Watch.self, Show.self, List.self, Pause.self, Resume.self, Stop.self],
    defaultSubcommand: List.self)
}

/// A campaign's name, and where it runs.
struct CampaignOptions: ParsableArguments {
  @Argument(help: "The campaign's name.") var name: String
  @OptionGroup var server: ServerOptions
  @Flag(help: "Print the answer as JSON.") var json = false

  func order(_ id: Route.ID, query: KeyValuePairs<String, String?> = [:]) async throws {
    let body = try await server.send(server.request(id, name, query: query))
    Terminal.out(json ? body : "\(name) is \(try CampaignOrderAnswer(json: body).status)")
  }
}

extension CampaignCommand {
  struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Send nothing more until it is resumed.")
    @OptionGroup var options: CampaignOptions
    func run() async throws { try await options.order(.pauseCampaign) }
  }

  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Go on where it was paused.")
    @OptionGroup var options: CampaignOptions
    func run() async throws { try await options.order(.resumeCampaign) }
  }

  struct Stop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "End it for good; what was sent stays sent.")
    @OptionGroup var options: CampaignOptions
    @Flag(help: "Take back the messages that still wait to be sent.") var recall = false
    func run() async throws { try await options.order(.stopCampaign, query: ["recall": recall ? "true" : nil]) }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Its progress, and what each copy achieves.")
    @OptionGroup var options: CampaignOptions

    func run() async throws {
      let body = try await options.server.send(options.server.request(.getCampaign, options.name))
      if options.json { return Terminal.out(body) }
      Terminal.out(try CampaignAnswer(json: body).text)
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Campaigns of the configuration, and those that run or have run.")
    @OptionGroup var server: ServerOptions
    @Flag(help: "Print the answer as JSON.") var json = false

    func run() async throws {
      let body = try await server.send(server.request(.listCampaigns))
      Terminal.out(json ? body : try CampaignsAnswer(json: body).text)
    }
  }
}
