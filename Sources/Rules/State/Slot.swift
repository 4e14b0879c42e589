import AttuneModel

/// The open attempts of one rule and key.
struct Slot: Sendable {
  let key: Digest
  let serial: UInt32
  /// The values of its key in `KeyColumns`, and how many they are.
  let values: Handle
  let valueCount: UInt16
  /// Of the ring below; here, where it takes no room of its own.
  var ringCount: UInt16 = 0
  /// Older starts first; of one start, those that took more first.
  var head = Handle.none
  var tail = Handle.none
  /// Attempts, and matches held back.
  var count: UInt32 = 0
  /// Absences that fired and can still be retracted, latest first.
  var fired = Handle.none
  /// Complete chains that wait for earlier starts to end, in the order of their starts; of one start, as they came.
  var held = Handle.none
  /// Of a first step `times: n`: the last fitting events, fewer than n, from the oldest (`previous` leads to the next).
  /// Each stands for an attempt that began with it, save those that may begin none: their repetition is 0.
  var ring = Handle.none
  var ringEnd = Handle.none
  /// Steps whose events can concern its attempts (lower half), and steps whose absences can (upper half).
  var watch: UInt32 = 0
  /// When the last of the ring's events is of no use any more.
  var ringUntil = Instant.distantPast
  /// When its timer rings; never after the earliest deadline.
  var scheduled = Instant.distantFuture
  /// By then nothing in it that does not wait for its timer is of use any more; sometimes that is so earlier.
  var expiry = Instant.distantPast

  init(key: Digest, serial: UInt32, values: Handle, valueCount: Int) {
    self.key = key
    self.serial = serial
    self.values = values
    self.valueCount = UInt16(valueCount)
  }

  /// Whether memory may give it up at an instant, whatever it still holds.
  func isOver(by instant: Instant) -> Bool { expiry <= instant && scheduled == .distantFuture }

  var isEmpty: Bool { head == .none && ring == .none && fired == .none && held == .none }
  /// What a vacant place in the pool looks like.
  var isVacant: Bool { serial == .max }

  static let vacant = Slot(key: Digest(), serial: .max, values: .none, valueCount: 0)
}
