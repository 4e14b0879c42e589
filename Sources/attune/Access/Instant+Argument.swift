import AttuneModel
import Codec
import CommandSupport

extension Instant {
  /// As a person writes it on the command line: RFC 3339, or epoch milliseconds.
  ///
  /// - Throws: `Failure` with a hint.
  init(argument text: String) throws {
    guard let instant = Int64(text).map(Instant.init(milliseconds:)) ?? Instant(rfc3339: text) else {
      throw Failure.data("'\(text)' is no instant (hint: 2026-11-21T22:00:00+08:00, or epoch milliseconds)")
    }
    // Of the year 2000 and later in seconds, and of January 1970 in milliseconds.
    if Int64(text) != nil, (946_684_800..<4_133_980_800).contains(instant.milliseconds) {
      throw Failure.data("'\(text)' is in seconds (hint: in milliseconds it is \(text)000)")
    }
    self = instant
  }
}
