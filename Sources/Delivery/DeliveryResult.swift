public import AttuneModel

/// What came of one dispatch: an answer per device, or a single one for a channel without devices.
public struct DeliveryResult: Hashable, Sendable {
  public var devices: [DeviceResult]

  public init(devices: [DeviceResult]) { self.devices = devices }

  /// For a channel that has no devices.
  public init(_ outcome: DeliveryOutcome) { devices = [DeviceResult(device: nil, outcome: outcome)] }
}

public struct DeviceResult: Hashable, Sendable {
  public var device: Device?
  public var outcome: DeliveryOutcome

  public init(device: Device?, outcome: DeliveryOutcome) {
    self.device = device
    self.outcome = outcome
  }
}

/// A provider's answer, or the lack of one.
public enum DeliveryOutcome: Hashable, Sendable {
  /// Taken; with the provider's own id, where it gives one.
  case accepted(providerID: String?)
  /// Definitely not delivered, and trying again is no use.
  case failed(DeliveryFailure)
  /// Definitely not delivered, and may be later: not before `after`, where the provider named a time.
  case retry(after: TimeSpan?)
  /// No answer: it may have been delivered.
  case unknown
}

public struct DeliveryFailure: Hashable, Sendable, Error {
  public var code: Code
  public var token: TokenDisposition

  public enum Code: Hashable, Sendable {
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
    /// The provider's own word.
    case unknown(String)
  }

  public init(_ code: Code, token: TokenDisposition = .keep) {
    self.code = code
    self.token = token
  }
}

/// What to do with a token after an answer.
public enum TokenDisposition: Hashable, Sendable {
  case keep
  /// It will never work again.
  case disable
  /// Not used until it is confirmed or looked at: the fault may be ours.
  case quarantine
}

/// What follows for the message from all its devices.
public enum Verdict: Hashable, Sendable {
  case settle(Settlement.Outcome)
  /// Another try under the same id. `doubtful`: this one may have been delivered.
  case again(after: TimeSpan?, doubtful: Bool)
}

extension DeliveryResult {
  /// A user with three devices is reached once: accepted by any is accepted, and failed only if every device
  /// definitely failed.
  public func verdict(_ whenUnknown: Message.WhenUnknown) -> Verdict {
    var after: TimeSpan?
    var retries = false
    var unknown = false
    for device in devices {
      switch device.outcome {
      case .accepted: return .settle(.accepted)
      case .unknown: unknown = true
      case .retry(let time):
        retries = true
        if let time { after = max(after ?? time, time) }
      case .failed: continue
      }
    }
    if unknown && whenUnknown == .atMostOnce { return .settle(.unknown) }
    if unknown || retries { return .again(after: after, doubtful: unknown) }
    return .settle(.failed)
  }
}
