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
    self = instant
  }
}
