import Model

/// What one look through a user's reaches finds out about a candidate.
struct Survey {
  /// Places among the reaches. The latest one of the business that is not released; its key may have been forgotten.
  var last: Int?
  /// Where the id stands that is asked about, remembered or not.
  var same: Int?
  var windowOpener: Int?
  var sceneOpener: Int?
  /// Of the counted day, of the windows that began with the openers.
  var today = 0
  var priority = 0
  var window = 0
  var scene = 0
  /// The instant that counts: one earlier than the last reach is taken as that.
  var now: Instant

  init(_ reaches: Reaches, _ candidate: Candidate, id: UInt64 = 0) {
    now = candidate.at
    let business = candidate.limits.terms.business
    let sceneNumber = candidate.limits.terms.scene
    let reservePriority = candidate.user.reservePriority
    let tag = Head.tag(id)
    // Sums and choices without branches: what marks a reach has cannot be foreseen, and this is most of a call.
    for index in reaches.all.indices {
      let head = reaches.all.head(index)
      let terms = reaches.terms[Int(head.terms)]
      let isBusiness = terms.business == business ? 1 : 0
      let isScene = terms.scene == sceneNumber ? 1 : 0
      let isCounted = head.isReleased ? 0 : 1
      let isToday = isCounted & head.bit(.day)
      today &+= isToday
      // The business's priority then, by the threshold now: a reserve that is new is not used up already.
      priority &+= terms.priority >= reservePriority ? isToday : 0
      window &+= isCounted & isBusiness & head.bit(.window)
      scene &+= isCounted & isScene & head.bit(.scene)
      if isCounted & isBusiness & ~head.bit(.past) != 0 { last = index }
      if isBusiness & head.bit(.opensWindow) != 0 { windowOpener = index }
      if isScene & head.bit(.opensScene) != 0 { sceneOpener = index }
      if head.tag == tag, reaches.all.id(index) == id { same = index }
    }
    if let last { now = max(now, reaches.all.at(last)) }
    if let opener = windowOpener, !reaches.isOpen(reaches.all[opener], at: now) { windowOpener = nil }
    if let opener = sceneOpener, !reaches.isSceneOpen(reaches.all[opener], at: now) { sceneOpener = nil }
  }

  /// A key is remembered while its window is open, and for the gap that was in force at its last reach.
  func remembersKey(_ reaches: Reaches) -> Bool {
    guard let last else { return false }
    let reach = reaches.all[last]
    return windowOpener != nil || now - reach.at < reaches.terms[Int(reach.terms)].minGap
  }
}
