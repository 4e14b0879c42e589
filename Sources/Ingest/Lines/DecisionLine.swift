public import AttuneModel
public import Codec

/// A line of a log of decisions: `{"context", "arms", "arm", "reward", "propensity", "target"?}`.
public struct DecisionLine: Hashable, Sendable {
  /// What was known at the decision.
  public enum Context: Hashable, Sendable {
    /// `[0.5, -1, ...]`
    case vector([Double])
    /// `{"city": "杭州", "age": 31}`; missing or null: empty.
    case features([Property])
  }

  /// What could be played.
  public enum Arms: Hashable, Sendable {
    /// So many, named by their place from 0.
    case count(Int)
    /// `["a", "b"]`: the same name in another line is the same arm; a name may be an integer.
    case names([String])

    public var count: Int {
      switch self {
      case .count(let count): count
      case .names(let names): names.count
      }
    }
  }

  public var context: Context
  public var arms: Arms
  /// The one that was played, by its place in `arms`.
  public var arm: Int
  public var reward: Double
  /// The probability with which it was played.
  public var propensity: Double
  /// The evaluated policy's probabilities, of every arm.
  public var target: [Double]?

  public static let mostArms = 10_000
}

/// Reads lines of a log of decisions. Members that mean nothing are left alone; whether numbers are probabilities is
/// left to who evaluates them.
public struct DecisionLineDecoder: Sendable {
  private let limits = Limits.fileLines

  public init() {}

  public func decode(_ line: some Collection<UInt8>) -> Result<DecisionLine, Refusal> {
    ItemReader(limits: limits) { scanner throws(Refusal) in try DecisionMembers(from: &scanner, limits).line() }
      .decode(line: line)
  }

  /// A line of a policy's file: `[0.2, 0.5, 0.3]`.
  public func decode(probabilities line: some Collection<UInt8>) -> Result<[Double], Refusal> {
    ItemReader(limits: limits) { scanner throws(Refusal) in try scanner.finites("a policy") }.decode(line: line)
  }
}

/// The members of a line, before they are known to suffice.
private struct DecisionMembers {
  private var context: DecisionLine.Context?
  private var arms: DecisionLine.Arms?
  private var arm: Arm?
  private var armOffset = 0
  private var reward: Double?
  private var propensity: Double?
  private var target: [Double]?
  /// A name that was passed over, and may be a misspelt one.
  private var others: [String] = []
  private let start: Int

  /// The one that was played, as the line says it.
  private enum Arm {
    case place(Int)
    case name(String)
  }

  init(from scanner: inout JSONScanner, _ limits: Limits) throws(Refusal) {
    try scanner.enterObject("a decision")
    start = scanner.position - 1
    try scanner.members { key, scanner throws(Refusal) in try read(key, from: &scanner, limits) }
  }

  private mutating func read(_ key: String, from scanner: inout JSONScanner, _ limits: Limits) throws(Refusal) {
    let kind = try scanner.kind()
    let start = scanner.position
    if kind == .null {
      try scanner.null()
      return
    }
    switch key {
    case "context": try once(&context, key, start, Self.context(kind, from: &scanner, limits))
    case "arms": try once(&arms, key, start, Self.arms(kind, from: &scanner, limits))
    case "arm":
      armOffset = start
      try once(
        &arm, key, start,
        kind == .string ? .name(scanner.string()) : .place(scanner.place(key, below: DecisionLine.mostArms)))
    case "reward": try once(&reward, key, start, scanner.finite(key))
    case "propensity": try once(&propensity, key, start, scanner.finite(key))
    case "target": try once(&target, key, start, scanner.finites(key))
    default:
      if others.count < 8 { others.append(key) }
      try scanner.skip()
    }
  }

  private static func context(
    _ kind: JSONScanner.Kind, from scanner: inout JSONScanner, _ limits: Limits
  ) throws(Refusal) -> DecisionLine.Context {
    switch kind {
    case .array: return .vector(try scanner.finites("context"))
    case .object: return .features(try scanner.features(limits))
    default: throw scanner.wrongType("the context", "an object of features or an array of numbers", kind)
    }
  }

