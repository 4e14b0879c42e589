import Model

/// Names a slot: the rule's serial, and the values of its key.
struct SlotKey: Hashable, Sendable, Comparable {
  let serial: UInt64
  let values: [Value]
  /// Of both, made once: a table that grows or gives up an entry asks for it again and again.
  private let digest: UInt64

  init(serial: UInt64, values: [Value]) {
    self.serial = serial
    self.values = values
    var hash = StableHash(seed: serial)
    for value in values {
      switch value {
      case .string(let text): hash.combine(text)
      // Minus nought is nought.
      case .number(let number): hash.combine((number + 0).bitPattern)
      case .bool(let flag): hash.combine(flag ? 1 : 0)
      case .list: break
      }
    }
    digest = hash.value()
  }

  func hash(into hasher: inout Hasher) { hasher.combine(digest) }

  static func == (a: SlotKey, b: SlotKey) -> Bool {
    a.digest == b.digest && a.serial == b.serial && a.values == b.values
  }

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
  struct Entry: Sendable {
    var deadline: Instant
    var key: SlotKey
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
    while child > 0, precedes(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func removeFirst() {
    guard let last = heap.popLast(), !heap.isEmpty else { return }
    heap[0] = last
    sink(from: 0)
  }

  /// By deadline; the keys are looked at, and copied, only when those are equal.
  private func precedes(_ a: Int, _ b: Int) -> Bool {
    let (first, second) = (heap[a].deadline, heap[b].deadline)
    return first == second ? heap[a].key < heap[b].key : first < second
  }

  private mutating func sink(from start: Int) {
    var parent = start
    while true {
      var smallest = parent
      let left = 2 * parent + 1
      if left < heap.count, precedes(left, smallest) { smallest = left }
      if left + 1 < heap.count, precedes(left + 1, smallest) { smallest = left + 1 }
      guard smallest != parent else { return }
      heap.swapAt(parent, smallest)
      parent = smallest
    }
  }
}
