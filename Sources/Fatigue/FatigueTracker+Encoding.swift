public import AttuneModel

// The policy is not part of it: it comes from the configuration. A version; the terms that are used, sorted, by their
// names; the users, sorted, each with its reaches.
extension FatigueTracker: BinaryCodable {
  private static let version: UInt8 = 3

  public func encode(into writer: inout ByteWriter) {
    encode(users.places.map { (slab.key(at: users[$0]), users[$0]) }.sorted { $0.0 < $1.0 }, into: &writer)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(policy: .nobody)
    for account in try accounts(from: &reader) {
      guard place(of: account.user) == nil else {
        throw BinaryError.invalid("a user not given before", at: reader.position)
      }
      insert(account)
    }
  }

  func encode(_ users: [(UserKey, UInt32)], into writer: inout ByteWriter) {
    var used = Set<UInt32>()
    for (_, ledger) in users { reading(ledger) { used.formUnion($0.all.lazy.map(\.terms)) } }
    let sorted = used.sorted(by: book.precedes)
    var numbers = [UInt64](repeating: 0, count: book.terms.count)
    for (number, terms) in sorted.enumerated() { numbers[Int(terms)] = UInt64(number) }

    writer.write(Self.version)
    writer.write(UInt64(sorted.count))
    for number in sorted {
      let terms = book.terms[Int(number)]
      writer.write(book.names[Int(terms.business)])
      writer.write(book.names[Int(terms.scene)])
      terms.encodeLimits(into: &writer)
    }
    writer.write(UInt64(users.count))
    for (key, ledger) in users {
      writer.write(key.high)
      writer.write(key.low)
      reading(ledger) { reaches in
        writer.write(reaches.day ?? .min)
        writer.write(UInt64(reaches.all.count))
        for reach in reaches.all { reach.encode(terms: numbers[Int(reach.terms)], into: &writer) }
      }
    }
  }

  /// What was remembered of one user, with numbers of this state's book.
  struct Account {
    var user: UserKey
    var day: Int64
    var reaches: [Reach]
  }

  mutating func accounts(from reader: inout ByteReader) throws(BinaryError) -> [Account] {
    guard try reader.read() as UInt8 == Self.version else {
      throw BinaryError.invalid("fatigue state of version \(Self.version)", at: reader.position - 1)
    }
    var numbers: [UInt32] = []
    for _ in 0..<(try reader.read() as UInt64) {
      let business: String = try reader.read()
      let scene: String = try reader.read()
      numbers.append(
        book.number(
          of: try Terms(
            business: book.number(ofName: business), scene: book.number(ofName: scene), limitsFrom: &reader)))
    }
    var accounts: [Account] = []
    for _ in 0..<(try reader.read() as UInt64) {
      var account = Account(
        user: UserKey(high: try reader.read(), low: try reader.read()), day: try reader.read(), reaches: [])
      for _ in 0..<(try reader.read() as UInt64) {
        account.reaches.append(try Reach(from: &reader, numbers))
      }
      accounts.append(account)
    }
    return accounts
  }

  mutating func insert(_ account: Account) {
    guard !account.reaches.isEmpty else { return }
    let ledger = slab.open(account.user, count: account.reaches.count)
    writing(ledger) { entries in
      entries.all.day = account.day == .min ? nil : account.day
      for (index, reach) in account.reaches.enumerated() { entries.all[index] = reach }
    }
    users.insert(account.user, ledger)
  }
}

extension Terms {
  func encodeLimits(into writer: inout ByteWriter) {
    writer.write(priority)
    writer.write(length)
    writer.write(times)
    writer.write(minGap)
    writer.write(sceneLength)
    writer.write(sceneTimes)
  }

  init(business: UInt32, scene: UInt32, limitsFrom reader: inout ByteReader) throws(BinaryError) {
    self.init(
      business: business, scene: scene, priority: try reader.read(), length: try reader.read(),
      times: try reader.read(), minGap: try reader.read(),
      sceneLength: try reader.read(), sceneTimes: try reader.read())
  }
}

extension Reach {
  /// - Parameter terms: their place in the table that was written.
  func encode(terms: UInt64, into writer: inout ByteWriter) {
    writer.write(id)
    writer.write(at)
    writer.write(terms)
    writer.write(marks.rawValue)
    writer.write(state.rawValue)
  }

  /// - Parameter numbers: those of the terms in the table that was read.
  init(from reader: inout ByteReader, _ numbers: [UInt32]) throws(BinaryError) {
    let id: UInt64 = try reader.read()
    let at: Instant = try reader.read()
    let terms: UInt64 = try reader.read()
    let marks = Marks(rawValue: try reader.read())
    guard terms < numbers.count else { throw BinaryError.invalid("terms of the table", at: reader.position) }
    guard let state = State(rawValue: try reader.read()), state != .free else {
      throw BinaryError.invalid("how a reach ended", at: reader.position - 1)
    }
    self.init(id: id, at: at, terms: numbers[Int(terms)], marks: marks, state: state)
  }
}
