import AttuneModel
import Codec
import Ingest
import Learning

/// What there is in a log: how many decisions, which arms, how large a context.
struct DecisionSurvey {
  private(set) var count = 0
  /// Of all arms, in the order in which they were first seen.
  private(set) var names: [String] = []
  private var numbers: [String: Int] = [:]
  /// The numbers of arms that have no names, by place.
  private var unnamed: [Int] = []
  /// Numbers in a context; nil where contexts are named features.
  private var vector: Int?
  private let hasher = FeatureHasher()

  /// With the bias.
  var dimensions: Int { vector.map { $0 + 1 } ?? hasher.dimensions }

  mutating func add(_ decision: DecisionLine, needsTarget: Bool) throws(Refusal) {
    do throws(EvaluationError) {
      try LoggedDecision(reward: decision.reward, propensity: decision.propensity).check()
      if let target = decision.target { try LoggedDecision.check(target: target, arms: decision.arms.count) }
    } catch { throw Refusal(error) }
    guard decision.target != nil || !needsTarget else {
      throw Refusal(
        .missing, pointer: "/target", "'target' is missing",
        hint: "the policy's probability of every arm, or evaluate another policy", offset: 0)
    }
    let size: Int? = if case .vector(let numbers) = decision.context { numbers.count } else { nil }
    if count == 0 { vector = size }
    guard size == vector else {
      throw Refusal(
        .mismatch, pointer: "/context",
        "the context has \(Self.words(size)), in the first line it had \(Self.words(vector))", offset: 0)
    }
    _ = try context(of: decision)
    switch decision.arms {
    case .names(let names): for name in names { _ = try number(of: name) }
    case .count(let count): while unnamed.count < count { unnamed.append(try number(of: "\(unnamed.count)")) }
    }
    count += 1
  }

  private mutating func number(of name: String) throws(Refusal) -> Int {
    if let number = numbers[name] { return number }
    guard names.count < DecisionLine.mostArms else {
      throw Refusal(.tooMany, pointer: "/arms", "more than \(DecisionLine.mostArms) arms in all", offset: 0)
    }
    numbers[name] = names.count
    names.append(name)
    return names.count - 1
  }

  /// Whether the policy can be followed at all.
  func check(_ policy: EvaluatedPolicy) throws(EvaluationInputError) {
    switch policy {
    case .arm(let name) where numbers[name] == nil && count > 0:
      let near = nearest(to: name, among: names).map { "did you mean 'arm:\($0)'?" }
      throw EvaluationInputError(
        "the log has no arm '\(name)'",
        hint: near ?? "its arms are \(names.prefix(5).joined(separator: ", "))\(names.count > 5 ? ", ..." : "")")
    case .given(let file): try file.check(decisions: count)
    default: break
    }
  }

  /// The numbers of the arms that could be played.
  /// - Throws: For an arm that no line had: somebody writes to the log.
  func arms(of decision: DecisionLine) throws(Refusal) -> [Int] {
    let arms =
      switch decision.arms {
      case .names(let names): names.compactMap { numbers[$0] }
      case .count(let count): Array(unnamed.prefix(count))
      }
    guard arms.count == decision.arms.count, decision.target?.count ?? arms.count == arms.count else {
      throw Refusal(.mismatch, "the log changed while it was read", hint: "evaluate a copy of it", offset: 0)
    }
    return arms
  }

  func context(of decision: DecisionLine) throws(Refusal) -> Context {
    do throws(FeatureError) {
      switch decision.context {
      case .vector(let numbers): return try Context(numbers)
      case .features(let features): return try hasher.context(features)
      }
    } catch { throw Refusal(.invalid, pointer: "/context", error.description, offset: 0) }
  }

  private static func words(_ size: Int?) -> String { size.map { "\($0) numbers" } ?? "named features" }
}

extension EvaluatedPolicy {
  var isTarget: Bool { if case .target = self { true } else { false } }
}

extension Refusal {
  /// Of the line's member that it is about.
  init(_ error: EvaluationError) {
    let pointer = error.code == .model ? "" : "/\(error.code.rawValue)"
    self.init(.invalid, pointer: pointer, error.message, hint: error.hint, offset: 0)
  }
}
