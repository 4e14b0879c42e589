import Learning
import Model

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
    let chance = StableHash.of("silence", seed: candidate.id.rawValue).fraction()
    let silence = pilot.flatMap { pilot in
      pilot.place(of: material).map { pilot.delays.delay(of: chance, copy: $0) }
    }
    awaited.insert(
      Awaited.Entry(
        business: business.name, copy: material,
        isRandom: slice(of: candidate.user, business, run.configuration) == .random,
        isQuiet: isQuiet, sent: at, until: at + settings.attribution, context: context, freshness: freshness),
      id: candidate.id, silent: at + (silence ?? settings.attribution))
  }

  /// It never got there: nobody will click on it, and its quota is free again.
  mutating func missAnswer(to id: CandidateID, _ run: inout Run) {
    guard let entry = awaited.remove(id) else { return }
    run.lessons.append(
      Lesson(
        business: entry.business, what: .undelivered(isQuiet: entry.isQuiet, wasCounted: entry.isCounted),
        copy: entry.copy, slice: entry.isRandom ? .random : .learned, context: entry.isQuiet ? nil : entry.context,
        freshness: entry.freshness))
  }

  /// Receipts that say whether a message was worth it.
  mutating func learn(from receipt: Receipt, at now: Instant, _ run: inout Run) {
    guard let entry = awaited[receipt.message], now < entry.until,
      let settings = run.configuration.businesses[entry.business]?.choice
    else { return }
    var lesson = Lesson(
      business: entry.business, what: .nothing, copy: entry.copy, slice: entry.isRandom ? .random : .learned,
      // A quiet message says little about a loud one's clicks.
      context: entry.isQuiet ? nil : entry.context, freshness: entry.freshness)
    switch receipt.kind {
    case .delivered, .dismissed: return
    case .opened: lesson.what = .clicked(sent: entry.sent, at: now, wasCounted: entry.isCounted)
    case .converted: lesson.what = .converted(wasCounted: entry.isCounted)
    case .unsubscribed: lesson.what = .optedOut(wasCounted: entry.isCounted)
    }
    switch (receipt.kind, settings.objective) {
    case (.opened, .click), (.converted, .conversion): awaited.answer(receipt.message)
    default: break
    }
    run.lessons.append(lesson)
  }

  /// Messages that have been silent for as long as a click would have taken.
  mutating func hearSilence(_ run: inout Run) {
    while let entry = awaited.popSilent(through: run.surroundings.clock) {
      if entry.isQuiet { continue }
      run.lessons.append(
        Lesson(
          business: entry.business, what: .nothing, copy: entry.copy, slice: entry.isRandom ? .random : .learned,
          context: entry.context, freshness: entry.freshness))
    }
  }
}
