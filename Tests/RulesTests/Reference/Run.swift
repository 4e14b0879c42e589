import AttuneModel

/// An attempt: what it has matched, and the options it still has.
struct Run {
  var chain: Chain
  /// One more of its last step.
  var mayRepeat = false
  /// The later steps it may go on to.
  var mayEnter: [Int] = []
  /// For its absence.
  var waits = false
  /// Whether the next event of the key is the very next after its last.
  var isFresh = true

  var isOver: Bool { !mayRepeat && mayEnter.isEmpty && !waits }
}

/// The attempts of one key, event by event: the decisions on RULES.md word for word, whole arrays copied.
struct Runs {
  let judge: Judge
  /// Older starts first; of one start in the order in which their ways part.
  var runs: [Run] = []
  /// Complete chains that wait for their turn, with the instants of their matches; in the order of their starts.
  private var held: [(chain: Chain, at: Int64)] = []

  private var sketch: Sketch { judge.sketch }
  private var stepCount: Int { sketch.steps.count }

  private func run(_ chain: Chain) -> Run {
    var run = Run(chain: chain)
    run.mayRepeat = chain.entries(of: chain.step).count < sketch.steps[chain.step].times.upperBound
    if judge.isEnough(chain) {
      run.mayEnter = sketch.steps.indices.filter { judge.mayPass(from: chain.step, to: $0) }
    }
    run.waits = !sketch.endsInEvent && judge.isComplete(chain)
    return run
  }

  /// A chain, and the instant of its match.
  typealias Finished = (chain: Chain, at: Int64)

  init(judge: Judge) { self.judge = judge }

  /// One event of the key; those matched at once, in order.
  mutating func take(_ entry: Entry, starts: Bool) -> [Finished] {
    if judge.isForbiddenThroughout(entry) {
      runs = []
      return release(at: entry.at)
    }
    var finished: [Chain] = []
    var kept: [Run] = []
    for run in runs { kept += branches(of: run, entry, &finished) }
    if starts {
      for step in sketch.steps.indices where judge.mayStart(entry, step) {
        keep([Link(step: step, entry: entry)], &kept, &finished)
      }
    }
    runs = kept
    let matches = sketch.holdsBack ? hold(finished, at: entry.at) : conclude(finished).map { ($0, entry.at) }
    if sketch.hasOneWait { keepOneWait(begunWith: entry) }
    return matches
  }

  private func keep(_ chain: Chain, _ kept: inout [Run], _ finished: inout [Chain]) {
    if sketch.endsInEvent, judge.isComplete(chain) { finished.append(chain) }
    let run = run(chain)
    if !run.isOver { kept.append(run) }
  }

  private func branches(of run: Run, _ entry: Entry, _ finished: inout [Chain]) -> [Run] {
    let chain = run.chain
    let step = chain.step
    var rest = run
    rest.isFresh = false
    func isForbidden(before next: Int) -> Bool {
      judge.isForbidden(entry, after: step, before: next, chain)
        || run.isFresh && judge.isForbiddenNext(entry, after: step, before: next, chain)
    }

    var kept: [Run] = []
    if run.mayRepeat {
      let takes = judge.mayRepeat(entry, chain)
      if takes { keep(chain + [Link(step: step, entry: entry)], &kept, &finished) }
      switch sketch.steps[step].repeats {
      case .strict: rest.mayRepeat = false
      case .relaxed: rest.mayRepeat = !takes
      case .any: break
      }
      if judge.ends(entry, step, chain) { rest.mayRepeat = false }
    }
    var entered: [Chain] = []
    rest.mayEnter = run.mayEnter.filter { next in
      guard !isForbidden(before: next), !judge.bars(entry, next, chain) else { return false }
      let takes = judge.mayEnter(entry, next, chain)
      if takes { entered.append(chain + [Link(step: next, entry: entry)]) }
      switch sketch.steps[next].follows {
      case .strict: return false
      case .relaxed: return !takes
      case .any: return true
      }
    }
    if run.waits, isForbidden(before: stepCount) { rest.waits = false }
    if case .notNext = sketch.end, rest.waits {
      // The very next event has come.
      if judge.isWithin(entry.at, of: chain) { finished.append(chain) }
      rest.waits = false
    }
    if !rest.isOver { kept.append(rest) }
    for chain in entered { keep(chain, &kept, &finished) }
    return kept
  }

  /// With `restart`: of the attempts that begin to wait with an event the first stays, every other wait ends.
  private mutating func keepOneWait(begunWith entry: Entry) {
    guard let winner = runs.firstIndex(where: { $0.waits && $0.chain.end.number == entry.number }) else { return }
    for index in runs.indices where index != winner { runs[index].waits = false }
    runs.removeAll(where: \.isOver)
  }

