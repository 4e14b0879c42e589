import AttuneModel
import NIOCore

/// A request as it goes over the wire, with gaps of fixed width for what differs from one to the next.
struct LoadRequest: Sendable {
  /// How many reservations it holds: so many verdicts are in its answer.
  let reservations: Int
  /// Answers that are right. 429 is one of them only where it stands here.
  let statuses: Set<Int>
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
    bytes: ByteBuffer(string: "GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))

  private init(reservations: Int = 0, statuses: Set<Int> = [200], bytes: ByteBuffer) {
    self.reservations = reservations
    self.statuses = statuses
    self.bytes = bytes
  }

  /// - Parameter reservations: nil for one by itself, else an array of so many.
  static func reserve(_ reservations: Int?, business: String? = nil) -> LoadRequest {
    var body = Body()
    let count = reservations ?? 1
    if reservations != nil { body.bytes.writeString("[") }
    for index in 0..<count {
      body.bytes.writeString(index == 0 ? #"{"id":"r"# : #",{"id":"r"#)
      body.gap(.id, 12)
      body.bytes.writeString(#"","user":"u"#)
      body.gap(.user, 7)
      body.bytes.writeString(#"","business":""#)
      if let business {
        body.bytes.writeString(business)
      } else {
        body.bytes.writeString("b")
        body.gap(.business, 2)
      }
      body.bytes.writeString(#""}"#)
    }
    if reservations != nil { body.bytes.writeString("]") }
    return post("/v1/fatigue/reserve", body, reservations: count)
  }

  /// So many events, each of a random user. They may be too many for the server.
  static func events(_ count: Int) -> LoadRequest {
    var body = Body()
    for _ in 0..<count {
      body.bytes.writeString(#"{"id":"e"#)
      body.gap(.id, 12)
      body.bytes.writeString(#"","user":"u"#)
      body.gap(.user, 7)
      body.bytes.writeString(#"","event":"view","category":"c","item":"i"#)
      body.gap(.business, 2)
      body.bytes.writeString("\"}\n")
    }
    return post("/v1/events", body, type: "application/x-ndjson", statuses: [202, 429])
  }

  static func audience(of campaign: String, _ users: Range<Int>) -> LoadRequest {
    var body = Body()
    for user in users { body.bytes.writeString("m\(user)\n") }
    return post("/v1/campaigns/\(campaign)/audience", body, type: "text/plain", statuses: [200, 202])
  }

  /// - Parameter verb: `launch`, `pause` ...; a campaign that is past it says 409.
  static func order(_ verb: String, _ campaign: String) -> LoadRequest {
    post("/v1/campaigns/\(campaign)/\(verb)", Body(), statuses: verb == "launch" ? [200, 201, 202] : [200, 202, 409])
  }

  private struct Body {
    var bytes = ByteBuffer()
    var gaps: [Gap] = []

    mutating func gap(_ kind: Kind, _ digits: Int) {
      gaps.append(Gap(at: bytes.writerIndex, digits: digits, kind: kind))
      bytes.writeRepeatingByte(48, count: digits)
    }
  }

  private static func post(
    _ path: String, _ body: Body, type: String = "application/json", reservations: Int = 0,
    statuses: Set<Int> = [200]
  ) -> LoadRequest {
    let length = body.bytes.readableBytes
    let head =
      "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\n"
      + (length > 0 ? "Content-Type: \(type)\r\n" : "") + "Content-Length: \(length)\r\n\r\n"
    var request = LoadRequest(reservations: reservations, statuses: statuses, bytes: ByteBuffer(string: head))
    let start = request.bytes.writerIndex
    request.bytes.writeImmutableBuffer(body.bytes)
    request.gaps = body.gaps.map { Gap(at: start + $0.at, digits: $0.digits, kind: $0.kind) }
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
