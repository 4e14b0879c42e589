/// The one number of every byte form that a store holds: its tables, batches, records, checkpoints and messages.
///
/// A build writes `current`, and reads all from `oldest` on. Whoever changes the bytes of anything stored raises `current`
/// by one, reads the old form where `ByteReader.format` is below it, and keeps a store of it among the golden ones.
///
/// - 7: journal and history apart, sources of counts, classes of messages.
/// - 8: a chain over the journal, which checkpoints and the mark of its end are bound to. All else is as in 7.
public enum StoreFormat {
  public static let current: UInt8 = 8
  public static let oldest: UInt8 = 6

  /// What begins with the number of its form.
  public enum Container: Sendable {
    case batch, records, checkpoint

    /// Under 6 each still counted for itself.
    var six: UInt8 {
      switch self {
      case .batch: 4
      case .records: 2
      case .checkpoint: 6
      }
    }
  }

  /// Why a number below `oldest` or above `current` is not read, and what to do.
  public static func refusal(of number: Int) -> String {
    let reads = "format \(number), and this build reads \(oldest) to \(current)"
    return number > Int(current)
      ? "\(reads): it was made by a newer version (hint: open it with that version, or a later one)"
      : "\(reads): it was made by an older version (hint: open it for writing with a version in between first, which "
        + "brings it up to date)"
  }
}

extension ByteWriter {
  /// The number that a container begins with.
  public mutating func writeFormat() { write(StoreFormat.current) }
}

extension ByteReader {
  /// Takes the number that a container begins with; what follows is read by that form.
  public mutating func readFormat(of container: StoreFormat.Container) throws(BinaryError) {
    switch try read() as UInt8 {
    case let number where number > StoreFormat.oldest && number <= StoreFormat.current: format = number
    case container.six: format = StoreFormat.oldest
    case let other: throw .otherVersion(other, at: position - 1)
    }
  }
}
