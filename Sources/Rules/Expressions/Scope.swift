import AttuneModel

/// The names an expression may use, and what it turned out to need of them.
public struct Scope: Sendable {
  /// Only `profile.*`: for audiences.
  public static let profile = Scope()

  /// Whether bare names are properties of the event at hand.
  var seesEvent = false
  /// The pattern's steps with their aliases; those from `visible` on have not been matched yet.
  var aliases: [String?] = []
  var visible = 0
  /// Whether earlier events may be spoken of at all.
  var seesMatched = true
  /// Whether there is a user whose profile could be asked.
  var seesProfile = true
  /// By step: what its matched events must keep.
  private(set) var kept: [[Attribute]] = []

  init() {}

  /// The scope of a pattern with these steps.
  init(aliases: [String?]) {
    self.aliases = aliases
    kept = aliases.map { _ in [] }
  }

  /// The place of an attribute among those the step's events keep.
  mutating func keep(_ attribute: Attribute, ofStep step: Int) -> Int {
    if let index = kept[step].firstIndex(of: attribute) { return index }
    kept[step].append(attribute)
    return kept[step].count - 1
  }
}
