/// Something that happened: most often, that a user did something.
public struct Event: Hashable, Sendable {
  /// The sender's id; what deduplication goes by. Without one, nothing is ever taken for a duplicate.
  public var id: String?
  /// Who did it. Empty: nobody; it concerns all who wait for such a thing, as a price cut.
  public var user: String
  /// What was done: `view`, `cart`, `buy`.
  public var name: String
  /// When it was done, by the sender's clock.
  public var at: Instant
  /// What else is known of it, flattened: `item.name`.
  public var properties: [Property]

  public init(id: String? = nil, user: String, name: String, at: Instant, properties: [Property] = []) {
    self.id = id
    self.user = user
    self.name = name
    self.at = at
    self.properties = properties
  }
}

/// A change to what is known of a user. A nil value removes the property.
public struct ProfilePatch: Hashable, Sendable {
  public var user: String
  public var changes: [Change]

  /// A property and its new value.
  public struct Change: Hashable, Sendable {
    public var name: String
    public var value: Value?
    public init(_ name: String, _ value: Value?) {
      self.name = name
      self.value = value
    }
  }

  public init(user: String, changes: [Change]) {
    self.user = user
    self.changes = changes
  }

  /// The zone it moves the user to, if it names one.
  public var zoneName: String? {
    guard case .string(let name) = changes.last(where: { $0.name == "zone" })?.value else { return nil }
    return name
  }
}
