import AttuneModel

/// Who asks: a business at an instant, with the limits that are in force.
struct Candidate: ~Copyable {
  var at: Instant
  var zone: Zone
  var user: FatiguePolicy.UserLimit
  var limits: CurrentLimits
}

/// What a user's reaches say about a candidate, from one scan of them.
struct CandidateCounts {
  /// Places among the reaches. The latest one of the business that is not released; its key may have been forgotten.
  let last: Int?
  /// Where the id stands that is asked about, remembered or not.
  let same: Int?
  private(set) var windowOpener: Int?
  private(set) var sceneOpener: Int?
  /// Reaches of the counted day, and of the windows that began with the openers.
  let today: Int
  let priority: Int
  let window: Int
  let scene: Int
  /// Whether there are flags of a window, open or not.
  let hasWindow: Bool
  let hasSceneWindow: Bool
  /// The instant that counts: one earlier than the last reach is taken as that.
  let now: Instant
  /// The day that counts: a change of zone never resets it backwards.
  let day: Int64

  init(_ history: ReachHistory, _ candidate: borrowing Candidate, id: UInt64 = 0) {
    let all = history.all
    let scan = ReachScan(all.pairs, history.limits, candidate, tag: PackedReach.tag(id))
    last = scan.last < 0 ? nil : scan.last
    // Of several with that tag, and they are rare, the scan has found but one.
    same = scan.same < 0 ? nil : all.id(scan.same) == id ? scan.same : all.lastIndex(of: id)
    (today, priority) = (scan.today, scan.priority)
    (window, scene) = (scan.window, scan.scene)
    (hasWindow, hasSceneWindow) = (window > 0 || scan.windowOpener >= 0, scene > 0 || scan.sceneOpener >= 0)
    now = last.map { max(candidate.at, all.at($0)) } ?? candidate.at
    day = max(candidate.zone.day(now), history.day ?? .min)
    if scan.windowOpener >= 0, history.isOpen(all[scan.windowOpener], at: now) { windowOpener = scan.windowOpener }
    if scan.sceneOpener >= 0, history.isSceneOpen(all[scan.sceneOpener], at: now) { sceneOpener = scan.sceneOpener }
  }

  /// A key is remembered while its window is open, and for the gap that was in force at its last reach.
  func remembersKey(_ history: ReachHistory) -> Bool {
    guard let last else { return false }
    let reach = history.all[last]
    return windowOpener != nil || now - reach.at < history.limits[Int(reach.limits)].minGap
  }
}
