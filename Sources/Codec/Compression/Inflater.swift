import CZlib

/// Decompresses gzip, member after member, or deflate.
///
/// Unchecked, because of the pointer: it has one owner, and nobody else sees the pointer.
struct Inflater: ~Copyable, @unchecked Sendable {
  /// On the heap, because zlib keeps a pointer to it.
  private let stream: UnsafeMutablePointer<z_stream>

  enum Form {
    case gzip
    /// Deflate in zlib's wrapping, as HTTP means it.
    case zlib
    /// Deflate without any, as some send it.
    case bare

    /// 15 is the largest window; 16 asks for gzip's header and checksum, a minus sign for none.
    fileprivate var window: Int32 {
      switch self {
      case .gzip: 15 + 16
      case .zlib: 15
      case .bare: -15
      }
    }
  }

  struct NoMemory: Error {}

  init(_ form: Form) throws(NoMemory) {
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard inflateInit2_(stream, form.window, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      stream.deallocate()
      throw NoMemory()
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
