import API
import ArgumentParser
import CommandSupport

struct LearnShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "What a server knows about a business's copies: clicks, estimates, and whom filters refused.",
    discussion: "For businesses with 'choose: learned', and for campaigns that were launched.")

  @Argument(help: "The business.") var business: String
  @OptionGroup var server: ServerOptions
  @Flag(help: "Print the answer as JSON.") var json = false

  func run() async throws {
    let body = try await server.send(server.request(.getChoice, business))
    Terminal.out(json ? body : try ChoiceAnswer(json: body).text)
  }
}
