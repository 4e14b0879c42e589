/// A campaign compiled into the configuration in force, before its users are counted.
public struct CampaignPlan: Sendable {
  /// What is known so far; final where nobody has to be counted.
  public internal(set) var answer = LaunchAnswer()
  var campaign: Campaign?
  var business: Business?

  /// Whether its users are counted yet.
  public var wantsUsers: Bool { campaign != nil }

  /// Users of a campaign, and those of them who would not be left out.
  public struct Users: Hashable, Sendable {
    public var count = 0
    public var reachable = 0

    public init() {}

    public static func + (a: Users, b: Users) -> Users {
      var sum = a
      sum.count += b.count
      sum.reachable += b.reachable
      return sum
    }
  }
}
