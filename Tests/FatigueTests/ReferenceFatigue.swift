import AttuneModel
import Fatigue

/// FATIGUE.md told as slowly and plainly as it can be: the whole history is kept, and read from its start for each
/// question. Instants are wider than any input, so nothing saturates; `next` is found by trying.
struct ReferenceFatigue {
  enum Entry {
    case reach(id: UInt64, business: String, zone: Zone, at: Int128, policy: FatiguePolicy)
    case release(UInt64)
  }

  var history: [String: [Entry]] = [:]
  /// Of the ids that name a reservation now.
  var ends: [UInt64: FatigueSettlement?] = [:]

  func contains(_ id: UInt64) -> Bool { ends[id] != nil }

  /// The id names a reservation of another business.
  func isConflict(_ id: UInt64, user: String, business: String) -> Bool {
    contains(id)
      && history[user, default: []].reversed().lazy.compactMap { entry in
        if case .reach(id, let other, _, _, _) = entry { other } else { nil }
      }.first != business
  }

  mutating func reserve(
    id: UInt64, user: String, business: String, zone: Zone?, at: Instant, policy: FatiguePolicy
  ) -> FatigueVerdict? {
    guard let limit = policy.businesses[business] else { return nil }
    if contains(id) {
      // Again: passes, and the dimensions are those of a world without it.
      var without = self
      without.history[user, default: []].append(.release(id))
      guard var verdict = without.check(user: user, business: business, zone: zone, at: at, policy: policy) else {
        return nil
      }
      verdict.reason = nil
      verdict.next = nil
      return verdict
    }
    let verdict = check(user: user, business: business, zone: zone, at: at, policy: policy)
    if verdict?.passes == true, limit.counts {
      ends[id] = .some(nil)
      history[user, default: []].append(
        .reach(id: id, business: business, zone: zone ?? policy.zone, at: Int128(at.milliseconds), policy: policy))
    }
    return verdict
  }

  mutating func settle(id: UInt64, user: String, as settlement: FatigueSettlement) -> Bool {
    guard let state = ends[id] else { return false }
    if state == .commit || state == .release || state == settlement { return false }
    ends[id] = settlement
    // It is free again.
    if settlement == .release { ends[id] = nil }
    if settlement == .release { history[user, default: []].append(.release(id)) }
    return true
  }

  func check(user: String, business: String, zone: Zone?, at: Instant, policy: FatiguePolicy) -> FatigueVerdict? {
    guard let limit = policy.businesses[business] else { return nil }
    var story = Story()
    for entry in history[user] ?? [] { story.tell(entry) }
    let question = Question(story: story, business: business, limit: limit, zone: zone ?? policy.zone, policy: policy)
    let now = max(Int128(at.milliseconds), story.last(of: business)?.at ?? Int128(Int64.min))
    return question.verdict(at: now)
  }
}

/// What has become of one user: the reaches not released, in order, and the windows that stand.
struct Story {
  struct Reach {
    let id: UInt64
    let business: String
    let at: Int128
    let minGap: Int128
    let day: Int128
    let priority: Int
    /// Its key was forgotten before the next reach of it.
    var isPast = false
  }
  struct Window {
    let start: Int128
    let end: Int128
    let times: Int
    var members: [UInt64]
  }

  var reaches: [Reach] = []
  var day: Int128?
  var windows: [String: Window] = [:]
  var scenes: [String: Window] = [:]

  func last(of business: String) -> Reach? { reaches.last { $0.business == business && !$0.isPast } }

  /// When the key of that last reach is forgotten.
  func end(of last: Reach) -> Int128 { max(windows[last.business]?.end ?? last.at, last.at + last.minGap) }

  mutating func tell(_ entry: ReferenceFatigue.Entry) {
    switch entry {
    case .release(let id):
      reaches.removeAll { $0.id == id }
      windows = Self.without(id, windows)
      scenes = Self.without(id, scenes)
    case .reach(let id, let business, let zone, let at, let policy):
      guard let limit = policy.businesses[business] else { return }
      let now = max(at, last(of: business)?.at ?? at)
      if let last = last(of: business), now >= end(of: last) {
        for index in reaches.indices where reaches[index].business == business { reaches[index].isPast = true }
      }
      let today = max(day ?? zone.plainDay(now), zone.plainDay(now))
      day = today
      reaches.append(
        Reach(
          id: id, business: business, at: now, minGap: Int128(limit.minGap.milliseconds), day: today,
          priority: limit.priority))
      Self.count(id, in: &windows[business], now, (Int128(limit.days) * 86_400_000, limit.times))
      Self.count(
        id, in: &scenes[limit.scene], now,
        policy.scenes[limit.scene].map { (Int128($0.window.milliseconds), $0.times) })
    }
  }

