public import AttuneModel
public import Rules

/// What the engine says of a configuration that is to be published. It comes with the publication itself, so nobody has
/// to ask first and then find that things have changed meanwhile.
public struct PublicationAnswer: Hashable, Sendable {
  /// Errors keep it from being put in force, conflicts with running campaigns among them; warnings are told either way.
  public internal(set) var diagnostics = Diagnostics()
  /// Whether it is another one than was in force before.
  public internal(set) var isNew: Bool
  /// What becomes of each rule; empty if it is refused.
  public internal(set) var changes: [RuleChange] = []
  /// What becomes of the other documents, those left out that stay as they are; empty if it is refused.
  public internal(set) var documents: [DocumentChange] = []
  /// The name of the zone in which its days begin; empty if it is refused.
  public internal(set) var zone = ""

  public var isAccepted: Bool { diagnostics.errors.isEmpty }

  init(isNew: Bool) { self.isNew = isNew }
}
