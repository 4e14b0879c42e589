/// What may stand between a candidate and its user. Each is asked in its turn; the first that does not let the candidate
/// pass is the reason.
public enum Obstacle: Hashable, Sendable {
  /// The business has ended, or is gone.
  case validity
  /// The campaign is paused, or over.
  case campaign
  /// The user is left out, to measure against.
  case holdout
  /// One of the business's own chain, by its name: `consent`, `quietHours`, ...
  case filter(String)
  /// There is no copy that can be filled for the user.
  case materials
  /// No copy is worth it.
  case choice
  /// The quotas are used up, or what is left of them is being shared out.
  case quota
  /// Nil where fatigue could not judge.
  case fatigue(FatigueDimension?)

  /// As traces, counts and reports tell it: `consent`, `fatigue.window`, ...
  public var name: String {
    switch self {
    case .validity: "validity"
    case .campaign: "campaign"
    case .holdout: "holdout"
    case .filter(let name): name
    case .materials: "materials"
    case .choice: "choice"
    case .quota: "quota"
    case .fatigue(nil): "fatigue"
    case .fatigue(.user): "fatigue.user"
    case .fatigue(.scene): "fatigue.scene"
    case .fatigue(.window): "fatigue.window"
    case .fatigue(.gap): "fatigue.gap"
    }
  }

  /// The same without the dimension, which is the reason then.
  public var filter: String {
    if case .fatigue = self { Obstacle.fatigue(nil).name } else { name }
  }

  /// Of fatigue, where it judged; else nil.
  public var dimension: FatigueDimension? {
    if case .fatigue(let dimension) = self { dimension } else { nil }
  }

  public init(name: String) {
    self = Self.named[name] ?? .filter(name)
  }

  /// All but the filters of businesses.
  private static let named: [String: Obstacle] = {
    let all =
      [Obstacle.validity, .campaign, .holdout, .materials, .choice, .quota, .fatigue(nil)]
      + FatigueDimension.allCases.map { Obstacle.fatigue($0) }
    return Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
  }()
}

/// What limits reaches, in the order of the check.
public enum FatigueDimension: String, Sendable, CaseIterable {
  /// All reaches of the user's calendar day.
  case user
  /// Reaches of the user in the open window of the scene.
  case scene
  /// Reaches of the user in the open window of the business.
  case window
  /// The time since the last reach of the user by the business.
  case gap
}

extension Obstacle: BinaryCodable {
  public func encode(into writer: inout ByteWriter) { writer.write(name) }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(name: try reader.read())
  }
}
