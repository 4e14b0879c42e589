public import AttuneModel
public import Fatigue

/// Candidates one after another: each that passes is reserved, and stays so unless it is settled otherwise.
public struct FatigueReplay<Control: FatigueControl> {
  public private(set) var control: Control
  private var reserved = ReservedUsers()

  public init(policy: FatiguePolicy) {
    control = Control(policy: policy)
    reserved.note(policy)
  }

  /// Follows a file to its end, telling the verdict on each candidate in order, or that its id is in use.
  ///
  /// - Throws: what `CandidateFile.next` throws, and what `verdict` does; a business that the policy does not have is
  ///   a `CandidateFileError`.
  public mutating func run(
    _ file: inout CandidateFile,
    verdict: (CandidateFile.Candidate, Result<FatigueVerdict, FatigueError>) throws -> Void
  ) throws {
    while let step = try file.next() {
      switch step {
      case .candidate(let candidate):
        let answer = Result { () throws(FatigueError) in try judge(candidate) }
        if case .failure(let error) = answer, error.code != .conflict {
          throw file.unknown(candidate.business, among: control.policy.businesses.keys)
        }
        try verdict(candidate, answer)
      case .settlement(let id, let settlement): settle(id: id, as: settlement)
      case .policy(let policy): adopt(policy)
      }
    }
  }

  public mutating func judge(_ candidate: CandidateFile.Candidate) throws(FatigueError) -> FatigueVerdict {
    let number = Reservation.number(of: candidate.id)
    if let user = reserved[number], user != candidate.user, control.policy.businesses[candidate.business] != nil,
      control.stands(id: number, user: user, at: candidate.at)
    {
      throw .conflict
    }
    let verdict = try control.reserve(
      id: number, user: candidate.user, business: candidate.business, zone: candidate.zone, at: candidate.at)
    if verdict.passes { reserved.add(number, candidate.user, at: candidate.at) }
    return verdict
  }

  /// An id that never passed changes nothing.
  public mutating func settle(id: String, as settlement: FatigueSettlement) {
    let number = Reservation.number(of: id)
    guard let user = reserved[number] else { return }
    control.settle(id: number, user: user, as: settlement)
  }

  public mutating func adopt(_ policy: FatiguePolicy) {
    control.policy = policy
    reserved.note(policy)
  }
}

/// Who was reached under which id: settlements do not say.
///
/// Nothing is dropped before there are a million; then what is older than any window, gap and day.
struct ReservedUsers {
  private struct Entry {
    var user: String
    var at: Instant
  }

  private var entries: [UInt64: Entry] = [:]
  private var limit: Int
  private let least: Int
  private var latest = Instant.distantPast
  /// A day in any zone, and the longest memory of any policy so far.
  private var memory = TimeSpan.days(3)

  init(least: Int = 1_000_000) {
    self.least = least
    limit = least
  }

  var count: Int { entries.count }

  subscript(number: UInt64) -> String? { entries[number]?.user }

  mutating func note(_ policy: FatiguePolicy) {
    for business in policy.businesses.values { memory = max(memory, .days(Int64(business.days)), business.minGap) }
    for scene in policy.scenes.values { memory = max(memory, scene.window) }
  }

  mutating func add(_ number: UInt64, _ user: String, at: Instant) {
    latest = max(latest, at)
    // A clock that goes back counts as standing still.
    entries[number] = Entry(user: user, at: latest)
    guard entries.count > limit else { return }
    entries = entries.filter { $0.value.at + memory >= latest }
    limit = max(least, entries.count * 2)
  }
}
