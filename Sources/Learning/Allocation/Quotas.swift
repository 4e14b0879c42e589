/// What a campaign may send and has to send. A value of this type can be kept: contradictions are refused at the door.
public struct Quotas: Hashable, Sendable {
  /// More sends than anybody has users; sums of them stay far from overflow.
  public static let limit = 1 << 40
  /// Copies of one campaign.
  public static let mostCopies = 10_000
  /// Channels of one campaign.
  public static let mostChannels = 10_000

  /// Arrivals expected: the decisions there will be, sends and holds.
  public let rounds: Int
  /// Most sends of each copy; nil: no limit.
  public let maximum: [Int?]
  /// Fewest sends of each copy.
  public let minimum: [Int]
  /// The channel of each copy: an index of `channelMaximum`; nil: none that is limited.
  public let channels: [Int?]
  /// Most sends of each channel; nil: no limit.
  public let channelMaximum: [Int?]
  /// Most sends of all copies together; nil: no limit.
  public let budget: Int?

  /// How many copies there are.
  public var copies: Int { maximum.count }

  /// - Parameters:
  ///   - maximum: one a copy; empty: none is limited.
  ///   - minimum: one a copy; empty: none is promised.
  ///   - channels: one a copy, an index of `channelMaximum`; empty: copies have no channel.
  /// - Throws: the first of the quotas that cannot be kept.
  public init(
    rounds: Int, copies: Int, maximum: [Int?] = [], minimum: [Int] = [], channels: [Int?] = [],
    channelMaximum: [Int?] = [], budget: Int? = nil
  ) throws(QuotaError) {
    guard (0...Self.limit).contains(rounds) else {
      throw QuotaError(.range, "rounds is from 0 to 2^40, not \(rounds)")
    }
    guard (1...Self.mostCopies).contains(copies) else {
      throw QuotaError(.range, "copies is from 1 to \(Self.mostCopies), not \(copies)")
    }
    guard channelMaximum.count <= Self.mostChannels else {
      throw QuotaError(.range, "there are at most \(Self.mostChannels) channels, not \(channelMaximum.count)")
    }
    self.rounds = rounds
    self.maximum = try Self.list(maximum, of: "maximum", copies: copies, default: nil)
    self.minimum = try Self.list(minimum, of: "minimum", copies: copies, default: 0)
    self.channels = try Self.list(channels, of: "channels", copies: copies, default: nil)
    self.channelMaximum = channelMaximum
    self.budget = budget
    try checkNumbers()
    try checkMinimums()
  }

  /// No quota at all.
  public init(unlimited copies: Int) {
    rounds = 0
    maximum = Array(repeating: nil, count: max(0, min(copies, Self.mostCopies)))
    minimum = maximum.map { _ in 0 }
    channels = maximum.map { _ in nil }
    channelMaximum = []
    budget = nil
  }

  /// What is left, as quotas of its own.
  init(_ left: Allowance) {
    rounds = left.rounds
    maximum = left.maximum
    minimum = left.minimum
    channels = left.channels
    channelMaximum = left.channelMaximum
    budget = left.budget
  }

  private static func list<T>(_ given: [T], of name: String, copies: Int, default value: T) throws(QuotaError) -> [T] {
    guard !given.isEmpty else { return Array(repeating: value, count: copies) }
    guard given.count == copies else {
      throw QuotaError(.shape, "\(name) has \(given.count) entries for \(copies) copies")
    }
    return given
  }

  private func checkNumbers() throws(QuotaError) {
    func check(_ number: Int?, _ name: @autoclosure () -> String) throws(QuotaError) {
      guard let number, !(0...Self.limit).contains(number) else { return }
      throw QuotaError(.range, "\(name()) is from 0 to 2^40, not \(number)")
    }
    for (copy, number) in maximum.enumerated() { try check(number, "the maximum of copy \(copy)") }
    for (copy, number) in minimum.enumerated() { try check(number, "the minimum of copy \(copy)") }
    for (channel, number) in channelMaximum.enumerated() { try check(number, "the quota of channel \(channel)") }
    try check(budget, "the budget")
    for (copy, channel) in channels.enumerated() {
      guard let channel, !channelMaximum.indices.contains(channel) else { continue }
      throw QuotaError(.shape, "copy \(copy) is of channel \(channel), and there are \(channelMaximum.count) channels")
    }
  }

  private func checkMinimums() throws(QuotaError) {
    for copy in 0..<copies {
      guard let most = maximum[copy], minimum[copy] > most else { continue }
      throw QuotaError(
        .impossible, "copy \(copy) has to be sent \(minimum[copy]) times and may be sent \(most) times",
        hint: "lower its minimum or raise its maximum")
    }
    for (channel, most) in channelMaximum.enumerated() {
      let promised = (0..<copies).reduce(0) { channels[$1] == channel ? $0 + minimum[$1] : $0 }
      guard let most, promised > most else { continue }
      throw QuotaError(
        .impossible, "the copies of channel \(channel) have to be sent \(promised) times, its quota is \(most)",
        hint: "lower the minimums of its copies or raise its quota")
    }
    let promised = minimum.reduce(0, +)
    if let budget, promised > budget {
      throw QuotaError(
        .impossible, "the minimums add up to \(promised), the budget is \(budget)",
        hint: "lower the minimums or raise the budget")
    }
    if promised > rounds {
      throw QuotaError(
        .impossible, "the minimums add up to \(promised), the audience is \(rounds)",
        hint: "lower the minimums or widen the audience")
    }
  }
}
