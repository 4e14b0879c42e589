public import AttuneModel
import Foundation
public import Store
import Synchronization

/// Makes a store fail: at chosen steps, or at random from a seed.
///
/// ```swift
/// let faults = FaultyStore()
/// let store = faults.over(try SQLiteStore.open(folder))
/// faults.next(.append, .answerLost)
/// ```
/// The store itself stays sound: what a fault leaves behind is what the store would have.
public final class FaultyStore: Sendable {
  /// What can fail.
  public enum Step: Hashable, Sendable, CaseIterable {
    /// Batches, their outbox rows and their history.
    case append
    /// Anything that changes nothing.
    case read
    case checkpoint
    case trim
    /// Claims, withholdings, retries and purges.
    case outbox
    /// Timelines and funnel.
    case index
    case copies, notes
  }

  public enum Fault: Hashable, Sendable {
    /// Nothing is done, and the caller is told with this code.
    case refused(StoreError.Code)
    /// It is done, and the caller is told that it is not known: `io`.
    case answerLost
    /// The caller is told that it is done, and later it is found damaged. Only a checkpoint can be.
    case torn
    /// It takes so long.
    case slow(TimeSpan)
  }

  private struct Plan {
    var random: SeededGenerator
    var share: Double
    var next: [Step: [Fault]] = [:]
    var always: [Step: Fault] = [:]
    var count = 0
  }

  private let plan: Mutex<Plan>

  /// - Parameters:
  ///   - seed: the same seed, the same faults.
  ///   - share: of the calls that fail at random, 0 ... 1.
  public init(seed: UInt64 = 0, share: Double = 0) {
    plan = Mutex(Plan(random: SeededGenerator(seed: seed), share: share))
  }

  /// The store with faults. Faults go on over all stores that it was asked for.
  public func over(_ store: OpenedStore) -> OpenedStore {
    OpenedStore(
      folder: store.folder, journal: FaultyJournal(base: store.journal, faults: self),
      outbox: FaultyOutbox(base: store.outbox, faults: self),
      history: FaultyHistory(base: store.history, faults: self),
      copies: FaultyCopies(base: store.copies, faults: self), notes: FaultyNotes(base: store.notes, faults: self),
      findings: { store.findings }
    ) { () throws(StoreError) in try store.close() }
  }

  /// The next calls of this step have these faults, one each.
  public func next(_ step: Step, _ faults: Fault...) { plan.withLock { $0.next[step, default: []] += faults } }

  /// Every call of this step has this fault; nil ends it.
  public func always(_ step: Step, _ fault: Fault?) { plan.withLock { $0.always[step] = fault } }

  /// Faults so far.
  public var count: Int { plan.withLock { $0.count } }

  func fault(at step: Step) -> Fault? {
    plan.withLock { plan in
      var fault = plan.always[step]
      if let planned = plan.next[step]?.first {
        fault = planned
        plan.next[step]?.removeFirst()
      } else if fault == nil, plan.share > 0, Double.random(in: 0..<1, using: &plan.random) < plan.share {
        fault = Self.faults(of: step).randomElement(using: &plan.random)
      }
      if fault != nil { plan.count += 1 }
      return fault
    }
  }

  /// What happens at random.
  private static func faults(of step: Step) -> [Fault] {
    switch step {
    case .read: [.refused(.io), .slow(TimeSpan(milliseconds: 1))]
    case .checkpoint: [.refused(.diskFull), .answerLost, .torn, .slow(TimeSpan(milliseconds: 1))]
    default: [.refused(.diskFull), .refused(.io), .answerLost, .slow(TimeSpan(milliseconds: 1))]
    }
  }

