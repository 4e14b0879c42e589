public import Model

/// Fatigue control 2.0: user, scene and business, in windows that open at the first reach. The state of any number of
/// users, as a value.
///
/// A user's instants need not ascend; a call at an instant before the last `expire` is the only one that can tell what
/// was swept. An id is remembered until its day, its windows and its gap have ended, and then until the next `expire`.
public struct Fatigue: FatigueControl {
  public var policy: FatiguePolicy { didSet { book.adopt(policy) } }
  var book = Book()
  var ledgers: [UserKey: Ledger] = [:]
  var slab = Slab()

  public init(policy: FatiguePolicy) {
    self.policy = policy
    book.adopt(policy)
  }

  public func check(
    user: String, business: String, zone: Zone?, at instant: Instant
  ) throws(FatigueError) -> FatigueVerdict {
    let candidate = candidate(try place(of: business), zone, instant)
    guard let ledger = ledgers[UserKey(user)] else { return Self.fresh(candidate) }
    return reading(ledger) { $0.verdict(on: candidate) }
  }

  public mutating func reserve(
    id: UInt64, user: String, business: String, zone: Zone?, at instant: Instant
  ) throws(FatigueError) -> FatigueVerdict {
    let place = try place(of: business)
    let candidate = candidate(place, zone, instant)
    let key = UserKey(user)
    guard let index = ledgers.index(forKey: key) else {
      let verdict = Self.fresh(candidate)
      if verdict.passes { add(id, key, place, candidate) }
      return verdict
    }
    let ledger = ledgers.values[index]
    var survey: Survey?
    let verdict = reading(ledger) { reaches in
      if let known = reaches.index(of: id, at: instant) { return reaches.verdict(onRepeated: known, candidate) }
      let found = Survey(reaches, candidate)
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
    id: UInt64, user: String, business: String, zone: Zone?, at instant: Instant
  ) throws(FatigueError) {
    let place = try place(of: business)
    let candidate = candidate(place, zone, instant)
    let key = UserKey(user)
    guard let index = ledgers.index(forKey: key) else { return add(id, key, place, candidate) }
    let survey = reading(ledgers.values[index]) { reaches in
      reaches.index(of: id, at: instant) == nil ? Survey(reaches, candidate) : nil
    }
    if let survey { add(id, at: index, place, candidate, survey) }
  }

  @discardableResult
  public mutating func settle(id: UInt64, user: String, as settlement: FatigueSettlement) -> Bool {
    guard let ledger = ledgers[UserKey(user)] else { return false }
    return writing(ledger) { $0.settle(id, as: settlement) }
  }

  public mutating func expire(before instant: Instant) {
    var gone: [UserKey] = []
    var index = ledgers.startIndex
    while index != ledgers.endIndex {
      var ledger = ledgers.values[index]
      ledger.count = UInt32(writing(ledger) { $0.expire(before: instant, day: &ledger.day) })
      if ledger.count == 0 { gone.append(ledgers.keys[index]) } else { slab.shrink(&ledger) }
      ledgers.values[index] = ledger
      ledgers.formIndex(after: &index)
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

  private static func fresh(_ candidate: Candidate) -> FatigueVerdict {
    Reaches(all: UnsafeBufferPointer(start: nil, count: 0), day: nil, terms: []).verdict(on: candidate)
  }

  private mutating func add(_ id: UInt64, _ key: UserKey, _ place: Int, _ candidate: Candidate) {
    guard candidate.limits.counts else { return }
    ledgers[key] = Ledger(block: slab.allocate(atLeast: 1))
    guard let index = ledgers.index(forKey: key) else { return }
    let survey = reading(ledgers.values[index]) { Survey($0, candidate) }
    add(id, at: index, place, candidate, survey)
  }

  private mutating func add(
    _ id: UInt64, at index: Dictionary<UserKey, Ledger>.Index, _ place: Int, _ candidate: Candidate, _ survey: Survey
  ) {
    guard candidate.limits.counts else { return }
    let terms = book.termsNumber(at: place)
    var ledger = ledgers.values[index]
    slab.makeRoom(&ledger)
    let all = book.terms
    slab.writing(ledger.block, Int(ledger.count) + 1) { buffer in
      Entries(all: buffer, terms: all).add(id, terms, candidate, survey, day: &ledger.day)
    }
    ledger.count += 1
    ledgers.values[index] = ledger
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
    guard let ledger = ledgers.removeValue(forKey: user) else { return false }
    slab.deallocate(ledger.block)
    return true
  }
}
