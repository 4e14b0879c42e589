import Foundation

extension String {
  /// With `é` as one character and not as `e` and an accent (Unicode's form C): the one spelling of what comes from
  /// outside, so that equal texts are the same bytes wherever they are compared, sharded, hashed or stored.
  package var composed: String {
    utf8.isComposed ? self : precomposedStringWithCanonicalMapping
  }
}

extension String.UTF8View {
  /// Whether it is certain that composing changes nothing: it has no characters but of Latin, Cyrillic, the CJK
  /// ideographs, Hangul and the newer pictures, and no accents of their own.
  fileprivate var isComposed: Bool {
    var isAfterF0 = false
    for byte in self {
      if isAfterF0, byte != 0x9F { return false }
      isAfterF0 = byte == 0xF0
      if UInt8.mayCompose(byte) { return false }
    }
    return true
  }
}

extension UInt8 {
  /// Whether a character that begins with this byte may be written otherwise, or join the one before it.
  fileprivate static func mayCompose(_ lead: UInt8) -> Bool {
    switch lead {
    case 0..<0xCC, 0xD0, 0xD1, 0xE4...0xE9, 0xEB...0xEE, 0xF0: false
    default: true
    }
  }
}
