import AttuneModel

/// A user's reaches, with the limits that they froze.
struct ReachHistory {
  let all: UserRecord
  let limits: UnsafeBufferPointer<FrozenLimits>

  var day: Int64? { all.day }

  /// The present window of a business began with it, and has not ended.
  func isOpen(_ opener: RecordedReach, at now: Instant) -> Bool {
    now - opener.at < limits[Int(opener.limits)].length
  }

  func isSceneOpen(_ opener: RecordedReach, at now: Instant) -> Bool {
    now - opener.at < limits[Int(opener.limits)].sceneLength
  }

  func windowOpener(of business: UInt32) -> RecordedReach? {
    opener(.opensWindow) { $0.business == business }
  }

  func sceneOpener(of scene: UInt32) -> RecordedReach? {
    opener(.opensScene) { $0.scene == scene }
  }

  private func opener(_ flag: RecordedReach.Flags, where fits: (FrozenLimits) -> Bool) -> RecordedReach? {
    all.indices.first { all.packed($0).flags.contains(flag) && fits(limits[Int(all.packed($0).limits)]) }
      .map { all[$0] }
  }

  /// While its day, its windows, its gap or, when those changed, the like of them by its own limits have not ended.
  func isRemembered(_ reach: RecordedReach, at now: Instant) -> Bool {
    let limits = limits[Int(reach.limits)]
    if now - reach.at < max(limits.memory, .days(2)) { return true }
    if reach.flags.contains(.day), let day, !Self.hasEnded(day: day, at: now) { return true }
    if reach.flags.contains(.window), let opener = windowOpener(of: limits.business), isOpen(opener, at: now) {
      return true
    }
    if reach.flags.contains(.scene), let opener = sceneOpener(of: limits.scene), isSceneOpen(opener, at: now) {
      return true
    }
    return false
  }

  /// Where the reservation is that an id names; nil where it is free: never counted, released, or forgotten.
  func standing(_ id: UInt64, at now: Instant) -> Int? {
    guard let index = all.lastIndex(of: id) else { return nil }
    return stands(index, at: now) ? index : nil
  }

  func stands(_ index: Int, at now: Instant) -> Bool {
    let reach = all[index]
    return !reach.isReleased && isRemembered(reach, at: now)
  }

  /// Whether a calendar day has ended in every zone: a day after it has in UTC.
  static func hasEnded(day: Int64, at now: Instant) -> Bool { floorDivide(now.milliseconds, 86_400_000) - 1 > day }
}
