public import Model

/// Fatigue control 2.0: user, scene and business, in windows that open at the first reach. The state of any number of
/// users, as a value.
///
/// A user's instants need not ascend; a call at an instant before the last `expire` is the only one that can tell what
/// was swept. An id is remembered until its day, its windows and its gap have ended, and then until the next `expire`.
public struct Fatigue: FatigueControl {
  public var policy: FatiguePolicy { didSet { book.adopt(policy) } }
  var book = Book()
  var users = UserTable()
  var slab = Slab()

  public init(policy: FatiguePolicy) {
    self.policy = policy
    book.adopt(policy)
  }

  public func check(
    user: String, business: String, zone: Zone? = nil, at instant: Instant
  ) throws(FatigueError) -> FatigueVerdict {
    let candidate = candidate(try place(of: business), zone, instant)
    guard let place = users.place(of: UserKey(user)) else { return Self.fresh(candidate) }
    return reading(users[place]) { $0.verdict(on: candidate) }
  }

  public mutating func reserve(
    id: UInt64, user: String, business: String, zone: Zone? = nil, at instant: Instant
  ) throws(FatigueError) -> FatigueVerdict {
    // The user first: while memory brings the ledger, the processor looks the business up.
    let key = UserKey(user)
    let known = users.place(of: key)
    let place = try place(of: business)
    let candidate = candidate(place, zone, instant)
    guard let index = known else {
      let verdict = Self.fresh(candidate)
      if verdict.passes { add(id, key, place, candidate) }
      return verdict
    }
    let ledger = users[index]
    var survey: Survey?
    let verdict = reading(ledger) { reaches in
      let found = Survey(reaches, candidate, id: id)
      if let same = found.same, reaches.isRemembered(reaches.all[same], at: instant) {
        return reaches.verdict(onRepeated: same, candidate)
      }
      survey = found
      return reaches.verdict(found, candidate)
    }
    if verdict.passes, let survey { add(id, at: index, place, candidate, survey) }
    return verdict
  }

  /// Counts a reach that was decided earlier, whatever the limits say: what `reserve` does after a verdict that passed.
  ///
  /// - Throws: `unknownBusiness` when the policy does not have it.
  public mutating func record(
    id: UInt64, user: String, business: String, zone: Zone? = nil, at instant: Instant
  ) throws(FatigueError) {
    let place = try place(of: business)
    let candidate = candidate(place, zone, instant)
    let key = UserKey(user)
    guard let index = users.place(of: key) else { return add(id, key, place, candidate) }
    let (survey, isKnown) = reading(users[index]) { reaches in
      let survey = Survey(reaches, candidate, id: id)
      return (survey, survey.same.map { reaches.isRemembered(reaches.all[$0], at: instant) } ?? false)
    }
    if !isKnown { add(id, at: index, place, candidate, survey) }
  }

  @discardableResult
  public mutating func settle(id: UInt64, user: String, as settlement: FatigueSettlement) -> Bool {
    guard let place = users.place(of: UserKey(user)) else { return false }
    return writing(users[place]) { $0.settle(id, as: settlement) }
  }

  public mutating func expire(before instant: Instant) {
    var gone: [UserKey] = []
    for place in users.places {
      var ledger = users[place]
      let left = writing(ledger) { $0.expire(before: instant, day: &ledger.day) }
      if left == 0 { gone.append(users.key(at: place)) } else { ledger.resize(to: UInt32(left), in: &slab) }
      users[place] = ledger
    }
    for user in gone { forget(user) }
  }

  // MARK: -

  private func place(of business: String) throws(FatigueError) -> Int {
    guard let place = book.index(of: business) else { throw FatigueError.unknownBusiness(business) }
    return place
  }

  private func candidate(_ place: Int, _ zone: Zone?, _ instant: Instant) -> Candidate {
    Candidate(at: instant, zone: zone ?? policy.zone, user: policy.user, limits: book[place])
  }

  private static var nothing: Reaches { Reaches(all: .empty, day: nil, terms: []) }

  private static func fresh(_ candidate: Candidate) -> FatigueVerdict { nothing.verdict(on: candidate) }

  private mutating func add(_ id: UInt64, _ key: UserKey, _ place: Int, _ candidate: Candidate) {
    guard candidate.limits.counts else { return }
    var ledger = Ledger(count: 1, in: &slab)
    add(id, to: &ledger, place, candidate, Survey(Self.nothing, candidate))
    users.insert(key, ledger)
  }

  private mutating func add(
    _ id: UInt64, at index: Int, _ place: Int, _ candidate: Candidate, _ survey: Survey
  ) {
    guard candidate.limits.counts else { return }
    var ledger = users[index]
    ledger.resize(to: ledger.count + 1, in: &slab)
    add(id, to: &ledger, place, candidate, survey)
    users[index] = ledger
  }

  /// In the last place.
  private mutating func add(
    _ id: UInt64, to ledger: inout Ledger, _ place: Int, _ candidate: Candidate, _ survey: Survey
  ) {
    let number = book.termsNumber(at: place)
    writing(ledger) { $0.add(id, number, candidate, survey, day: &ledger.day) }
  }
}

extension Fatigue {
  func reading<T>(_ ledger: Ledger, _ body: (Reaches) throws -> T) rethrows -> T {
    try slab.reading(ledger.block, Int(ledger.count)) {
      try body(Reaches(all: $0, day: ledger.day, terms: book.terms))
    }
  }

  mutating func writing<T>(_ ledger: Ledger, _ body: (Entries) throws -> T) rethrows -> T {
    let terms = book.terms
    return try slab.writing(ledger.block, Int(ledger.count)) { try body(Entries(all: $0, terms: terms)) }
  }

  /// Whether there was anything to forget.
  @discardableResult
  mutating func forget(_ user: UserKey) -> Bool {
    guard let place = users.place(of: user) else { return false }
    users.remove(at: place).remove(from: &slab)
    return true
  }
}
