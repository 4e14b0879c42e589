/// What a store cannot do, in words for the person who runs it.
public struct StoreError: Error, Equatable, CustomStringConvertible {
  public var code: Code
  public var message: String

  public enum Code: Sendable, Equatable {
    /// No room; nothing of the transaction was written, and it may be tried again.
    case diskFull
    /// Another process has the store.
    case locked
    /// It is not what was written. The message names the file, and the row where it is known.
    case damaged
    /// Batches are missing that were acknowledged: an older copy, or one without its log. It can be accepted as it is.
    case lost
    /// Sound, and written by a version that this build does not read.
    case otherVersion
    /// Not known whether it was written.
    case io
    /// A message, or a batch, that is already there.
    case duplicate
    /// A batch that does not follow the last one.
    case outOfOrder
    /// More than the store takes.
    case tooMany
    /// The store was opened for reading.
    case readOnly
    /// A batch that is not kept any more.
    case trimmed
    /// What was to be trimmed is needed still.
    case stillNeeded
  }

  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  public var description: String { message }
}
