import AttuneModel
import NIOCore

/// A request as it goes over the wire, with gaps of fixed width for what differs from one to the next.
struct LoadRequest: Sendable {
  /// How many reservations it holds.
  let reservations: Int
  private(set) var bytes: ByteBuffer
  private var gaps: [Gap] = []

  private struct Gap {
    var at: Int
    var digits: Int
    var kind: Kind
  }

  enum Kind: Sendable {
    case id, user, business
  }

  /// Answered without any work.
  static let empty = LoadRequest(
    reservations: 0, bytes: ByteBuffer(string: "GET /livez HTTP/1.1\r\nHost: bench\r\n\r\n"))

  private init(reservations: Int, bytes: ByteBuffer) {
    self.reservations = reservations
    self.bytes = bytes
  }

  /// - Parameter reservations: nil for one by itself, else an array of so many.
  static func reserve(_ reservations: Int?) -> LoadRequest {
    var body = ByteBuffer()
    var gaps: [Gap] = []
    func gap(_ kind: Kind, _ digits: Int) {
      gaps.append(Gap(at: body.writerIndex, digits: digits, kind: kind))
      body.writeRepeatingByte(48, count: digits)
    }
    let count = reservations ?? 1
    if reservations != nil { body.writeString("[") }
    for index in 0..<count {
      body.writeString(index == 0 ? #"{"id":"r"# : #",{"id":"r"#)
      gap(.id, 12)
      body.writeString(#"","user":"u"#)
      gap(.user, 7)
      body.writeString(#"","business":"b"#)
      gap(.business, 2)
      body.writeString(#""}"#)
    }
    if reservations != nil { body.writeString("]") }
    let head =
      "POST /v1/fatigue/reserve HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
      + "Content-Length: \(body.readableBytes)\r\n\r\n"
    var request = LoadRequest(reservations: count, bytes: ByteBuffer(string: head))
    let start = request.bytes.writerIndex
    request.bytes.writeBuffer(&body)
    request.gaps = gaps.map { Gap(at: start + $0.at, digits: $0.digits, kind: $0.kind) }
    return request
  }

  /// The next one: an id of its own, a random user and business for each reservation.
  mutating func renew(_ population: inout LoadPopulation) {
    if gaps.isEmpty { return }
    bytes.withUnsafeMutableReadableBytes { bytes in
      for gap in gaps {
        var value = population.next(gap.kind)
        for place in stride(from: gap.at + gap.digits - 1, through: gap.at, by: -1) {
          bytes[place] = UInt8(48 + value % 10)
          value /= 10
        }
      }
    }
  }
}

/// Who is to be reached, and for what; every reservation has a new id.
struct LoadPopulation: Sendable {
  let users: Int
  let businesses: Int
  private var random: SeededGenerator
  private var ids: UInt64 = 0

  init(users: Int, businesses: Int, seed: UInt64) {
    self.users = users
    self.businesses = businesses
    random = SeededGenerator(seed: seed)
  }

  mutating func next(_ kind: LoadRequest.Kind) -> UInt64 {
    switch kind {
    case .id:
      ids += 1
      return ids
    case .user: return random.next(upperBound: UInt64(users))
    case .business: return random.next(upperBound: UInt64(businesses))
    }
  }
}
