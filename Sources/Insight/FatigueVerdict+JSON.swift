import AttuneModel
public import Codec
public import Fatigue

extension JSONWriter {
  /// The members of a verdict, within the object being written: `"pass", "reason", "next", "dimensions"`. Instants are
  /// epoch milliseconds, `minGap` is milliseconds, and a dimension that has no limit is null.
  ///
  /// A server writes them by the hundred thousand a second, so the names are bytes as they stand.
  public mutating func members(of verdict: FatigueVerdict) {
    separate()
    literal(verdict.passes ? #""pass":true,"reason":"# : #""pass":false,"reason":"#)
    switch verdict.reason {
    case .user: literal(#""user""#)
    case .scene: literal(#""scene""#)
    case .window: literal(#""window""#)
    case .gap: literal(#""gap""#)
    case nil: literal("null")
    }
    next(verdict.next)
    literal(#","dimensions":{"user":"#)
    reading(verdict.user)
    literal(#","scene":"#)
    reading(verdict.scene)
    literal(#","window":"#)
    reading(verdict.window)
    literal(#","gap":"#)
    gap(verdict.gap)
    literal("}")
  }

  private mutating func reading(_ reading: FatigueVerdict.Reading?) {
    guard let reading else { return literal("null") }
    literal(#"{"count":"#)
    integer(Int64(reading.count))
    literal(#","limit":"#)
    integer(Int64(reading.limit))
    next(reading.next)
    literal("}")
  }

  private mutating func gap(_ gap: FatigueVerdict.GapReading?) {
    guard let gap else { return literal("null") }
    literal(#"{"last":"#)
    instant(gap.last)
    literal(#","minGap":"#)
    integer(gap.minGap.milliseconds)
    next(gap.next)
    literal("}")
  }

  private mutating func next(_ at: Instant?) {
    literal(#","next":"#)
    instant(at)
  }
}
