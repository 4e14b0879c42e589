import AttuneModel

/// Concerns by the name of a type: open addressing by a digest of the name, because every event asks.
struct ConcernTable: Sendable {
  private var entries: ContiguousArray<(name: String, concern: Concern)?> = [nil]

  init(_ concerns: [String: Concern] = [:]) {
    // At most half full, and a power of two, so that a digest's lower bits are a place.
    var size = 2
    while size < concerns.count * 2 { size *= 2 }
    entries = ContiguousArray(repeating: nil, count: size)
    for (name, concern) in concerns { entries[vacancy(for: name)] = (name, concern) }
  }

  subscript(name: String) -> Concern? { entries[vacancy(for: name)]?.concern }

  /// Where the name stands, or would stand.
  private func vacancy(for name: String) -> Int {
    var digest = Digest()
    digest.combine(name)
    var place = Int(truncatingIfNeeded: digest.low) & (entries.count - 1)
    while let entry = entries[place], entry.name != name { place = (place + 1) & (entries.count - 1) }
    return place
  }
}
