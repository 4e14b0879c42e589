public import AttuneModel
public import Learning
import Materials

/// What is known of a business's copies: what they bring, what they annoy, what their quotas cost. One for the whole
/// store: partitions go by it as it stood when their step began, and it learns from what they saw when the step is over.
public struct LearnedChoice: Sendable {
  /// By the learner's places; a withdrawn copy keeps its own.
  public internal(set) var copies: [CopyFigures]
  /// Of clicks, or conversions.
  public internal(set) var learner: Learner
  /// Of opt-outs.
  public internal(set) var annoyance: Learner
  /// Of copies seen before.
  var weariness: Weariness
  var delays: ClickDelays
  /// What filters kept from users.
  public internal(set) var outcomes = FilterOutcomes()
  /// Of a campaign with quotas.
  var allocator: Allocator?
  /// Those with quotas, in the allocator's order.
  var channels: [String] = []
  /// Some of the users there were: what beliefs are told for.
  var sample = ArrivalReservoir()
  /// Features that the learner's dimensions stand for.
  static let hasher = FeatureHasher(dimensions: 32)
  /// Where every pair of weights of all copies would be too many to keep.
  private static let mostCopies = 24

  init(_ business: Business, _ settings: ChoiceSettings) {
    copies = []
    var clicks = LearnerConfiguration(kind: business.materials.all.count > Self.mostCopies ? .diagonal : .hybrid)
    clicks.floor = settings.floor
    // Without a rule: a campaign.
    if business.rule == nil { clicks = clicks.steady }
    if settings.objective == .conversion { clicks.prior.rate = 0.01 }
    learner = Learner(clicks, dimensions: Self.hasher.dimensions, copies: 0)
    // Rare, so that it needs many messages: what a user is like is learned with little freedom.
    let optOuts = LearnerConfiguration(kind: .diagonal, prior: Prior(rate: 0.001))
    weariness = Weariness(share: settings.weariness)
    delays = ClickDelays(window: settings.attribution)
    annoyance = Learner(optOuts, dimensions: Self.hasher.dimensions, copies: 0)
    adopt(business)
  }

  /// Copies come and go while it is running.
  mutating func adopt(_ business: Business) {
    let materials = business.materials.all
    for material in materials where place(of: material.id) == nil {
      copies.append(CopyFigures(id: material.id))
      learner.add(copy: belief(of: material, for: business))
      annoyance.add()
    }
    for index in copies.indices {
      copies[index].isWithdrawn = !materials.contains { $0.id == copies[index].id && $0.weight > 0 }
    }
  }

  /// Its log odds beside the other copies', where the library of copies has an opinion. It has none of conversions.
  private func belief(of material: Material, for business: Business) -> Score? {
    guard business.choice?.objective == .click, let score = material.prior?.score else { return nil }
    return Score(mean: score.mean - Elementary.logit(learner.configuration.prior.rate), variance: score.variance)
  }

  func place(of copy: String) -> Int? { copies.firstIndex { $0.id == copy } }
}

/// What came of one copy.
public struct CopyFigures: Hashable, Sendable {
  public let id: String
  /// Not chosen any more.
  public internal(set) var isWithdrawn = false
  public internal(set) var sent = 0
  public internal(set) var quiet = 0
  public internal(set) var clicks = 0
  public internal(set) var conversions = 0
  public internal(set) var optOuts = 0
  /// Of those drawn at random: what the copy is worth without a choice.
  public internal(set) var randomSent = 0
  public internal(set) var randomClicks = 0

  init(id: String) { self.id = id }
}

