/// Users live in 64 partitions; the number is part of the store's format.
public enum Partition {
  public static let count = 64

  /// The partition of a user, 0 ..< `count`.
  public static func of(user: String) -> Int { Int(StableHash.of(user).value() % UInt64(count)) }
}

/// Names one candidate, and the message it may become: the partition that decides it, and a count within it.
public struct CandidateID: Hashable, Sendable, Comparable {
  public let rawValue: UInt64

  public init(rawValue: UInt64) { self.rawValue = rawValue }

  public init(partition: Int, number: UInt64) { rawValue = UInt64(partition) << 48 | number }

  /// 0 ..< 64.
  public var partition: Int { Int(rawValue >> 48) }
  /// Below 2^48.
  public var number: UInt64 { rawValue & 0xFFFF_FFFF_FFFF }

  public static func < (a: CandidateID, b: CandidateID) -> Bool { a.rawValue < b.rawValue }
}

extension CandidateID: LosslessStringConvertible {
  public var description: String { "\(partition)-\(number)" }

  /// Reads `17-42`; nil for anything that `description` does not write.
  public init?(_ description: String) {
    let parts = description.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let partition = Int(parts[0]), let number = UInt64(parts[1]),
      (0..<Partition.count).contains(partition), number < 1 << 48
    else { return nil }
    self.init(partition: partition, number: number)
    guard self.description == description else { return nil }
  }
}
