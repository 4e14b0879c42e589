public import AttuneModel

/// Which messages share a lane: those of one channel and class. (A channel with several apps or keys gets one for each.)
public struct LaneID: Hashable, Sendable, Comparable, CustomStringConvertible {
  public var channel: String
  public var `class`: Message.Class

  public init(channel: String, class: Message.Class) {
    self.channel = channel
    self.class = `class`
  }

  /// `log/marketing`
  public var description: String { "\(channel)/\(`class`.name)" }

  public static func < (a: Self, b: Self) -> Bool {
    // What a person waits for comes first.
    (a.channel, b.class.rawValue) < (b.channel, a.class.rawValue)
  }
}

/// How much of a channel a lane may ask at a time, and how it goes on after trouble.
public struct LaneSettings: Hashable, Sendable {
  /// Messages handed over in one dispatch.
  public var batch = 100
  /// Dispatches that may be without an answer at the same time.
  public var concurrency = 1
  /// Messages a second; nil for as many as there are.
  public var rate: Int?
  /// A dispatch without an answer for so long is given up: its messages are of unknown outcome.
  public var deadline = TimeSpan.seconds(30)
  /// The wait before the second try; it doubles with each one, up to `longestRetry`.
  public var firstRetry = TimeSpan.seconds(2)
  public var longestRetry = TimeSpan.minutes(10)
  /// So many dispatches in a row without a single answer, or one that was given up, and the lane waits, then tries
  /// with one message.
  public var breakAfter = 5
  /// Dispatches that were given up and still have not returned: with so many of them the lane stands still.
  public var abandoned = 16
  /// Of the jitter.
  public var seed: UInt64 = 0

  public init() {}
}
