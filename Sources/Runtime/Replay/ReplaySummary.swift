public import AttuneModel
import Codec

/// What a replay counted. candidates = sent + all refused + retracted + pending; events = accepted + duplicates + late
/// + invalid.
public struct ReplaySummary: Sendable {
  /// Lines of the log.
  public var events = 0
  /// Profiles read.
  public var users = 0
  /// Lines of the log that are no event, refused at the door.
  public var invalid = 0
  /// Lines of the profiles that are none.
  public var invalidUsers = 0
  /// Candidates still put off at the end.
  public var pending = 0
  public var tally = Tally()
  /// The first of the invalid lines: file, line and why.
  public private(set) var problems: [String] = []
  /// Where nothing matched: what the log has, and what the rules want.
  public var unmatched: [String] = []

  public var accepted: Int { tally.total(.accepted) }
  public var duplicates: Int { tally.total(.duplicate) }
  public var late: Int { tally.total(.late) }
  public var matches: Int { tally.total(.matched) }
  public var candidates: Int { tally.total(.routed) }
  public var sent: Int { tally.total(.sent) }
  /// How often a candidate was put off.
  public var deferred: Int { tally.total(.deferred) }

  /// Candidates that were put off when a late event took their match back.
  public var retracted: Int { tally.total(.retracted) { $0.detail == "deferred" } }

  /// By filter, and `fatigue.<dimension>`; in alphabetical order.
  public var refused: [(reason: String, count: Int)] {
    var counts: [String: Int] = [:]
    for (key, count) in tally.counts where key.stage == .refused { counts[key.detail, default: 0] += count }
    return counts.sorted { $0.key < $1.key }.map { (reason: $0.key, count: $0.value) }
  }

  /// Whether there were events, and none of them could be taken.
  public var tookNothing: Bool { events > 0 && invalid == events }

  mutating func refuse(_ refusal: Refusal, _ path: String, _ line: Int) {
    if problems.count < 20 { problems.append("\(path):\(line): \(refusal)") }
  }
}
