public import Codec

/// A line of a dialogue with a learner.
public enum LearnerLine: Hashable, Sendable {
  /// `{"id", "x": [..] | "features": {..} | "p": [..]}`: choose an arm.
  case question(Question)
  /// `{"id", "reward": 0 | 1}`: what an earlier choice brought.
  case reward(id: ID, clicked: Bool)

  public struct ID: Hashable, Sendable {
    public var text: String
    /// It was not written in quotes.
    public var isInteger: Bool
  }

  public struct Question: Hashable, Sendable {
    public var id: ID
    /// What is known; nil when only probabilities are given.
    public var context: DecisionLine.Context?
    /// Known click probabilities, of every arm.
    public var probabilities: [Double]?
  }
}

/// Reads lines of a dialogue with a learner. Members that mean nothing are left alone.
public struct LearnerLineDecoder: Sendable {
  private let limits = Limits.fileLines

  public init() {}

  public func decode(_ line: some Collection<UInt8>) -> Result<LearnerLine, Refusal> {
    ItemReader(limits: limits) { scanner throws(Refusal) in try LearnerMembers(from: &scanner, limits).line() }
      .decode(line: line)
  }
}

private struct LearnerMembers {
  private var id: LearnerLine.ID?
  private var context: DecisionLine.Context?
  private var probabilities: [Double]?
  private var clicked: Bool?
  private let start: Int

  init(from scanner: inout JSONScanner, _ limits: Limits) throws(Refusal) {
    try scanner.enterObject("a line")
    start = scanner.position - 1
    try scanner.members { key, scanner throws(Refusal) in try read(key, from: &scanner, limits) }
  }

  private mutating func read(_ key: String, from scanner: inout JSONScanner, _ limits: Limits) throws(Refusal) {
    let kind = try scanner.kind()
    let start = scanner.position
    if kind == .null { return try scanner.null() }
    switch key {
    case "id":
      guard let text = try scanner.identifier("'id'", upTo: limits.idBytes) else { return }
      try once(&id, key, start, LearnerLine.ID(text: text, isInteger: kind == .number))
    case "x", "features":
      if context != nil {
        throw Refusal(
          .mismatch, "the line has both 'x' and 'features', or one twice", hint: "say what is known once", offset: start
        )
      }
      context = try self.context(key, kind, from: &scanner, limits)
    case "p": try once(&probabilities, key, start, scanner.finites(key))
    case "reward":
      let reward = try scanner.finite(key)
      guard reward == 0 || reward == 1 else {
        throw Refusal(.invalid, "a reward is 0 or 1", offset: start)
      }
      try once(&clicked, key, start, reward == 1)
    default: try scanner.skip()
    }
  }

  private func context(
    _ key: String, _ kind: JSONScanner.Kind, from scanner: inout JSONScanner, _ limits: Limits
  ) throws(Refusal) -> DecisionLine.Context {
    if key == "x" { return .vector(try scanner.finites(key)) }
    guard kind == .object else { throw scanner.wrongType(key, "an object of features", kind) }
    return .features(try scanner.features(limits))
  }

  func line() throws(Refusal) -> LearnerLine {
    guard let id else {
      throw .missing("id", "name the decision", at: start)
    }
    switch (context, probabilities, clicked) {
    case (nil, nil, let clicked?): return .reward(id: id, clicked: clicked)
    case (nil, nil, nil):
      throw Refusal(
        .missing, "there is neither a question nor a reward", hint: "x, features or p asks; reward tells",
        offset: start)
    case (_, _, nil):
      return .question(LearnerLine.Question(id: id, context: context, probabilities: probabilities))
    case (_, _, _?):
      throw Refusal(
        .mismatch, "the line asks and has a reward", hint: "write two lines", offset: start)
    }
  }
}
