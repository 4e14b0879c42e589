import AttuneModel
import Codec
import Ingest
import Testing

@Suite struct ProfileDecoderTests {
  private let decoder = ProfileDecoder()

  @Test func flattensAndRemoves() {
    let body = """
      {"zone": "Asia/Shanghai", "consent": true, "topics": {"news": false, "deals": null}, "age": 30, "city": null,
       "likes": ["a"], "address": {"city": "Hangzhou"}}
      """
    let changes: [ProfilePatch.Change] = [
      .init("zone", .string("Asia/Shanghai")), .init("consent", .bool(true)), .init("topics.news", .bool(false)),
      .init("topics.deals", nil), .init("age", .number(30)), .init("city", nil), .init("likes", .list([.string("a")])),
      .init("address.city", .string("Hangzhou")),
    ]
    #expect(decoder.decode(body.utf8, user: "u1") == .success(ProfilePatch(user: "u1", changes: changes)))
    let line = #"{"user":1002,"# + body.dropFirst()
    #expect(decoder.decode(line: line.utf8) == .success(ProfilePatch(user: "1002", changes: changes)))
    #expect(decoder.decode("{}".utf8, user: "u1") == .success(ProfilePatch(user: "u1", changes: [])))
    #expect(decoder.decode(#"{"user":"u1"}"#.utf8, user: "u1") == .success(ProfilePatch(user: "u1", changes: [])))
    let removals: [ProfilePatch.Change] = [.init("zone", nil), .init("consent", nil), .init("topics", nil)]
    #expect(
      decoder.decode(#"{"zone":null,"consent":null,"topics":null}"#.utf8, user: "u1")
        == .success(ProfilePatch(user: "u1", changes: removals)))
  }

  @Test(
    arguments: [
      (#"{"zone":8}"#, .wrongType, "/zone"), (#"{"zone":{"name":"UTC"}}"#, .wrongType, "/zone"),
      (#"{"consent":"yes"}"#, .wrongType, "/consent"), (#"{"consent":{"push":true}}"#, .wrongType, "/consent"),
      (#"{"topics":true}"#, .wrongType, "/topics"),
      (#"{"topics":{"news":"no"}}"#, .wrongType, "/topics"), (#"{"topics.news":1}"#, .wrongType, "/topics.news"),
      (#"{"a":null,"a":1}"#, .duplicate, "/a"), (#"{"user":"u2"}"#, .mismatch, "/user"),
      (#"{"user":""}"#, .empty, "/user"), (#"{"a":[{}]}"#, .wrongType, "/a/0"), ("[]", .wrongType, ""),
      ("{", .malformed, ""), ("", .malformed, ""), ("{}{}", .malformed, ""),
    ] as [(String, Refusal.Code, String)])
  func refusesPrecisely(body: String, code: Refusal.Code, pointer: String) {
    let refusal = failure(decoder.decode(body.utf8, user: "u1"))
    #expect(refusal?.code == code && refusal?.pointer == pointer, "\(body): \(String(describing: refusal))")
  }

  @Test func needsAUser() {
    #expect(failure(decoder.decode(line: #"{"age":3}"#.utf8))?.pointer == "/user")
    #expect(failure(decoder.decode("{}".utf8, user: ""))?.code == .empty)
    #expect(failure(decoder.decode("{}".utf8, user: String(repeating: "u", count: 257)))?.code == .tooLong)
    #expect(failure(decoder.decode("{}".utf8, user: String(repeating: "u", count: 256))) == nil)
  }
}
