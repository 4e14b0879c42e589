import Foundation

/// One of the cases whose answers Flink 2.3.0 gave, and its pattern in our language.
struct FlinkCase: Decodable {
  struct Pattern: Decodable {
    var steps: [Step]
    var skip: String
    var withinMs: Int?
  }
  struct Step: Decodable {
    var name: String
    var type: String
    var contiguity: String
    var times: Times?
    var timesOrMore: Int?
    var oneOrMore: Bool?
    var optional: Bool?
    var allowCombinations: Bool?
    var loopGapMs: Int?
    var withinMs: Int?
    var withinType: String?
    var sameItemAs: String?
  }
  enum Times: Decodable {
    case exactly(Int), range([Int])
    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let range = try? container.decode([Int].self) {
        self = .range(range)
      } else {
        self = .exactly(try container.decode(Int.self))
      }
    }
  }
  struct Line: Decodable {
    var e: String?
    var type: String?
    var user: String?
    var ts: Int64?
    var item: String?
    var watermark: Int64?
  }
  struct Match: Decodable {
    var user: String
    var events: [String: [String]]
    var ts: Int64
  }
  struct Expected: Decodable {
    var matches: [Match]
    var late: [String]
  }

  var name: String
  var pattern: Pattern
  var input: [Line]
  var expected: Expected

  static let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .appending(path: "../../../shared/data/cep-cases").standardized

  static func numbered(_ number: Int) throws -> FlinkCase? {
    let prefix = number < 10 ? "0\(number)-" : "\(number)-"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    return try names.first { $0.hasPrefix(prefix) }.map { name in
      try JSONDecoder().decode(FlinkCase.self, from: Data(contentsOf: folder.appending(path: name)))
    }
  }

  /// The answers of Flink: `user at events`.
  var flinksAnswers: [String] {
    expected.matches.map { match in
      let events = pattern.steps.flatMap { match.events[$0.name] ?? [] }
      return "\(match.user) \(match.ts) \(events.joined(separator: " "))"
    }
  }

  var rule: String {
    let steps = pattern.steps.map { "{\($0.text)}" }.joined(separator: ", ")
    // Flink's window from the first event to the end of the absence is our one `within`.
    let whole = pattern.steps.first { $0.withinType == "FIRST_AND_LAST" }?.withinMs ?? pattern.withinMs
    // Where Flink has no bound we want one, unless its gaps are one.
    let bound = pattern.steps[0].loopGapMs != nil ? "" : ", within: 1000d"
    let within = whole.map { ", within: \($0)ms" } ?? bound
    let skips = ["NO_SKIP": "none", "SKIP_PAST_LAST_EVENT": "pastLast", "SKIP_TO_LAST[b]": "toLast(b)"]
    return "{rule: r, pattern: [\(steps)]\(within), skip: \(skips[pattern.skip] ?? pattern.skip)}"
  }
}

extension FlinkCase.Step {
  fileprivate var text: String {
    let kinds = ["begin": "on", "followedBy": "then", "followedByAny": "thenAny", "notFollowedBy": "not"]
    var parts = ["\(kinds[contiguity] ?? contiguity): \(type)"]
    if contiguity == "notFollowedBy" {
      if withinType == nil, let withinMs { parts.append("for: \(withinMs)ms") }
      return parts.joined(separator: ", ")
    }
    parts.append("as: \(name)")
    switch times {
    case .exactly(let count): parts.append("times: \(count)")
    case .range(let range): parts.append("times: \(range[0])..\(range[1])")
    case nil: break
    }
    if let timesOrMore { parts.append("times: \(timesOrMore)+") }
    if oneOrMore == true { parts.append("times: 1+") }
    if optional == true { parts.append("optional: true") }
    if allowCombinations == true { parts.append("combinations: true") }
    if sameItemAs != nil { parts.append("same: item") }
    if let gap = loopGapMs ?? withinMs { parts.append("gap: \(gap)ms") }
    return parts.joined(separator: ", ")
  }
}
