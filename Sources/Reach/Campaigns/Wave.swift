/// What a campaign takes up in one step: some of its users in each partition.
struct Wave: Sendable {
  var campaign: String
  /// By partition.
  var counts: [Int]
}
