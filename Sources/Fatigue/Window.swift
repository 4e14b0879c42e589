import Model

/// A window of a business or a scene, with what it froze when it opened.
struct Window: Sendable {
  enum Key: Sendable, Hashable, Comparable {
    case business(UInt32)
    case scene(UInt32)

    var mark: Reach.Marks {
      switch self {
      case .business: .window
      case .scene: .scene
      }
    }

    var name: UInt32 {
      get {
        switch self {
        case .business(let name), .scene(let name): name
        }
      }
      set {
        switch self {
        case .business: self = .business(newValue)
        case .scene: self = .scene(newValue)
        }
      }
    }

    /// Businesses before scenes, each by number.
    static func < (a: Key, b: Key) -> Bool { (a.mark.rawValue, a.name) < (b.mark.rawValue, b.name) }
  }

  var key: Key
  let start: Instant
  let length: TimeSpan
  let times: Int

  /// Half open; by the time passed, which is exact where an end would not fit.
  func isOpen(at now: Instant) -> Bool { now - start < length }

  /// Nil: later than any instant.
  var end: Instant? { start.after(length) }
}

extension Instant {
  /// The instant a span later; nil where there is none.
  func after(_ span: TimeSpan) -> Instant? {
    let (value, overflow) = milliseconds.addingReportingOverflow(span.milliseconds)
    return overflow ? nil : Instant(milliseconds: value)
  }

  /// As an end that `distantFuture` stands in for where it does not fit: that one never comes.
  func hasCome(by now: Instant) -> Bool { self <= now && self != .distantFuture }
}
