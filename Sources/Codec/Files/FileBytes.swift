#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// An open file, read from start to end.
struct FileBytes: ~Copyable, Sendable {
  let path: String
  /// In bytes, when it was opened.
  let size: Int
  private(set) var read = 0
  private let descriptor: Int32

  init(path: String) throws(FileReadError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileBytes.failure(path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      defer { close(descriptor) }
      throw FileBytes.failure(path)
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
  }

  deinit { close(descriptor) }

  /// Fills the buffer with what there is, waiting for `least` bytes where a pipe has fewer; fewer at the end, then 0.
  mutating func read(into buffer: inout [UInt8], atLeast least: Int = 1) throws(FileReadError) -> Int {
    var count = 0
    while count < min(least, buffer.count) {
      let got = buffer.withUnsafeMutableBytes { [descriptor] bytes in
        guard let start = bytes.baseAddress else { return 0 }
        return Self.read(descriptor, start + count, bytes.count - count)
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw FileBytes.failure(path) }
      if got == 0 { break }
      count += got
    }
    read += count
    return count
  }

  private static func read(_ descriptor: Int32, _ start: UnsafeMutableRawPointer, _ count: Int) -> Int {
    #if canImport(Darwin)
      Darwin.read(descriptor, start, count)
    #elseif canImport(Musl)
      Musl.read(descriptor, start, count)
    #else
      Glibc.read(descriptor, start, count)
    #endif
  }

  private static func failure(_ path: String) -> FileReadError {
    let reason = errno
    if reason == ENOENT { return FileReadError(code: .notFound, path: path, message: "no such file") }
    return FileReadError(code: .unreadable, path: path, message: String(cString: strerror(reason)))
  }
}
