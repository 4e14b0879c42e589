import AttuneModel

/// What an expression or a key may ask of an event.
enum Attribute: Hashable, Sendable {
  case user
  case type
  case time
  case property(String)

  init(_ name: String) {
    switch name {
    case "user": self = .user
    case "type": self = .type
    case "ts": self = .time
    default: self = .property(name)
    }
  }

  /// Names that an event has for something of its own, so that no property is ever called that.
  static let misnamed: [String: (message: String, hint: String)] = [
    "event": ("no property is called 'event': that is the event's type", "write type"),
    "id": (
      "no property is called 'id': that is the event's own, and rules do not see it", "send it under another name"
    ),
  ]

  func value(in event: Event) -> Value? {
    switch self {
    case .user: event.user.isEmpty ? nil : .string(event.user)
    case .type: .string(event.name)
    case .time: .number(Double(event.at.milliseconds))
    case .property(let name): event.properties[name]
    }
  }
}
