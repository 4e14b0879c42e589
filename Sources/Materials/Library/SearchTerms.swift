import AttuneModel

/// What a text is found and compared by: words in lower case where they are written with spaces; pairs of neighbouring
/// characters where they are not, as in Chinese, Japanese or Thai; emoji, each by itself.
///
/// The pairs of a run are followed by its last character alone. So every piece of one or two characters begins some
/// term, and a longer one is a row of terms: any part of a Chinese text is found, and nothing has to know its words.
public struct SearchTerms: Hashable, Sendable {
  enum Piece: Hashable, Sendable {
    case word(String)
    /// Characters of a script without spaces, next to each other.
    case run([Unicode.Scalar])
  }

  let pieces: [Piece]

  public init(_ text: String) {
    var reader = PieceReader()
    for scalar in text.unicodeScalars { reader.take(scalar) }
    reader.finish()
    pieces = reader.pieces
  }

  /// What an index holds, in the order of the text.
  public var indexed: [String] {
    pieces.flatMap { piece in
      switch piece {
      case .word(let word): [word]
      case .run(let scalars): Self.pairs(scalars) + (scalars.last.map { [String($0)] } ?? [])
      }
    }
  }

  /// What makes texts alike: as indexed, without the single characters that end a longer run; each as a number that
  /// stands for it, in no order.
  var compared: [UInt64] {
    var terms: [UInt64] = []
    for piece in pieces {
      switch piece {
      case .word(let word): terms.append(StableHash.of(word).value())
      case .run(let scalars):
        if scalars.count == 1 { terms.append(UInt64(scalars[0].value)) }
        for (a, b) in zip(scalars, scalars.dropFirst()) { terms.append(UInt64(a.value) << 32 | UInt64(b.value)) }
      }
    }
    return terms
  }

  /// What a text must have to be found by this one: all of these, each a row of neighbouring terms.
  public var wanted: [Wanted] {
    pieces.map { piece in
      switch piece {
      // Whoever types `run` means `running` too.
      case .word(let word): Wanted(terms: [word], isBeginning: true)
      case .run(let scalars) where scalars.count == 1: Wanted(terms: [String(scalars[0])], isBeginning: true)
      case .run(let scalars): Wanted(terms: Self.pairs(scalars), isBeginning: false)
      }
    }
  }

  /// A row of neighbouring terms that a text must have.
  public struct Wanted: Hashable, Sendable {
    public let terms: [String]
    /// Whether the last term need only begin what is found.
    public let isBeginning: Bool
  }

  private static func pairs(_ scalars: [Unicode.Scalar]) -> [String] {
    zip(scalars, scalars.dropFirst()).map { String(String.UnicodeScalarView([$0, $1])) }
  }
}

private struct PieceReader {
  private(set) var pieces: [SearchTerms.Piece] = []
  private var word = ""
  private var run: [Unicode.Scalar] = []

  mutating func take(_ scalar: Unicode.Scalar) {
    let scalar = scalar.narrow
    if scalar.isUnspaced {
      endWord()
      run.append(scalar)
    } else if scalar.isOfWords {
      endRun()
      word += scalar.properties.lowercaseMapping
    } else if scalar.properties.isEmojiPresentation {
      finish()
      // Letters, as an index looks at nothing else.
      pieces.append(.word("u" + String(scalar.value, radix: 16)))
    } else if scalar.value != 0x27, scalar.value != 0x2019 {
      // An apostrophe is part of its word: what is left out of it is `don't` and `dont` alike.
      finish()
    }
  }

  mutating func finish() {
    endWord()
    endRun()
  }

  private mutating func endWord() {
    if !word.isEmpty { pieces.append(.word(word)) }
    word = ""
  }

  private mutating func endRun() {
    if !run.isEmpty { pieces.append(.run(run)) }
    run = []
  }
}

extension Unicode.Scalar {
  /// Letters and digits as wide as a Chinese character, in their usual form.
  fileprivate var narrow: Unicode.Scalar {
    guard 0xFF01...0xFF5E ~= value else { return self }
    return Unicode.Scalar(value - 0xFEE0) ?? self
  }

  /// Of a script that is written without spaces.
  fileprivate var isUnspaced: Bool {
    switch value {
    case 0x3005...0x3007, 0x3041...0x3096, 0x309D...0x309F, 0x30A1...0x30FA, 0x30FC...0x312F, 0x31A0...0x31BF,
      0x31F0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0xFF66...0xFF9F, 0x1B000...0x1B16F,
      0x20000...0x3FFFD, 0x0E01...0x0E3A, 0x0E40...0x0EDF, 0x1000...0x109F, 0x1780...0x17D3:
      true
    default: false
    }
  }

  fileprivate var isOfWords: Bool {
    if value < 0x80 {
      return 0x61...0x7A ~= value || 0x41...0x5A ~= value || 0x30...0x39 ~= value
    }
    switch properties.generalCategory {
    case .nonspacingMark, .spacingMark: return true
    default: return properties.isAlphabetic || properties.numericType != nil
    }
  }
}
