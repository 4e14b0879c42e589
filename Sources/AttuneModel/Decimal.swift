/// A number in decimal digits, rounded by the digits themselves: the core has no C library to ask.
struct Decimal {
  private var isNegative: Bool
  /// Without zeros in front; empty for 0.
  private var digits: [UInt8]
  /// How many digits stand before the point; below 0: so many zeros behind it.
  private var point: Int

  /// Of a finite number, with the fewest digits that read back as the same.
  init(_ number: Double) {
    isNegative = number < 0
    digits = []
    point = 0
    var exponent = 0
    var hasPoint = false
    var text = number.magnitude.description.utf8[...]
    if let mark = text.firstIndex(of: UInt8(ascii: "e")) {
      exponent = Int(String(decoding: text[text.index(after: mark)...], as: UTF8.self)) ?? 0
      text = text[..<mark]
    }
    for byte in text {
      if byte == UInt8(ascii: ".") {
        hasPoint = true
      } else {
        digits.append(byte - UInt8(ascii: "0"))
        if !hasPoint { point += 1 }
      }
    }
    point += exponent
    while digits.first == 0 {
      digits.removeFirst()
      point -= 1
    }
    trim()
  }

  /// Half away from zero, to so many digits in all.
  mutating func round(digits count: Int) {
    guard digits.count > count else { return }
    guard count >= 0 else {
      digits = []
      trim()
      return
    }
    let isUp = digits[count] >= 5
    digits.removeLast(digits.count - count)
    if isUp {
      var index = count - 1
      while index >= 0, digits[index] == 9 {
        digits[index] = 0
        index -= 1
      }
      if index >= 0 {
        digits[index] += 1
      } else {
        digits.insert(1, at: 0)
        point += 1
      }
    }
    trim()
  }

  /// Half away from zero, to so many digits behind the point.
  mutating func round(places: Int) { round(digits: point + places) }

  private mutating func trim() {
    while digits.last == 0 { digits.removeLast() }
    if digits.isEmpty { (isNegative, point) = (false, 0) }
  }

  /// With a point, and at least so many digits behind it.
  func text(places: Int = 0) -> String {
    func write(_ digits: some Sequence<UInt8>) -> String {
      String(decoding: digits.map { $0 + UInt8(ascii: "0") }, as: UTF8.self)
    }
    let whole = point > 0 ? write(digits.prefix(point)) + zeros(point - digits.count) : "0"
    var fraction = point < digits.count ? zeros(-point) + write(digits.dropFirst(max(0, point))) : ""
    fraction += zeros(places - fraction.utf8.count)
    return (isNegative ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
  }

  private func zeros(_ count: Int) -> String { String(repeating: "0", count: max(0, count)) }
}

extension Double {
  /// As a person reads it: whole numbers by their digits, others with 12 of them.
  var shown: String {
    // What is so large or so small nobody writes out.
    guard magnitude < 1e21, magnitude >= 1e-7 || self == 0 else { return description }
    if magnitude < 0x1p54, Double(Int64(self)) == self { return String(Int64(self)) }
    var decimal = Decimal(self)
    decimal.round(digits: 12)
    return decimal.text()
  }

  /// With exactly so many digits behind the point, half rounded away from zero; for finite numbers.
  public func text(places: Int) -> String {
    // Sums and differences of prices carry errors behind their twelfth digit, which must not decide about a half.
    var decimal = Decimal(self)
    if magnitude >= 0x1p54 || Double(Int64(self)) != self { decimal.round(digits: 15) }
    decimal.round(places: places)
    return decimal.text(places: places)
  }
}
