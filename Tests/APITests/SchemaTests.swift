import API
import AttuneModel
import Foundation
import Testing

@Suite struct SchemaTests {
  /// Every body and every answer of the table, and the problem.
  static let types: [any WireType.Type] = {
    var seen: [String: any WireType.Type] = ["ProblemAnswer": ProblemAnswer.self]
    for content in Route.all.flatMap({ [$0.body] + $0.answers.map(\.content) }) {
      switch content {
      case .json(let type)?, .items(let type)?, .document(let type)?: seen["\(type)"] = type
      case .either(let one, let batch)?: (seen["\(one)"], seen["\(batch)"]) = (one, batch)
      case .text?, .standard?, nil: break
      }
    }
    return seen.sorted { $0.key < $1.key }.map(\.value)
  }()

  @Test func samplesAreWhatTheirSchemasSay() throws {
    #expect(Self.types.count > 30)
    for type in Self.types {
      let schema = Schema(of: type)
      #expect(schema != .any, "\(type)")
      let json = try JSONDecoder().decode(AnyJSON.self, from: text(of: type.sample))
      #expect(schema.faults(in: json).isEmpty, "\(type): \(schema.faults(in: json))")
    }
  }

  /// What the server encodes is what a client decodes: nothing is lost on the way.
  @Test func samplesAreReadBack() throws {
    for type in Self.types { try readBack(type) }
  }

  private func readBack<T: WireType>(_ type: T.Type) throws {
    let again = try JSONDecoder().decode(T.self, from: text(of: T.sample))
    #expect(
      canonical(try AnyJSON(encoding: again)) == canonical(try AnyJSON(encoding: T.sample)), "\(type)")
  }

  /// Whatever order the members came in.
  private func canonical(_ json: AnyJSON) -> AnyJSON {
    switch json {
    case .list(let items): .list(items.map(canonical))
    case .object(let members):
      .object(Dictionary(members.map { ($0.name, canonical($0.value)) }) { first, _ in first })
    default: json
    }
  }

  @Test func notesAreOfMembersThereAre() {
    for type in Self.types {
      guard case .object(let object) = Schema(of: type) else { continue }
      let names = object.members.map(\.name)
      for note in type.notes.keys { #expect(names.contains(note), "\(type) has no '\(note)'") }
      #expect(!type.about.isEmpty)
    }
  }

  private struct Example: WireType {
    enum Kind: String, TextChoice { case this, that }
    struct Part: Codable, Sendable { var at: Instant }

    var name: String
    var kind: Kind
    var count: Int?
    @OrNull var part: Part2?
    var list: [Part]
    var map: [String: Double]

    struct Part2: Codable, Hashable, Sendable { var flag: Bool }

    static let about = "An example."
    static let notes = ["count": "How many."]
    static let sample = Example(name: "a", kind: .this, count: nil, part: nil, list: [], map: [:])
  }

  @Test func membersAreReadOffTheType() {
    guard case .object(let object) = Schema(of: Example.self) else {
      Issue.record("it is no object")
      return
    }
    #expect(object.members.map(\.name) == ["name", "kind", "count", "part", "list", "map"])
    #expect(object.members.map(\.isRequired) == [true, true, false, true, true, true])
    #expect(object.members[1].schema == .choice(["this", "that"]))
    #expect(object.members[2].about == "How many.")
    if case .orNull(.object(let part)) = object.members[3].schema {
      #expect(part.members.map(\.schema) == [.flag])
    } else {
      Issue.record("\(object.members[3])")
    }
    #expect(object.members[5].schema == .map(.number))
  }

  @Test(
    arguments: [
      (#"{"name":"a","kind":"this","part":null,"list":[],"map":{}}"#, nil, nil),
      (#"{"kind":"this","part":null,"list":[],"map":{}}"#, "/name", "'name' is missing"),
      (#"{"name":"a","kind":"thus","part":null,"list":[],"map":{}}"#, "/kind", "'thus' is not one of this, that"),
      (#"{"name":1,"kind":"this","part":null,"list":[],"map":{}}"#, "/name", "it is not text"),
      (#"{"name":"a","kind":"this","part":{},"list":[],"map":{}}"#, "/part/flag", "'flag' is missing"),
      (
        #"{"name":"a","kind":"this","part":null,"list":[{"at":1},{"at":1.5}],"map":{}}"#, "/list/1/at",
        "it is not a whole number"
      ),
      (#"{"name":"a","kind":"this","part":null,"list":[],"map":{"x/y":"z"}}"#, "/map/x~1y", "it is not a number"),
      (#"{"nam":1,"name":"a","kind":"this","part":null,"list":[],"map":{}}"#, "/nam", "there is no member 'nam' here"),
    ] as [(String, String?, String?)])
  func faultsSayWhere(text: String, pointer: String?, message: String?) throws {
    let json = try JSONDecoder().decode(AnyJSON.self, from: Data(text.utf8))
    let fault = Schema(of: Example.self).faults(in: json).first
    #expect(fault?.pointer == pointer && fault?.message == message, "\(String(describing: fault))")
    if pointer == "/nam" { #expect(fault?.hint == "did you mean 'name'?") }
  }

  private func text(of value: some Encodable) throws -> Data { try JSONEncoder().encode(AnyJSON(encoding: value)) }

  @Test func membersKeepTheOrderOfTheDeclaration() throws {
    let json = try AnyJSON(encoding: Example.sample)
    #expect(json.members.map(\.name) == ["name", "kind", "part", "list", "map"])
    #expect(json["part"] == .null && json["count"] == nil)
    #expect(try AnyJSON(encoding: ["b": 1, "a": 2]).members.map(\.name) == ["a", "b"])
  }
}
