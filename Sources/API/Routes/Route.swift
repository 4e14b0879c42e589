/// One call of the API: what it is named, what it takes, what it answers. The server registers its handlers by this
/// table, commands find their addresses in it, and the OpenAPI document is made from it.
public struct Route: Sendable {
  public enum Method: String, Sendable, CaseIterable { case get, post, put, delete }

  /// Who may call it.
  public enum Scope: String, Sendable, CaseIterable {
    /// Everybody.
    case open
    /// Who has the key; on loopback everybody, who can see as much from the machine itself.
    case observe
    /// Who has the key.
    case key
  }

  /// Which part of a server answers it: `attune serve --only fatigue` has the last two.
  public enum Part: String, Sendable, CaseIterable { case engine, fatigue, operations }

  /// A body, or an answer's.
  public enum Content: Sendable {
    /// One object.
    case json(any WireType.Type)
    /// One object, an array of them, or NDJSON; each item is judged by itself.
    case items(any WireType.Type)
    /// One answer for one object, or the second for a batch.
    case either(any WireType.Type, any WireType.Type)
    /// YAML or JSON.
    case document(any WireType.Type)
    /// Text of that media type; for people and other programs.
    case text(String)
    /// JSON of another standard.
    case standard(about: String)
  }

  public struct Answer: Sendable {
    public var status: Int
    public var content: Content?
    public var about: String

    init(_ status: Int, _ content: Content?, _ about: String) {
      self.status = status
      self.content = content
      self.about = about
    }
  }

  public let id: ID
  public let method: Method
  /// With the names of its parts in braces: `/v1/users/{id}`.
  public let path: String
  /// In one line.
  public let about: String
  public let query: [Parameter]
  public let body: Content?
  public let answers: [Answer]
  public let scope: Scope
  public let part: Part

  init(
    _ id: ID, _ method: Method, _ path: String, _ about: String, query: [Parameter] = [], body: Content? = nil,
    answers: [Answer], scope: Scope = .key, part: Part = .engine
  ) {
    self.id = id
    self.method = method
    self.path = path
    self.about = about
    self.query = query
    self.body = body
    self.answers = answers
    self.scope = scope
    self.part = part
  }

  /// Every route there is, by resource.
  public static let all: [Route] = ingest + users + copies + campaigns + configuration + fatigue + operations

  /// Every id has one, which a test sees to.
  public static subscript(id: ID) -> Route {
    guard let route = byID[id] else { preconditionFailure("no route is named \(id.rawValue)") }
    return route
  }
  private static let byID = Dictionary(all.map { ($0.id, $0) }) { first, _ in first }
}

extension Route {
  /// What handlers are registered by, and the operation's id in the OpenAPI document.
  public enum ID: String, Sendable, CaseIterable {
    case postEvents, postReceipts
    case getUser, putUser, deleteUser, getTimeline
    case getFunnel
    case listCopies, postCopies, getCopy, deleteCopy, listSimilarCopies
    case getChoice
    case listCampaigns, postCampaign, getCampaign, postAudience, deleteAudience
    case launchCampaign, pauseCampaign, resumeCampaign, stopCampaign
    case postConfiguration
    case checkReaches, reserveReaches, settleReaches, getFatigueUser, deleteFatigueUser
    case getPolicies, putPolicies
    case getLiveness, getReadiness, getMetrics, getOpenAPI, resetClock
  }

  /// The names of the path's parts, in order.
  public var pathParameters: [String] {
    path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
  }

  /// Whether an address's path is one of this route's.
  public func matches(path: some StringProtocol) -> Bool {
    let own = self.path.split(separator: "/")
    let other = path.split(separator: "/")
    return own.count == other.count && zip(own, other).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
  }

  /// The path to ask at.
  /// - Parameters:
  ///   - parts: what stands for the names in braces, in order; anything may be in them.
  ///   - query: by the names of the route's parameters, in the order to send them; nil ones are left out.
  public func address(_ parts: [String] = [], query: KeyValuePairs<String, String?> = [:]) -> String {
    var rest = parts[...]
    let segments = path.split(separator: "/").map { segment in
      segment.hasPrefix("{") ? (rest.popFirst() ?? "").encodedAsPercent : String(segment)
    }
    let pairs = query.compactMap { name, value in value.map { "\(name)=\($0.encodedAsPercent)" } }
    return "/" + segments.joined(separator: "/") + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
  }
}

extension String {
  /// As one part of an address, whatever is in it (RFC 3986, section 2.3).
  fileprivate var encodedAsPercent: String {
    var encoded = ""
    for byte in utf8 {
      let scalar = Unicode.Scalar(byte)
      switch scalar {
      case "a"..."z", "A"..."Z", "0"..."9", "-", ".", "_", "~": encoded.unicodeScalars.append(scalar)
      default: encoded += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
      }
    }
    return encoded
  }
}
