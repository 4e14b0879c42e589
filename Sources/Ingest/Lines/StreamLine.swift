public import AttuneModel
public import Codec

/// A line of a stream of events, which may also say what time it is.
public enum StreamLine: Hashable, Sendable {
  case event(Event)
  /// `{"watermark": ms}`: what is not later than this has come, or is late.
  case watermark(Instant)
  /// `{"clock": ms}`: so late it is, whether or not anything came.
  case clock(Instant)
}

/// Reads lines of a stream: events of any time whose `user` may be missing, watermarks and clocks.
public struct StreamLineDecoder: Sendable {
  private let events: EventDecoder

  public init() {
    var limits = Limits()
    limits.anyInstant = true
    events = EventDecoder(limits: limits)
  }

  public func decode(_ line: some Collection<UInt8>) -> Result<StreamLine, Refusal> {
    ItemReader(limits: events.limits) { scanner throws(Refusal) in
      let start = scanner.position
      if let time = try time(from: &scanner) { return time }
      scanner.position = start
      return .event(try events.event(from: &scanner, now: nil))
    }.decode(line: line)
  }

  /// Nil for a line that has anything else in it: an event may have properties of these names.
  private func time(from scanner: inout JSONScanner) throws(Refusal) -> StreamLine? {
    try scanner.enterObject("a line")
    var isFirst = true
    guard let name = try scanner.nextKey(&isFirst), name == "watermark" || name == "clock" else { return nil }
    let start = scanner.position
    try scanner.skip()
    guard try scanner.nextKey(&isFirst) == nil else { return nil }
    let end = scanner.position
    scanner.position = start
    do throws(Refusal) {
      guard let at = try scanner.instant(name) else {
        throw Refusal(.missing, "'\(name)' says no instant", hint: "write it in epoch milliseconds", offset: start)
      }
      scanner.position = end
      return name == "clock" ? .clock(at) : .watermark(at)
    } catch { throw error.inside(name) }
  }
}
