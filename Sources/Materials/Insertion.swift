import AttuneModel

// What data from outside becomes before a user reads it.

/// How a template writes a number.
struct NumberFilter: Hashable, Sendable {
  /// Digits behind the point.
  var places: Int

  static let names = ["money", "round"]
  static let mostPlaces = 9

  init?(_ name: String, places: Int?) {
    switch (name, places) {
    case ("money", nil): self.places = 2
    case ("round", let places): self.places = places ?? 0
    default: return nil
    }
    guard (0...Self.mostPlaces).contains(self.places) else { return nil }
  }
}

extension Value {
  /// The value as text for a user, or nil where there is nothing to read: empty text, an empty list, a number that
  /// is none. A filter says how numbers are written; texts pass it as they are. Control characters become spaces; those that change the direction of all that follows are left out.
  func inserted(upTo limit: Int, _ filter: NumberFilter? = nil) -> String? {
    if case .number(let number) = self, !number.isFinite { return nil }
    var text = String.UnicodeScalarView()
    var isBlank = true
    for scalar in written(filter).unicodeScalars {
      switch scalar.value {
      case 0x00...0x1F, 0x7F...0x9F, 0x2028, 0x2029: text.append(" ")
      case 0x202A...0x202E, 0x2066...0x2069: continue
      default:
        text.append(scalar)
        let properties = scalar.properties
        isBlank = isBlank && (properties.isWhitespace || properties.isDefaultIgnorableCodePoint)
      }
    }
    return isBlank ? nil : String(text).clipped(to: limit)
  }

  private func written(_ filter: NumberFilter?) -> String {
    if case .number(let number) = self, let filter { number.text(places: filter.places) } else { shown }
  }
}

extension String {
  /// At most so many characters, the last one `…` if any were cut; never more than 32 bytes for each on average,
  /// as one character may carry any number of combining marks.
  func clipped(to limit: Int) -> String {
    if utf8.count <= limit { return self }
    var cut = startIndex
    var index = startIndex
    var count = 0
    while index < endIndex {
      formIndex(after: &index)
      count += 1
      let bytes = utf8.distance(from: startIndex, to: index)
      if count > limit || bytes > limit * 32 { return self[..<cut] + "…" }
      if count < limit { cut = index }
    }
    return self
  }
}
