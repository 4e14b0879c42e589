import AttuneModel

/// Changes a user's reaches where they stand.
struct HistoryEditor {
  let all: UserRecord
  let limits: UnsafeBufferPointer<FrozenLimits>

  /// Counts a reach, in the last place, which is still free.
  ///
  /// - Parameters:
  ///   - number: of the limits that it freezes.
  ///   - counts: of the others.
  func add(_ id: UInt64, _ number: UInt32, _ candidate: borrowing Candidate, _ counts: CandidateCounts) {
    let others = HistoryEditor(all: all.others, limits: limits)
    let new = limits[Int(number)]
    let history = ReachHistory(all: others.all, limits: limits)
    if counts.last != nil, !counts.remembersKey(history) { others.set(.past) { $0.business == new.business } }
    if counts.day != all.day {
      others.clear(.day) { _ in true }
      all.day = counts.day
    }

    var flags: RecordedReach.Flags = [.day, .window]
    if counts.windowOpener == nil {
      if counts.hasWindow {
        others.clear(.inWindow) { $0.business == new.business }
      }
      flags.insert(.opensWindow)
    }
    // A window already open goes on counting, also while its scene has no limit.
    if counts.sceneOpener != nil {
      flags.insert(.scene)
    } else if candidate.limits.hasSceneLimit {
      if counts.hasSceneWindow { others.clear(.inScene) { $0.scene == new.scene } }
      flags.formUnion(.inScene)
    }
    all[all.count - 1] = RecordedReach(id: id, at: counts.now, limits: number, flags: flags, state: .reserved)
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
    let its = limits[Int(all[index].limits)]
    if all[index].flags.contains(.window), !contains(.window, where: { $0.business == its.business }) {
      clear(.inWindow) { $0.business == its.business }
    }
    if all[index].flags.contains(.scene), !contains(.scene, where: { $0.scene == its.scene }) {
      clear(.inScene) { $0.scene == its.scene }
    }
  }

  private func set(_ flag: RecordedReach.Flags, where fits: (FrozenLimits) -> Bool) {
    for index in all.indices where fits(limits[Int(all.packed(index).limits)]) { all[index].flags.insert(flag) }
  }

  private func clear(_ flags: RecordedReach.Flags, where fits: (FrozenLimits) -> Bool) {
    for index in all.indices {
      let packed = all.packed(index)
      if !packed.flags.isDisjoint(with: flags), fits(limits[Int(packed.limits)]) { all[index].flags.subtract(flags) }
    }
  }

  private func contains(_ flag: RecordedReach.Flags, where fits: (FrozenLimits) -> Bool) -> Bool {
    all.contains { $0.flags.contains(flag) && !$0.isReleased && fits(limits[Int($0.limits)]) }
  }

  /// Ends what has ended by that instant, and moves what is still needed to the front.
  ///
  /// - Returns: how many are left.
  func expire(before now: Instant) -> Int {
    if let counted = all.day, ReachHistory.hasEnded(day: counted, at: now) {
      clear(.day) { _ in true }
      all.day = nil
    }
    let history = ReachHistory(all: all, limits: limits)
    for opener in all {
      let its = limits[Int(opener.limits)]
      if opener.flags.contains(.opensWindow), !history.isOpen(opener, at: now) {
        clear(.inWindow) { $0.business == its.business }
      }
      if opener.flags.contains(.opensScene), !history.isSceneOpen(opener, at: now) {
        clear(.inScene) { $0.scene == its.scene }
      }
    }
    var isNeeded = all.map { history.isRemembered($0, at: now) }
    // A later reach of a key outlives an earlier one: it is the last, until it is released.
    for index in all.indices where isNeeded[index] && !all[index].isReleased && !all[index].flags.contains(.past) {
      let business = limits[Int(all[index].limits)].business
      for later in all.indices.dropFirst(index + 1) where limits[Int(all[later].limits)].business == business {
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
