import AttuneModel

/// A ledger's reaches, to be changed where they stand.
struct Entries {
  let all: Ledger
  let terms: UnsafeBufferPointer<Terms>

  /// Counts a reach, in the last place, which is still free.
  ///
  /// - Parameter survey: of the others.
  func add(_ id: UInt64, _ number: UInt32, _ candidate: borrowing Candidate, _ survey: Survey) {
    let others = Entries(all: all.others, terms: terms)
    let new = terms[Int(number)]
    let reaches = Reaches(all: others.all, terms: terms)
    if survey.last != nil, !survey.remembersKey(reaches) { others.mark(.past) { $0.business == new.business } }
    if survey.day != all.day {
      others.unmark(.day) { _ in true }
      all.day = survey.day
    }

    var marks: Reach.Marks = [.day, .window]
    if survey.windowOpener == nil {
      if survey.hasWindow {
        others.unmark(.inWindow) { $0.business == new.business }
      }
      marks.insert(.opensWindow)
    }
    // A window already open goes on counting, also while its scene has no limit.
    if survey.sceneOpener != nil {
      marks.insert(.scene)
    } else if candidate.limits.hasSceneLimit {
      if survey.hasSceneWindow { others.unmark(.inScene) { $0.scene == new.scene } }
      marks.formUnion(.inScene)
    }
    all[all.count - 1] = Reach(id: id, at: survey.now, terms: number, marks: marks, state: .reserved)
  }

  /// False when the id is not there or was settled before: the first settlement wins, except over unknown.
  func settle(_ id: UInt64, as settlement: FatigueSettlement) -> Bool {
    guard let index = all.lastIndex(of: id) else { return false }
    switch (all[index].state, settlement) {
    case (.reserved, .unknown): all[index].state = .unknown
    case (.reserved, .commit), (.unknown, .commit): all[index].state = .committed
    case (.reserved, .release), (.unknown, .release): release(index)
    default: return false
    }
    return true
  }

  /// Takes a reach out of every count; a window it leaves empty closes. It stays, for its id.
  func release(_ index: Int) {
    all[index].state = .released
    let terms = terms[Int(all[index].terms)]
    if all[index].marks.contains(.window), !contains(.window, where: { $0.business == terms.business }) {
      unmark(.inWindow) { $0.business == terms.business }
    }
    if all[index].marks.contains(.scene), !contains(.scene, where: { $0.scene == terms.scene }) {
      unmark(.inScene) { $0.scene == terms.scene }
    }
  }

  func mark(_ mark: Reach.Marks, where fits: (Terms) -> Bool) {
    for index in all.indices where fits(terms[Int(all.head(index).terms)]) { all[index].marks.insert(mark) }
  }

  func unmark(_ marks: Reach.Marks, where fits: (Terms) -> Bool) {
    for index in all.indices {
      let head = all.head(index)
      if !head.marks.isDisjoint(with: marks), fits(terms[Int(head.terms)]) { all[index].marks.subtract(marks) }
    }
  }

  private func contains(_ mark: Reach.Marks, where fits: (Terms) -> Bool) -> Bool {
    all.contains { $0.marks.contains(mark) && !$0.isReleased && fits(terms[Int($0.terms)]) }
  }

  /// Ends what has ended by that instant, and moves what is still needed to the front.
  ///
  /// - Returns: how many are left.
  func expire(before now: Instant) -> Int {
    if let counted = all.day, Day.hasEnded(counted, at: now) {
      unmark(.day) { _ in true }
      all.day = nil
    }
    let reaches = Reaches(all: all, terms: terms)
    for opener in all {
      let its = terms[Int(opener.terms)]
      if opener.marks.contains(.opensWindow), !reaches.isOpen(opener, at: now) {
        unmark(.inWindow) { $0.business == its.business }
      }
      if opener.marks.contains(.opensScene), !reaches.isSceneOpen(opener, at: now) {
        unmark(.inScene) { $0.scene == its.scene }
      }
    }
    var isNeeded = all.map { reaches.isRemembered($0, at: now) }
    // A later reach of a key outlives an earlier one: it is the last, until it is released.
    for index in all.indices where isNeeded[index] && !all[index].isReleased && !all[index].marks.contains(.past) {
      let business = terms[Int(all[index].terms)].business
      for later in all.indices.dropFirst(index + 1) where terms[Int(all[later].terms)].business == business {
        isNeeded[later] = true
      }
    }
    var kept = 0
    for index in all.indices where isNeeded[index] {
      all[kept] = all[index]
      kept += 1
    }
    return kept
  }
}
