public import AttuneModel

// What is held, and of whom.
extension FatigueTracker {
  /// Users of whom anything is remembered: also what has ended, until the next `expire`.
  public var userCount: Int { users.count }

  /// Keys (user, business), and keys (user, scene) with a window. Looks at all that is held.
  public var keyCount: Int {
    users.places.reduce(0) { count, place in
      reading(users[place]) { history in
        let businesses = Set(history.all.map { history.limits[Int($0.limits)].business })
        return count + businesses.count + history.all.count { $0.flags.contains(.opensScene) }
      }
    }
  }

  /// Reaches of the user's counted day that were not released, by all businesses; 0 once a later day counts.
  ///
  /// - Parameter zone: the user's, whose calendar day counts; nil: the policy's.
  public func reachesToday(user: String, zone: Zone? = nil, at instant: Instant) -> Int {
    guard let place = place(of: UserKey(user)) else { return 0 }
    return reading(users[place]) { history in
      guard let day = history.day, day >= (zone ?? policy.zone).day(instant) else { return 0 }
      return history.all.count { $0.flags.contains(.day) && !$0.isReleased }
    }
  }

  /// The business of a reservation that is remembered, whatever became of it; nil when the user has none of that id.
  public func business(of id: UInt64, user: String) -> String? {
    guard let place = place(of: UserKey(user)) else { return nil }
    return reading(users[place]) { history in
      history.all.lastIndex(of: id).map { index in
        limits.names[Int(history.limits[Int(history.all.packed(index).limits)].business)]
      }
    }
  }

  public func stands(id: UInt64, user: String, at instant: Instant) -> Bool {
    guard let place = place(of: UserKey(user)) else { return false }
    return reading(users[place]) { $0.standing(id, at: instant) != nil }
  }

  /// Whether an id names a reservation of a user of whom only this is kept.
  public func stands(id: UInt64, userWith mark: UserMark, at instant: Instant) -> Bool {
    users.place(of: UInt64(mark.bits)) { place in
      reading(users[place]) { $0.standing(id, at: instant) != nil }
    } != nil
  }

  /// Tells of every reservation that was not released whose it is. Looks at all that is held.
  public func reservations(_ body: (_ id: UInt64, _ user: UserMark, _ at: Instant) -> Void) {
    for place in users.places {
      let mark = UserMark(slab.key(at: users[place]))
      reading(users[place]) { history in
        for reach in history.all where !reach.isReleased { body(reach.id, mark, reach.at) }
      }
    }
  }

  /// All that is remembered of a user, in the form that `import` reads; nil when there is nothing. It holds a digest of
  /// the user's id, not the id.
  public func export(user: String) -> [UInt8]? {
    let key = UserKey(user)
    guard let place = place(of: key) else { return nil }
    var writer = ByteWriter()
    encode([(key, users[place])], into: &writer)
    return writer.bytes
  }

  /// Takes over what `export` wrote, in place of what was remembered of that user.
  ///
  /// - Throws: `BinaryError` when the bytes are not what `export` writes; nothing that is remembered has changed then.
  public mutating func `import`(_ bytes: [UInt8]) throws(BinaryError) {
    var reader = ByteReader(bytes)
    let users = try decodeUsers(from: &reader)
    guard reader.isAtEnd else { throw BinaryError.invalid("the end", at: reader.position) }
    for user in users {
      forget(user.key)
      insert(user)
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
