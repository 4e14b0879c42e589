public import AttuneModel

/// Learns the probability of a click from contexts, for several copies at a time. A value: the same calls give the same
/// bits on every machine, and no input, however wrong, leaves a number in it that is not finite.
///
/// Copies are told by their place, 0 ..< `copies`; a withdrawn copy keeps its place.
public protocol ClickModel: BinaryCodable, Sendable {
  init(dimensions: Int, copies: Int, _ prior: Prior)

  /// Of a context, with the bias.
  var dimensions: Int { get }
  var copies: Int { get }
  /// Messages learned, by their weights.
  var observed: Double { get }

  /// A context of other dimensions is read as the bias alone; a copy that is not there has the prior's score.
  func score(_ context: Context, copy: Int) -> Score

  /// Takes an observation in.
  /// - Parameter weight: how many such messages; below 0, they are taken back.
  /// - Returns: what was believed before; nil when nothing was learned: other dimensions, or no such copy.
  @discardableResult
  mutating func update(_ context: Context, copy: Int, clicked: Bool, weight: Double) -> Score?

  /// A new copy, at the next place.
  /// - Parameter belief: of its log odds beside the other copies', where similar copies taught something.
  mutating func add(copy belief: Score?)

  /// Forgets what is particular to a copy, and its memory; what it taught about all copies stays.
  mutating func withdraw(copy: Int)

  /// Adds what `other` learned since both were `base`: the sums of their evidence, as if one had learned all of it
  /// (each observation having been weighed at the beliefs of its shard).
  /// - Throws: when they are not of one base, or one has forgotten so much of it that no belief is left.
  mutating func merge(_ other: Self, since base: Self) throws(ModelError)
}

extension ClickModel {
  /// Of one observation.
  public static var largestWeight: Double { Prior.largestWeight }

  /// - Parameter weight: how many such messages; 0 < weight <= `largestWeight`.
  /// - Returns: false when nothing was learned: other dimensions, no such copy, or a weight out of range.
  @discardableResult
  public mutating func learn(_ context: Context, copy: Int, clicked: Bool, weight: Double = 1) -> Bool {
    guard weight > 0, weight <= Self.largestWeight else { return false }
    return update(context, copy: copy, clicked: clicked, weight: weight) != nil
  }

  /// Undoes an observation that was learned with weight 1 and proved wrong: as if it had not been, but for the little
  /// that what was learned since moved the score.
  @discardableResult
  public mutating func unlearn(_ context: Context, copy: Int, clicked: Bool) -> Bool {
    update(context, copy: copy, clicked: clicked, weight: -1) != nil
  }

  /// A score for every copy.
  public func scores(_ context: Context) -> [Score] { (0..<copies).map { score(context, copy: $0) } }
}

/// Why models could not be merged.
public struct ModelError: Error, Hashable, Sendable, CustomStringConvertible {
  /// `otherBase`: they do not come from one base. `nothingLeft`: one has forgotten too much of it.
  public enum Code: String, Sendable { case otherBase, nothingLeft }
  public let code: Code
  public let description: String

  static let otherBase = ModelError(
    code: .otherBase, description: "the models do not come from the same base: other dimensions, copies or prior")
  static let nothingLeft = ModelError(
    code: .nothingLeft, description: "a model has forgotten more of the base than the others know: learn in one place")
}
