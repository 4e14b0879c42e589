/// How many inputs a batch takes so that it lasts about as long as it should: by what the last ones took.
struct BatchPace: Sendable {
  /// Fewer would only pay for more commits.
  private static let least = 256
  /// Of one input; of the last batches, the newest counting a quarter.
  private var seconds = 0.0

  func batch(within turn: Duration, most: Int) -> Int {
    guard seconds > 0 else { return most }
    let count = turn / .seconds(1) / seconds
    return count >= Double(most) ? most : min(most, max(Self.least, Int(count)))
  }

  mutating func took(_ duration: Duration, inputs: Int) {
    // A small batch is nearly all commit, and says nothing of its inputs.
    guard inputs >= Self.least else { return }
    let own = duration / .seconds(1) / Double(inputs)
    seconds = seconds == 0 ? own : seconds * 0.75 + own * 0.25
  }
}
