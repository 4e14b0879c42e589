public import AttuneModel

/// Count, mean and spread of numbers seen one after another, in constant memory (Welford 1962; merging: Chan, Golub,
/// LeVeque 1979).
public struct Moments: Hashable, Sendable {
  /// Numbers seen.
  public private(set) var count = 0
  /// Their mean; 0 where nothing was seen.
  public private(set) var mean = 0.0
  /// Sum of squared distances from the mean.
  public private(set) var squares = 0.0

  public init() {}

  /// So many trials, so many of them successes: the same as adding ones and zeros, in any order.
  public init(successes: Int, trials: Int) {
    count = max(trials, 0)
    guard count > 0 else { return }
    let hits = Double(min(max(successes, 0), count))
    mean = hits / Double(count)
    squares = hits * (1 - mean)
  }

  /// What is not finite is left out: one such number would spoil all.
  public mutating func add(_ value: Double) {
    guard value.isFinite else { return }
    count += 1
    let distance = value - mean
    mean += distance / Double(count)
    squares += distance * (value - mean)
  }

  /// As if all that `other` saw had been added, but for rounding.
  public mutating func merge(_ other: Moments) {
    let (total, overflow) = count.addingReportingOverflow(other.count)
    guard other.count > 0, !overflow else { return }
    let share = Double(other.count) / Double(total)
    let distance = other.mean - mean
    mean += distance * share
    squares += other.squares + distance * distance * share * Double(count)
    count = total
  }

  /// The sum of the numbers seen.
  public var sum: Double { mean * Double(count) }
  /// Unbiased; 0 below two numbers.
  public var variance: Double { count > 1 ? squares / Double(count - 1) : 0 }
  /// The variance of the mean; infinite where nothing was seen.
  public var varianceOfMean: Double { count > 0 ? variance / Double(count) : .infinity }
}

extension Moments: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(count)
    writer.write(mean)
    writer.write(squares)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    (count, mean, squares) = (try reader.read(), try reader.read(), try reader.read())
    guard count >= 0, mean.isFinite, squares >= 0, squares < .infinity else {
      throw BinaryError.invalid("a count, a mean and a sum of squares", at: reader.position)
    }
  }
}
