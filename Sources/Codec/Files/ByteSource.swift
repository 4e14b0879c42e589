/// The bytes of a file, decompressed where they are gzip.
struct ByteSource: ~Copyable, Sendable {
  private let path: String
  private var file: FileBytes
  private var gzip: Inflater?
  /// Bytes of the file that wait to be decompressed or handed on.
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var waiting: Range<Int>
  /// Between two members, where the file may end.
  private var isBetweenMembers = false

  init(path: String) throws(FileReadError) {
    var file = try FileBytes(path: path)
    // As many as tell what it is, gzip or a byte order mark.
    let waiting = 0..<(try file.read(into: &buffer, atLeast: 3))
    let isGzip = buffer[waiting].starts(with: [0x1F, 0x8B])
    guard isGzip || !path.utf8.suffix(3).elementsEqual(".gz".utf8) else {
      throw FileReadError(code: .notGzip, path: path, message: "named .gz, but it is not gzip")
    }
    do throws(Inflater.NoMemory) { gzip = isGzip ? try Inflater(.gzip) : nil } catch {
      throw FileReadError(code: .unreadable, path: path, message: "no memory to decompress it")
    }
    self.path = path
    self.file = file
    self.waiting = waiting
  }

  var progress: (read: Int, total: Int) { (file.read - waiting.count, file.size) }

  /// Fills `chunk` from its start; 0 at the end of the file.
  mutating func read(into chunk: inout [UInt8]) throws(FileReadError) -> Int {
    while true {
      if waiting.isEmpty { waiting = 0..<(try file.read(into: &buffer)) }
      if gzip == nil { return copy(into: &chunk) }
      if waiting.isEmpty && isBetweenMembers { return 0 }
      // Even without input: there may be output for which the last chunk had no room.
      let count = try inflate(into: &chunk)
      if count > 0 { return count }
    }
  }

  private mutating func copy(into chunk: inout [UInt8]) -> Int {
    let count = min(chunk.count, waiting.count)
    chunk.replaceSubrange(0..<count, with: buffer[waiting.prefix(count)])
    waiting = waiting.dropFirst(count)
    return count
  }

  private mutating func inflate(into chunk: inout [UInt8]) throws(FileReadError) -> Int {
    guard let step = gzip?.step(buffer[waiting], into: &chunk, isNewMember: isBetweenMembers) else {
      let place = file.read - waiting.count
      throw FileReadError(
        code: .corrupt, path: path, message: "the compressed data is damaged, near byte \(place) of the file")
    }
    if waiting.isEmpty && step.produced == 0 && !step.isEnd {
      throw FileReadError(code: .truncated, path: path, message: "the compressed data ends too early")
    }
    waiting = waiting.dropFirst(step.consumed)
    isBetweenMembers = step.isEnd
    return step.produced
  }
}
