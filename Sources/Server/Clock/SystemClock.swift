public import AttuneModel
import Foundation

/// The machine's clock.
public enum SystemClock {
  public static func now() -> Instant { Instant(milliseconds: Int64((Date().timeIntervalSince1970 * 1000).rounded())) }
}
