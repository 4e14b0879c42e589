import AttuneModel

/// The way from a phone to the door: mostly quick, sometimes slow, at times it forgets that it has delivered.
enum Network {
  /// One phone in thirty is off.
  static let arrival = 0.967

  /// When what was sent at an instant arrives; more than once if the phone got no answer and tried again.
  static func arrivals(of sent: Instant, _ generator: inout SeededGenerator) -> [Instant] {
    let road = generator.fraction()
    let first =
      if road < 0.93 {
        sent + generator.span(upTo: .seconds(1))
      } else if road < 0.995 {
        sent + generator.span(upTo: .seconds(15))
      } else {
        // In a tunnel, or out of battery.
        sent + .minutes(2) + generator.span(upTo: .minutes(20))
      }
    guard generator.chance(0.01) else { return [first] }
    return [first, first + generator.span(upTo: .minutes(1))]
  }
}
