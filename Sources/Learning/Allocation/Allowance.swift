/// What is left of quotas: who holds it may spend it, and nobody else. It is split among those who decide at the same
/// time and put together again; the sum never changes but by what is sent. Nothing here can go over a quota.
public struct Allowance: Hashable, Sendable {
  /// Arrivals still expected that something can be sent to.
  public internal(set) var rounds: Int
  /// Sends left of each copy; nil: no limit.
  public internal(set) var maximum: [Int?]
  /// Sends still owed of each copy.
  public internal(set) var minimum: [Int]
  /// The channel of each copy: an index of `channelMaximum`; nil: none that is limited.
  public let channels: [Int?]
  /// Sends left of each channel; nil: no limit.
  public internal(set) var channelMaximum: [Int?]
  /// Sends left of all copies together; nil: no limit.
  public internal(set) var budget: Int?

  /// All of it.
  public init(_ quotas: Quotas) {
    rounds = quotas.rounds
    maximum = quotas.maximum
    minimum = quotas.minimum
    channels = quotas.channels
    channelMaximum = quotas.channelMaximum
    budget = quotas.budget
    refresh()
  }

  /// How many copies there are.
  public var copies: Int { maximum.count }

  /// Sends that have to be made.
  public var owed: Int { minimum.reduce(0, +) }

  /// What the next arrival may get.
  public struct Options: Hashable, Sendable {
    /// Of each copy, whether it may be sent.
    public var copies: [Bool]
    /// False when the arrivals left are no more than the sends that are owed.
    public var mayHold: Bool
  }

  /// Units that are owed to another copy are not for this one. When as many sends are owed as arrivals are left, only
  /// copies that are owed may be sent.
  public private(set) var options = Options(copies: [], mayHold: true)

  /// An arrival that got `copy`, or nothing.
  /// - Returns: false when the copy may not be sent: it is counted as an arrival that got nothing.
  @discardableResult
  public mutating func spend(_ copy: Int?) -> Bool {
    rounds = max(0, rounds - 1)
    defer { refresh() }
    guard let copy else { return true }
    guard options.copies.indices.contains(copy), options.copies[copy] else { return false }
    maximum[copy]? -= 1
    minimum[copy] = max(0, minimum[copy] - 1)
    if let channel = channels[copy] { channelMaximum[channel]? -= 1 }
    budget? -= 1
    return true
  }

  /// - Parameter count: of arrivals that something can be sent to.
  mutating func expect(_ count: Int) {
    rounds = count
    refresh()
  }

  mutating func restore(_ copy: Int, owed: Int) {
    maximum[copy]? += 1
    minimum[copy] = owed
    if let channel = channels[copy] { channelMaximum[channel]? += 1 }
    budget? += 1
    refresh()
  }

  /// A copy that is not sent any more; what was owed to it is free for others.
  public mutating func withdraw(copy: Int) {
    guard maximum.indices.contains(copy) else { return }
    maximum[copy] = 0
    minimum[copy] = 0
    refresh()
  }

  mutating func refresh() {
    let owed = owed
    options.mayHold = owed == 0 || rounds > owed
    var owedByChannel = [Int](repeating: 0, count: channelMaximum.count)
    if owed > 0 {
      for copy in 0..<copies { if let channel = channels[copy] { owedByChannel[channel] += minimum[copy] } }
    }
    if options.copies.count != copies { options.copies = [Bool](repeating: true, count: copies) }
    let isOpen = options.mayHold && (budget ?? .max) > owed
    for copy in 0..<copies {
      let channel = channels[copy]
      options.copies[copy] =
        minimum[copy] > 0
        || isOpen && maximum[copy] != 0 && (channel.map { (channelMaximum[$0] ?? .max) > owedByChannel[$0] } ?? true)
    }
  }

  /// Of a quota, how much is left or owed; nil when there is no such quota.
  public func left(_ quota: Quota) -> Int? {
    switch quota {
    case .maximum(let copy): maximum.indices.contains(copy) ? maximum[copy] : nil
    case .minimum(let copy): minimum.indices.contains(copy) ? minimum[copy] : nil
    case .channel(let channel): channelMaximum.indices.contains(channel) ? channelMaximum[channel] : nil
    case .budget: budget
    }
  }
}
