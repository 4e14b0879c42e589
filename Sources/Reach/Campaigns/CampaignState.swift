public import AttuneModel

/// How far a campaign is: what the engine keeps of it beside its members, who live in their partitions.
public struct CampaignState: Hashable, Sendable {
  public enum Status: UInt8, Sendable, BinaryCodable {
    case running = 1
    case paused = 2
    /// By an operator, by the end of its window, or because it did harm.
    case stopped = 3
    /// Everybody has been decided about.
    case finished = 4

    public var name: String { "\(self)" }
    public var isOver: Bool { self == .stopped || self == .finished }
  }

  public internal(set) var status = Status.running
  /// Why it stopped, in words.
  public internal(set) var reason: String?
  /// As it was launched; later changes to its file change nothing.
  public internal(set) var document: Node?
  public internal(set) var launched: Instant?
  public internal(set) var ended: Instant?
  /// Users, each once.
  public internal(set) var audience = 0
  /// Users that were named more than once.
  public internal(set) var duplicates = 0
  /// Users that reached the goal, of those who could get a message and of those left out.
  public internal(set) var treatedGoals = 0
  public internal(set) var heldOutGoals = 0
  public internal(set) var sent = 0
  /// Sent quietly, among the sent.
  public internal(set) var quiet = 0
  /// Decided to be sent, and failed for good or taken back: not among the sent.
  public internal(set) var undelivered = 0
  /// Not worth a message.
  public internal(set) var held = 0
  /// Left out to measure against.
  public internal(set) var heldOut = 0
  /// Kept from the user by a filter, by fatigue, or by a quota that is used up.
  public internal(set) var refused = 0
  /// Put off and not decided yet.
  public internal(set) var deferred = 0
  /// When the last wave began, and how many of it are still to be taken up.
  var lastWave: Instant?
  var left = 0

  /// Users decided about or put off.
  public var taken: Int { sent + undelivered + held + heldOut + refused + deferred }
  public var remaining: Int { max(0, audience - taken) }
}

extension CampaignState {
  /// Users to take up in a step: of the wave that is under way, or of the next one if it is due.
  mutating func due(_ campaign: Campaign, at now: Instant, upTo most: Int) -> Int {
    guard status == .running, campaign.window?.contains(now) ?? true else { return 0 }
    if left == 0, remaining > 0, lastWave.map({ now >= $0 + campaign.waves.every }) ?? true {
      lastWave = now
      left = min(remaining, max(1, Int((Double(audience) * campaign.waves.share).rounded(.up))))
    }
    let count = min(left, most)
    left -= count
    return count
  }

  mutating func begin(by document: Node, at now: Instant) {
    status = .running
    self.document = document
    launched = now
  }

  /// Whether a wave is under way: the next step takes up more of it, whatever the hour.
  func isInWave(_ campaign: Campaign, at now: Instant) -> Bool {
    status == .running && left > 0 && campaign.window?.contains(now) ?? true
  }

  /// The last wave began by a clock that was wrong.
  mutating func turnBack(to instant: Instant) { lastWave = lastWave.map { min($0, instant) } }

  /// Closes it when there is nobody left, or its window is over.
  mutating func close(_ campaign: Campaign, at now: Instant) {
    if status == .running, remaining == 0, deferred == 0 {
      end(.finished, at: now)
    } else if status == .running || status == .paused, let window = campaign.window, now >= window.upperBound {
      end(.stopped, "its window is over", at: window.upperBound)
    }
  }

  mutating func end(_ status: Status, _ reason: String? = nil, at now: Instant) {
    self.status = status
    self.reason = reason
    ended = now
    left = 0
  }
}

extension CampaignState: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(status)
    writer.write(reason)
    writer.write(document)
    writer.write(launched)
    writer.write(ended)
    writer.write(lastWave)
    for count in [
      audience, duplicates, treatedGoals, heldOutGoals, sent, undelivered, quiet, held, heldOut, refused, deferred,
      left,
    ] {
      writer.write(count)
    }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    status = try reader.read()
    reason = try reader.read()
    document = try reader.read()
    launched = try reader.read()
    ended = try reader.read()
    lastWave = try reader.read()
    audience = try reader.read()
    duplicates = try reader.read()
    treatedGoals = try reader.read()
    heldOutGoals = try reader.read()
    sent = try reader.read()
    undelivered = try reader.read()
    quiet = try reader.read()
    held = try reader.read()
    heldOut = try reader.read()
    refused = try reader.read()
    deferred = try reader.read()
    left = try reader.read()
  }
}
