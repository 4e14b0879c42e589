/// What a publication makes of a document of the folder.
public struct DocumentChangeAnswer: WireType, Hashable {
  public enum Part: String, TextChoice { case settings, business, campaign }
  public enum Change: String, TextChoice { case new, changed, removed }

  public var part: Part
  public var name: String?
  public var change: Change
  public var differences: [DifferenceAnswer]

  public init(part: Part, name: String?, change: Change, differences: [DifferenceAnswer]) {
    self.part = part
    self.name = name
    self.change = change
    self.differences = differences
  }

  public static let about = "What a publication makes of a document of the folder."
  public static let notes = [
    "name": "Of the business or campaign.", "differences": "What a changed one says otherwise than before.",
  ]
  public static let sample = DocumentChangeAnswer(
    part: .business, name: "cart", change: .changed, differences: [.sample])
}

/// What two documents say differently at one place.
public struct DifferenceAnswer: WireType, Hashable {
  public var path: String
  public var before: String?
  public var after: String?

  public init(path: String, before: String?, after: String?) {
    self.path = path
    self.before = before
    self.after = after
  }

  public static let about = "What two documents say differently at one place."
  public static let notes = [
    "path": "`fatigue.times`, `materials.gentle.title`.", "before": "In one line; missing where there was nothing.",
    "after": "In one line; missing where nothing is left.",
  ]
  public static let sample = DifferenceAnswer(path: "fatigue.times", before: "2", after: "3")
}
