extension String {
  /// The text that a part of a URL's path or query spells: `u%2F1` is `u/1` (RFC 3986, section 2.1). A plus sign stays
  /// one. Nil where a percent sign has no two hexadecimal digits behind it, or where the bytes are no UTF-8.
  package var decodedFromPercent: String? {
    var bytes: [UInt8] = []
    var rest = utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = Array(rest.prefix(2))
      rest = rest.dropFirst(2)
      guard digits.count == 2, let high = digits[0].hexValue, let low = digits[1].hexValue else { return nil }
      bytes.append(high << 4 | low)
    }
    return String(validating: bytes, as: UTF8.self)?.composed
  }
}

extension UInt8 {
  fileprivate var hexValue: UInt8? {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
