import Reach

/// Inputs that wait together before they are committed. Each class has room and turns of its own: however many events
/// come, messages are settled and orders are obeyed.
///
/// In the order in which they are committed.
public enum InputClass: Int, CaseIterable, Comparable, Sendable {
  /// How our messages ended. The sender waits for it, so there are never more than it has in hand.
  case settlements
  /// Configurations, campaigns, profiles, erasures.
  case control
  case reservations
  /// What people did with messages, and how reservations ended.
  case receipts
  case events

  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

extension Input {
  var `class`: InputClass {
    switch self {
    case .settlement: .settlements
    case .configuration, .zone, .clock, .campaign, .profile, .erase, .eraseFatigue: .control
    case .reserve: .reservations
    case .receipt, .settleReservation: .receipts
    case .event, .endOfTime: .events
    }
  }
}
