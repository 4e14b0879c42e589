import AttuneModel

/// A ledger's reaches, with what is needed to read them.
struct Reaches {
  let all: Ledger
  let terms: UnsafeBufferPointer<Terms>

  var day: Int64? { all.day }

  /// The present window of a business began with it, and has not ended.
  func isOpen(_ opener: Reach, at now: Instant) -> Bool { now - opener.at < terms[Int(opener.terms)].length }

  func isSceneOpen(_ opener: Reach, at now: Instant) -> Bool { now - opener.at < terms[Int(opener.terms)].sceneLength }

  func windowOpener(of business: UInt32) -> Reach? {
    opener(.opensWindow) { $0.business == business }
  }

  func sceneOpener(of scene: UInt32) -> Reach? {
    opener(.opensScene) { $0.scene == scene }
  }

  private func opener(_ mark: Reach.Marks, where fits: (Terms) -> Bool) -> Reach? {
    all.indices.first { all.head($0).marks.contains(mark) && fits(terms[Int(all.head($0).terms)]) }.map { all[$0] }
  }

  /// While its day, its windows, its gap or, when those changed, the like of them by its own terms have not ended.
  func isRemembered(_ reach: Reach, at now: Instant) -> Bool {
    let terms = terms[Int(reach.terms)]
    if now - reach.at < max(terms.reach, .days(2)) { return true }
    if reach.marks.contains(.day), let day, !Day.hasEnded(day, at: now) { return true }
    if reach.marks.contains(.window), let opener = windowOpener(of: terms.business), isOpen(opener, at: now) {
      return true
    }
    if reach.marks.contains(.scene), let opener = sceneOpener(of: terms.scene), isSceneOpen(opener, at: now) {
      return true
    }
    return false
  }
}

enum Day {
  /// Whether a calendar day has ended in every zone: a day after it has in UTC.
  static func hasEnded(_ day: Int64, at now: Instant) -> Bool { floorDivide(now.milliseconds, 86_400_000) - 1 > day }
}
