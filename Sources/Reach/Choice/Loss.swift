public import AttuneModel
import Learning

/// What a filter, fatigue or a quota kept from a user, where copies are chosen by what was learned. It is recorded with
/// the decision, so that a recovery counts what was counted.
public struct Loss: Hashable, Sendable {
  public var obstacle: Obstacle
  /// The copy that would have suited the user best; empty where none could have been sent.
  public var copy: String
  /// What sending it would have been worth, in clicks: prices, annoyance and weariness taken off, never below 0.
  public var worth: Double
}

extension Loss: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(obstacle)
    writer.write(copy)
    writer.write(worth)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(obstacle: try reader.read(), copy: try reader.read(), worth: try reader.read())
    guard worth.isFinite else { throw BinaryError.invalid("a loss", at: reader.position) }
  }
}

extension Obstacle {
  /// Whether a user whom it refuses misses something: else there was nothing to lose, or nothing to be done.
  fileprivate var isLoss: Bool {
    switch self {
    case .filter, .materials, .quota, .fatigue: true
    case .validity, .campaign, .holdout, .choice: false
    }
  }
}

extension UserPartition {
  func loss(_ candidate: Candidate, _ trace: Trace, _ run: Run) -> Loss? {
    guard trace.outcome == .refused, let obstacle = trace.obstacle, obstacle.isLoss,
      let business = run.configuration.businesses[candidate.business], let settings = business.choice,
      let pilot = run.surroundings.pilots[business.name]
    else { return nil }
    let zone = zone(of: candidate.user, run.surroundings)
    let known = run.weighed.flatMap { $0.candidate == candidate.id ? $0 : nil }
    let weighed = known ?? weigh(candidate, business, settings, pilot, zone, at: trace.at)
    let best = weighed.best(pilot)
    return Loss(obstacle: obstacle, copy: best.map { pilot.copies[$0.place].id } ?? "", worth: best?.worth ?? 0)
  }
}

extension Weighed {
  /// The copy that suits the user best, and what sending it is worth; nil where none can be sent.
  func best(_ pilot: Pilot) -> (place: Int, worth: Double)? {
    let worths = scores.indices.map { scores[$0].probability - annoyances[$0] - weariness[$0] }
    let places = scores.indices.filter { eligible[$0] }
    guard let place = places.max(by: { worths[$0] - pilot.price(of: $0) < worths[$1] - pilot.price(of: $1) }) else {
      return nil
    }
    // What a minimum would have paid is no click.
    return (place, max(0, worths[place] - max(0, pilot.price(of: place))))
  }
}
