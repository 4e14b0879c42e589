public import AttuneModel

extension Instant {
  /// Reads `2026-01-31T09:30:00Z`, `2026-01-31t17:30:00.250+08:00`: RFC 3339 with its offset; nil for anything else.
  ///
  /// The separator may be a space. What is finer than a millisecond is cut. A leap second, `23:59:60` in UTC, is the
  /// instant after it, as in POSIX time.
  public init?(rfc3339 text: String) {
    var text = text
    guard let instant = text.withUTF8({ Instant(rfc3339: $0) }) else { return nil }
    self = instant
  }

  private init?(rfc3339 text: UnsafeBufferPointer<UInt8>) {
    var cursor = Cursor(rest: text[...])
    guard
      let year = cursor.number(4), cursor.take("-"), let month = cursor.number(2), cursor.take("-"),
      let day = cursor.number(2), let date = CivilDate(year: year, month: month, day: day),
      cursor.take("T") || cursor.take("t") || cursor.take(" "),
      let hour = cursor.number(2), cursor.take(":"), let minute = cursor.number(2), cursor.take(":"),
      let second = cursor.number(2), let fraction = cursor.fraction(), let offset = cursor.offset(),
      cursor.rest.isEmpty, hour <= 23, minute <= 59, second <= 60
    else { return nil }
    let minutes = (date.daysSince1970 * 24 + hour) * 60 + minute - offset
    if second == 60 && floorDivide(minutes, 1440) * 1440 + 1439 != minutes { return nil }
    self.init(milliseconds: (minutes * 60 + second) * 1000 + (second == 60 ? 0 : fraction))
  }
}

private struct Cursor {
  var rest: Slice<UnsafeBufferPointer<UInt8>>

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard let byte = rest.first, byte == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  mutating func digit() -> Int64? {
    guard let byte = rest.first, 0x30...0x39 ~= byte else { return nil }
    rest.removeFirst()
    return Int64(byte - 0x30)
  }

  mutating func number(_ digits: Int) -> Int64? {
    var number: Int64 = 0
    for _ in 0..<digits {
      guard let digit = digit() else { return nil }
      number = number * 10 + digit
    }
    return number
  }

  /// Milliseconds, 0 without a fraction; nil for a point without digits.
  mutating func fraction() -> Int64? {
    guard take(".") else { return 0 }
    var milliseconds: Int64 = 0
    var unit: Int64 = 100
    var isEmpty = true
    while let digit = digit() {
      milliseconds += digit * unit
      unit /= 10
      isEmpty = false
    }
    return isEmpty ? nil : milliseconds
  }

  /// Minutes east of UTC.
  mutating func offset() -> Int64? {
    if take("Z") || take("z") { return 0 }
    let isWest = take("-")
    guard isWest || take("+"), let hours = number(2), take(":"), let minutes = number(2), hours <= 23, minutes <= 59
    else { return nil }
    return (hours * 60 + minutes) * (isWest ? -1 : 1)
  }
}
