/// Short texts kept with the store: whose it is, and what those who open it have to know. Not journaled.
public protocol StoreNotes: Sendable {
  /// The text under a name, if one was noted.
  func note(_ name: String) throws(StoreError) -> String?
  /// Durable when it returns; takes the place of what was noted under that name.
  func setNote(_ name: String, to text: String) throws(StoreError)
}
