import AttuneModel

/// Where the stream stands in time: one clock, one watermark for the whole store, whatever the number of partitions.
struct StreamTime: Hashable, Sendable {
  /// The hour it is; replaying, the largest instant seen.
  private(set) var clock = Instant.distantPast
  private(set) var largestEvent = Instant.distantPast
  /// min(largest event, clock) - lateness; an event at or before it is late.
  private(set) var watermark = Instant.distantPast
  /// Events up to here were released and deadlines up to here have fired: the clock - lateness, whatever others do.
  private(set) var frontier = Instant.distantPast
  /// Events that came in so far.
  private(set) var sequence: UInt64 = 0

  /// The clock of a live batch. A machine's clock that goes back stands still here.
  mutating func tick(_ now: Instant, lateness: TimeSpan) {
    clock = max(clock, now)
    settle(lateness)
  }

  /// An event comes in; replaying, it carries the clock with it.
  mutating func see(_ event: Event, pace: Batch.Pace, lateness: TimeSpan) {
    sequence += 1
    largestEvent = max(largestEvent, event.at)
    if pace == .replay { clock = max(clock, event.at) }
    settle(lateness)
  }

  /// Time stands at `instant` again, where it was further.
  mutating func turnBack(to instant: Instant, lateness: TimeSpan) {
    clock = min(clock, instant)
    largestEvent = min(largestEvent, instant)
    watermark = min(watermark, instant - lateness)
    frontier = min(frontier, instant - lateness)
  }

  /// Time runs on to `instant`, and everything that waits is due.
  mutating func run(on instant: Instant) { frontier = max(frontier, instant) }

  private mutating func settle(_ lateness: TimeSpan) {
    watermark = max(watermark, min(largestEvent, clock) - lateness)
    frontier = max(frontier, clock - lateness)
  }
}

extension StreamTime: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(clock)
    writer.write(largestEvent)
    writer.write(watermark)
    writer.write(frontier)
    writer.write(sequence)
  }
  init(from reader: inout ByteReader) throws(BinaryError) {
    clock = try reader.read()
    largestEvent = try reader.read()
    watermark = try reader.read()
    frontier = try reader.read()
    sequence = try reader.read()
  }
}
