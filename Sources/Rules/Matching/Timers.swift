import Model

/// Names a slot: the rule's serial, and the values of its key.
struct SlotKey: Hashable, Sendable, Comparable {
  var serial: UInt64
  var values: [Value]

  /// By key; of one key, the rule published first.
  static func < (a: SlotKey, b: SlotKey) -> Bool {
    for (x, y) in zip(a.values, b.values) {
      if x.comesBefore(y) { return true }
      if y.comesBefore(x) { return false }
    }
    return (a.values.count, a.serial) < (b.values.count, b.serial)
  }
}

extension Value {
  /// Truth values before numbers before texts; lists are never part of a key.
  fileprivate func comesBefore(_ other: Value) -> Bool {
    switch (self, other) {
    case (.bool(let a), .bool(let b)): !a && b
    case (.number(let a), .number(let b)): a < b
    case (.string(let a), .string(let b)): a < b
    default: rank < other.rank
    }
  }

  private var rank: Int {
    switch self {
    case .bool: 0
    case .number: 1
    case .string: 2
    case .list: 3
    }
  }
}

/// Deadlines of slots, earliest first: a binary heap. Entries whose slot has another `scheduled` by now are stale.
struct Timers: Sendable {
  struct Entry: Comparable, Sendable {
    var deadline: Instant
    var key: SlotKey

    static func < (a: Entry, b: Entry) -> Bool {
      a.deadline == b.deadline ? a.key < b.key : a.deadline < b.deadline
    }
  }

  private var heap: [Entry] = []

  var first: Entry? { heap.first }
  var count: Int { heap.count }

  init() {}

  /// In linear time.
  init(_ entries: [Entry]) {
    heap = entries
    for index in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(from: index) }
  }

  mutating func add(_ entry: Entry) {
    heap.append(entry)
    var child = heap.count - 1
    while child > 0, heap[child] < heap[(child - 1) / 2] {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() {
    guard let last = heap.popLast(), !heap.isEmpty else { return }
    heap[0] = last
    sink(from: 0)
  }

  private mutating func sink(from start: Int) {
    var parent = start
    while true {
      var smallest = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[smallest] {
        smallest = child
      }
      guard smallest != parent else { return }
      heap.swapAt(parent, smallest)
      parent = smallest
    }
  }
}
