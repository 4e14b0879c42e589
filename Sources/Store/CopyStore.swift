public import AttuneModel
public import Materials

/// The library of copies: not journaled, as nothing is decided by it. What decides takes copies out and brings them along.
public protocol CopyStore: Sendable {
  /// Adds copies, or puts them in the place of those with their ids: all of them or, when it throws, none. What was
  /// brought along and the instant of making stay, unless they are given anew.
  ///
  /// - Throws: `tooMany` beyond `CopyLibrary.limit`.
  func saveCopies(_ copies: [LibraryCopy], at now: Instant) throws(StoreError) -> CopyChanges

  /// Removes those that are there, all at once, and returns how many they were. What they did here stays in the history,
  /// and is theirs again under the same ids; what was brought along goes with them.
  func removeCopies(_ ids: [String]) throws(StoreError) -> Int

  /// All of them, in the order of their ids.
  func copies() throws(StoreError) -> [LibraryCopy]

  /// Ids of copies that have every word, the best match first: a rare word says more than a common one, one in the title
  /// more than one in the body. A query without any word finds nothing.
  func searchCopies(_ query: SearchTerms, limit: Int) throws(StoreError) -> [String]
}

/// What saving copies did.
public struct CopyChanges: Hashable, Sendable {
  public var added: Int
  public var changed: Int
  /// Those that were there already, word for word.
  public var unchanged: Int

  public init(added: Int = 0, changed: Int = 0, unchanged: Int = 0) {
    self.added = added
    self.changed = changed
    self.unchanged = unchanged
  }
}
