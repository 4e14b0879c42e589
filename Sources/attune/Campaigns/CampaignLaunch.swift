import API
import ArgumentParser
import AsyncHTTPClient
import AttuneModel
import Codec
import CommandSupport
import Foundation
import Ingest
import Insight
import NIOCore
import Runtime

extension CampaignCommand {
  struct Launch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Launch a campaign: a published one by its name, or one from a file.",
      discussion: """
        The campaign says who its audience is. If that is a file of users, they are uploaded first, however many they \
        are. Launched twice, it begins once: nobody gets a second copy.
        """)

    @Argument(help: "A published campaign's name, or a campaign's file.") var campaign: String
    @Option(help: "Its users, an id a line (default: the file it names, beside it).") var audience: String?
    @Flag(help: "Check it and count its audience; launch nothing.") var dryRun = false
    @OptionGroup var server: ServerOptions
    @Flag(help: "Print the answer as JSON.") var json = false

    func run() async throws {
      let file = FileManager.default.contents(atPath: campaign)
      if file == nil, campaign.hasSuffix(".yaml") || campaign.hasSuffix(".yml") || campaign.contains("/") {
        throw Failure.data("there is no file '\(campaign)' (hint: a published campaign is launched by its name alone)")
      }
      var name = campaign
      var users = audience
      if let file {
        let document: Node
        do { document = try ConfigurationFolder.campaign(String(decoding: file, as: UTF8.self), file: campaign) } catch
        {
          throw Failure(message: "\(error)", code: 65)
        }
        name = document["campaign"]?.scalar ?? campaign
        if users == nil, let beside = document["audience"]?["file"]?.scalar {
          users = URL(fileURLWithPath: campaign).deletingLastPathComponent().appendingPathComponent(beside).path
        }
      }
      var announced: Int?
      if let users {
        if dryRun {
          announced = try await count(users)
        } else if try await isNew(name) {
          try await handIn(users, for: name)
        }
      }
      let query: KeyValuePairs = ["audience": announced.map(String.init), "dryRun": dryRun ? "true" : nil]
      let request =
        if let file {
          server.request(.postCampaign, query: query, body: .bytes(file), as: "application/yaml")
        } else { server.request(.launchCampaign, campaign, query: query) }
      let body = try await server.send(request, within: 300)
      if json { return Terminal.out(body) }
      let answer = try CampaignLaunchAnswer(json: body)
      let what =
        dryRun ? "is sound" : answer.isNew ? "is launched" : "was launched before, and is \(answer.status ?? "running")"
      let reached = answer.audience.of("user") + (answer.isOfProfiles ? " with a profile" : "")
      let heldOut = answer.holdout > 0 ? ", \(answer.holdout.percent(1)) of them held out" : ""
      Terminal.out("\(name) \(what): \(reached)\(heldOut)")
      if !dryRun { Terminal.out("attune campaign watch \(name)") }
    }

    /// One that was launched has its users.
    private func isNew(_ name: String) async throws -> Bool {
      let list = try CampaignsAnswer(json: try await server.send(server.request(.listCampaigns)))
      return list.campaigns.first { $0.campaign == name }.map { $0.status == "written" } ?? true
    }

    /// Users, each once.
    private func count(_ path: String) async throws -> Int {
      var seen: Set<UInt64> = []
      try await read(path) { users, fraction in
        for user in users { seen.insert(StableHash.of("counted", user).value()) }
        Terminal.progress("reading the audience", fraction)
      }
      Terminal.endProgress()
      return seen.count
    }

    /// Streams a file of any length, in place of what an earlier attempt handed in.
    private func handIn(_ path: String, for name: String) async throws {
      _ = try await server.send(server.request(.deleteAudience, name))
      try await read(path) { users, fraction in
        let lines = Data(users.joined(separator: "\n").utf8)
        _ = try await server.send(
          server.request(.postAudience, name, body: .bytes(lines), as: "text/plain"), within: 300)
        Terminal.progress("uploading the audience", fraction)
      }
      Terminal.endProgress()
    }

    /// Some thousand users at a time, and how much of the file that is.
    private func read(_ path: String, _ body: ([String], Double) async throws -> Void) async throws {
      guard let handle = FileHandle(forReadingAtPath: path) else {
        throw Failure(message: "\(path): the file cannot be read", code: 66)
      }
      let size = Double(max(1, (try? handle.seekToEnd()) ?? 1))
      try handle.seek(toOffset: 0)
      var (lines, done) = (AudienceLines(), 0.0)
      do {
        while let chunk = try handle.read(upToCount: 4 << 20), !chunk.isEmpty {
          try lines.take(chunk)
          done += Double(chunk.count)
          try await body(lines.takeUsers(), done / size)
        }
        try lines.finish()
      } catch let refusal as Refusal {
        throw Failure(message: "\(path):\(refusal)", code: 65)
      }
      try await body(lines.takeUsers(), 1)
    }
  }
}
