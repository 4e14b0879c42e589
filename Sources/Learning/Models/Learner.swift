/// Chooses copies and learns from clicks: optimistic Thompson sampling of the scores, an exploration floor, and a
/// challenger that notices when the world has changed.
///
/// A value without clock or chance: whoever decides brings a generator, and a snapshot is a copy.
public struct Learner: Sendable {
  /// As given, but for the kind: with very many copies or dimensions it is the diagonal.
  public let configuration: LearnerConfiguration
  /// What decides.
  public internal(set) var model: any ClickModel
  /// How often the world was found changed, and the challenger became the model.
  public internal(set) var changes = 0
  /// As if nothing had been learned; where challengers start.
  var blank: any ClickModel
  var challenger: Challenger?
  var places: [Place]
  var hasWithdrawn = false

  /// Started anew, it foretells beside the model what comes.
  struct Challenger {
    var model: any ClickModel
    /// How much better than the model it foretold, in nats.
    var evidence = 0.0
  }

  /// How a copy began, to make `blank` again.
  struct Place: Hashable {
    var belief: Score?
    var isWithdrawn = false
  }

  public init(_ configuration: LearnerConfiguration = LearnerConfiguration(), dimensions: Int, copies: Int) {
    var configuration = configuration
    configuration.kind = configuration.kind.fitting(dimensions: dimensions, copies: copies)
    self.configuration = configuration
    blank = configuration.kind.model(dimensions: dimensions, copies: copies, configuration.prior)
    model = blank
    places = [Place](repeating: Place(), count: blank.copies)
  }

  public var dimensions: Int { model.dimensions }
  public var copies: Int { model.copies }

  /// What is believed of every copy in this context.
  public func scores(for context: Context) -> [Score] { model.scores(context) }

  /// - Parameter weight: how many such messages.
  /// - Returns: false when nothing was learned: other dimensions, no such copy, or a weight out of range.
  @discardableResult
  public mutating func learn(_ context: Context, copy: Int, clicked: Bool, weight: Double = 1) -> Bool {
    guard weight > 0, let old = model.update(context, copy: copy, clicked: clicked, weight: weight) else {
      return false
    }
    if configuration.alarm > 0 {
      let new = challenger?.model.update(context, copy: copy, clicked: clicked, weight: weight)
      judge(old, new, clicked, weight)
    }
    return true
  }

  /// Undoes an observation that was learned with weight 1 and proved wrong.
  @discardableResult
  public mutating func unlearn(_ context: Context, copy: Int, clicked: Bool) -> Bool {
    challenger?.model.unlearn(context, copy: copy, clicked: clicked)
    return model.unlearn(context, copy: copy, clicked: clicked)
  }

  /// A new copy, at the next place.
  /// - Parameter belief: of its log odds beside the other copies', where similar copies taught something.
  public mutating func add(copy belief: Score? = nil) {
    model.add(copy: belief)
    blank.add(copy: belief)
    challenger?.model.add(copy: belief)
    places.append(Place(belief: belief))
  }

  public mutating func withdraw(copy: Int) {
    guard places.indices ~= copy else { return }
    model.withdraw(copy: copy)
    blank.withdraw(copy: copy)
    challenger?.model.withdraw(copy: copy)
    places[copy].isWithdrawn = true
    hasWithdrawn = true
  }

  /// Adds what `other` learned since both were `base`; their challengers start anew.
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
