import AttuneModel
import Learning

/// Messages that went out, what is hoped for from them, and which copies users have seen.
struct Outgoing: Sendable {
  private var sent = SentMessages()
  /// Messages whose clicks may still come.
  private var awaited = AwaitedAnswers()
  private(set) var exposures = CopyExposures()
  /// Messages that nothing is heard of any more but opt-outs.
  private var past = PastMessages()

  /// What was seen longer ago makes no copy weary.
  private static let exposureSpan = TimeSpan.days(60)

  subscript(id: CandidateID) -> SentMessages.Sent? { sent[id] }

  /// When the next silence is heard.
  var nextSilence: Instant { awaited.first ?? .distantFuture }

  /// Messages without a settlement, in the order of their ids.
  var unsettled: [CandidateID] { sent.unsettled }

  /// What the choice of a message went by, while its click may come.
  func context(of id: CandidateID) -> Context? { awaited[id]?.context }

  /// A message goes out, now or when it was recorded.
  /// - Parameter attribution: how long it is remembered at least.
  mutating func add(
    _ decision: Decision, _ candidate: Candidate, _ business: Business, attribution: TimeSpan,
    _ question: FilterQuestion, _ choices: [String: LearnedChoice]
  ) {
    let until = decision.at + max(attribution, business.choice?.attribution ?? .zero)
    sent.insert(
      SentMessages.Sent(
        user: candidate.user, business: business.name, scene: business.scene, source: candidate.origin.source,
        topic: business.topic, material: decision.material ?? "", until: until, isQuiet: decision.manner == .quiet),
      id: candidate.id)
    expectAnswer(decision, business, question, choices)
  }

  /// Its click will be learned from.
  private mutating func expectAnswer(
    _ decision: Decision, _ business: Business, _ question: FilterQuestion, _ choices: [String: LearnedChoice]
  ) {
    guard let settings = business.choice else { return }
    let copy = decision.material ?? ""
    var freshness = 0.0
    if settings.weariness > 0, !business.isCampaign {
      freshness = exposures.freshness(
        of: copy, business.name, user: decision.user, at: decision.at, recovery: settings.recovery)
      exposures.see(copy, business.name, user: decision.user, at: decision.at)
    }
    let context = settings.context(question.profile, question.zone, choices[business.name], at: decision.at)
    let entry = AwaitedAnswers.Entry(
      business: business.name, copy: copy, isRandom: business.slice(of: decision.user) == .random,
      isQuiet: decision.manner == .quiet, sent: decision.at, until: decision.at + settings.attribution,
      context: context, freshness: freshness)
    let wait = Self.wait(decision.candidate, entry, age: .zero, choices) ?? .zero
    awaited.insert(entry, id: decision.candidate, due: decision.at + wait)
  }

  /// A message counts as ignored when as large a share of the ignored was counted as of the clicks has come: each at a
  /// share that is drawn for it.
  private static func wait(
    _ id: CandidateID, _ entry: AwaitedAnswers.Entry, age: TimeSpan, _ choices: [String: LearnedChoice]
  ) -> TimeSpan? {
    let share = StableHash.of("silence", seed: id.rawValue).fraction()
    guard let learned = choices[entry.business], let place = learned.place(of: entry.copy) else {
      return entry.until - entry.sent
    }
    return learned.delays.wait(of: share, copy: place, age: age)
  }

  mutating func erase(_ user: String, salt: Pseudonym.Salt) {
    for id in sent.erase(user: user, as: Pseudonym(of: user, salt: salt)) { awaited.remove(id) }
    exposures.erase(user: user)
  }

  /// What was forgotten leaves memory, but for the little that an opt-out needs.
  /// - Parameter optOut: how long that is kept.
  mutating func sweep(before frontier: Instant, optOut: TimeSpan, salt: Pseudonym.Salt) {
    let gone = sent.sweep(before: frontier).map { id, message in
      (
        id, message.pseudonym ?? Pseudonym(of: message.user, salt: salt), PastMessages.Kind(message),
        message.hasReceived(.unsubscribed)
      )
    }
    past.insert(gone, at: frontier)
    past.sweep(before: frontier, keeping: optOut)
    exposures.sweep(before: frontier - Self.exposureSpan)
  }
}

// What is heard of messages, and what there is to learn from it.
extension Outgoing {
  /// What a settlement or a receipt changed.
  enum Change {
    /// The message is not, or no longer, remembered.
    case unknown
    /// It was known already.
    case unchanged
    case made(SentMessages.Sent, Lesson?)
  }

