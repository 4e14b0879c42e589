import API
import ArgumentParser
import CommandSupport
import Foundation

extension CampaignCommand {
  struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Watch it being sent: progress, shares, estimates and prices, until it ends.",
      discussion: "On a terminal the picture is redrawn; elsewhere, and with --json, a line is printed each time.")

    @OptionGroup var options: CampaignOptions
    @Option(help: "Seconds between two requests.") var every = 1.0

    func validate() throws {
      guard every >= 0.1, every <= 3600 else { throw ValidationError("--every is from 0.1 to 3600 seconds") }
    }

    func run() async throws {
      var height = 0
      while true {
        let body = try await options.server.send(options.server.request(.getCampaign, options.name))
        let status = try CampaignAnswer(json: body)
        if options.json {
          Terminal.out(body)
        } else if Terminal.isInteractive {
          let text = status.text
          Terminal.redraw(text, over: height)
          height = text.split(separator: "\n", omittingEmptySubsequences: false).count
        } else {
          Terminal.out(
            "\(status.campaign) \(status.status) \(Int(status.fraction * 100))% sent \(status.sent) clicks \(status.clicks)"
          )
        }
        if status.isOver { break }
        try await Task.sleep(for: .seconds(every))
      }
    }
  }
}
