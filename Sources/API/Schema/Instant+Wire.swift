public import AttuneModel

/// On the wire, whole milliseconds since 1970-01-01T00:00:00Z.
extension Instant: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(milliseconds: try decoder.singleValueContainer().decode(Int64.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(milliseconds)
  }
}

extension Instant: SchemaSource {
  public static var schema: Schema { .integer }
}
