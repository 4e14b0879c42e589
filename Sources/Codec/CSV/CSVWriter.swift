/// Writes comma-separated values (RFC 4180): a field is quoted where it has to be.
public struct CSVWriter: Sendable {
  /// What has been written so far, in UTF-8.
  public private(set) var bytes: [UInt8] = []

  public init() {}

  /// One record, with its line end.
  public mutating func row(_ fields: [String]) {
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      write(field)
    }
    bytes += [0x0D, 0x0A]
  }

  private mutating func write(_ field: String) {
    let quote = UInt8(ascii: "\"")
    let isPlain = field.utf8.allSatisfy { $0 != quote && $0 != UInt8(ascii: ",") && $0 != 0x0A && $0 != 0x0D }
    guard !isPlain else { return bytes.append(contentsOf: field.utf8) }
    bytes.append(quote)
    for byte in field.utf8 { bytes += byte == quote ? [quote, quote] : [byte] }
    bytes.append(quote)
  }
}