  private static func arms(
    _ kind: JSONScanner.Kind, from scanner: inout JSONScanner, _ limits: Limits
  ) throws(Refusal) -> DecisionLine.Arms {
    let start = scanner.position
    switch kind {
    case .number:
      let count = try scanner.place("arms", below: DecisionLine.mostArms + 1)
      guard count > 0 else { throw Refusal(.invalid, "there are no arms", hint: "one at least", offset: start) }
      return .count(count)
    case .array:
      scanner.enter()
      var names: [String] = []
      var known: Set<String> = []
      var isFirst = true
      while try scanner.nextElement(&isFirst) {
        let at = scanner.position
        do throws(Refusal) {
          guard let name = try scanner.identifier("an arm's name", upTo: limits.textBytes) else {
            throw scanner.wrongType("an arm's name", "text or an integer", .null)
          }
          guard known.insert(name).inserted else {
            throw Refusal(.duplicate, "the arm '\(name)' is there twice", offset: at)
          }
          names.append(name)
        } catch { throw error.inside("\(names.count)") }
      }
      guard !names.isEmpty else { throw Refusal(.empty, "there are no arms", hint: "one at least", offset: start) }
      guard names.count <= DecisionLine.mostArms else {
        throw Refusal(.tooMany, "\(names.count) arms of at most \(DecisionLine.mostArms)", offset: start)
      }
      return .names(names)
    default: throw scanner.wrongType("arms", "a number of arms or an array of their names", kind)
    }
  }

  func line() throws(Refusal) -> DecisionLine {
    let arms = try require(arms, "arms", "how many arms there were, or their names")
    let arm = try place(
      of: require(arm, "arm", "the one that was played: its name, or its place in 'arms', from 0"), in: arms)
    return DecisionLine(
      context: context ?? .features([]), arms: arms, arm: arm, reward: try require(reward, "reward", "0 or 1"),
      propensity: try require(propensity, "propensity", "the probability with which the arm was played"),
      target: target)
  }

  private func place(of arm: Arm, in arms: DecisionLine.Arms) throws(Refusal) -> Int {
    switch (arm, arms) {
    case (.place(let place), _):
      if place < arms.count { return place }
      throw Refusal(
        .invalid, "arm \(place) is none of the \(arms.count) arms", hint: "places count from 0", offset: armOffset
      ).inside("arm")
    case (.name(let name), .names(let names)):
      if let place = names.firstIndex(of: name) { return place }
      throw Refusal(
        .invalid, "'\(name.prefix(64))' is none of the arms",
        hint: nearest(to: name, among: names).map { "did you mean '\($0)'?" }
          ?? "one of \(names.prefix(8).joined(separator: ", ")), or a place from 0", offset: armOffset
      ).inside("arm")
    case (.name(let name), .count(let count)):
      throw Refusal(
        .mismatch, "the arm is called '\(name.prefix(64))', and 'arms' says only that there are \(count)",
        hint: "name them in 'arms', or give its place, from 0", offset: armOffset
      ).inside("arm")
    }
  }

  private func require<T>(_ value: T?, _ member: String, _ hint: String) throws(Refusal) -> T {
    if let value { return value }
    throw .missing(member, hint, others: others, at: start)
  }
}

extension JSONScanner {
  /// The members of the object that `kind` saw.
  mutating func features(_ limits: Limits) throws(Refusal) -> [Property] {
    var members = FlatMembers<Property>(limits: limits)
    enter()
    try self.members { key, scanner throws(Refusal) in try members.read(key, from: &scanner) }
    return members.members
  }

  mutating func finite(_ what: String) throws(Refusal) -> Double {
    let kind = try kind()
    guard kind == .number else { throw wrongType(what, "a number", kind) }
    return try number()
  }

  mutating func finites(_ what: String) throws(Refusal) -> [Double] {
    let kind = try kind()
    guard kind == .array else { throw wrongType(what, "an array of numbers", kind) }
    enter()
    var numbers: [Double] = []
    var isFirst = true
    while try nextElement(&isFirst) {
      do throws(Refusal) { numbers.append(try finite("a number of \(what)")) } catch {
        throw error.inside("\(numbers.count)")
      }
    }
    return numbers
  }

  /// A whole number from 0.
  fileprivate mutating func place(_ what: String, below end: Int) throws(Refusal) -> Int {
    let start = position
    let number = try finite(what)
    guard number >= 0, number < Double(end), number == number.rounded() else {
      throw Refusal(.invalid, "\(what) is no whole number from 0 to \(end - 1)", offset: start)
    }
    return Int(number)
  }
}