  private static func count(_ id: UInt64, in window: inout Window?, _ now: Int128, _ new: (Int128, Int)?) {
    if let open = window, now < open.end {
      window?.members.append(id)
    } else if let new {
      window = Window(start: now, end: now + new.0, times: new.1, members: [id])
    }
  }

  private static func without(_ id: UInt64, _ windows: [String: Window]) -> [String: Window] {
    windows.mapValues { window in
      var window = window
      window.members.removeAll { $0 == id }
      return window
    }.filter { !$0.value.members.isEmpty }
  }
}

/// One candidate before that story.
struct Question {
  let story: Story
  let business: String
  let limit: FatiguePolicy.BusinessLimit
  let zone: Zone
  let policy: FatiguePolicy

  func verdict(at now: Int128) -> FatigueVerdict {
    let (count, most) = user(at: now)
    let scene = policy.scenes[limit.scene].map { entry in
      let (count, most) = Self.window(story.scenes[limit.scene], entry.times, at: now)
      return FatigueVerdict.Reading(
        count: count, limit: most,
        next: next(after: now) { Self.passes(Self.window(story.scenes[limit.scene], entry.times, at: $0)) })
    }
    let window = Self.window(story.windows[business], limit.times, at: now)
    return FatigueVerdict(
      user: .init(count: count, limit: most, next: next(after: now) { Self.passes(user(at: $0)) }),
      scene: scene,
      window: .init(
        count: window.0, limit: window.1,
        next: next(after: now) { Self.passes(Self.window(story.windows[business], limit.times, at: $0)) }),
      gap: .init(
        passes: gapPasses(at: now), last: last(at: now).map { Instant(milliseconds: Int64($0)) },
        minGap: limit.minGap, next: next(after: now, gapPasses)),
      obeys: limit.obeys)
  }

  private static func passes(_ counted: (Int, Int)) -> Bool { counted.0 < counted.1 }

  private func user(at now: Int128) -> (Int, Int) {
    let day = max(story.day ?? zone.plainDay(now), zone.plainDay(now))
    let reaches = story.reaches.filter { $0.day == day }
    if limit.priority >= policy.user.reservePriority { return (reaches.count, policy.user.perDay) }
    let kept = max(0, policy.user.reserve - reaches.filter { $0.priority >= policy.user.reservePriority }.count)
    return (reaches.count, policy.user.perDay - kept)
  }

  private static func window(_ window: Story.Window?, _ times: Int, at now: Int128) -> (Int, Int) {
    guard let window, now < window.end else { return (0, times) }
    return (window.members.count, min(window.times, times))
  }

  private func last(at now: Int128) -> Int128? {
    guard let last = story.last(of: business) else { return nil }
    return now < story.end(of: last) ? last.at : nil
  }

  private func gapPasses(at now: Int128) -> Bool {
    last(at: now).map { now - $0 >= Int128(limit.minGap.milliseconds) } ?? true
  }

  /// Nil where it passes now; else the first instant, of all at which anything could change, at which it does.
  private func next(after now: Int128, _ passes: (Int128) -> Bool) -> Instant? {
    if passes(now) { return nil }
    var moments = story.windows.values.map(\.end) + story.scenes.values.map(\.end)
    for reach in story.reaches {
      moments += [reach.at + reach.minGap, reach.at + Int128(limit.minGap.milliseconds)]
    }
    let day = max(story.day ?? zone.plainDay(now), zone.plainDay(now))
    for offset in [zone.initialOffset] + zone.transitions.map(\.offset) {
      moments.append((day + 1) * 86_400_000 - Int128(offset) * 1000)
    }
    moments += zone.transitions.map { Int128($0.at.milliseconds) }
    let first = moments.filter { $0 > now && $0 <= Int128(Int64.max) && passes($0) }.min()
    return first.map { Instant(milliseconds: Int64($0)) }
  }
}

extension Zone {
  /// The calendar day, by looking through the whole table.
  fileprivate func plainDay(_ at: Int128) -> Int128 {
    var offset = initialOffset
    for transition in transitions where Int128(transition.at.milliseconds) <= at { offset = transition.offset }
    let local = at + Int128(offset) * 1000
    return local >= 0 ? local / 86_400_000 : -((-local + 86_399_999) / 86_400_000)
  }
}
