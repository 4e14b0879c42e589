extension Fatigue {
  /// How many users at a time it pays to prepare for: enough to fill the waiting, few enough to stay in the cache.
  public static let preparation = 16

  /// Fetches what is remembered of users whom calls will be about right away. It changes no answer: it waits for memory
  /// once for all of them, where the calls would wait for each in turn.
  ///
  /// - Returns: how many lines of memory it looked at; without a result, the looking would be left out.
  @discardableResult
  @inline(never)
  public func prepare(for users: ArraySlice<String>) -> Int {
    withUnsafeTemporaryAllocation(of: UInt64.self, capacity: users.count) { tags in
      // Each step is a loop of looks that do not depend on one another, so that they overlap.
      var seen: UInt64 = 0
      for (index, user) in users.enumerated() {
        let key = UserKey(user)
        tags[index] = key.low
        seen &+= self.users.glance(key.low)
      }
      for index in tags.indices {
        let offset = self.users.offset(near: tags[index])
        tags[index] = UInt64(offset ?? .max)
        if let offset { seen &+= slab.glance(offset) }
      }
      for offset in tags where offset != UInt64(UInt32.max) {
        seen &+= slab.glanceThrough(UInt32(truncatingIfNeeded: offset))
      }
      return Int(truncatingIfNeeded: seen)
    }
  }
}
