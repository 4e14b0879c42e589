import AttuneModel

/// What one look through a user's reaches finds out about a candidate.
struct Survey {
  /// Places among the reaches. The latest one of the business that is not released; its key may have been forgotten.
  let last: Int?
  /// Where the id stands that is asked about, remembered or not.
  let same: Int?
  private(set) var windowOpener: Int?
  private(set) var sceneOpener: Int?
  /// The counts of the counted day, of the windows that began with the openers.
  let today: Int
  let priority: Int
  let window: Int
  let scene: Int
  /// Whether there are marks of a window, open or not.
  let hasWindow: Bool
  let hasSceneWindow: Bool
  /// The instant that counts: one earlier than the last reach is taken as that.
  let now: Instant
  /// The day that counts: a change of zone never resets it backwards.
  let day: Int64

  init(_ reaches: Reaches, _ candidate: borrowing Candidate, id: UInt64 = 0) {
    let all = reaches.all
    let look = Look(all.pairs, reaches.terms, candidate, tag: Head.tag(id))
    last = look.last < 0 ? nil : look.last
    // Of several with that tag, and they are rare, the look has found but one.
    same = look.same < 0 ? nil : all.id(look.same) == id ? look.same : all.lastIndex(of: id)
    (today, priority) = (look.count(0), look.count(1))
    (window, scene) = (look.count(2), look.count(3))
    (hasWindow, hasSceneWindow) = (window > 0 || look.windowOpener >= 0, scene > 0 || look.sceneOpener >= 0)
    now = last.map { max(candidate.at, all.at($0)) } ?? candidate.at
    day = max(candidate.zone.day(now), reaches.day ?? .min)
    if look.windowOpener >= 0, reaches.isOpen(all[look.windowOpener], at: now) { windowOpener = look.windowOpener }
    if look.sceneOpener >= 0, reaches.isSceneOpen(all[look.sceneOpener], at: now) { sceneOpener = look.sceneOpener }
  }

  /// A key is remembered while its window is open, and for the gap that was in force at its last reach.
  func remembersKey(_ reaches: Reaches) -> Bool {
    guard let last else { return false }
    let reach = reaches.all[last]
    return windowOpener != nil || now - reach.at < reaches.terms[Int(reach.terms)].minGap
  }
}
