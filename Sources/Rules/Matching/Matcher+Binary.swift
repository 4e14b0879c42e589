public import AttuneModel

extension Matcher: Equatable {
  /// By content: in which order keys came up makes no difference.
  public static func == (a: Matcher, b: Matcher) -> Bool { a.encoded() == b.encoded() }
}

// Slots in the order of rule and key, each with its attempts, what fired, what is held back and its ring; of each, the
// events.
extension Matcher: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(limits.attempts)
    writer.write(limits.retraction)
    writer.write(refusedAttempts)
    let live = live.sorted {
      (store.slots[$0].serial, store.slots[$0].key) < (store.slots[$1].serial, store.slots[$1].key)
    }
    writer.write(UInt64(live.count))
    for slot in live { store.encode(slot, now: now, retraction: limits.retraction, into: &writer) }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    let limits = Limits(attempts: try reader.read(), retraction: try reader.read())
    self.init(limits: limits)
    refusedAttempts = try reader.read()
    for _ in 0..<(try reader.read() as UInt64) { try store.readSlot(from: &reader, limits) }
  }
}

extension Store {
  func encode(_ handle: Handle, now: Instant, retraction: TimeSpan, into writer: inout ByteWriter) {
    let slot = slots[handle]
    writer.write(UInt64(slot.serial))
    writer.write(values(of: handle))
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
      writer.write(taken[node].repetition == 0)
      writer.write(event(node))
      node = taken[node].previous
    }
  }

  private func write(_ attempts: [Attempt], into writer: inout ByteWriter) {
    writer.write(UInt64(attempts.count))
    for attempt in attempts {
      writer.write(UInt64(attempt.options.rawValue))
      writer.write(attempt.until)
      writer.write(chain(endingAt: attempt.last))
    }
  }

  mutating func readSlot(from reader: inout ByteReader, _ limits: Matcher.Limits) throws(BinaryError) {
    guard let serial = UInt32(exactly: try reader.read() as UInt64), serial != .max else {
      throw BinaryError.invalid("a rule's serial", at: reader.position)
    }
    let values: [Value] = try reader.read()
    guard !values.isEmpty, values.count <= 32, values.allSatisfy(\.canBeKey), slot(Digest(values), serial) == nil
    else { throw BinaryError.invalid("a key of its own", at: reader.position) }
    let handle = addSlot(serial, values)
    // Until an event has looked at all of them.
    slots[handle].watch = .max
    let ringUntil: Instant = try reader.read()
    for _ in 0..<(try reader.read() as UInt64) {
      _ = insert(try readAttempt(from: &reader), after: slots[handle].tail, in: handle)
    }
    for _ in 0..<(try reader.read() as UInt64) {
      let fired = try readAttempt(from: &reader)
      keepFired(fired, in: handle, limits)
      release(fired.last)
    }
    for _ in 0..<(try reader.read() as UInt64) {
      let held = try readAttempt(from: &reader)
      hold(held.last, at: held.until, in: handle)
    }
    if slots[handle].held != .none { ring(handle, at: try reader.read()) }
    let ringCount: UInt64 = try reader.read()
    guard ringCount <= StepEntry.mostTimes else { throw BinaryError.invalid("a ring", at: reader.position) }
    for _ in 0..<ringCount {
      let beginsNothing: Bool = try reader.read()
      let node = add(try reader.read(), after: .none, repetition: beginsNothing ? 0 : 1)
      pushRing(node, until: ringUntil, in: handle)
    }
    schedule(handle)
  }

  private mutating func readAttempt(from reader: inout ByteReader) throws(BinaryError) -> Attempt {
    let options: UInt64 = try reader.read()
    guard options < 1 << 20 else {
      throw BinaryError.invalid("the options of an attempt", at: reader.position)
    }
    let until: Instant = try reader.read()
    var first = Handle.none
    var last = Handle.none
    for event in try reader.read() as [Taken] {
      last = add(event, after: last)
      if first == .none { first = last }
    }
    guard first != .none else { throw BinaryError.invalid("an attempt with an event", at: reader.position) }
    return Attempt(first: first, last: last, until: until, options: Attempt.Options(rawValue: UInt32(options)))
  }

  /// The reference to the one before passes to the new one.
  mutating func add(_ event: Taken, after previous: Handle, repetition: Int? = nil) -> Handle {
    let held = event.details == TakenNode.Details() ? Handle.none : details.add(event.details)
    let follows = previous != .none && taken[previous].step == event.step
    return taken.add(
      TakenNode(
        at: event.at, sequence: event.sequence, step: event.step,
        repetition: repetition ?? (follows ? taken[previous].repetition + 1 : 1), details: held, after: previous))
  }
}

extension Taken: BinaryCodable {
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
