public import AttuneModel
import Foundation

/// What really left: a line of the log channel's file.
public struct LogLine: Hashable, Sendable {
  public var id: String
  public var user: String
  public var business: String
  public var material: String
  /// When it was decided.
  public var at: Instant

  public init(id: String, user: String, business: String, material: String = "", at: Instant) {
    self.id = id
    self.user = user
    self.business = business
    self.material = material
    self.at = at
  }

  private struct JSON: Decodable {
    var id: String
    var user: String
    var business: String
    var material: String
    var at: Int64
  }

  /// Every line of a file, in order; throws where one is no message.
  public static func read(_ path: String) throws -> [LogLine] {
    let decoder = JSONDecoder()
    return try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: 0x0A).map { line in
      let json = try decoder.decode(JSON.self, from: line)
      return LogLine(
        id: json.id, user: json.user, business: json.business, material: json.material,
        at: Instant(milliseconds: json.at))
    }
  }
}
