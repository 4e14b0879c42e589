import Ingest
import Learning

/// The decisions whose rewards may still come: the latest so many, the oldest forgotten first.
struct DecisionMemory {
  enum State {
    case waiting(arm: Int, Context?)
    /// Nothing was sent.
    case held
    /// The reward has come.
    case settled
    /// Never heard of, or forgotten.
    case unknown
  }

  let limit: Int
  private var states: [LearnerLine.ID: State] = [:]
  /// In the order of the decisions, around the corner when full.
  private var order: [LearnerLine.ID] = []
  private var oldest = 0

  init(limit: Int) { self.limit = max(1, limit) }

  func knows(_ id: LearnerLine.ID) -> Bool { states[id] != nil }

  mutating func add(_ id: LearnerLine.ID, _ arm: Int?, _ context: Context?) {
    if order.count < limit {
      order.append(id)
    } else {
      states[order[oldest]] = nil
      order[oldest] = id
      oldest = (oldest + 1) % limit
    }
    states[id] = arm.map { .waiting(arm: $0, context) } ?? .held
  }

  /// What the decision waits for; from now on it waits for nothing.
  mutating func settle(_ id: LearnerLine.ID) -> State {
    let state = states[id] ?? .unknown
    if case .waiting = state { states[id] = .settled }
    return state
  }
}
