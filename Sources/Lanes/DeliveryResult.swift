public import AttuneModel

/// Where a user can be reached on a channel.
public struct Device: Hashable, Sendable {
  /// What the provider knows it by: a token, or the URL of a subscription.
  public var token: String
  /// The app and kind of device, as the channel divides them: `ios`, `android`, `web`.
  public var platform: String
  /// When the token was last confirmed. A provider's older complaint about it does not count.
  public var registered: Instant

  public init(token: String, platform: String, registered: Instant) {
    self.token = token
    self.platform = platform
    self.registered = registered
  }
}

/// What came of one dispatch: an answer per device, or a single one for a channel without devices.
public struct DeliveryResult: Hashable, Sendable {
  public var devices: [DeviceResult]

  public init(devices: [DeviceResult]) { self.devices = devices }

  /// For a channel that has no devices.
  public init(_ outcome: DeliveryOutcome) { devices = [DeviceResult(device: nil, outcome: outcome)] }
}

/// Two answers: what came of the message, and what is to happen to the device.
public struct DeviceResult: Hashable, Sendable {
  public var device: Device?
  public var outcome: DeliveryOutcome
  public var disposition: DeviceDisposition

  public init(device: Device?, outcome: DeliveryOutcome, disposition: DeviceDisposition = .keep) {
    self.device = device
    self.outcome = outcome
    self.disposition = disposition
  }
}

/// A provider's answer, or the lack of one.
public enum DeliveryOutcome: Hashable, Sendable {
  /// Taken; with the provider's own id, where it gives one.
  case accepted(providerID: String?)
  /// Definitely not delivered, and trying again is no use.
  case failed(DeliveryCode)
  /// Definitely not delivered, and may be later: not before `after`, where the provider named a time.
  case retry(after: TimeSpan?)
  /// No answer: it may have been delivered.
  case unknown
  /// Definitely not delivered, and no other message of this lane would be: a key is revoked, a day's quota is spent.
  /// Counts no attempt and fails no message: they wait, until they expire.
  case paused(until: Instant, reason: String)
}

/// Why a message failed, or was given up.
public enum DeliveryCode: Hashable, Sendable {
  /// The app is gone from the device, or the subscription has ended.
  case unregistered
  /// Not a token of this app and environment.
  case badToken
  case tooLarge
  /// The provider refused the request or our credentials: ours to mend, not the user's.
  case rejected
  case noDevice
  /// No channel of that name.
  case noChannel
  /// The channel did not answer in time.
  case deadline
  /// It would have expired before the next try.
  case expired
  /// The provider's own word.
  case unknown(String)

  /// As it is journaled and shown.
  public var name: String {
    switch self {
    case .unregistered: "unregistered"
    case .badToken: "badToken"
    case .tooLarge: "tooLarge"
    case .rejected: "rejected"
    case .noDevice: "noDevice"
    case .noChannel: "noChannel"
    case .deadline: "deadline"
    case .expired: "expired"
    case .unknown(let word): word
    }
  }
}

/// What to do with a device after an answer.
public enum DeviceDisposition: Hashable, Sendable {
  case keep
  /// Its token will never work again.
  case disable
  /// Not used until it is confirmed or looked at: the fault may be ours.
  case quarantine
}

/// What follows for the message from all its devices.
public enum Verdict: Hashable, Sendable {
  case settle(Settlement.Outcome)
  /// Another try under the same id. `doubtful`: this one may have been delivered.
  case again(after: TimeSpan?, doubtful: Bool)
  /// Back into the outbox as it was: the lane pauses.
  case paused(until: Instant, reason: String)
}

extension DeliveryResult {
  /// A user with three devices is reached once: accepted by any is accepted, and failed only if every device
  /// definitely failed.
  public func verdict(_ whenUnknown: Message.WhenUnknown) -> Verdict {
    var after: TimeSpan?
    var (retries, unknown) = (false, false)
    var pause: (until: Instant, reason: String)?
    for device in devices {
      switch device.outcome {
      case .accepted: return .settle(.accepted)
      case .unknown: unknown = true
      case .retry(let time):
        retries = true
        if let time { after = max(after ?? time, time) }
      case .paused(let until, let reason): if until > pause?.until ?? .distantPast { pause = (until, reason) }
      case .failed: continue
      }
    }
    if unknown && whenUnknown == .atMostOnce { return .settle(.unknown) }
    if unknown || retries { return .again(after: after, doubtful: unknown) }
    return pause.map { .paused(until: $0.until, reason: $0.reason) } ?? .settle(.failed)
  }

  /// The longest pause that it asks of its lane, whatever becomes of the message.
  var pause: (until: Instant, reason: String)? {
    var pause: (until: Instant, reason: String)?
    for case .paused(let until, let reason) in devices.map(\.outcome) where until > pause?.until ?? .distantPast {
      pause = (until, reason)
    }
    return pause
  }

  /// The provider's id of an accepted message.
  var providerID: String? {
    for case .accepted(let id?) in devices.map(\.outcome) { return id }
    return nil
  }

  /// Why it failed: what the first device that failed says.
  var code: DeliveryCode? {
    for case .failed(let code) in devices.map(\.outcome) { return code }
    return devices.isEmpty ? .noDevice : nil
  }

  /// Whether the provider said anything at all.
  var isAnswer: Bool { devices.isEmpty || devices.contains { $0.outcome != .unknown } }
}
