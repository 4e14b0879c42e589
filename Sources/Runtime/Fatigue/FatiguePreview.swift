public import AttuneModel
public import Fatigue

/// What a policy would have said of recorded candidates, beside what was said of them.
///
/// Candidates are taken as they came: what users and rules would have done after other answers, nobody knows.
public struct FatiguePreview {
  /// An answer on one candidate.
  public enum Answer: Hashable, Sendable {
    case passed
    case refused(FatigueVerdict.Dimension)
    /// The policy did not have its business, or nobody knew its zone.
    case unanswered

    init(_ verdict: FatigueVerdict?) {
      self = verdict.map { verdict in verdict.reason.map { .refused($0) } ?? .passed } ?? .unanswered
    }
  }

  private var fatigue: FatigueTracker
  private var reserved = ReservedUsers()
  public private(set) var report = Report()

  public init(policy: FatiguePolicy) {
    fatigue = FatigueTracker(policy: policy)
    reserved.note(policy)
  }

  /// - Parameters:
  ///   - number: its id, the same for its settlement. Asked again after it passed, it is not counted twice.
  ///   - zone: the user's; nil for the policy's.
  ///   - before: what it was told.
  mutating func judge(
    _ number: UInt64, user: String, business: String, zone: Zone?, at: Instant, before: Answer
  ) {
    // In use by another user: nothing was asked of fatigue.
    if let holder = reserved[number], holder != user, fatigue.stands(id: number, user: holder, at: at) { return }
    let isRepeated = fatigue.stands(id: number, user: user, at: at)
    let after = Answer(try? fatigue.reserve(id: number, user: user, business: business, zone: zone, at: at))
    if before == .passed || after == .passed { reserved.add(number, user, at: at) }
    if isRepeated { return }
    report.add(
      user: user, business: business, day: (zone ?? fatigue.policy.zone).day(at), before: before, after: after)
  }

  /// A recorded settlement; nothing to settle where the new policy refused.
  ///
  /// - Parameter user: nil for whoever was reached under that id.
  mutating func settle(_ number: UInt64, user: String? = nil, as settlement: FatigueSettlement) {
    if let user = user ?? reserved[number] { fatigue.settle(id: number, user: user, as: settlement) }
  }

  mutating func erase(_ user: String) { fatigue.erase(user: user) }
}

extension FatiguePreview {
  /// Judges a file of candidates by both policies. Its policy lines change the one it is compared with.
  ///
  /// - Throws: what `CandidateFile.next` throws.
  public mutating func run(_ file: inout CandidateFile, against current: FatiguePolicy) throws {
    var before = FatigueReplay<FatigueTracker>(policy: current)
    while let step = try file.next() {
      switch step {
      case .candidate(let candidate):
        let answer = Answer(try? before.judge(candidate))
        judge(
          Reservation.number(of: candidate.id), user: candidate.user, business: candidate.business,
          zone: candidate.zone, at: candidate.at, before: answer)
      case .settlement(let id, let settlement):
        before.settle(id: id, as: settlement)
        settle(Reservation.number(of: id), as: settlement)
      case .policy(let policy): before.adopt(policy)
      }
    }
  }
}
