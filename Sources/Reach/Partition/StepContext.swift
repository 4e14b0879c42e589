import AttuneModel
import Fatigue

/// The same for all partitions in a step.
struct StepContext: Sendable {
  var configuration: CompiledConfiguration
  var zones: [String: Zone]
  /// Of the whole batch.
  var inputs: [Input]
  /// Up to here time passes in this step.
  var frontier: Instant
  /// Live, the instant at which everything is decided; nil when replaying.
  var now: Instant?
  /// When recovering: what the batch's reservations were told.
  var answers: [ReservationAnswer]?
  /// What is known of copies, as it was when the step began.
  var choices: [String: LearnedChoice] = [:]
  /// Of campaigns that were launched.
  var campaigns: [String: CampaignState.Status] = [:]
  /// Of those, the ones that are long over.
  var forgotten: Set<String> = []
  /// The hour it is at the step's end.
  var clock = Instant.distantPast
  /// Of the store's pseudonyms.
  var salt: Pseudonym.Salt

  /// When something due at `due` is decided.
  func instant(of due: Instant) -> Instant { now ?? due }

  /// The day that counts are kept by.
  func day(of instant: Instant) -> Int64 { configuration.fatigue.zone.day(instant) }

  /// The zone that a profile names, else the policy's.
  func zone(of profile: [Property]) -> Zone { profile.zone(in: zones) ?? configuration.fatigue.zone }
}

extension [Property] {
  /// Nil if the profile names none, or one without a table.
  func zone(in zones: [String: Zone]) -> Zone? {
    guard case .string(let name) = self["zone"] else { return nil }
    return zones[name]
  }
}

/// One input on its way to its partition, with what only the whole stream knows.
struct RoutedInput: Sendable {
  /// Its place among the batch's inputs.
  var position: Int
  /// Its place among the batch's reservations, if it is one.
  var reservation: Int
  var partition: Int
  /// Its place among all events.
  var sequence: UInt64
  /// The hour it is when it arrives.
  var clock: Instant
  /// How far time had passed when it arrived.
  var frontier: Instant
  var isLate: Bool
  /// A reservation whose id names one of another user.
  var isTaken = false

  func moved(to partition: Int) -> RoutedInput {
    var input = self
    input.partition = partition
    return input
  }
}
