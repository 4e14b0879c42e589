public import AttuneModel

// What is held, and of whom.
extension FatigueTracker {
  /// Users of whom anything is remembered.
  public var userCount: Int { users.count }

  /// Keys (user, business) and (user, scene) that hold anything.
  public var keyCount: Int {
    users.places.reduce(0) { count, place in
      reading(users[place]) { reaches in
        let businesses = Set(reaches.all.map { reaches.terms[Int($0.terms)].business })
        return count + businesses.count + reaches.all.count { $0.marks.contains(.opensScene) }
      }
    }
  }

  /// Reaches of the user's counted day, by whatever business; 0 once a later day counts.
  ///
  /// - Parameter zone: whose calendar day it is; nil for the policy's.
  public func reachesToday(user: String, zone: Zone? = nil, at instant: Instant) -> Int {
    guard let place = place(of: UserKey(user)) else { return 0 }
    return reading(users[place]) { reaches in
      guard let day = reaches.day, day >= (zone ?? policy.zone).day(instant) else { return 0 }
      return reaches.all.count { $0.marks.contains(.day) && !$0.isReleased }
    }
  }

  /// Of which business an id is that is remembered of a user.
  public func business(of id: UInt64, user: String) -> String? {
    guard let place = place(of: UserKey(user)) else { return nil }
    return reading(users[place]) { reaches in
      reaches.all.lastIndex(of: id).map { book.names[Int(reaches.terms[Int(reaches.all.head($0).terms)].business)] }
    }
  }

  /// All that is remembered of a user, in the form `import` reads; nil when there is nothing.
  public func export(user: String) -> [UInt8]? {
    let key = UserKey(user)
    guard let place = place(of: key) else { return nil }
    var writer = ByteWriter()
    encode([(key, users[place])], into: &writer)
    return writer.bytes
  }

  /// Takes over what `export` wrote, in place of what was remembered of that user.
  public mutating func `import`(_ bytes: [UInt8]) throws(BinaryError) {
    var reader = ByteReader(bytes)
    let accounts = try accounts(from: &reader)
    guard reader.isAtEnd else { throw BinaryError.invalid("the end", at: reader.position) }
    for account in accounts {
      forget(account.user)
      insert(account)
    }
  }

  @discardableResult
  public mutating func erase(user: String) -> Bool { forget(UserKey(user)) }
}

extension FatigueTracker: Equatable {
  /// By content: in which order names and users came up makes no difference.
  public static func == (a: FatigueTracker, b: FatigueTracker) -> Bool { a.encoded() == b.encoded() }
}

extension FatigueTracker: CustomStringConvertible {
  public var description: String { "the fatigue of \(userCount) users" }
}
