import AttuneModel
import Materials
import Store

struct FaultyHistory: History {
  let base: any History
  let faults: FaultyStore

  func firstSequence() throws(StoreError) -> Int64 {
    try faults.performing(.read) { () throws(StoreError) in try base.firstSequence() }
  }

  func batch(_ sequence: Int64) throws(StoreError) -> HistoryBatch? {
    try faults.performing(.read) { () throws(StoreError) in try base.batch(sequence) }
  }

  func batches(after sequence: Int64, _ body: (HistoryBatch) throws -> Void) throws {
    try faults.performing(.read) { () throws(StoreError) in }
    try base.batches(after: sequence, body)
  }

  func indexedThrough() throws(StoreError) -> Int64 {
    try faults.performing(.read) { () throws(StoreError) in try base.indexedThrough() }
  }

  func index(_ projections: [Projection]) throws(StoreError) {
    try faults.performing(.index) { () throws(StoreError) in try base.index(projections) }
  }

  func batches(of user: String) throws(StoreError) -> [Int64] {
    try faults.performing(.read) { () throws(StoreError) in try base.batches(of: user) }
  }

  func funnel() throws(StoreError) -> Tally {
    try faults.performing(.read) { () throws(StoreError) in try base.funnel() }
  }

  func messages(_ stages: [Tally.Stage]) throws(StoreError) -> Tally {
    try faults.performing(.read) { () throws(StoreError) in try base.messages(stages) }
  }

  func trim(through sequence: Int64) throws(StoreError) {
    try faults.performing(.trim) { () throws(StoreError) in try base.trim(through: sequence) }
  }
}

struct FaultyCopies: CopyStore {
  let base: any CopyStore
  let faults: FaultyStore

  func saveCopies(_ copies: [LibraryCopy], at now: Instant) throws(StoreError) -> CopyChanges {
    try faults.performing(.copies) { () throws(StoreError) in try base.saveCopies(copies, at: now) }
  }

  func removeCopies(_ ids: [String]) throws(StoreError) -> Int {
    try faults.performing(.copies) { () throws(StoreError) in try base.removeCopies(ids) }
  }

  func copies() throws(StoreError) -> [LibraryCopy] {
    try faults.performing(.read) { () throws(StoreError) in try base.copies() }
  }

  func searchCopies(_ query: SearchTerms, limit: Int) throws(StoreError) -> [String] {
    try faults.performing(.read) { () throws(StoreError) in try base.searchCopies(query, limit: limit) }
  }
}

struct FaultyNotes: StoreNotes {
  let base: any StoreNotes
  let faults: FaultyStore

  func note(_ name: String) throws(StoreError) -> String? {
    try faults.performing(.read) { () throws(StoreError) in try base.note(name) }
  }

  func setNote(_ name: String, to text: String) throws(StoreError) {
    try faults.performing(.notes) { () throws(StoreError) in try base.setNote(name, to: text) }
  }
}
