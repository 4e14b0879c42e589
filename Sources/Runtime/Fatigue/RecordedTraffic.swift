public import AttuneModel
import Fatigue
public import Reach
public import Store

/// Batches as they were handled, put before another policy: what reached fatigue, in whose zone, and how it ended.
public struct RecordedTraffic {
  public private(set) var preview: FatiguePreview
  private var zones: [String: Zone] = [:]
  /// The zones that profiles name, by user.
  private var zoneNames: [String: String] = [:]

  public init(_ preview: FatiguePreview) { self.preview = preview }

  /// Everything that a store recorded.
  public mutating func take(_ store: OpenedStore) throws {
    try Recording(store).batches(after: 0) { row in take(try row.inputs(), try row.traced()) }
  }

  /// One batch. The engine's own candidates come first, for they were due before; reservations among the inputs.
  public mutating func take(_ inputs: [Input], _ traces: [Trace]) {
    let split = traces.firstIndex { if case .reservation = $0.id { true } else { false } } ?? traces.endIndex
    for trace in traces[..<split] { take(trace, zone: nil) }
    var answers = traces[split...].makeIterator()
    for input in inputs {
      switch input {
      case .reserve(let reservation): if let answer = answers.next() { take(answer, zone: reservation.zone) }
      case .settleReservation(let settlement):
        preview.settle(
          Reservation.number(of: settlement.id), user: settlement.user, as: settlement.settlement)
      case .settlement(let settlement): preview.settle(settlement.message.rawValue, as: settlement.outcome.meaning)
      case .profile(let patch): take(patch)
      case .zone(let zone): zones[zone.name] = zone
      case .configuration(let source, _): for zone in source.zones { zones[zone.name] = zone }
      case .erase(let user):
        zoneNames[user] = nil
        preview.erase(user)
      case .eraseFatigue(let user): preview.erase(user)
      case .event, .receipt, .campaign, .clock, .endOfTime: break
      }
    }
  }

  private mutating func take(_ patch: ProfilePatch) {
    guard patch.changes.contains(where: { $0.name == "zone" }) else { return }
    zoneNames[patch.user] = patch.zoneName
  }

  /// - Parameter zone: what the reservation names, if it does.
  private mutating func take(_ trace: Trace, zone: String?) {
    guard let before = trace.fatigueAnswer else { return }
    let number =
      switch trace.id {
      case .candidate(let id): id.rawValue
      case .reservation(let id): Reservation.number(of: id)
      }
    let name = zone ?? zoneNames[trace.user]
    preview.judge(
      number, user: trace.user, business: trace.business, zone: name.flatMap { zones[$0] }, at: trace.at,
      before: before)
  }
}

extension Trace {
  /// Nil when it never came to fatigue.
  fileprivate var fatigueAnswer: FatiguePreview.Answer? {
    guard checks.contains(where: { if case .fatigue = $0.obstacle { true } else { false } }) else { return nil }
    switch outcome {
    case .sent, .reserved: return .passed
    case .retracted: return nil
    case .refused, .deferred:
      return obstacle?.dimension.map { .refused($0) } ?? .unanswered
    }
  }
}
