import AttuneModel
import Learning

extension UserPartition {
  /// What was seen longer ago makes no copy weary.
  static let exposureSpan = TimeSpan.days(60)

  /// A message goes out whose click will be learned from.
  mutating func expectAnswer(
    to candidate: Candidate, _ business: Business, material: String, isQuiet: Bool, at: Instant, _ run: Run
  ) {
    guard let settings = business.choice else { return }
    var freshness = 0.0
    if settings.weariness > 0, run.configuration.campaigns[business.name] == nil {
      freshness = exposures.freshness(
        of: material, business.name, user: candidate.user, at: at, recovery: settings.recovery)
      exposures.see(material, business.name, user: candidate.user, at: at)
    }
    let profile = profiles[candidate.user] ?? []
    let pilot = run.surroundings.pilots[business.name]
    let context = settings.context(profile, zone(of: profile, run.surroundings), pilot, at: at)
    let entry = Awaited.Entry(
      business: business.name, copy: material,
      isRandom: slice(of: candidate.user, business, run.configuration) == .random,
      isQuiet: isQuiet, sent: at, until: at + settings.attribution, context: context, freshness: freshness)
    let wait = Self.wait(candidate.id, entry, age: .zero, run.surroundings) ?? .zero
    awaited.insert(entry, id: candidate.id, due: at + wait)
  }

  /// A message counts as ignored when as large a share of the ignored was counted as of the clicks has come: each at a
  /// share that is drawn for it.
  private static func wait(_ id: CandidateID, _ entry: Awaited.Entry, age: TimeSpan, _ surroundings: Surroundings)
    -> TimeSpan?
  {
    let share = StableHash.of("silence", seed: id.rawValue).fraction()
    guard let pilot = surroundings.pilots[entry.business], let place = pilot.place(of: entry.copy) else {
      return entry.until - entry.sent
    }
    return pilot.delays.wait(of: share, copy: place, age: age)
  }

  /// It never got there: nobody will click on it, and its quota is free again.
  mutating func missAnswer(to id: CandidateID, at now: Instant, _ run: inout Run) {
    guard let entry = awaited.remove(id), now < entry.until else { return }
    run.lessons.append(
      Lesson(
        business: entry.business, what: .undelivered(isQuiet: entry.isQuiet, wasCounted: entry.isCounted),
        copy: entry.copy, slice: entry.isRandom ? .random : .learned, context: entry.isQuiet ? nil : entry.context,
        freshness: entry.freshness))
  }

  /// Receipts that say whether a message was worth it.
  mutating func learn(from receipt: Receipt, to message: SentMessages.Sent, at now: Instant, _ run: inout Run) {
    guard let entry = awaited[receipt.message], now < entry.until else {
      return noteHarm(receipt, message, &run)
    }
    guard let settings = run.configuration.businesses[entry.business]?.choice else { return }
    var lesson = Lesson(
      business: entry.business, what: .nothing, copy: entry.copy, slice: entry.isRandom ? .random : .learned,
      // A quiet message says little about a loud one's clicks.
      context: entry.isQuiet ? nil : entry.context, freshness: entry.freshness)
    switch receipt.kind {
    case .delivered, .dismissed: return
    case .opened: lesson.what = .clicked(sent: entry.sent, at: now, wasCounted: entry.isCounted)
    case .converted: lesson.what = .converted(wasCounted: entry.isCounted)
    case .unsubscribed: lesson.what = .optedOut
    }
    switch (receipt.kind, settings.objective) {
    case (.opened, .click), (.converted, .conversion): awaited.answer(receipt.message)
    default: break
    }
    run.lessons.append(lesson)
  }

  /// An opt-out counts against a message whenever it comes, also when its clicks are not learned from any more.
  private func noteHarm(_ receipt: Receipt, _ message: SentMessages.Sent, _ run: inout Run) {
    guard receipt.kind == .unsubscribed, run.configuration.businesses[message.business]?.choice != nil else { return }
    run.lessons.append(
      Lesson(business: message.business, what: .optedOut, copy: message.material))
  }

  /// Messages that have been silent for as long as a click would have taken.
  mutating func hearSilence(_ run: inout Run) {
    let surroundings = run.surroundings
    while let entry = awaited.popSilent(through: surroundings.clock, wait: { Self.wait($0, $1, age: $2, surroundings) })
    {
      if entry.isQuiet { continue }
      run.lessons.append(
        Lesson(
          business: entry.business, what: .nothing, copy: entry.copy, slice: entry.isRandom ? .random : .learned,
          context: entry.context, freshness: entry.freshness))
    }
  }
}