  func performing<T>(_ step: Step, _ body: () throws(StoreError) -> T) throws(StoreError) -> T {
    switch fault(at: step) {
    case nil, .torn: return try body()
    case .refused(let code): throw StoreError(code, "a fault: nothing was done (\(step))")
    case .answerLost:
      _ = try body()
      throw StoreError(.io, "a fault: the answer was lost (\(step))")
    case .slow(let span):
      Thread.sleep(forTimeInterval: Double(span.milliseconds) / 1000)
      return try body()
    }
  }
}

private struct FaultyJournal: Journal {
  let base: any Journal
  let faults: FaultyStore

  var lastSequence: Int64 { base.lastSequence }

  func firstSequence() throws(StoreError) -> Int64 {
    try faults.performing(.read) { () throws(StoreError) in try base.firstSequence() }
  }

  func append(_ commit: Commit) throws(StoreError) {
    try faults.performing(.append) { () throws(StoreError) in try base.append(commit) }
  }

  func batches(after sequence: Int64, _ body: (JournalBatch) throws -> Void) throws {
    try faults.performing(.read) { () throws(StoreError) in }
    try base.batches(after: sequence, body)
  }

  func batch(_ sequence: Int64) throws(StoreError) -> JournalBatch? {
    try faults.performing(.read) { () throws(StoreError) in try base.batch(sequence) }
  }

  func sequence(before instant: Instant) throws(StoreError) -> Int64 {
    try faults.performing(.read) { () throws(StoreError) in try base.sequence(before: instant) }
  }

  func saveCheckpoint(_ state: [UInt8], at sequence: Int64) throws(StoreError) {
    switch faults.fault(at: .checkpoint) {
    // A damaged one is as good as none.
    case .torn: break
    case .refused(let code): throw StoreError(code, "a fault: no checkpoint was written")
    case .answerLost:
      try base.saveCheckpoint(state, at: sequence)
      throw StoreError(.io, "a fault: the answer was lost (checkpoint)")
    case nil, .slow: try base.saveCheckpoint(state, at: sequence)
    }
  }

  func latestCheckpoint() throws(StoreError) -> (sequence: Int64, state: [UInt8])? {
    try faults.performing(.read) { () throws(StoreError) in try base.latestCheckpoint() }
  }

  func trim(through sequence: Int64) throws(StoreError) {
    try faults.performing(.trim) { () throws(StoreError) in try base.trim(through: sequence) }
  }
}

private struct FaultyOutbox: Outbox {
  let base: any Outbox
  let faults: FaultyStore

  func claim(
    channel: String, class: Message.Class, limit: Int, now: Instant
  ) throws(StoreError) -> [Claim] {
    try faults.performing(.outbox) { () throws(StoreError) in
      try base.claim(channel: channel, class: `class`, limit: limit, now: now)
    }
  }

  func channels() throws(StoreError) -> [String] {
    try faults.performing(.read) { () throws(StoreError) in try base.channels() }
  }

  func expired(limit: Int, now: Instant) throws(StoreError) -> [Claim] {
    try faults.performing(.outbox) { () throws(StoreError) in try base.expired(limit: limit, now: now) }
  }

  func claimed() throws(StoreError) -> [Claim] {
    try faults.performing(.read) { () throws(StoreError) in try base.claimed() }
  }

  func withheld() throws(StoreError) -> [Claim] {
    try faults.performing(.read) { () throws(StoreError) in try base.withheld() }
  }

  func requeue(_ retries: [Retry]) throws(StoreError) {
    try faults.performing(.outbox) { () throws(StoreError) in try base.requeue(retries) }
  }

  func withdraw(_ ids: [CandidateID]) throws(StoreError) -> [CandidateID] {
    try faults.performing(.outbox) { () throws(StoreError) in try base.withdraw(ids) }
  }

  func counts() throws(StoreError) -> OutboxCounts {
    try faults.performing(.read) { () throws(StoreError) in try base.counts() }
  }

  func purgeSettled(before instant: Instant) throws(StoreError) -> Int {
    try faults.performing(.outbox) { () throws(StoreError) in try base.purgeSettled(before: instant) }
  }
}
