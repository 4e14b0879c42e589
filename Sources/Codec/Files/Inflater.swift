import CZlib

/// Decompresses gzip, member after member.
///
/// Unchecked, because of the pointer: it has one owner, and nobody else sees the pointer.
struct Inflater: ~Copyable, @unchecked Sendable {
  /// On the heap, because zlib keeps a pointer to it.
  private let stream: UnsafeMutablePointer<z_stream>

  /// - Parameter path: For the error, when there is no memory.
  init(path: String) throws(FileReadError) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 is the largest window, 16 asks for gzip's header and checksum.
    guard inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      stream.deallocate()
      throw FileReadError(code: .unreadable, path: path, message: "no memory to decompress it")
    }
    self.stream = stream
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Takes some of `input` and fills some of `output`; nil when the data is damaged.
  /// `isEnd` tells that a member ended and its checksum was right.
  mutating func step(
    _ input: ArraySlice<UInt8>, into output: inout [UInt8], isNewMember: Bool
  ) -> (consumed: Int, produced: Int, isEnd: Bool)? {
    if isNewMember && inflateReset(stream) != Z_OK { return nil }
    let room = output.count
    let status = input.withUnsafeBufferPointer { input in
      output.withUnsafeMutableBufferPointer { output in
        // zlib never writes through `next_in`.
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        stream.pointee.avail_in = UInt32(clamping: input.count)
        stream.pointee.next_out = output.baseAddress
        stream.pointee.avail_out = UInt32(clamping: output.count)
        return inflate(stream, Z_NO_FLUSH)
      }
    }
    // A full output with nothing more to take is Z_BUF_ERROR, which is no error.
    guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { return nil }
    return (
      input.count - Int(stream.pointee.avail_in), room - Int(stream.pointee.avail_out), status == Z_STREAM_END
    )
  }
}
