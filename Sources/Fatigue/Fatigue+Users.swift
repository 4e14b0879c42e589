public import Model

// What is held, and of whom.
extension Fatigue {
  /// Users of whom anything is remembered.
  public var userCount: Int { users.count }

  /// Keys (user, business) and (user, scene) that hold anything.
  public var keyCount: Int {
    users.values.reduce(0) { count, ledger in
      let businesses = ledger.reaches.map { Window.Key.business($0.business) }
      return count + Set(businesses + ledger.windows.map(\.key)).count
    }
  }

  /// All that is remembered of a user, in the form `import` reads; nil when there is nothing.
  public func export(user: String) -> [UInt8]? {
    guard let ledger = users[user] else { return nil }
    var alone = Fatigue(policy: policy)
    alone.names = names
    alone.users[user] = ledger
    return alone.encoded()
  }

  /// Takes over what `export` wrote, in place of what was remembered of that user.
  public mutating func `import`(_ bytes: [UInt8]) throws(BinaryError) {
    let other = try Fatigue(decoding: bytes)
    let numbers = other.names.all.map { names.intern($0) }
    for (user, ledger) in other.users { users[user] = ledger.renamed { numbers[Int($0)] } }
  }

  @discardableResult
  public mutating func erase(user: String) -> Bool { users.removeValue(forKey: user) != nil }
}

extension Fatigue: Equatable {
  /// By content: in which order names and users came up makes no difference.
  public static func == (a: Fatigue, b: Fatigue) -> Bool { a.encoded() == b.encoded() }
}
