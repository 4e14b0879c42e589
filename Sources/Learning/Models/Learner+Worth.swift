extension Learner {
  /// What a send of each copy is worth in clicks, as choices have it in the middle: with their optimism, without which
  /// prices would let too many through.
  public func worths(_ context: Context) -> [Double] {
    scores(for: context).map { Elementary.sigmoid(configuration.draw(of: $0).mean) }
  }
}
