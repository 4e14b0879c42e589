import Model

/// What is remembered of one user. Counts are not kept but read off the reaches, so nothing can disagree.
struct Ledger: Sendable {
  /// The counted day; nil before the first reach.
  var day: Int64?
  var windows: [Window] = []
  /// In the order of reservation. Those of one business that are not released are also in the order of their instants.
  var reaches: [Reach] = []

  var isEmpty: Bool { day == nil && windows.isEmpty && reaches.isEmpty }

  /// The latest reach of a business that is not released; its key may have been forgotten since.
  func last(of business: UInt32?) -> Reach? {
    reaches.last { $0.business == business && $0.state != .released && !$0.marks.contains(.past) }
  }

  /// A key is remembered while its window is open, and for the gap that was in force at its last reach.
  static func isRemembered(last: Reach, window: Window?, at now: Instant) -> Bool {
    window != nil || now - last.at < last.minGap
  }

  func openWindow(_ key: Window.Key, at now: Instant) -> Window? {
    windows.first { $0.key == key && $0.isOpen(at: now) }
  }

  func remembers(_ id: UInt64, at now: Instant) -> Bool {
    reaches.contains { $0.id == id && $0.isRemembered(at: now) }
  }
}

// What changes it.
extension Ledger {
  /// Counts a reach. The names are those the candidate may not have known yet.
  mutating func add(_ id: UInt64, _ candidate: Candidate, business: UInt32, scene: UInt32) {
    var last = last(of: business)
    let now = candidate.instant(last: last)
    if let old = last, !Self.isRemembered(last: old, window: openWindow(.business(business), at: now), at: now) {
      for index in reaches.indices where reaches[index].business == business { reaches[index].marks.insert(.past) }
      last = nil
    }
    let today = candidate.countedDay(stored: day, at: now)
    if today != day { unmark([.day, .priority]) { _ in true } }
    day = today

    var marks: Reach.Marks = [.day]
    if candidate.hasPriority { marks.insert(.priority) }
    let gap = max(candidate.business.minGap, .zero)
    var until = max(Self.end(ofDay: today), now + gap, last?.until ?? now)
    let window = open(.business(business), candidate.business.length, candidate.business.times, at: now)
    marks.insert(.window)
    until = max(until, window.end ?? .distantFuture)
    // A window already open goes on counting, also while its scene has no limit.
    let key = Window.Key.scene(scene)
    let sceneWindow =
      candidate.scene.map { open(key, $0.length, $0.times, at: now) } ?? openWindow(key, at: now)
    if let sceneWindow {
      marks.insert(.scene)
      until = max(until, sceneWindow.end ?? .distantFuture)
    }
    reaches.append(
      Reach(
        id: id, at: now, until: until, minGap: gap, business: business, scene: scene, marks: marks, state: .reserved))
  }

  /// False when the id is not remembered or was settled before: the first settlement wins, except over unknown.
  mutating func settle(_ id: UInt64, as settlement: FatigueSettlement) -> Bool {
    guard let index = reaches.lastIndex(where: { $0.id == id }) else { return false }
    switch (reaches[index].state, settlement) {
    case (.reserved, .unknown): reaches[index].state = .unknown
    case (.reserved, .commit), (.unknown, .commit): reaches[index].state = .committed
    case (.reserved, .release), (.unknown, .release): release(index)
    default: return false
    }
    return true
  }

  /// Takes a reach out of every count; a window it leaves empty closes.
  mutating func release(_ index: Int) {
    let reach = reaches[index]
    reaches[index].state = .released
    reaches[index].marks = []
    for key in [Window.Key.business(reach.business), .scene(reach.scene)] where reach.isCounted(in: key) {
      if !reaches.contains(where: { $0.isCounted(in: key) }) { windows.removeAll { $0.key == key } }
    }
  }

  /// Drops what nothing depends on from that instant on.
  mutating func expire(before instant: Instant) {
    if let day, Self.end(ofDay: day).hasCome(by: instant) {
      unmark([.day, .priority]) { _ in true }
      self.day = nil
    }
    for window in windows where !window.isOpen(at: instant) { unmark(window.key.mark) { $0.isCounted(in: window.key) } }
    windows.removeAll { !$0.isOpen(at: instant) }
    reaches.removeAll { !$0.isRemembered(at: instant) }
  }

  private mutating func open(_ key: Window.Key, _ length: TimeSpan, _ times: Int, at now: Instant) -> Window {
    if let window = openWindow(key, at: now) { return window }
    unmark(key.mark) { $0.isCounted(in: key) }
    windows.removeAll { $0.key == key }
    let window = Window(key: key, start: now, length: length, times: times)
    windows.append(window)
    return window
  }

  private mutating func unmark(_ marks: Reach.Marks, where fits: (Reach) -> Bool) {
    for index in reaches.indices where fits(reaches[index]) { reaches[index].marks.subtract(marks) }
  }

  /// When a day has ended in every zone: a day after it has in UTC. `distantFuture` where that does not fit.
  private static func end(ofDay day: Int64) -> Instant {
    let (later, over) = day.addingReportingOverflow(2)
    let (end, overflow) = later.multipliedReportingOverflow(by: 86_400_000)
    return over || (overflow && later > 0) ? .distantFuture : Instant(milliseconds: overflow ? .min : end)
  }
}
