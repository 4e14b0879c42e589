import AttuneModel

/// The values of slots' keys: keys of one length side by side in one column, without an array each.
struct KeyColumns: Sendable {
  private struct Column: Sendable {
    var values: ContiguousArray<Value> = []
    var vacant: ContiguousArray<Handle> = []
  }

  /// By length.
  private var columns: [Column] = []

  var bytes: Int {
    columns.reduce(0) {
      $0 + $1.values.capacity * MemoryLayout<Value>.stride + $1.vacant.capacity * MemoryLayout<Handle>.stride
    }
  }

  mutating func add(_ key: [Attribute], of event: Event) -> Handle {
    add(count: key.count) { key[$0].value(in: event) ?? .bool(false) }
  }

  mutating func add(_ values: [Value]) -> Handle { add(count: values.count) { values[$0] } }

  private mutating func add(count: Int, _ value: (Int) -> Value) -> Handle {
    while columns.count <= count { columns.append(Column()) }
    if let handle = columns[count].vacant.popLast() {
      for index in 0..<count { columns[count].values[Int(handle) * count + index] = value(index) }
      return handle
    }
    for index in 0..<count { columns[count].values.append(value(index)) }
    return Handle(columns[count].values.count / max(count, 1) - 1)
  }

  func values(_ handle: Handle, count: Int) -> [Value] {
    Array(columns[count].values[Int(handle) * count..<(Int(handle) + 1) * count])
  }

  /// Texts are let go.
  mutating func remove(_ handle: Handle, count: Int) {
    for index in 0..<count { columns[count].values[Int(handle) * count + index] = .bool(false) }
    columns[count].vacant.append(handle)
  }
}
