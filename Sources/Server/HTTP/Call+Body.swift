import Codec
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

extension Call {
  /// The whole body, if it has at most so many bytes.
  func bytes(upTo limit: Int) async throws -> ByteBuffer {
    var whole: ByteBuffer?
    try await pieces(upTo: limit) { piece in
      var piece = piece
      if whole?.writeBuffer(&piece) == nil { whole = piece }
    }
    return whole ?? ByteBuffer()
  }

  /// The body piece by piece as it comes; `use` holds none of it longer than it runs.
  func stream(_ use: (ByteBuffer) async throws -> Void) async throws {
    try await pieces(upTo: .max) { piece in
      try await use(piece)
      room.give(back: piece.readableBytes)
    }
  }

  /// Decompressed, if it came compressed.
  private func pieces(upTo limit: Int, _ use: (ByteBuffer) async throws -> Void) async throws {
    let tooLarge = Problem(
      .contentTooLarge, "too-large", "the body has more than \(limit) bytes", hint: "send it in several requests")
    let coding = try coding()
    if let length = request.headers[.contentLength].flatMap(Int.init), length > limit { throw tooLarge }
    try letBodyCome()
    guard let coding else {
      var count = 0
      return try await arriving { piece in
        count += piece.readableBytes
        if count > limit { throw tooLarge }
        try room.take(piece.readableBytes)
        try await use(piece)
      }
    }
    var body = CompressedBody(coding, upTo: limit)
    do {
      try await arriving { piece in
        var plain = ByteBuffer()
        try body.take(piece.readableBytesView) { plain.writeBytes($0) }
        try room.take(plain.readableBytes)
        try await use(plain)
      }
      try body.finish()
    } catch let fault as CompressedBody.Fault {
      throw fault == .tooLarge ? tooLarge : Problem(fault, coding)
    }
  }

  private func arriving(_ use: (ByteBuffer) async throws -> Void) async throws {
    var pieces = request.body.makeAsyncIterator()
    while let piece = try await next(&pieces) { try await use(piece) }
  }

  private func next(_ pieces: inout RequestBody.AsyncIterator) async throws -> ByteBuffer? {
    do { return try await pieces.next() } catch is CancellationError {
      throw CancellationError()
    } catch is RequestPatience.Exhausted {
      throw Problem(
        .requestTimeout, "slow", "the body took too long to arrive", hint: "send it again, or in smaller requests"
      ).with(.connection, "close")
    } catch {
      throw Problem(.requestTimeout, "incomplete", "the body did not arrive whole", hint: "send the request again")
    }
  }

  private func coding() throws(Problem) -> CompressedBody.Coding? {
    let names = (request.headers[.contentEncoding] ?? "").lowercased().split(separator: ",")
      .map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0 != "identity" && !$0.isEmpty }
    guard let name = names.first else { return nil }
    let known = name == "x-gzip" ? .gzip : CompressedBody.Coding(rawValue: name)
    if let known, names.count == 1 { return known }
    throw Problem(
      .unsupportedMediaType, "content-encoding",
      "a body encoded as '\(names.joined(separator: ", ").prefix(100))' is not understood",
      hint: "send it as gzip, deflate, or as it is"
    ).with(.acceptEncoding, CompressedBody.Coding.allCases.map(\.rawValue).joined(separator: ", "))
  }
}

extension Problem {
  fileprivate init(_ fault: CompressedBody.Fault, _ coding: CompressedBody.Coding) {
    switch fault {
    case .damaged:
      self.init(.badRequest, "malformed", "the body is no \(coding.rawValue), or damaged")
    case .incomplete: self.init(.badRequest, "malformed", "the body's \(coding.rawValue) ends too early")
    case .tooLarge, .tooDense:
      self.init(
        .contentTooLarge, "too-large", "the body grows to more than \(CompressedBody.density) times what was sent",
        hint: "send it as it is")
    case .noMemory: self.init(.serviceUnavailable, "memory", "there is no memory to decompress the body")
    }
  }
}
