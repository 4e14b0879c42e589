import Platform

/// Writes checkpoints on a thread of its own, from a copy of the engine: a value, so the driver goes on meanwhile.
actor CheckpointWriter {
  private nonisolated let thread = ThreadExecutor("attune.checkpoint")
  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  /// How many bytes it has on disk. One that is not there costs time at the next start, nothing else.
  func save(_ snapshot: Ledger.Snapshot) -> Int? { try? snapshot.save() }
}
