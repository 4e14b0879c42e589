import AttuneModel

// Slots in the order of rule and key, each with its attempts, what fired, what is held back and its ring; of each, the
// events.
extension AttemptStore {
  func encode(now: Instant, retraction: TimeSpan, into writer: inout ByteWriter) {
    let live = live(now: now, retraction: retraction).sorted {
      (slots[$0].serial, slots[$0].key) < (slots[$1].serial, slots[$1].key)
    }
    writer.write(UInt64(live.count))
    for slot in live { encode(slot, now: now, retraction: retraction, into: &writer) }
  }

  /// Adds the slots that were encoded.
  ///
  /// - Parameter most: how many absences that fired a slot keeps.
  mutating func readSlots(
    from reader: inout ByteReader, retraction: TimeSpan, most: Int
  ) throws(BinaryError) {
    for _ in 0..<(try reader.read() as UInt64) { try readSlot(from: &reader, retraction: retraction, most: most) }
  }

  private func encode(_ handle: Handle, now: Instant, retraction: TimeSpan, into writer: inout ByteWriter) {
    let slot = slots[handle]
    writer.write(UInt64(slot.serial))
    writer.write(slots.key(of: handle))
    writer.write(slot.ringUntil)
    write(open(handle, now: now), into: &writer)
    write(fired(handle, now: now, retraction: retraction).reversed(), into: &writer)
    let held = list(from: slot.held)
    write(held, into: &writer)
    // What waits for nothing any more has a timer of its own.
    if !held.isEmpty { writer.write(isFree(handle, at: now) ? slot.scheduled : .distantFuture) }
    writer.write(UInt64(slot.ringCount))
    var node = slot.ring
    while node != .none {
      writer.write(chains[node].repetition == 0)
      writer.write(chains.event(node))
      node = chains[node].previous
    }
  }

  private func write(_ attempts: [Attempt], into writer: inout ByteWriter) {
    writer.write(UInt64(attempts.count))
    for attempt in attempts {
      writer.write(UInt64(attempt.moves.rawValue))
      writer.write(attempt.until)
      writer.write(chains.chain(endingAt: attempt.last))
    }
  }

  private mutating func readSlot(
    from reader: inout ByteReader, retraction: TimeSpan, most: Int
  ) throws(BinaryError) {
    guard let serial = UInt32(exactly: try reader.read() as UInt64), serial != .max else {
      throw BinaryError.invalid("a rule's serial", at: reader.position)
    }
    let key: [Value] = try reader.read()
    guard !key.isEmpty, key.count <= 32, key.allSatisfy(\.canBeKey), slots.find(Digest(key), serial) == nil
    else { throw BinaryError.invalid("a key of its own", at: reader.position) }
    let slot = addSlot(serial, key)
    // Until an event has looked at all of them.
    watch(.max, in: slot)
    let ringUntil: Instant = try reader.read()
    for _ in 0..<(try reader.read() as UInt64) {
      _ = insert(try readAttempt(from: &reader), after: slots[slot].tail, in: slot)
    }
    for _ in 0..<(try reader.read() as UInt64) {
      let fired = try readAttempt(from: &reader)
      keepFired(fired, in: slot, retraction: retraction, most: most)
      chains.release(fired.last)
    }
    for _ in 0..<(try reader.read() as UInt64) {
      let held = try readAttempt(from: &reader)
      hold(held.last, at: held.until, in: slot)
    }
    if slots[slot].held != .none { schedule(slot, at: try reader.read()) }
    let ringCount: UInt64 = try reader.read()
    guard ringCount <= StepEntry.mostTimes else { throw BinaryError.invalid("a ring", at: reader.position) }
    for _ in 0..<ringCount {
      let beginsNothing: Bool = try reader.read()
      let node = chains.append(try reader.read(), repetition: beginsNothing ? 0 : 1, after: .none)
      pushRing(node, until: ringUntil, in: slot)
    }
    schedule(slot)
  }

  private mutating func readAttempt(from reader: inout ByteReader) throws(BinaryError) -> Attempt {
    let moves: UInt64 = try reader.read()
    guard moves < 1 << 20 else { throw BinaryError.invalid("the moves of an attempt", at: reader.position) }
    let until: Instant = try reader.read()
    var first = Handle.none
    var last = Handle.none
    for event in try reader.read() as [TakenEvent] {
      last = chains.append(event, after: last)
      if first == .none { first = last }
    }
    guard first != .none else { throw BinaryError.invalid("an attempt with an event", at: reader.position) }
    return Attempt(first: first, last: last, until: until, moves: Pattern.Moves(rawValue: UInt32(moves)))
  }
}

extension TakenEvent: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(step)
    writer.write(sequence)
    writer.write(at)
    writer.write(details.id)
    writer.write(UInt64(details.values.count))
    for value in details.values { writer.write(value) }
    writer.write(details.members)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    step = try reader.read()
    guard (0..<StepsReader.most).contains(step) else { throw BinaryError.invalid("a step", at: reader.position) }
    sequence = try reader.read()
    at = try reader.read()
    details.id = try reader.read()
    for _ in 0..<(try reader.read() as UInt64) { details.values.append(try reader.read()) }
    details.members = try reader.read()
  }
}
