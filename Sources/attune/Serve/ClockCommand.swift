import API
import ArgumentParser
import AttuneModel
import CommandSupport
import Insight

struct ClockCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clock", abstract: "What a running server goes by for the hour it is.", subcommands: [Reset.self])

  struct Reset: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Go by the machine's clock again: it is right now, and was wrong before.",
      discussion: """
        A server does not believe a clock that jumps by more than five minutes; /readyz says so. Where a wrong clock was \
        believed, by a server that started with it, every event is late until that time has come. Look at the machine's \
        clock first. What was counted by the wrong one stays counted.
        """)
    @OptionGroup var server: ServerOptions
    @Flag(help: "Print the answer as JSON.") var json = false

    func run() async throws {
      let body = try await server.send(server.request(.resetClock))
      if json { return Terminal.out(body) }
      let answer = try ClockAnswer(json: body)
      let seconds = (answer.before - answer.clock).milliseconds / 1000
      Terminal.out(
        "the server goes by the machine's clock; its time was \(Int(abs(seconds)).grouped) s "
          + (seconds < 0 ? "behind" : "ahead"))
    }
  }
}
