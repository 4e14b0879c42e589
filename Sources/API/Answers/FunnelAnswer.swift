/// How many candidates got how far. Made by hand in `Insight`, for reports of a store too, and held to this by tests.
public struct FunnelAnswer: WireType, Hashable {
  public enum Dimension: String, TextChoice { case business, scene, rule, filter, material, day }

  public struct Row: Codable, Hashable, Sendable {
    public var name: String
    public var matched: Int
    public var routed: Int
    public var refused: Int
    public var deferred: Int
    public var retracted: Int
    public var sent: Int
    public var reserved: Int
    public var accepted: Int
    public var failed: Int
    public var unknown: Int
    public var withdrawn: Int
    public var delivered: Int
    public var opened: Int
    public var dismissed: Int
    public var converted: Int
    public var unsubscribed: Int
    /// By filter, and `fatigue.DIMENSION`.
    public var refusedBy: [String: Int]
    /// Opened by accepted, to four digits; missing where nothing was accepted.
    public var openRate: Double?
  }

  public var by: Dimension
  public var rows: [Row]
  public var total: Row

  public static let about = "How many candidates got how far, and what kept the others back."
  public static let notes = [
    "rows": "In alphabetical order; each has the steps from the match of a rule to the receipts."
  ]
  public static let sample = FunnelAnswer(by: .business, rows: [row("nudge")], total: row("total"))

  private static func row(_ name: String) -> Row {
    Row(
      name: name, matched: 3, routed: 3, refused: 2, deferred: 0, retracted: 0, sent: 1, reserved: 0, accepted: 1,
      failed: 0, unknown: 0, withdrawn: 0, delivered: 1, opened: 1, dismissed: 0, converted: 0, unsubscribed: 0,
      refusedBy: ["consent": 2], openRate: 1)
  }
}
