import AttuneModel

/// Decisions from the journal. A candidate decided several times in a batch has several, in order.
struct RecordedDecisions: Sendable {
  private var decisions: [CandidateID: ArraySlice<Decision>]

  init(_ decisions: [Decision]) {
    self.decisions = Dictionary(grouping: decisions, by: \.candidate).mapValues { $0[...] }
  }

  /// Nil too where the number was another candidate's: a newer build may propose others, or in another order.
  mutating func next(for candidate: Candidate) -> Decision? {
    guard let decision = decisions[candidate.id]?.first, decision.user == candidate.user,
      decision.business == candidate.business
    else { return nil }
    decisions[candidate.id]?.removeFirst()
    if decisions[candidate.id]?.isEmpty == true { decisions[candidate.id] = nil }
    return decision
  }

  /// Whether the next decision on a candidate is that it was retracted.
  func takesBack(_ id: CandidateID) -> Bool { decisions[id]?.first?.outcome == .retracted }

  /// Those nobody asked for, in the order of their instants.
  var rest: [Decision] { decisions.values.joined().sorted { ($0.at, $0.candidate) < ($1.at, $1.candidate) } }
}
