import Foundation

/// A line of the log channel.
struct Sent: Decodable, Sendable {
  var id: String
  var user: String
  var business: String
  var material: String
  var body: String
  var at: Int64

  /// All of a file; none if there is no such file. A line that is being written is left out.
  static func read(_ path: String) throws -> [Sent] {
    guard let data = FileManager.default.contents(atPath: path) else { return [] }
    let whole = data.last == UInt8(ascii: "\n") ? data : data[..<(data.lastIndex(of: UInt8(ascii: "\n")) ?? 0)]
    return try whole.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Sent.self, from: Data($0)) }
  }
}

extension Collection<Sent> {
  /// What was said to each user by some business, oldest first.
  func byUser(of businesses: Set<String>) -> [String: [Sent]] {
    Dictionary(grouping: filter { businesses.contains($0.business) }, by: \.user)
      .mapValues { $0.sorted { $0.at < $1.at } }
  }
}
