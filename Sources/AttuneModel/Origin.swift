/// Where a candidate comes from: what made somebody want to reach a user.
public enum Origin: Hashable, Sendable {
  /// A rule matched, in the version that was in force.
  case match(rule: String, version: Int)
  /// A user of a campaign's audience had their turn; the business has the campaign's name.
  case campaign
  /// Another team asked whether it may reach the user.
  case reservation

  /// Nil unless a rule matched.
  public var rule: String? {
    if case .match(let rule, _) = self { rule } else { nil }
  }

  /// Of the rule that matched, else nil.
  public var version: Int? {
    if case .match(_, let version) = self { version } else { nil }
  }

  public var source: Source {
    switch self {
    case .match(let rule, _): .rule(rule)
    case .campaign: .campaign
    case .reservation: .reservation
    }
  }

  /// What is counted apart: an origin, whatever the version of its rule.
  public enum Source: Hashable, Sendable {
    case rule(String)
    case campaign, reservation

    /// How a source is stored; 0 stands for none.
    public enum Kind: UInt8, Sendable, CaseIterable {
      case rule = 1
      case campaign = 2
      case reservation = 3
    }

    public var kind: Kind {
      switch self {
      case .rule: .rule
      case .campaign: .campaign
      case .reservation: .reservation
      }
    }

    /// Nil unless it is a rule.
    public var rule: String? {
      if case .rule(let rule) = self { rule } else { nil }
    }

    /// - Parameter rule: its name, if it is one; of others it says nothing.
    public init(_ kind: Kind, rule: String) {
      switch kind {
      case .rule: self = .rule(rule)
      case .campaign: self = .campaign
      case .reservation: self = .reservation
      }
    }
  }
}

// Until format 6 an empty rule stood for all that no rule had proposed.
extension Origin {
  /// Of the engine's own candidates.
  static func before7(rule: String, version: Int) -> Origin {
    rule.isEmpty ? .campaign : .match(rule: rule, version: version)
  }
}

extension Origin.Source {
  /// Of the engine's own messages.
  public static func before7(rule: String) -> Origin.Source {
    rule.isEmpty ? .campaign : .rule(rule)
  }

  /// Of a count. A campaign's refusals by fatigue looked like those of reservations, and are taken for them.
  public static func before7(rule: String, stage: Tally.Stage, business: String, detail: String) -> Origin
    .Source?
  {
    if !rule.isEmpty { return .rule(rule) }
    if business.isEmpty { return nil }
    switch stage {
    case .reserved: return .reservation
    case .refused where detail.hasPrefix("fatigue."): return .reservation
    // Of a message of ours the material is told.
    case .taken where detail.isEmpty, .failed where detail.isEmpty, .unknown where detail.isEmpty:
      return .reservation
    default: return .campaign
    }
  }
}

extension Origin: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(source)
    if let version { writer.write(version) }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    guard reader.format >= 7 else {
      self = .before7(rule: try reader.read(), version: try reader.read())
      return
    }
    switch try reader.read() as Source {
    case .rule(let rule): self = .match(rule: rule, version: try reader.read())
    case .campaign: self = .campaign
    case .reservation: self = .reservation
    }
  }
}

extension Origin.Source: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(kind)
    if let rule { writer.write(rule) }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    guard reader.format >= 7 else {
      self = .before7(rule: try reader.read())
      return
    }
    let kind: Kind = try reader.read()
    self.init(kind, rule: kind == .rule ? try reader.read() : "")
  }
}

extension Origin.Source.Kind: BinaryCodable {}
