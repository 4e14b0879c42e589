public import AttuneModel

// The state of a stream as bytes: for an app that is closed and goes on later.
extension RuleStream {
  /// Events that wait, open attempts, profiles and the time, for a file; `init(decoding:rules:)` goes on with them.
  ///
  /// Equal streams give equal bytes.
  public func encoded() -> [UInt8] {
    var writer = ByteWriter()
    writer.writeFormat()
    writer.write(rules)
    writer.write(lateness)
    writer.write(watermark)
    writer.write(sequence)
    writer.write(buffer)
    let users = profiles.keys.sorted()
    writer.write(UInt64(users.count))
    for user in users {
      writer.write(user)
      writer.write(profiles[user] ?? [])
    }
    writer.write(matcher)
    return writer.bytes
  }

  /// Goes on with what `encoded` kept.
  ///
  /// - Parameters:
  ///   - bytes: of this version of the library, or the one before.
  ///   - rules: those in force from now on. Open attempts of a rule that is not among them, or says something else
  ///     there, are dropped.
  /// - Throws: `BinaryError` for bytes that are damaged, or of another version (`isOtherVersion`).
  public init(decoding bytes: [UInt8], rules: RuleSet) throws(BinaryError) {
    var reader = ByteReader(bytes)
    try reader.readFormat(of: .checkpoint)
    let before: RuleSet = try reader.read()
    self.init(rules: rules, lateness: try reader.read())
    watermark = try reader.read()
    sequence = try reader.read()
    buffer = try reader.read()
    for _ in 0..<(try reader.read() as UInt64) {
      let user: String = try reader.read()
      profiles[user] = try reader.read() as [Property]
    }
    matcher = try reader.read()
    guard reader.isAtEnd else { throw BinaryError.invalid("the end", at: reader.position) }
    matcher.adopt(rules.inCommon(with: before))
    matcher.pass(to: watermark)
  }
}
