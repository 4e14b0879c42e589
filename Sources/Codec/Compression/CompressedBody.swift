/// A body that comes compressed and in pieces, decompressed within bounds: a few bytes may stand for very many.
///
/// ```swift
/// var body = CompressedBody(.gzip, upTo: 4 << 20)
/// for piece in pieces { try body.take(piece) { text.append(contentsOf: $0) } }
/// try body.finish()
/// ```
package struct CompressedBody: ~Copyable, Sendable {
  /// As `Content-Encoding` names them.
  package enum Coding: String, CaseIterable, Sendable { case gzip, deflate }

  package enum Fault: Error, Equatable, Sendable {
    case damaged
    /// It ends too early.
    case incomplete
    /// It holds more bytes than it may.
    case tooLarge
    /// So small a body does not honestly become that large.
    case tooDense
    case noMemory
  }

  /// A body may become so many times as large as it came; up to `freely` bytes, as large as it likes.
  package static let density = 200
  package static let freely = 1 << 20

  private let coding: Coding
  private let limit: Int
  private var inflater: Inflater?
  /// Until there are enough bytes to tell what it is.
  private var head: [UInt8] = []
  private var chunk = [UInt8](repeating: 0, count: 1 << 16)
  private var taken = 0
  private var made = 0
  private var isAtEnd = false

  /// - Parameter limit: bytes that it may hold.
  package init(_ coding: Coding, upTo limit: Int) {
    self.coding = coding
    self.limit = limit
  }

  /// Decompresses what comes next and hands it over, in pieces that are no longer valid afterwards.
  package mutating func take(
    _ bytes: some Sequence<UInt8>, _ use: (ArraySlice<UInt8>) throws(Fault) -> Void
  ) throws(Fault) {
    head.append(contentsOf: bytes)
    if inflater == nil {
      guard head.count >= 2 else { return }
      do throws(Inflater.NoMemory) { inflater = try Inflater(form) } catch { throw .noMemory }
    }
    var rest = head[...]
    head = []
    taken += rest.count
    var isFull = false
    while !rest.isEmpty || isFull {
      // More than one member, as of files that were joined; behind anything else nothing may follow.
      guard !isAtEnd || coding == .gzip, let step = inflater?.step(rest, into: &chunk, isNewMember: isAtEnd) else {
        throw .damaged
      }
      rest = rest.dropFirst(step.consumed)
      isAtEnd = step.isEnd
      isFull = step.produced == chunk.count && !step.isEnd
      guard step.consumed > 0 || step.produced > 0 else { break }
      made += step.produced
      if made > limit { throw .tooLarge }
      if made > Self.freely, made / Self.density > taken { throw .tooDense }
      if step.produced > 0 { try use(chunk[..<step.produced]) }
    }
    head = Array(rest)
    taken -= head.count
  }

  package mutating func finish() throws(Fault) {
    if !isAtEnd || !head.isEmpty { throw .incomplete }
  }

  /// Deflate is to come in zlib's wrapping, which its first two bytes tell; not everybody knows.
  private var form: Inflater.Form {
    if coding == .gzip { return .gzip }
    let isWrapped = head[0] & 0x0F == 8 && (Int(head[0]) << 8 | Int(head[1])) % 31 == 0
    return isWrapped ? .zlib : .bare
  }
}
