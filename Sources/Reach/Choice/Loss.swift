public import AttuneModel
import Learning

/// What a filter, fatigue or a quota kept from a user, where copies are chosen by what was learned. It is recorded with
/// the decision, so that a recovery counts what was counted.
public struct Loss: Hashable, Sendable {
  /// `consent`, `fatigue.window`, `quota`, ...
  public var filter: String
  /// The copy that would have suited the user best; empty where none could have been sent.
  public var copy: String
  /// What sending it would have been worth, in clicks: prices, annoyance and weariness taken off, never below 0.
  public var worth: Double
}

extension Loss: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(filter)
    writer.write(copy)
    writer.write(worth)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(filter: try reader.read(), copy: try reader.read(), worth: try reader.read())
    guard worth.isFinite else { throw BinaryError.invalid("a loss", at: reader.position) }
  }
}

extension UserPartition {
  /// Checks that refuse for other reasons than a filter's: there was nothing to lose, or nothing to be done.
  private static let noFilters: Set<String> = ["validity", "campaign", "holdout", "choice"]

  func loss(_ candidate: Candidate, _ trace: Trace, by filter: String, _ run: Run) -> Loss? {
    guard trace.outcome == .refused, !filter.isEmpty, !Self.noFilters.contains(filter),
      let business = run.configuration.businesses[candidate.business], let settings = business.choice,
      let pilot = run.surroundings.pilots[business.name]
    else { return nil }
    let zone = zone(of: candidate.user, run.surroundings)
    let known = run.weighed.flatMap { $0.candidate == candidate.id ? $0 : nil }
    let weighed = known ?? weigh(candidate, business, settings, pilot, zone, at: trace.at)
    let best = weighed.best(pilot)
    return Loss(filter: filter, copy: best.map { pilot.copies[$0.place].id } ?? "", worth: best?.worth ?? 0)
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
