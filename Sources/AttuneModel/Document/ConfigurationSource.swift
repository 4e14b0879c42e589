/// A configuration folder as it was read: documents, and the tables of the zones it names. Compiled by the engine.
public struct ConfigurationSource: Hashable, Sendable {
  /// `attune.yaml`.
  public var settings: Node?
  /// `rules/*.yaml`, a document a rule.
  public var rules: [Node]
  /// `businesses/*.yaml`, a document a business.
  public var businesses: [Node]
  /// `campaigns/*.yaml`, a document a campaign; one begins when it is launched.
  public var campaigns: [Node]
  /// The tables of the zones that the documents name.
  public var zones: [Zone]

  public init(
    settings: Node? = nil, rules: [Node] = [], businesses: [Node] = [], campaigns: [Node] = [],
    zones: [Zone] = []
  ) {
    self.settings = settings
    self.rules = rules
    self.businesses = businesses
    self.campaigns = campaigns
    self.zones = zones
  }
}

extension ConfigurationSource: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(settings)
    writer.write(rules)
    writer.write(businesses)
    writer.write(campaigns)
    writer.write(zones)
  }
  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(
      settings: try reader.read(), rules: try reader.read(), businesses: try reader.read(),
      campaigns: try reader.read(), zones: try reader.read())
  }
}