  mutating func settle(_ settlement: Settlement, at now: Instant) -> Change {
    guard let changed = sent.settle(settlement.message, settlement.outcome, at: now) else { return .unknown }
    guard changed, let message = sent[settlement.message] else { return .unchanged }
    // It never got there: nobody will click on it.
    return .made(message, settlement.outcome.meaning == .release ? missAnswer(to: settlement.message, at: now) : nil)
  }

  /// Nobody will click on it, and its quota is free again.
  private mutating func missAnswer(to id: CandidateID, at now: Instant) -> Lesson? {
    guard let entry = awaited.remove(id), now < entry.until else { return nil }
    return entry.lesson(.undelivered(isQuiet: entry.isQuiet, wasCounted: entry.isCounted))
  }

  mutating func receive(
    _ receipt: Receipt, at now: Instant, _ businesses: [String: Business]
  ) -> Change {
    guard let isNew = sent.receive(receipt.message, receipt.kind, at: now) else { return .unknown }
    guard isNew, let message = sent[receipt.message] else { return .unchanged }
    guard let entry = awaited[receipt.message], now < entry.until else {
      // An opt-out counts whenever it comes, also when clicks are not learned from any more.
      let isLearned = businesses[message.business]?.choice != nil
      let isHarm = receipt.kind == .unsubscribed && isLearned
      return .made(message, isHarm ? Lesson(business: message.business, what: .optedOut, copy: message.material) : nil)
    }
    guard let settings = businesses[entry.business]?.choice else { return .made(message, nil) }
    switch (receipt.kind, settings.objective) {
    case (.opened, .click), (.converted, .conversion): awaited.answer(receipt.message)
    default: break
    }
    return .made(message, entry.lesson(from: receipt.kind, at: now))
  }

  /// Whoever opts out by a message.
  enum Author {
    case user(String)
    case pseudonym(Pseudonym)
  }

  /// Somebody opts out by a message, of whatever age, once more or for the first time; nil if it is not known.
  /// - Returns: who, by what kind of message, and whether it is still to be counted.
  mutating func optOut(by id: CandidateID) -> (author: Author, kind: PastMessages.Kind, isNew: Bool)? {
    if let message = sent[id] {
      let author = message.pseudonym.map { Author.pseudonym($0) } ?? .user(message.user)
      return (author, PastMessages.Kind(message), sent.receive(id, .unsubscribed))
    }
    return past.optOut(by: id).map { (.pseudonym($0.user), $0.kind, $0.isNew) }
  }

  /// Messages that have been silent for as long as a click would have taken.
  mutating func hearSilence(through now: Instant, _ choices: [String: LearnedChoice]) -> [Lesson] {
    var lessons: [Lesson] = []
    while let entry = awaited.popSilent(through: now, wait: { Self.wait($0, $1, age: $2, choices) }) {
      if !entry.isQuiet { lessons.append(entry.lesson(.nothing)) }
    }
    return lessons
  }
}

extension PastMessages.Kind {
  fileprivate init(_ message: SentMessages.Sent) {
    self.init(
      source: message.source, scene: message.scene, business: message.business, topic: message.topic,
      material: message.material)
  }
}

extension AwaitedAnswers.Entry {
  fileprivate func lesson(_ what: Lesson.What) -> Lesson {
    Lesson(
      business: business, what: what, copy: copy, slice: isRandom ? .random : .learned,
      // A quiet message says little about a loud one's clicks.
      context: isQuiet ? nil : context, freshness: freshness)
  }

  /// Nil for what says nothing of the message's worth.
  fileprivate func lesson(from kind: Receipt.Kind, at now: Instant) -> Lesson? {
    switch kind {
    case .delivered, .dismissed: nil
    case .opened: lesson(.clicked(sent: sent, at: now, wasCounted: isCounted))
    case .converted: lesson(.converted(wasCounted: isCounted))
    case .unsubscribed: lesson(.optedOut)
    }
  }
}

extension Outgoing: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(awaited)
    writer.write(exposures)
  }

  func encodePast(into writer: inout ByteWriter) { writer.write(past) }

  func encodeSent(into writer: inout ByteWriter) { writer.write(sent) }

  init(from reader: inout ByteReader) throws(BinaryError) {
    awaited = try reader.read()
    exposures = try reader.read()
  }

  /// Until format 7 there are none.
  mutating func readPast(from reader: inout ByteReader) throws(BinaryError) { past = try reader.read() }

  /// They stand before the rest in a checkpoint.
  mutating func take(up sent: SentMessages) { self.sent = sent }
}
