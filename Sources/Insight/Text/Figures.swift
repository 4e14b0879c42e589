public import AttuneModel

// Numbers and spans of time as people read them. What programs read goes through JSON, with all its digits.

extension Int {
  /// With a comma every three digits: `12,345`.
  public var grouped: String {
    let digits = String(magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return self < 0 ? "-" + text : text
  }
}

extension Int {
  /// With what is counted: `1 rule`, `12,345 rules`, `3 businesses`.
  ///
  /// - Parameter many: where it is more than an `s` that several have.
  public func of(_ one: String, _ many: String? = nil) -> String {
    grouped + " " + (self == 1 ? one : many ?? one + "s")
  }
}

extension Double {
  /// Rounded to so many digits after the point, and grouped: `1,234.50`, or `+0.3` where it is signed.
  ///
  /// - Parameters:
  ///   - digits: 0 to 9.
  ///   - signed: whether a number that is not negative has a plus.
  public func decimal(_ digits: Int, signed: Bool = false) -> String {
    let scale = (0..<Swift.max(0, Swift.min(9, digits))).reduce(1) { scale, _ in scale * 10 }
    let units = (magnitude * Double(scale)).rounded()
    guard units < 1e18 else { return "\(self)" }
    let (whole, rest) = Int(units).quotientAndRemainder(dividingBy: scale)
    let fraction = scale == 1 ? "" : "." + String(scale + rest).dropFirst()
    let sign = self < 0 && units > 0 ? "-" : signed ? "+" : ""
    return sign + whole.grouped + fraction
  }

  /// A share as percent: 0.1234 is `12.3%`.
  public func percent(_ digits: Int = 1, signed: Bool = false) -> String {
    (self * 100).decimal(digits, signed: signed) + "%"
  }
}

extension TimeSpan {
  /// Its two largest units, the rest cut: `2d 3h`, `12m 5s`; below ten seconds `3.2s`.
  public var words: String {
    if milliseconds.magnitude < 10_000 { return (Double(milliseconds) / 1000).decimal(1) + "s" }
    let seconds = milliseconds.magnitude / 1000
    let units = [(seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")]
    return (milliseconds < 0 ? "-" : "")
      + units.drop { $0.0 == 0 }.prefix(2).map { "\($0.0)\($0.1)" }.joined(separator: " ")
  }
}
