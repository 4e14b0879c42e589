/// Arrivals in the order they came: how many, what was sent, and the values of one in `stride` of them.
public struct ArrivalSample: Hashable, Sendable {
  /// How many copies there are.
  public let copies: Int
  /// Arrivals seen, kept or not.
  public internal(set) var count = 0
  /// Sends of each copy.
  public internal(set) var used: [Int]
  /// One in how many arrivals is kept.
  var stride: Int
  /// Arrivals until one is kept.
  var skip: Int
  /// Arrivals of others that rows kept here do not stand for yet.
  var credit = 0
  /// Row by row, a value a copy.
  var values: [Float] = []
  /// The part of the values that beliefs have no say in.
  var fixed: [Float] = []
  /// Of each row, where one learns.
  var contexts: [Context?] = []
  /// When each row came, from 0 to 1 of the window.
  var moments: [Double] = []

  /// Rows kept are this many, or up to twice as many.
  static func capacity(copies: Int) -> Int { max(128, min(2048, (1 << 16) / max(1, copies))) }

  init(copies: Int, stride: Int = 1, skip: Int = 0) {
    self.copies = copies
    self.stride = max(1, stride)
    self.skip = skip
    used = [Int](repeating: 0, count: copies)
  }

  var rows: Int { moments.count }

  mutating func append(_ values: some Collection<Float>, _ context: Context?, at moment: Double, sent copy: Int?) {
    if skip == 0 {
      keep(values, context, at: moment)
      skip = stride
    }
    skip -= 1
    count = min(count + 1, Quotas.limit)
    if let copy, used.indices.contains(copy) { used[copy] += 1 }
  }

  /// What another saw after this one.
  mutating func append(_ other: ArrivalSample, at moment: Double) {
    guard other.copies == copies else { return }
    for row in 0..<other.rows {
      credit += other.stride
      guard credit >= stride else { continue }
      credit -= stride
      keep(other.fixed[row * copies..<(row + 1) * copies], other.contexts[row], at: moment)
    }
    count = min(count + other.count, Quotas.limit)
    for copy in 0..<copies { used[copy] += other.used[copy] }
  }

  /// Forgets the rows before `moment`, and keeps of those to come as many as `span` arrivals may have.
  mutating func forget(before moment: Double, span: Int) {
    stride = min(stride, max(1, span / Self.capacity(copies: copies)))
    skip = min(skip, stride - 1)
    let old = moments.prefix { $0 < moment }.count
    moments.removeFirst(old)
    contexts.removeFirst(old)
    values.removeFirst(old * copies)
    fixed.removeFirst(old * copies)
  }

  private mutating func keep(_ row: some Collection<Float>, _ context: Context?, at moment: Double) {
    let most = 2 * Self.capacity(copies: copies) / (context == nil ? 1 : 2)
    if rows >= most { thin() }
    moments.append(moment)
    contexts.append(context)
    fixed.append(contentsOf: row.prefix(copies).lazy.map(Self.value))
    for _ in 0..<max(0, copies - row.count) { fixed.append(-.infinity) }
    values.append(contentsOf: fixed.suffix(copies))
  }

  static func value(_ value: Float) -> Float { value.magnitude < 1e30 ? value : -.infinity }

  /// Values of contexts by what is believed of them now.
  mutating func revalue(_ worth: (Context) -> [Double]) {
    for row in 0..<rows {
      guard let context = contexts[row] else { continue }
      for (copy, worth) in zip(0..<copies, worth(context)) {
        values[row * copies + copy] = Self.value(fixed[row * copies + copy] + Float(worth))
      }
    }
  }

  /// Every other row goes.
  private mutating func thin() {
    var kept = 0
    for row in Swift.stride(from: 0, to: rows, by: 2) {
      moments[kept] = moments[row]
      contexts[kept] = contexts[row]
      for copy in 0..<copies {
        values[kept * copies + copy] = values[row * copies + copy]
        fixed[kept * copies + copy] = fixed[row * copies + copy]
      }
      kept += 1
    }
    values.removeLast(values.count - kept * copies)
    fixed.removeLast(fixed.count - kept * copies)
    contexts.removeLast(contexts.count - kept)
    moments.removeLast(moments.count - kept)
    stride *= 2
  }
}
