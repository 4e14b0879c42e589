public import AttuneModel

/// Fatigue control 2.0: user, scene and business, in windows that open at the first reach. The state of any number of
/// users, as a value.
///
/// A user's instants need not ascend; a call at an instant before the last `expire` is the only one that can tell what
/// was swept. An id is remembered until its day, its windows and its gap have ended, and then until the next `expire`.
public struct FatigueTracker: FatigueControl {
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
    let candidate = candidate(try book.place(of: business), zone, instant)
    guard let place = place(of: UserKey(user)) else { return Self.fresh(candidate) }
    return reading(users[place]) { $0.verdict(on: candidate) }
  }

  public mutating func reserve(
    id: UInt64, user: String, business: String, zone: Zone? = nil, at instant: Instant
  ) throws(FatigueError) -> FatigueVerdict {
    let place = try book.place(of: business)
    let candidate = candidate(place, zone, instant)
    let key = UserKey(user)
    // The user last: what follows is the look, and the processor begins it while memory still brings the ledger.
    guard let index = self.place(of: key) else {
      let verdict = Self.fresh(candidate)
      if verdict.passes { add(id, key, place, candidate) }
      return verdict
    }
    // By itself: asked for in the call, it would cost a copy of the state's fields.
    let ledger = users[index]
    let survey = reading(ledger) { Survey($0, candidate, id: id) }
    if let same = survey.same, isRemembered(same, ledger, at: instant) {
      return reading(ledger) { $0.verdict(onRepeated: same, candidate) }
    }
    let verdict = reading(ledger) { $0.verdict(survey, candidate) }
    if verdict.passes { add(id, at: index, place, candidate, survey) }
    return verdict
  }

  /// Counts a reach that was decided earlier, whatever the limits say: what `reserve` does after a verdict that passed.
  ///
  /// - Throws: `unknownBusiness` when the policy does not have it.
  public mutating func record(
    id: UInt64, user: String, business: String, zone: Zone? = nil, at instant: Instant
  ) throws(FatigueError) {
    let place = try book.place(of: business)
    let candidate = candidate(place, zone, instant)
    let key = UserKey(user)
    guard let index = self.place(of: key) else { return add(id, key, place, candidate) }
    let ledger = users[index]
    let survey = reading(ledger) { Survey($0, candidate, id: id) }
    if let same = survey.same, isRemembered(same, ledger, at: instant) { return }
    add(id, at: index, place, candidate, survey)
  }

  @discardableResult
  public mutating func settle(id: UInt64, user: String, as settlement: FatigueSettlement) -> Bool {
    guard let place = place(of: UserKey(user)) else { return false }
    let ledger = users[place]
    return writing(ledger) { $0.settle(id, as: settlement) }
  }

  public mutating func expire(before instant: Instant) {
    var gone: [UserKey] = []
    for place in users.places {
      let left = writing(users[place]) { $0.expire(before: instant) }
      if left == 0 { gone.append(slab.key(at: users[place])) } else { resize(at: place, to: left) }
    }
    for user in gone { forget(user) }
  }

  // MARK: -

  private func candidate(_ place: Int, _ zone: Zone?, _ instant: Instant) -> Candidate {
    Candidate(at: instant, zone: zone ?? policy.zone, user: policy.user, limits: book[place])
  }

  private static var nothing: Reaches { Reaches(all: .empty, terms: UnsafeBufferPointer(start: nil, count: 0)) }

  private static func fresh(_ candidate: borrowing Candidate) -> FatigueVerdict {
    nothing.verdict(on: candidate)
  }

  private func isRemembered(_ place: Int, _ ledger: UInt32, at instant: Instant) -> Bool {
    reading(ledger) { $0.isRemembered($0.all[place], at: instant) }
  }

  private mutating func add(_ id: UInt64, _ key: UserKey, _ place: Int, _ candidate: borrowing Candidate) {
    guard candidate.limits.counts else { return }
    let offset = slab.open(key, count: 1)
    users.insert(key, offset)
    add(id, to: offset, place, candidate, Survey(Self.nothing, candidate))
  }

  private mutating func add(
    _ id: UInt64, at index: Int, _ place: Int, _ candidate: borrowing Candidate, _ survey: Survey
  ) {
    guard candidate.limits.counts else { return }
    resize(at: index, to: slab.count(at: users[index]) + 1)
    let ledger = users[index]
    add(id, to: ledger, place, candidate, survey)
  }

  /// In the last place.
  private mutating func add(
    _ id: UInt64, to ledger: UInt32, _ place: Int, _ candidate: borrowing Candidate, _ survey: Survey
  ) {
    let number = book.termsNumber(at: place)
    writing(ledger) { $0.add(id, number, candidate, survey) }
  }

  private mutating func resize(at place: Int, to count: Int) {
    let old = users[place]
    let new = slab.resize(old, to: count)
    if new != old { users[place] = new }
  }
}

extension FatigueTracker {
  func place(of key: UserKey) -> Int? { users.place(of: key, in: slab) }

  func reading<T>(_ ledger: UInt32, _ body: (Reaches) throws -> T) rethrows -> T {
    try book.terms.withUnsafeBufferPointer { terms in
      try slab.reading(ledger) { try body(Reaches(all: $0, terms: terms)) }
    }
  }

  mutating func writing<T>(_ ledger: UInt32, _ body: (Entries) throws -> T) rethrows -> T {
    let terms = book.terms
    return try terms.withUnsafeBufferPointer { terms in
      try slab.writing(ledger) { try body(Entries(all: $0, terms: terms)) }
    }
  }

  /// Whether there was anything to forget.
  @discardableResult
  mutating func forget(_ user: UserKey) -> Bool {
    guard let place = place(of: user) else { return false }
    slab.close(users[place])
    users.remove(at: place)
    return true
  }
}