extension LearnedChoice {
  /// Counts and learns. A lesson on a copy that is not there is left out.
  mutating func learn(_ lesson: Lesson, _ settings: ChoiceSettings) {
    switch lesson.what {
    case .held:
      outcomes.count(lesson.segment, isSent: false, nil)
      if let context = lesson.context { sample.add(context, copy: nil) }
    case .refused(let cost): outcomes.count(lesson.segment, isSent: false, cost)
    case .sent: outcomes.count(lesson.segment, isSent: true, nil)
    default: break
    }
    guard let place = place(of: lesson.copy) else { return }
    let isRandom = lesson.slice == .random
    switch lesson.what {
    case .sent(let isQuiet, let at):
      copies[place].sent += 1
      // Of quiet ones nothing is learned.
      if !isQuiet { delays.send(at: at) }
      if isQuiet { copies[place].quiet += 1 }
      if isRandom { copies[place].randomSent += 1 }
      if let context = lesson.context { sample.add(context, copy: place) }
    case .undelivered(let isQuiet, let wasCounted):
      copies[place].sent -= 1
      if isQuiet { copies[place].quiet -= 1 }
      if isRandom { copies[place].randomSent -= 1 }
      allocator?.restore(place, sent: copies[place].sent)
      if wasCounted { unlearn(lesson, place) }
    case .clicked(let sent, let clicked, let wasCounted):
      copies[place].clicks += 1
      if isRandom { copies[place].randomClicks += 1 }
      // Of quiet messages nothing is learned: they have no context.
      if lesson.context != nil { delays.observe(copy: place, sent: sent, clicked: clicked) }
      if settings.objective == .click { teach(lesson, place, true, wasCounted) }
    case .converted(let wasCounted):
      copies[place].conversions += 1
      if settings.objective == .conversion { teach(lesson, place, true, wasCounted) }
    case .optedOut:
      copies[place].optOuts += 1
      if let context = lesson.context { annoyance.learn(context, copy: place, clicked: true) }
    case .nothing: teach(lesson, place, false, false)
    case .heldOut, .held, .refused, .deferred, .woken, .goal: break
    }
  }

  /// It had counted as one without a click.
  private mutating func unlearn(_ lesson: Lesson, _ place: Int) {
    guard let context = lesson.context else { return }
    let before = learner.model.score(context, copy: place)
    weariness.learn(before, freshness: lesson.freshness, clicked: false, weight: -1)
    learner.learn(DelayedFeedback<CandidateID>.Lesson.retracted(context, copy: place))
  }

  private mutating func teach(_ lesson: Lesson, _ place: Int, _ clicked: Bool, _ wasCounted: Bool) {
    guard let context = lesson.context else { return }
    if wasCounted {
      unlearn(lesson, place)
    } else {
      annoyance.learn(context, copy: place, clicked: false)
    }
    let before = learner.model.score(context, copy: place)
    weariness.learn(before, freshness: lesson.freshness, clicked: clicked)
    learner.learn(context, copy: place, clicked: clicked)
  }
}

extension LearnedChoice: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(copies)
    writer.write(learner)
    writer.write(annoyance)
    writer.write(weariness)
    writer.write(delays)
    writer.write(outcomes)
    writer.write(allocator)
    writer.write(channels)
    writer.write(sample)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    copies = try reader.read()
    learner = try reader.read()
    annoyance = try reader.read()
    weariness = try reader.read()
    delays = try reader.read()
    outcomes = try reader.read()
    allocator = try reader.read()
    channels = try reader.read()
    sample = try reader.read()
    guard learner.copies == copies.count, annoyance.copies == copies.count else {
      throw BinaryError.invalid("as many copies as are learned", at: reader.position)
    }
  }
}

extension CopyFigures: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(id)
    writer.write(isWithdrawn)
    for count in [sent, quiet, clicks, conversions, optOuts, randomSent, randomClicks] { writer.write(count) }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    id = try reader.read()
    isWithdrawn = try reader.read()
    sent = try reader.read()
    quiet = try reader.read()
    clicks = try reader.read()
    conversions = try reader.read()
    optOuts = try reader.read()
    randomSent = try reader.read()
    randomClicks = try reader.read()
  }
}
