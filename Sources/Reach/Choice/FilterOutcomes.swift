public import AttuneModel

/// What became of a business's users at its filters, by segment: reported, and fed back to the choice as a feature.
public struct FilterOutcomes: Hashable, Sendable {
  /// What one filter kept from the users whom one copy would have suited best.
  public struct Refusal: Hashable, Sendable {
    public let obstacle: Obstacle
    /// Empty where none could have been sent.
    public let copy: String
    public internal(set) var users = 0
    /// In clicks: see `RefusalCost.worth`.
    public internal(set) var cost = 0.0

    /// `consent`, `fatigue.window`, `quota`, ...
    public var filter: String { obstacle.name }
  }

  public struct Segment: Hashable, Sendable {
    /// The values of the properties that segments are told by; empty where there are none.
    public let name: String
    /// Decided about, but for those left out to measure against.
    public internal(set) var users = 0
    public internal(set) var sent = 0
    var refusals: [Reason: Refusal] = [:]

    public var refused: Int { refusals.values.reduce(0) { $0 + $1.users } }
    public var cost: Double { sorted.reduce(0) { $0 + $1.cost } }
    fileprivate var sorted: [Refusal] { refusals.sorted { $0.key < $1.key }.map(\.value) }
  }

  struct Reason: Hashable, Comparable, Sendable {
    var obstacle: Obstacle
    var copy: String

    static func < (a: Reason, b: Reason) -> Bool { (a.obstacle.name, a.copy) < (b.obstacle.name, b.copy) }
  }

  private var byName: [String: Segment] = [:]
  private var users = 0
  private var refused = 0
  /// More segments than this are one.
  static let limit = 64
  static let others = "others"

  init() {}

  /// By their names.
  public var segments: [Segment] { byName.sorted { $0.key < $1.key }.map(\.value) }

  /// Of all segments together, the dearest first.
  public var refusals: [Refusal] {
    var total: [Reason: Refusal] = [:]
    for segment in segments {
      for refusal in segment.sorted {
        let reason = Reason(obstacle: refusal.obstacle, copy: refusal.copy)
        total[reason, default: Refusal(obstacle: refusal.obstacle, copy: refusal.copy)].users += refusal.users
        total[reason]?.cost += refusal.cost
      }
    }
    return total.sorted { $0.value.cost != $1.value.cost ? $0.value.cost > $1.value.cost : $0.key < $1.key }
      .map(\.value)
  }

  /// The share of a segment's users that filters refused, as far as is known: few users say little.
  func refusedShare(of segment: String) -> Double {
    let weight = 20.0
    let all = Double(refused) / Double(max(1, users))
    guard let known = byName[segment] ?? byName[Self.others] else { return all }
    return (Double(known.refused) + weight * all) / (Double(known.users) + weight)
  }

  mutating func count(_ segment: String, isSent: Bool, _ cost: RefusalCost?) {
    let name = byName[segment] != nil || byName.count < Self.limit ? segment : Self.others
    users += 1
    byName[name, default: Segment(name: name)].users += 1
    if isSent { byName[name]?.sent += 1 }
    guard let cost else { return }
    refused += 1
    let reason = Reason(obstacle: cost.obstacle, copy: cost.copy)
    byName[name]?.refusals[reason, default: Refusal(obstacle: cost.obstacle, copy: cost.copy)].users += 1
    byName[name]?.refusals[reason]?.cost += cost.worth
  }
}

extension FilterOutcomes: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(users)
    writer.write(refused)
    writer.write(UInt64(byName.count))
    for segment in segments {
      writer.write(segment.name)
      writer.write(segment.users)
      writer.write(segment.sent)
      writer.write(UInt64(segment.refusals.count))
      for refusal in segment.sorted {
        writer.write(refusal.obstacle)
        writer.write(refusal.copy)
        writer.write(refusal.users)
        writer.write(refusal.cost)
      }
    }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    users = try reader.read()
    refused = try reader.read()
    for _ in 0..<(try reader.read() as UInt64) {
      var segment = Segment(name: try reader.read())
      segment.users = try reader.read()
      segment.sent = try reader.read()
      for _ in 0..<(try reader.read() as UInt64) {
        var refusal = Refusal(obstacle: try reader.read(), copy: try reader.read())
        refusal.users = try reader.read()
        refusal.cost = try reader.read()
        guard refusal.cost.isFinite else { throw BinaryError.invalid("a refusal's cost", at: reader.position) }
        segment.refusals[Reason(obstacle: refusal.obstacle, copy: refusal.copy)] = refusal
      }
      byName[segment.name] = segment
    }
  }
}
