public import Model

// The policy is not part of it: it comes from the configuration. A version; the names that are used, sorted; the users, sorted, each with its ledger in numbers of those names.
extension Fatigue: BinaryCodable {
  private static let version: UInt8 = 1

  public func encode(into writer: inout ByteWriter) {
    var used = Set<UInt32>()
    for ledger in users.values { used.formUnion(ledger.names) }
    let sorted = used.sorted { names.all[Int($0)] < names.all[Int($1)] }
    var numbers = [UInt32](repeating: 0, count: names.all.count)
    for (number, name) in sorted.enumerated() { numbers[Int(name)] = UInt32(truncatingIfNeeded: number) }

    writer.write(Self.version)
    writer.write(sorted.map { names.all[Int($0)] })
    writer.write(UInt64(users.count))
    for (user, ledger) in users.sorted(by: { $0.key < $1.key }) {
      writer.write(user)
      writer.write(ledger.renamed { numbers[Int($0)] })
    }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(policy: .nobody)
    guard try reader.read() as UInt8 == Self.version else {
      throw BinaryError.invalid("fatigue state of version \(Self.version)", at: reader.position - 1)
    }
    let table: [String] = try reader.read()
    for name in table {
      guard names[name] == nil else { throw BinaryError.invalid("a name not given before", at: reader.position) }
      _ = names.intern(name)
    }
    for _ in 0..<(try reader.read() as UInt64) {
      let user: String = try reader.read()
      let ledger: Ledger = try reader.read()
      guard users[user] == nil, ledger.names.allSatisfy({ $0 < table.count }) else {
        throw BinaryError.invalid("a user not given before, with names of the table", at: reader.position)
      }
      users[user] = ledger
    }
  }
}

extension Ledger: BinaryCodable {
  /// Every name in use.
  var names: Set<UInt32> {
    var names = Set(reaches.map(\.business))
    for reach in reaches where reach.marks.contains(.scene) { names.insert(reach.scene) }
    for window in windows { names.insert(window.key.name) }
    return names
  }

  /// With other numbers for the names, and windows in their order.
  func renamed(_ number: (UInt32) -> UInt32) -> Ledger {
    var other = self
    for index in reaches.indices {
      other.reaches[index].business = number(reaches[index].business)
      if reaches[index].marks.contains(.scene) { other.reaches[index].scene = number(reaches[index].scene) }
    }
    for index in windows.indices { other.windows[index].key.name = number(windows[index].key.name) }
    other.windows.sort { $0.key < $1.key }
    return other
  }

  func encode(into writer: inout ByteWriter) {
    writer.write(day != nil)
    if let day { writer.write(day) }
    writer.write(windows)
    writer.write(reaches)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    self.init()
    if try reader.read() { day = try reader.read() as Int64 }
    windows = try reader.read()
    reaches = try reader.read()
  }
}

extension Window: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(key.mark == .scene)
    writer.write(UInt64(key.name))
    writer.write(start)
    writer.write(length)
    writer.write(times)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    let isScene: Bool = try reader.read()
    let name = try UInt32(from: &reader)
    self.init(
      key: isScene ? .scene(name) : .business(name), start: try reader.read(), length: try reader.read(),
      times: try reader.read())
  }
}

extension Reach: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(id)
    writer.write(at)
    writer.write(until)
    writer.write(minGap)
    writer.write(UInt64(business))
    writer.write(marks.rawValue)
    writer.write(state.rawValue)
    if marks.contains(.scene) { writer.write(UInt64(scene)) }
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    id = try reader.read()
    at = try reader.read()
    until = try reader.read()
    minGap = try reader.read()
    business = try UInt32(from: &reader)
    marks = Marks(rawValue: try reader.read())
    guard let state = State(rawValue: try reader.read()) else {
      throw BinaryError.invalid("how a reach ended", at: reader.position - 1)
    }
    self.state = state
    scene = marks.contains(.scene) ? try UInt32(from: &reader) : 0
  }
}

extension UInt32 {
  fileprivate init(from reader: inout ByteReader) throws(BinaryError) {
    let number: UInt64 = try reader.read()
    guard let exact = UInt32(exactly: number) else {
      throw BinaryError.invalid("the number of a name", at: reader.position)
    }
    self = exact
  }
}
