import AttuneModel
import Codec
import Ingest
import Insight
import Learning

/// Answers the lines of a program that plays with a learner.
struct LearnerDialogue {
  let arms: Int
  let configuration: LearnerConfiguration
  private(set) var tally: DialogueTally
  private(set) var allocator: Allocator
  /// Made when the first context tells its dimensions.
  private var learner: Learner?
  /// Whether questions have 'x', else features; nil before the first.
  private var asksByVector: Bool?
  private var generator: SeededGenerator
  private var memory: DecisionMemory
  private let decoder = LearnerLineDecoder()
  private let hasher = FeatureHasher()

  /// - Parameter quotas: nil: there are none, and every question gets an arm.
  init(arms: Int, _ quotas: Quotas?, _ configuration: LearnerConfiguration, seed: UInt64, pending: Int) {
    self.arms = arms
    self.configuration = configuration
    tally = DialogueTally(arms: arms, quotas)
    allocator = Allocator(quotas ?? Quotas(unlimited: arms))
    generator = SeededGenerator(seed: mix64(seed &+ 0xD1A))
    memory = DecisionMemory(limit: pending)
  }

  /// - Parameter number: of the line, from 1.
  mutating func answer(_ number: Int, _ line: Result<[UInt8], Refusal>, into json: inout JSONWriter) {
    switch line.flatMap({ decoder.decode($0) }) {
    case .failure(let refusal): complain(number, nil, words(refusal), refusal.hint, &json)
    case .success(.reward(let id, let clicked)):
      if let problem = reward(id, clicked) { complain(number, id, problem, nil, &json) }
    case .success(.question(let question)):
      if let problem = decide(question, &json) { complain(number, question.id, problem.0, problem.1, &json) }
    }
  }

  private func words(_ refusal: Refusal) -> String {
    refusal.pointer.isEmpty ? refusal.message : "\(refusal.pointer): \(refusal.message)"
  }

  func summarise(into json: inout JSONWriter) {
    json.object { json in
      json.member("summary") { tally.write(into: &$0, allocator) }
    }
    json.newline()
  }

  private mutating func reward(_ id: LearnerLine.ID, _ clicked: Bool) -> String? {
    switch memory.settle(id) {
    case .unknown: return "no decision of this id waits for a reward: it is unknown, or was forgotten"
    case .settled: return "this decision has had its reward"
    case .held: return "nothing was sent for this id"
    case .waiting(let arm, let context):
      tally.rewards += 1
      if clicked { tally.clicks += 1 }
      if let context { learner?.learn(context, copy: arm, clicked: clicked) }
      return nil
    }
  }

  /// - Returns: what is wrong with the question, and a hint.
  private mutating func decide(_ question: LearnerLine.Question, _ json: inout JSONWriter) -> (String, String?)? {
    if memory.knows(question.id) { return ("there is a decision of this id", "ids are to be used once") }
    if let p = question.probabilities {
      guard p.count == arms else { return ("'p' has \(p.count) entries for \(arms) arms", nil) }
      guard p.allSatisfy({ (0...1).contains($0) }) else { return ("'p' has what is no probability", nil) }
      choose(question.id, p, &json)
      return nil
    }
    let isVector = if case .vector = question.context { true } else { false }
    guard isVector == (asksByVector ?? isVector) else {
      return (
        isVector ? "the question has 'x', those before had features" : "the question has no 'x', those before had one",
        "all questions of a run are of one kind: 'x' of one length, or 'features'"
      )
    }
    let context: Context
    do throws(FeatureError) { context = try read(question.context) } catch { return ("\(error)", nil) }
    if learner == nil { learner = Learner(configuration, dimensions: context.dimensions, copies: arms) }
    guard let dimensions = learner?.dimensions, context.dimensions == dimensions else {
      return (
        "'x' has \(context.dimensions - 1) numbers; the first had \((learner?.dimensions ?? 1) - 1)",
        "it is as long in every line"
      )
    }
    asksByVector = isVector
    choose(question.id, context, &json)
    return nil
  }

  private func read(_ context: DecisionLine.Context?) throws(FeatureError) -> Context {
    switch context {
    case .vector(let values): try Context(values)
    case .features(let features): try hasher.context(features)
    case nil: try hasher.context([])
    }
  }

  private mutating func choose(_ id: LearnerLine.ID, _ p: [Double], _ json: inout JSONWriter) {
    let prices = allocator.costs
    let arm = allocator.choose(p)
    allocator.observe(p, sent: arm)
    tally.count(p, arm, from: .probabilities)
    memory.add(id, arm, nil)
    write(id, arm, propensity: 1, prices, &json)
  }

  private mutating func choose(_ id: LearnerLine.ID, _ context: Context, _ json: inout JSONWriter) {
    guard let learner else { return }
    let options = allocator.options
    let prices = allocator.costs
    // Without quotas nothing is gained by holding.
    let hold: Double? = tally.quotas == nil || !options.mayHold ? nil : 0
    let terms = CopyUtilities(costs: prices, eligible: options.copies, hold: hold)
    let scores = learner.scores(for: context)
    let choice = learner.choose(scores, terms, using: &generator)
    if tally.quotas != nil {
      let fixed = [Double](repeating: 0, count: arms)
      allocator.observe(fixed, context: context, sent: choice.copy, worth: learner.worths)
    }
    tally.count(scores.map(\.probability), choice.copy, from: .beliefs)
    memory.add(id, choice.copy, context)
    let propensity = learner.propensity(scores, terms).of(choice.copy)
    write(id, choice.copy, propensity: propensity, prices, &json)
  }

  private func write(
    _ id: LearnerLine.ID, _ arm: Int?, propensity: Double, _ prices: [Double], _ json: inout JSONWriter
  ) {
    json.object { json in
      json.member(id)
      if let arm { json.member("arm", arm) } else { json.member("arm", nil as String?) }
      json.member("propensity", .number(propensity))
      json.member("prices", .list(prices.map { .number($0) }))
    }
    json.newline()
  }

  private mutating func complain(
    _ line: Int, _ id: LearnerLine.ID?, _ problem: String, _ hint: String?, _ json: inout JSONWriter
  ) {
    tally.errors += 1
    json.object { json in
      json.member("line", line)
      if let id { json.member(id) }
      json.member("error", problem)
      if let hint { json.member("hint", hint) }
    }
    json.newline()
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ id: LearnerLine.ID) {
    if id.isInteger { member("id", digits: id.text) } else { member("id", id.text) }
  }
}
