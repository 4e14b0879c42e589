package import AttuneModel

extension JSONScanner {
  /// A number that has been checked and not yet converted.
  package struct Number {
    package var range: Range<Int>
    package var isNegative = false
    /// No fraction, no exponent.
    package var isInteger = true
    /// All digits as one whole number; meaningless above 19 digits.
    package var digits: UInt64 = 0
    package var digitCount = 0
    /// The value is `digits` times ten to this power.
    package var exponent = 0
  }

  /// A finite double, correctly rounded.
  package mutating func number() throws(Refusal) -> Double {
    let number = try scanNumber()
    // Both exactly representable, so that one operation rounds once (Clinger 1990).
    if number.digitCount <= 15, number.exponent.magnitude <= 22 {
      let whole = Double(number.digits)
      let power = JSONScanner.powersOfTen[Int(number.exponent.magnitude)]
      let value = number.exponent < 0 ? whole / power : whole * power
      return number.isNegative ? -value : value
    }
    guard let value = Double(text(number)), value.isFinite else {
      throw Refusal(.invalid, "the number is too large", offset: number.range.lowerBound)
    }
    return value
  }

  /// A number, or its digits as text where it is an integer that a double does not hold whole: ids stay themselves.
  package mutating func exactNumber() throws(Refusal) -> Value {
    let start = position
    let number = try number()
    guard number.magnitude >= 0x1p53 else { return .number(number) }
    let end = position
    position = start
    let scanned = try scanNumber()
    position = end
    return scanned.isInteger ? .string(text(scanned)) : .number(number)
  }

  package func text(_ number: Number) -> String { String(decoding: slice(number.range), as: UTF8.self) }

  /// Moves past the number that starts at the position.
  package mutating func scanNumber() throws(Refusal) -> Number {
    let start = position
    var number = Number(range: start..<start)
    if byte(at: position) == 0x2D {
      number.isNegative = true
      position += 1
    }
    if byte(at: position) == 0x30 {
      position += 1
      if let next = digit { throw malformed("a number starts with 0\(next)", at: start, hint: "drop the zero") }
    } else {
      try scanDigits(into: &number)
    }
    if byte(at: position) == 0x2E {
      number.isInteger = false
      position += 1
      let before = position
      try scanDigits(into: &number)
      number.exponent = before - position
    }
    if let byte = byte(at: position), byte == 0x65 || byte == 0x45 {
      number.isInteger = false
      try scanExponent(into: &number)
    }
    number.range = start..<position
    return number
  }

  private var digit: UInt8? {
    guard let byte = byte(at: position), byte >= 0x30, byte <= 0x39 else { return nil }
    return byte - 0x30
  }

  private mutating func scanDigits(into number: inout Number) throws(Refusal) {
    guard digit != nil else { throw unexpected("a digit") }
    while let digit {
      number.digits = number.digits &* 10 &+ UInt64(digit)
      // Leading zeros of a fraction carry nothing.
      if number.digits != 0 { number.digitCount += 1 }
      position += 1
    }
  }

  private mutating func scanExponent(into number: inout Number) throws(Refusal) {
    position += 1
    let sign = byte(at: position)
    if sign == 0x2B || sign == 0x2D { position += 1 }
    guard digit != nil else { throw unexpected("a digit") }
    var exponent = 0
    while let digit {
      // Far beyond any double, and far from overflow.
      if exponent < 100_000 { exponent = exponent * 10 + Int(digit) }
      position += 1
    }
    number.exponent += sign == 0x2D ? -exponent : exponent
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]
}
