import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
import Insight
import Reach
import Rules
import Runtime
import Server
import Store

struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check a configuration folder as a whole: every error with file, line and a hint.")

  @Argument(help: "The configuration folder.") var folder: String
  @Option(help: "A store's folder, in whose library the copies are looked up that campaigns name.")
  var store: String?
  @Flag(help: "Print JSON.") var json = false

  func run() throws {
    let checked = CheckedFolder(folder)
    let compiled = checked.compiled
    var diagnostics = checked.diagnostics
    if compiled != nil, let source = checked.source, source.namesCopies {
      diagnostics.append(
        source.copyWarnings(try store.map { try StoreFolder.read($0).library(at: SystemClock.now()) }))
    }
    if json {
      var text = JSONWriter()
      text.object { json in
        json.member("valid", compiled != nil)
        json.member("rules", compiled?.rules.rules.count ?? 0)
        json.member("businesses", compiled.map(businesses) ?? 0)
        json.member("campaigns", compiled?.campaigns.count ?? 0)
        json.write(diagnostics.all, as: "diagnostics")
      }
      Terminal.out(text)
    } else {
      if !diagnostics.all.isEmpty { Terminal.note("\(diagnostics)") }
      if let compiled {
        Terminal.out(
          "\(folder): sound: " + counts(compiled).joined(separator: ", ") + ", "
            + diagnostics.warnings.count.of("warning"))
        for campaign in compiled.campaigns.values.sorted(by: { $0.name < $1.name }) { Terminal.out(campaign.reach) }
      }
    }
    if compiled == nil { throw ExitCode(65) }
  }

  private func counts(_ compiled: CompiledConfiguration) -> [String] {
    let campaigns = compiled.campaigns.count
    return [compiled.rules.rules.count.of("rule"), businesses(compiled).of("business", "businesses")]
      + (campaigns > 0 ? [campaigns.of("campaign")] : [])
  }

  /// Those with a file of their own: each campaign is one besides.
  private func businesses(_ compiled: CompiledConfiguration) -> Int {
    compiled.businesses.count - compiled.campaigns.count
  }
}

extension Campaign {
  /// Whom it is for, which a reader of the file may take for more.
  fileprivate var reach: String {
    let users =
      switch audience {
      case .profiles(nil): "everybody with a profile"
      case .profiles: "whoever's profile fits"
      case .list(let users): users.count.of("user")
      case .file(let name): "the users in \(name)"
      }
    return "  campaign \(name): \(users)" + (holdout > 0 ? ", \(holdout.percent()) of them held out" : "")
  }
}
