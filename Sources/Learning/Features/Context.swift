public import AttuneModel

/// What is known at a decision, as a vector: the terms that are not zero, the first of them the bias.
///
/// A context holds finite values of a bounded size only: whatever is learned from it stays finite too.
public struct Context: Hashable, Sendable {
  /// A position in the vector and what stands there.
  public struct Term: Hashable, Sendable {
    /// Of the vector; 0 is the bias.
    public let index: Int32
    /// Finite, and not 0.
    public let value: Double
  }

  /// Of the whole vector, with the bias, which is at 0.
  public let dimensions: Int
  /// Ascending in `index`, none of them zero; the bias, 1, is first.
  public let terms: [Term]

  /// Larger values would drown all others; who has them scales them.
  public static let largestValue = 1e4
  /// Of a context, with the bias.
  public static let mostDimensions = 4096

  /// The bias alone: nothing is known.
  public init(dimensions: Int) {
    self.dimensions = min(max(1, dimensions), Self.mostDimensions)
    terms = [Term(index: 0, value: 1)]
  }

  /// A vector as it is; the bias is put before it.
  public init(_ values: [Double]) throws(FeatureError) {
    guard values.count < Self.mostDimensions else { throw .tooMany(values.count) }
    var terms = [Term(index: 0, value: 1)]
    terms.reserveCapacity(values.count + 1)
    for (index, value) in values.enumerated() {
      try Self.check(value, named: "x[\(index)]")
      if value != 0 { terms.append(Term(index: Int32(index + 1), value: value)) }
    }
    self.dimensions = values.count + 1
    self.terms = terms
  }

  /// Sums at their positions; those that leave the range are cut to it.
  init(dimensions: Int, sums: [Double]) {
    self.dimensions = dimensions
    var terms = [Term(index: 0, value: 1)]
    for (index, sum) in sums.enumerated() where index > 0 && sum != 0 {
      let value = min(max(sum, -Self.largestValue), Self.largestValue)
      terms.append(Term(index: Int32(index), value: value))
    }
    self.terms = terms
  }

  static func check(_ value: Double, named name: @autoclosure () -> String) throws(FeatureError) {
    guard value.isFinite else { throw .notFinite(name()) }
    guard value.magnitude <= largestValue else { throw .tooLarge(name(), value) }
  }

  /// The whole vector.
  public var dense: [Double] {
    var values = [Double](repeating: 0, count: dimensions)
    for term in terms { values[Int(term.index)] = term.value }
    return values
  }
}

extension Context: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(dimensions)
    writer.write(terms.count)
    for term in terms.dropFirst() {
      writer.write(UInt64(term.index))
      writer.write(term.value)
    }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    let dimensions: Int = try reader.read()
    let count: Int = try reader.read()
    guard 1...Self.mostDimensions ~= dimensions, 1...dimensions ~= count else {
      throw BinaryError.invalid("a context", at: reader.position)
    }
    var terms = [Term(index: 0, value: 1)]
    var last: UInt64 = 0
    for _ in 1..<count {
      let index: UInt64 = try reader.read()
      let value: Double = try reader.read()
      guard index > last, index < UInt64(dimensions), value != 0, value.magnitude <= Self.largestValue else {
        throw BinaryError.invalid("a context's term", at: reader.position)
      }
      terms.append(Term(index: Int32(index), value: value))
      last = index
    }
    self.dimensions = dimensions
    self.terms = terms
  }
}

// The algebra of the models. Rows are padded to fours, as `Vectors` has them; x is the context.
extension Context {
  var squaredLength: Double { terms.reduce(0) { $0 + $1.value * $1.value } }

  /// a * x
  @inline(__always)
  func dot(_ a: UnsafePointer<Four>) -> Double {
    let a = UnsafeRawPointer(a).assumingMemoryBound(to: Double.self)
    var sum = 0.0
    for term in terms { sum += term.value * a[Int(term.index)] }
    return sum
  }

  /// y = rows' * x
  @inline(__always)
  func combine(_ rows: UnsafePointer<Four>, into y: UnsafeMutablePointer<Four>, _ width: Int) {
    y.update(repeating: .zero, count: width)
    for term in terms { Vectors.add(term.value, rows + Int(term.index) * width, to: y, width) }
  }
}

/// Features that cannot be learned from.
public struct FeatureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with the feature; `list`: a list in a list.
  public enum Code: String, Sendable { case notFinite, tooLarge, tooMany, list }

  public let code: Code
  /// The feature's name, or its place as `x[3]`.
  public let feature: String
  public let description: String

  static func notFinite(_ name: String) -> FeatureError {
    FeatureError(code: .notFinite, feature: name, description: "\(name) is not a finite number")
  }
  static func tooLarge(_ name: String, _ value: Double) -> FeatureError {
    FeatureError(
      code: .tooLarge, feature: name,
      description: "\(name) is \(value), beyond ±\(Context.largestValue): scale it to about -3...3")
  }
  static func tooMany(_ count: Int) -> FeatureError {
    FeatureError(
      code: .tooMany, feature: "x",
      description: "\(count) values: at most \(Context.mostDimensions - 1) are learned from")
  }
  static func list(_ name: String) -> FeatureError {
    FeatureError(code: .list, feature: name, description: "\(name) is a list of lists: give texts, numbers or booleans")
  }
}
