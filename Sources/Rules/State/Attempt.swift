import AttuneModel

/// A pattern matched as far as some step, with what it may do next. Where there are several ways on, one attempt
/// stands for all of them until an event tells them apart.
struct Attempt: Sendable {
  /// Of its chain of taken nodes; it holds a reference to the last.
  var first: Handle
  var last: Handle
  /// While it waits, the absence's deadline; else when it can no longer match.
  var until: Instant
  var options: Options
  /// The next attempt of its slot.
  var next = Handle.none

  var isWaiting: Bool { options.contains(.wait) }
  var isOver: Bool { options.subtracting(.fresh).isEmpty }

  /// Bits 0 to 15: it may enter that step.
  struct Options: OptionSet, Hashable, Sendable {
    var rawValue: UInt32

    /// It may take one more of its last step.
    static let `repeat` = Options(rawValue: 1 << 16)
    /// It waits for the absence's deadline.
    static let wait = Options(rawValue: 1 << 17)
    /// It matches unless the very next event is forbidden.
    static let close = Options(rawValue: 1 << 18)
    /// No event of the key has come since its last.
    static let fresh = Options(rawValue: 1 << 19)

    static func enter(_ step: Int) -> Options { Options(rawValue: 1 << UInt32(step)) }

    /// The steps it may enter.
    var entries: UInt32 { rawValue & 0xFFFF }
  }
}
