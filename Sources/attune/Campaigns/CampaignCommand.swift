import ArgumentParser
import CommandSupport
import Foundation
import NIOHTTP1

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

  private struct Answer: Decodable {
    var status: String
  }

  var path: String { "/v1/campaigns/" + name.escapedForPath }

  func order(_ verb: String, query: String = "") async throws {
    let body = try await server.send(server.request(.POST, "\(path)/\(verb)\(query)"))
    Terminal.out(json ? body : "\(name) is \(try JSONDecoder().decode(Answer.self, from: Data(body.utf8)).status)")
  }
}

extension CampaignCommand {
  struct Pause: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Send nothing more until it is resumed.")
    @OptionGroup var options: CampaignOptions
    func run() async throws { try await options.order("pause") }
  }

  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Go on where it was paused.")
    @OptionGroup var options: CampaignOptions
    func run() async throws { try await options.order("resume") }
  }

  struct Stop: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "End it for good; what was sent stays sent.")
    @OptionGroup var options: CampaignOptions
    @Flag(help: "Take back the messages that still wait to be sent.") var recall = false
    func run() async throws { try await options.order("stop", query: recall ? "?recall=true" : "") }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Its progress, and what each copy achieves.")
    @OptionGroup var options: CampaignOptions

    func run() async throws {
      let body = try await options.server.send(options.server.request(.GET, options.path))
      if options.json { return Terminal.out(body) }
      Terminal.out(try CampaignStatus(json: body).text)
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Campaigns of the configuration, and those that run or have run.")
    @OptionGroup var server: ServerOptions
    @Flag(help: "Print the answer as JSON.") var json = false

    func run() async throws {
      let body = try await server.send(server.request(.GET, "/v1/campaigns"))
      Terminal.out(json ? body : try CampaignList(json: body).text)
    }
  }
}
