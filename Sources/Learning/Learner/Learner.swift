/// Chooses copies and learns from clicks: optimistic Thompson sampling of the scores, an exploration floor, and a
/// challenger that notices when the world has changed (docs/learning.md).
///
///     var learner = Learner(dimensions: 64, copies: 3)
///     let choice = learner.choose(context, CopyUtilities(hold: 0), using: &generator)
///     if let copy = choice.copy { learner.learn(context, copy: copy, clicked: true) }
///
/// A value without clock or chance: the caller brings a seeded generator, and a copy is a snapshot.
public struct Learner: Sendable {
  /// As given, except the kind: with very many copies or dimensions it is `diagonal`.
  public let configuration: LearnerConfiguration
  /// The model that decides.
  public internal(set) var model: any ClickModel
  /// How often the world was found to have changed, so that the challenger became the model.
  public internal(set) var changes = 0
  /// The model as if nothing had been learned: where challengers start.
  var blank: any ClickModel
  var challenger: Challenger?
  var places: [Place]
  var hasWithdrawn = false

  /// How a copy began, to make `blank` again.
  struct Place: Hashable {
    var belief: Score?
    var isWithdrawn = false
  }

  /// - Parameters:
  ///   - dimensions: of the contexts, with the bias.
  ///   - copies: how many there are at first; see `add`.
  public init(_ configuration: LearnerConfiguration = LearnerConfiguration(), dimensions: Int, copies: Int) {
    var configuration = configuration
    configuration.kind = configuration.kind.fitting(dimensions: dimensions, copies: copies)
    self.configuration = configuration
    blank = configuration.kind.model(dimensions: dimensions, copies: copies, configuration.prior)
    model = blank
    places = [Place](repeating: Place(), count: blank.copies)
  }

  /// Of the contexts, with the bias.
  public var dimensions: Int { model.dimensions }
  /// Copies that were ever added, withdrawn ones with them.
  public var copies: Int { model.copies }

  /// What is believed of every copy in this context.
  public func scores(for context: Context) -> [Score] { model.scores(context) }

  /// Learns what became of a message.
  ///
  /// - Parameters:
  ///   - copy: its place, 0 ..< `copies`.
  ///   - weight: how many such messages, above 0 and at most 1,000,000.
  /// - Returns: false when nothing was learned: other dimensions, no such copy, or a weight out of range.
  @discardableResult
  public mutating func learn(_ context: Context, copy: Int, clicked: Bool, weight: Double = 1) -> Bool {
    guard weight > 0, let old = model.update(context, copy: copy, clicked: clicked, weight: weight) else {
      return false
    }
    if configuration.alarm > 0 {
      compare(old, context, copy: copy, clicked: clicked, weight: weight)
    }
    return true
  }

  /// The challenger learns the same observation, and may take over.
  private mutating func compare(_ old: Score, _ context: Context, copy: Int, clicked: Bool, weight: Double) {
    guard challenger != nil else {
      if model.observed >= Challenger.youngest { challenger = Challenger(model: blank) }
      return
    }
    guard let new = challenger?.model.update(context, copy: copy, clicked: clicked, weight: weight) else { return }
    let (alarm, observed) = (configuration.alarm, model.observed)
    let outcome = challenger?.compare(old, new, clicked: clicked, weight: weight, alarm: alarm, observed: observed)
    switch outcome {
    case .better:
      if let winner = challenger?.model { model = winner }
      changes += 1
      challenger = nil
    case .hopeless: challenger = Challenger(model: blank)
    case .undecided, nil: break
    }
  }

  /// Undoes an observation that was learned with weight 1 and proved wrong.
  @discardableResult
  public mutating func unlearn(_ context: Context, copy: Int, clicked: Bool) -> Bool {
    challenger?.model.unlearn(context, copy: copy, clicked: clicked)
    return model.unlearn(context, copy: copy, clicked: clicked)
  }

  /// Adds a copy, at the next place.
  ///
  /// - Parameter belief: how its log odds differ from the other copies', where similar copies taught something.
  public mutating func add(copy belief: Score? = nil) {
    model.add(copy: belief)
    blank.add(copy: belief)
    challenger?.model.add(copy: belief)
    places.append(Place(belief: belief))
  }

  /// Takes a copy out of all choices. It keeps its place.
  public mutating func withdraw(copy: Int) {
    guard places.indices ~= copy else { return }
    model.withdraw(copy: copy)
    blank.withdraw(copy: copy)
    challenger?.model.withdraw(copy: copy)
    places[copy].isWithdrawn = true
    hasWithdrawn = true
  }

  /// Adds what `other` learned since both were copies of `base`; their challengers start anew.
  ///
  /// - Throws: `ModelError` when the three are not of one configuration and base; nothing has changed then.
  public mutating func merge(_ other: Learner, since base: Learner) throws(ModelError) {
    guard configuration == other.configuration, configuration == base.configuration, changes == base.changes,
      other.changes == base.changes
    else { throw .otherBase }
    try Self.merge(&model, other.model, base.model)
    challenger = nil
  }

  private static func merge<M: ClickModel>(
    _ model: inout M, _ other: any ClickModel, _ base: any ClickModel
  ) throws(ModelError) {
    guard let other = other as? M, let base = base as? M else { throw .otherBase }
    try model.merge(other, since: base)
  }
}
