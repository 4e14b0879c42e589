public import AttuneModel

/// A set is stored as its documents and compiled again when it is read.
extension RuleSet: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    let stored = rules.map { ($0, nil as Instant?) } + retired.map { ($0.rule, $0.until) }
    var zones: [Zone] = []
    for (rule, _) in stored where !zones.contains(rule.origin.zone) { zones.append(rule.origin.zone) }
    writer.write(nextSerial)
    writer.write(zones)
    writer.write(UInt64(stored.count))
    for (rule, until) in stored {
      writer.write(rule.origin.source)
      writer.write(zones.firstIndex(of: rule.origin.zone) ?? 0)
      writer.write(rule.version)
      writer.write(rule.serial)
      writer.write(until)
    }
  }

  /// - Throws: `BinaryError` for bytes that `encode` did not write, and for rules that this build does not read.
  public init(from reader: inout ByteReader) throws(BinaryError) {
    let nextSerial: UInt64 = try reader.read()
    let zones: [Zone] = try reader.read()
    var rules: [Rule] = []
    var retired: [Retired] = []
    for _ in 0..<(try reader.read() as UInt64) {
      let source: Node = try reader.read()
      let zone: Int = try reader.read()
      let version: Int = try reader.read()
      let serial: UInt64 = try reader.read()
      let until: Instant? = try reader.read()
      var diagnostics = Diagnostics()
      guard zones.indices.contains(zone), var rule = Rule(reading: source, zone: zones[zone], &diagnostics) else {
        throw BinaryError.invalid("a rule (\(diagnostics))", at: reader.position)
      }
      rule.version = version
      rule.serial = serial
      if let until { retired.append(Retired(rule: rule, until: until)) } else { rules.append(rule) }
    }
    self.init(rules: rules, retired: retired, nextSerial: nextSerial)
  }
}
