public import AttuneModel

/// Inputs that are handled, journaled and acknowledged together.
public struct Batch: Hashable, Sendable {
  /// How the engine reads time.
  public enum Pace: UInt8, Sendable {
    /// A candidate is decided at the batch's clock: the hour it is.
    case live = 0
    /// A candidate is decided at the instant of the event or deadline that produced it; the clock is the largest instant seen.
    case replay = 1
  }

  public var pace: Pace
  /// The hour it is; ignored when replaying.
  public var clock: Instant
  public var inputs: [Input]

  public init(pace: Pace, clock: Instant, inputs: [Input]) {
    self.pace = pace
    self.clock = clock
    self.inputs = inputs
  }

  /// In the order of the inputs.
  public var reservations: [Reservation] {
    inputs.compactMap { if case .reserve(let reservation) = $0 { reservation } else { nil } }
  }
}

/// Everything that can happen to the engine. The passing of time is the batch's clock.
public enum Input: Hashable, Sendable {
  case event(Event)
  case receipt(Receipt)
  case profile(ProfilePatch)
  case settlement(Settlement)
  /// Publishes a configuration; one with errors changes nothing. Open attempts of changed rules finish under the version
  /// that began them; `reset` drops them.
  case configuration(ConfigurationSource, reset: Bool = false)
  /// The table of a zone that a profile is about to name.
  case zone(Zone)
  /// Forgets a user: profile, attempts, fatigue, deferred candidates.
  case erase(user: String)
  /// Another team asks whether it may reach a user; counted if it may. Answered in `Effects.answers`.
  case reserve(Reservation)
  case settleReservation(ReservationSettlement)
  /// Forgets how often a user was reached, by whom ever, and nothing else.
  case eraseFatigue(user: String)
  case campaign(CampaignOrder)
  /// This is the hour it is, however far a wrong clock has carried time before: the only input that turns time back.
  case clock(Instant)
  /// No event will ever follow: open absences fire, in order, and time stops at the last of them.
  case endOfTime
}

/// What became of one input.
public enum Acknowledgement: UInt8, Sendable {
  case accepted = 0
  /// An event whose id was seen, or a receipt or settlement that was already known. A reservation's settlement that
  /// changed nothing, also because the reservation is not remembered.
  case duplicate = 1
  /// An event at or before the watermark: it can cancel, not trigger.
  case late = 2
  /// A receipt or settlement for a message that is not (or no longer) remembered.
  case unknownMessage = 3
  /// A configuration or a campaign with errors, a reservation that cannot be judged, an order that a campaign is past.
  case refused = 4
}

extension Batch.Pace: BinaryCodable {}

extension Batch: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.writeFormat()
    writer.write(pace)
    writer.write(clock)
    writer.write(inputs)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    try reader.readFormat(of: .batch)
    self.init(pace: try reader.read(), clock: try reader.read(), inputs: try reader.read())
  }
}

extension Input: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    switch self {
    case .event(let event): write(0, event, &writer)
    case .receipt(let receipt): write(1, receipt, &writer)
    case .profile(let patch): write(2, patch, &writer)
    case .settlement(let settlement): write(3, settlement, &writer)
    case .configuration(let source, let reset): write(reset ? 11 : 4, source, &writer)
    case .zone(let zone): write(5, zone, &writer)
    case .erase(let user): write(6, user, &writer)
    case .endOfTime: writer.write(UInt8(7))
    case .reserve(let reservation): write(8, reservation, &writer)
    case .settleReservation(let settlement): write(9, settlement, &writer)
    case .eraseFatigue(let user): write(10, user, &writer)
    case .campaign(let order): write(12, order, &writer)
    case .clock(let instant): write(13, instant, &writer)
    }
  }

  private func write(_ tag: UInt8, _ value: some BinaryCodable, _ writer: inout ByteWriter) {
    writer.write(tag)
    value.encode(into: &writer)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    switch try reader.read() as UInt8 {
    case 0: self = .event(try reader.read())
    case 1: self = .receipt(try reader.read())
    case 2: self = .profile(try reader.read())
    case 3: self = .settlement(try reader.read())
    case 4: self = .configuration(try reader.read())
    case 5: self = .zone(try reader.read())
    case 6: self = .erase(user: try reader.read())
    case 7: self = .endOfTime
    case 8: self = .reserve(try reader.read())
    case 9: self = .settleReservation(try reader.read())
    case 10: self = .eraseFatigue(user: try reader.read())
    case 11: self = .configuration(try reader.read(), reset: true)
    case 12: self = .campaign(try reader.read())
    case 13: self = .clock(try reader.read())
    default: throw BinaryError.invalid("an input", at: reader.position - 1)
    }
  }
}
