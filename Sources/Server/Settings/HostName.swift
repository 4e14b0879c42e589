/// A host and perhaps a port, as `Host` and `Origin` name them: `attune.example.com`, `[::1]:8080`.
public struct HostName: Hashable, Sendable, LosslessStringConvertible {
  /// In small letters, without brackets.
  public var host: String
  public var port: Int?

  public init?(_ description: String) {
    var host = description[...]
    if host.last != "]", let colon = host.lastIndex(of: ":") {
      let digits = host[host.index(after: colon)...]
      guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits) else {
        return nil
      }
      self.port = Int(port)
      host = host[..<colon]
    }
    let isBracketed = host.hasPrefix("[") && host.hasSuffix("]")
    if isBracketed { host = host.dropFirst().dropLast() }
    // A name may end in the dot of the root.
    if host.hasSuffix(".") { host = host.dropLast() }
    guard !host.isEmpty, host.contains(":") == isBracketed, host.utf8.allSatisfy({ $0.isOfHost }) else { return nil }
    self.host = host.lowercased()
  }

  public var description: String {
    (host.contains(":") ? "[\(host)]" : host) + (port.map { ":\($0)" } ?? "")
  }

  /// An address of the network, which no name server can make mean another.
  var isNumeric: Bool {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return host.contains(":") || parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
  }

  /// Whether another is meant by this one: without a port, on every port.
  func covers(_ other: HostName) -> Bool { host == other.host && (port == nil || port == other.port) }
}

extension UInt8 {
  /// What no other part of an address has: no `/`, `@`, `?`, space.
  fileprivate var isOfHost: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
      UInt8(ascii: ":"):
      true
    default: false
    }
  }
}