  private mutating func conclude(_ finished: [Chain]) -> [Chain] {
    var matches: [Chain] = []
    for chain in finished where judge.passesHaving(chain) {
      guard !matches.contains(where: { judge.skips($0, chain.start) }) else { continue }
      matches.append(chain)
      skip(after: chain)
    }
    return matches
  }

  private mutating func skip(after match: Chain) {
    runs.removeAll { judge.skips(match, $0.chain.start) }
    held.removeAll { judge.skips(match, $0.chain.start) }
  }

  // MARK: Matches held back

  private mutating func hold(_ finished: [Chain], at instant: Int64) -> [Finished] {
    for chain in finished {
      let place = held.firstIndex { chain.start < $0.chain.start } ?? held.count
      held.insert((chain, instant), at: place)
    }
    return release(at: instant)
  }

  /// Those that need not wait any longer.
  mutating func release(at now: Int64) -> [Finished] {
    var released: [Finished] = []
    while let first = held.first, nextRelease ?? .max <= now {
      held.removeFirst()
      guard judge.passesHaving(first.chain) else { continue }
      released.append(first)
      skip(after: first.chain)
    }
    return released
  }

  /// When every attempt that began before the first of them is over, if no event ends it earlier.
  var nextRelease: Int64? {
    guard let start = held.first?.chain.start else { return nil }
    return runs.filter { $0.chain.start < start }.map(expiry).max() ?? .min
  }

  private func expiry(of run: Run) -> Int64 {
    if run.waits { return judge.expiry(of: run.chain) }
    return judge.expiry(of: run.chain, into: run.mayEnter + (run.mayRepeat ? [run.chain.step] : []))
  }

  // MARK: Time

  var nextDeadline: Int64? { runs.filter(\.waits).compactMap { judge.deadline(of: $0.chain) }.min() }

  /// The first absence due at an instant ends its wait; nil when that is no match.
  mutating func fireFirst(at deadline: Int64) -> Chain? {
    guard let index = runs.firstIndex(where: { $0.waits && judge.deadline(of: $0.chain) == deadline }) else {
      return nil
    }
    let chain = runs[index].chain
    runs[index].waits = false
    let isMatch = judge.passesHaving(chain)
    if isMatch { skip(after: chain) }
    runs.removeAll(where: \.isOver)
    return isMatch ? chain : nil
  }

  // MARK: Late

  /// A late event only takes away.
  mutating func cancel(_ late: Entry) {
    if judge.isForbiddenThroughout(late) { runs.removeAll { $0.chain.start < late } }
    runs = runs.filter { !isBroken($0.chain, by: late) }
    held = held.filter { !wouldHaveKept($0, late) }
    for index in runs.indices where runs[index].chain.end < late {
      let chain = runs[index].chain
      runs[index].mayEnter.removeAll { judge.isForbidden(late, after: chain.step, before: $0, chain) }
      let isInTime = judge.deadline(of: chain).map { late.at < $0 } ?? true
      if isInTime, isForbiddenAtTheEnd(late, chain) { runs[index].waits = false }
    }
    runs.removeAll(where: \.isOver)
  }

  /// Whether it falls between two steps where it is forbidden.
  private func isBroken(_ chain: Chain, by late: Entry) -> Bool {
    zip(chain.indices, chain.indices.dropFirst()).contains { before, after in
      chain[before].step < chain[after].step && chain[before].entry < late && late < chain[after].entry
        && judge.isForbidden(late, after: chain[before].step, before: chain[after].step, Array(chain[...before]))
    }
  }

  private func isForbiddenAtTheEnd(_ late: Entry, _ chain: Chain) -> Bool {
    judge.isForbidden(late, after: chain.step, before: stepCount, chain)
  }

  /// Whether it would have kept a chain from being complete.
  private func wouldHaveKept(_ match: Finished, _ late: Entry) -> Bool {
    let chain = match.chain
    let isInTime = late.at < match.at
    return isBroken(chain, by: late)
      || isInTime && chain.start < late && judge.isForbiddenThroughout(late)
      || isInTime && chain.end < late && isForbiddenAtTheEnd(late, chain)
  }

  /// Whether it would have kept a fired absence from firing.
  func wouldHaveCancelled(_ late: Entry, _ chain: Chain) -> Bool {
    guard let deadline = judge.deadline(of: chain), late.at < deadline else { return false }
    return chain.start < late && judge.isForbiddenThroughout(late) || isBroken(chain, by: late)
      || chain.end < late && isForbiddenAtTheEnd(late, chain)
  }
}
