import Model

/// Who asks: a business at an instant, with the limits that are in force.
struct Candidate {
  var at: Instant
  var zone: Zone
  var user: FatiguePolicy.UserLimit
  var limits: Limits

  /// A change of zone never resets a day backwards.
  func countedDay(stored: Int64?, at now: Instant) -> Int64 { max(zone.day(now), stored ?? .min) }
}

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
    let business = candidate.limits.terms.business
    let sceneNumber = candidate.limits.terms.scene
    for index in reaches.all.indices {
      let reach = reaches.all[index]
      let terms = reaches.terms[Int(reach.terms)]
      if reach.id == id { same = index }
      let marks = reach.marks
      let isCounted = reach.state != .released
      if isCounted, marks.contains(.day) {
        today += 1
        if marks.contains(.priority) { priority += 1 }
      }
      if terms.business == business {
        if isCounted {
          if !marks.contains(.past) { last = index }
          if marks.contains(.window) { window += 1 }
        }
        if marks.contains(.opensWindow) { windowOpener = index }
      }
      if terms.scene == sceneNumber {
        if isCounted, marks.contains(.scene) { scene += 1 }
        if marks.contains(.opensScene) { sceneOpener = index }
      }
    }
    now = candidate.at
    if let last { now = max(now, reaches.all[last].at) }
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
