import AttuneModel

/// A word, number, text or sign of an expression, with the column where it starts.
struct Token: Hashable {
  enum Kind: Hashable {
    case word(String)
    case number(Double)
    case text(String)
    case sign(String)
    case end
  }

  var kind: Kind
  var offset: Int

  /// As an error message shows it.
  var shown: String {
    switch kind {
    case .word(let word): "'\(word)'"
    case .number(let number): "\(Value.number(number))"
    case .text(let text): "the text '\(text)'"
    case .sign(let sign): "'\(sign)'"
    case .end: "the end"
    }
  }
}

/// What is wrong with an expression, and how far into the text.
struct SyntaxError: Error {
  var offset: Int
  var message: String
  var hint: String?

  init(_ offset: Int, _ message: String, hint: String? = nil) {
    self.offset = offset
    self.message = message
    self.hint = hint
  }
}

/// Cuts the text of an expression into tokens.
struct Lexer {
  private let scalars: [Unicode.Scalar]
  private var position = 0

  static func tokens(of text: String) throws(SyntaxError) -> [Token] {
    var lexer = Lexer(scalars: Array(text.unicodeScalars))
    var tokens: [Token] = []
    repeat { tokens.append(try lexer.next()) } while tokens.last?.kind != .end
    return tokens
  }

  private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

  private var current: Unicode.Scalar? { position < scalars.count ? scalars[position] : nil }

  private mutating func next() throws(SyntaxError) -> Token {
    while let scalar = current, scalar.properties.isWhitespace { position += 1 }
    let start = position
    guard let scalar = current else { return Token(kind: .end, offset: start) }
    if scalar == "'" || scalar == "\"" { return Token(kind: .text(try text(until: scalar)), offset: start) }
    if isDigit(scalar) { return Token(kind: .number(try number()), offset: start) }
    if isLetter(scalar) { return Token(kind: .word(try word()), offset: start) }
    return Token(kind: .sign(try sign(scalar)), offset: start)
  }

  private mutating func text(until quote: Unicode.Scalar) throws(SyntaxError) -> String {
    let start = position
    var text = String.UnicodeScalarView()
    position += 1
    while let scalar = current, scalar != quote {
      position += 1
      if scalar == "\\", let escaped = current {
        guard escaped == "\\" || escaped == "'" || escaped == "\"" else {
          throw SyntaxError(
            position - 1, "'\\\(escaped)' means nothing in a text", hint: "write '\\\\' for a backslash")
        }
        text.append(escaped)
        position += 1
      } else {
        text.append(scalar)
      }
    }
    guard current != nil else { throw SyntaxError(start, "this text has no closing \(quote)") }
    position += 1
    return String(text)
  }

  private mutating func number() throws(SyntaxError) -> Double {
    let start = position
    skipDigits()
    if current == ".", position + 1 < scalars.count, isDigit(scalars[position + 1]) {
      position += 1
      skipDigits()
    }
    if let scalar = current, isLetter(scalar) || scalar == "." {
      throw SyntaxError(
        start, "a number cannot go on with '\(scalar)'", hint: "times are in milliseconds: 10m is 600000")
    }
    let text = String(String.UnicodeScalarView(scalars[start..<position]))
    guard let number = Double(text), number.isFinite else { throw SyntaxError(start, "this number is too large") }
    guard number.magnitude < 0x1p53 || text.contains(".") else {
      throw SyntaxError(start, "this number is too large to be exact: events carry such ids as text", hint: "'\(text)'")
    }
    return number
  }

  private mutating func skipDigits() { while let scalar = current, isDigit(scalar) { position += 1 } }

  /// A path of names joined by dots.
  private mutating func word() throws(SyntaxError) -> String {
    let start = position
    while let scalar = current, isLetter(scalar) || isDigit(scalar) || scalar == "." { position += 1 }
    if scalars[position - 1] == "." { throw SyntaxError(position - 1, "a name is missing after the '.'") }
    return String(String.UnicodeScalarView(scalars[start..<position]))
  }

  private mutating func sign(_ scalar: Unicode.Scalar) throws(SyntaxError) -> String {
    let start = position
    position += 1
    let pair = current.map { "\(scalar)\($0)" } ?? ""
    switch pair {
    case "==", "!=", "<=", ">=":
      position += 1
      return pair
    case "&&": throw SyntaxError(start, "'&&' is not part of the language", hint: "write 'and'")
    case "||": throw SyntaxError(start, "'||' is not part of the language", hint: "write 'or'")
    case "<>": throw SyntaxError(start, "'<>' is not part of the language", hint: "write '!='")
    default: break
    }
    switch scalar {
    case "<", ">", "+", "-", "*", "/", "(", ")", "[", "]", ",": return String(scalar)
    case "=": throw SyntaxError(start, "'=' is not part of the language", hint: "write '==' to compare")
    case "!": throw SyntaxError(start, "'!' is not part of the language", hint: "write 'not'")
    default: throw SyntaxError(start, "'\(scalar)' is not part of the language")
    }
  }

  private func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
  private func isLetter(_ scalar: Unicode.Scalar) -> Bool { scalar == "_" || scalar.properties.isAlphabetic }
}
