extension Allowance {
  /// Splits all that is left among those who decide the next arrivals, each as much as its share of them. What cannot
  /// be split stays with one of them, another at each `turn`; nothing is left here until it comes back by `join`.
  /// - Parameter pending: arrivals each of them is about to decide.
  public mutating func split(pending: [Int], turn: Int = 0) -> [Allowance] {
    guard !pending.isEmpty else { return [] }
    let pending = pending.map { min(max(0, $0), Quotas.limit / pending.count) }
    let shares = Shares(weights: pending, turn: turn)
    var parts = [Allowance](repeating: emptied, count: pending.count)
    for (part, count) in shares.split(rounds).enumerated() { parts[part].rounds = count }
    // First what is owed, to those who will have the arrivals for it; then, of each quota, what is free.
    for copy in 0..<copies { hand(minimum[copy], of: copy, to: &parts, shares) }
    for copy in 0..<copies {
      guard let most = maximum[copy] else { continue }
      for (part, free) in shares.split(most - minimum[copy]).enumerated() { parts[part].maximum[copy]? += free }
    }
    for (channel, most) in channelMaximum.enumerated() {
      guard let most else { continue }
      let owed = (0..<copies).reduce(0) { channels[$1] == channel ? $0 + minimum[$1] : $0 }
      for (part, free) in shares.split(most - owed).enumerated() { parts[part].channelMaximum[channel]? += free }
    }
    if let budget {
      for (part, free) in shares.split(budget - owed).enumerated() { parts[part].budget? += free }
    }
    for part in parts.indices { parts[part].refresh() }
    self = emptied
    refresh()
    return parts
  }

  /// Sets a share of what is not owed to anybody aside, as an allowance of its own.
  mutating func keep(_ share: Double) -> Allowance {
    var kept = emptied
    func part(_ free: Int) -> Int { share > 0 ? Int(Double(max(0, free)) * min(share, 1)) : 0 }
    for copy in 0..<copies {
      let free = maximum[copy].map { part($0 - minimum[copy]) }
      if let free { (kept.maximum[copy], maximum[copy]) = (free, maximum[copy].map { $0 - free }) }
    }
    for channel in channelMaximum.indices {
      guard let most = channelMaximum[channel] else { continue }
      let free = part(most - (0..<copies).reduce(0) { channels[$1] == channel ? $0 + minimum[$1] : $0 })
      (kept.channelMaximum[channel], channelMaximum[channel]) = (free, most - free)
    }
    if let all = budget {
      let free = part(all - owed)
      (kept.budget, budget) = (free, all - free)
    }
    refresh()
    return kept
  }

  /// Takes back what one of them has left.
  public mutating func join(_ part: Allowance) {
    guard part.copies == copies, part.channelMaximum.count == channelMaximum.count else { return }
    rounds += part.rounds
    for copy in 0..<copies {
      minimum[copy] += part.minimum[copy]
      maximum[copy]? += part.maximum[copy] ?? 0
    }
    for channel in channelMaximum.indices { channelMaximum[channel]? += part.channelMaximum[channel] ?? 0 }
    budget? += part.budget ?? 0
    refresh()
  }

  private var emptied: Allowance {
    var empty = self
    empty.rounds = 0
    for copy in 0..<copies {
      empty.minimum[copy] = 0
      if maximum[copy] != nil { empty.maximum[copy] = 0 }
    }
    for channel in channelMaximum.indices where channelMaximum[channel] != nil { empty.channelMaximum[channel] = 0 }
    if budget != nil { empty.budget = 0 }
    return empty
  }

  /// What is owed, with the units that are kept for it; a part gets no more than it has arrivals for, if anybody else
  /// has them.
  private func hand(_ owed: Int, of copy: Int, to parts: inout [Allowance], _ shares: Shares) {
    func give(_ count: Int, to part: Int) {
      parts[part].minimum[copy] += count
      parts[part].maximum[copy]? += count
      if let channel = channels[copy] { parts[part].channelMaximum[channel]? += count }
      parts[part].budget? += count
    }
    var rest = 0
    for (part, share) in shares.split(owed).enumerated() {
      let taken = min(share, max(0, parts[part].rounds - parts[part].owed))
      give(taken, to: part)
      rest += share - taken
    }
    for part in parts.indices where rest > 0 {
      let taken = min(rest, max(0, parts[part].rounds - parts[part].owed))
      give(taken, to: part)
      rest -= taken
    }
    if rest > 0 { give(rest, to: shares.first) }
  }

  /// Splits whole numbers in proportion to weights: each gets its share rounded down or up, and the sum is kept.
  private struct Shares {
    let weights: [Int]
    /// Who comes first.
    let first: Int
    let sum: Int

    init(weights: [Int], turn: Int) {
      self.weights = weights
      sum = weights.reduce(0, +)
      first = Int(turn.magnitude % UInt(weights.count))
    }

    func split(_ total: Int) -> [Int] {
      var parts = [Int](repeating: 0, count: weights.count)
      guard total > 0 else { return parts }
      guard sum > 0 else {
        parts[first] = total
        return parts
      }
      var (before, given) = (0, 0)
      for offset in weights.indices {
        let part = (first + offset) % weights.count
        before += weights[part]
        let product = total.multipliedFullWidth(by: before)
        let upTo = sum.dividingFullWidth(product).quotient
        parts[part] = upTo - given
        given = upTo
      }
      return parts
    }
  }
}
