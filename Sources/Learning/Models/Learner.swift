public import Model

/// Chooses copies and learns from clicks, by Thompson sampling of the scores with an exploration floor.
///
/// A value without clock or chance: whoever decides brings a generator, and a snapshot is a copy.
public struct Learner: Sendable {
  public let configuration: LearnerConfiguration
  public private(set) var model: any ClickModel

  public init(_ configuration: LearnerConfiguration = LearnerConfiguration(), dimensions: Int, copies: Int) {
    self.configuration = configuration
    model = configuration.kind.model(dimensions: dimensions, copies: copies, configuration.prior)
  }

  public var dimensions: Int { model.dimensions }
  public var copies: Int { model.copies }

  /// What is believed of every copy in this context.
  public func scores(for context: Context) -> [Score] { model.scores(context) }

  /// The copy of the greatest utility at log odds drawn from what is believed; with the floor's probability any eligible
  /// one. Holds when none is eligible, or none is worth more than holding.
  public func choose(_ context: Context, _ terms: Terms = Terms(), using generator: inout SeededGenerator) -> Choice {
    choose(scores(for: context), terms, using: &generator)
  }

  /// The same, of scores that are there already.
  public func choose(_ scores: [Score], _ terms: Terms, using generator: inout SeededGenerator) -> Choice {
    let isExploration = generator.fraction() < configuration.floor
    var choice = Choice(
      copy: nil, isExploration: isExploration, scores: scores, draws: [Double](repeating: .nan, count: scores.count))
    var eligible = 0
    var best = terms.bar
    for copy in scores.indices where terms.isEligible(copy) {
      eligible += 1
      let score = scores[copy]
      let z = score.mean + configuration.exploration * score.variance.squareRoot() * generator.normal()
      choice.draws[copy] = z
      let utility = terms.utility(copy, logOdds: z)
      if utility > best { (best, choice.copy) = (utility, copy) }
    }
    if isExploration, eligible > 0 {
      var left = min(eligible - 1, Int(generator.fraction() * Double(eligible)))
      for copy in scores.indices where terms.isEligible(copy) {
        if left == 0 { choice.copy = copy }
        left -= 1
      }
    }
    return choice
  }

  /// - Parameter weight: how many such messages.
  /// - Returns: false when nothing was learned: other dimensions, no such copy, or a weight out of range.
  @discardableResult
  public mutating func learn(_ context: Context, copy: Int, clicked: Bool, weight: Double = 1) -> Bool {
    model.learn(context, copy: copy, clicked: clicked, weight: weight)
  }

  public mutating func add(copy belief: Score? = nil) { model.add(copy: belief) }
  public mutating func withdraw(copy: Int) { model.withdraw(copy: copy) }
}

extension Learner: BinaryCodable {
  private static var version: UInt8 { 1 }

  public func encode(into writer: inout ByteWriter) {
    writer.write(Self.version)
    writer.write(configuration)
    model.encode(into: &writer)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    guard try reader.read() == Self.version else {
      throw BinaryError.invalid("version \(Self.version) of a learner", at: reader.position - 1)
    }
    configuration = try reader.read()
    model = try configuration.kind.model(from: &reader)
  }
}
