import AttuneModel
import Codec
import Ingest
import Testing

/// Names of others for what is ours: told, or mapped, and never lost without a word.
@Suite struct MemberNamesTests {
  private static let now = Instant(milliseconds: 1_769_851_800_000)

  private func decode(_ text: String, _ map: MemberMap = MemberMap()) -> Result<Event, Refusal> {
    EventDecoder(map: map).decode(line: text.utf8, now: Self.now)
  }

  private func refusal(_ text: String, _ map: MemberMap = MemberMap()) -> Refusal? {
    if case .failure(let refusal) = decode(text, map) { refusal } else { nil }
  }

  /// A map as `attune.yaml` would hold it.
  private func map(_ names: KeyValuePairs<String, String>) throws -> MemberMap {
    let mark = Mark(file: "attune.yaml", line: 1, column: 1)
    let entries = names.map {
      Node.Entry(key: $0.key, keyMark: mark, value: Node(.scalar($0.value, quoted: false), mark: mark))
    }
    let node = Node(
      .mapping([Node.Entry(key: "map", keyMark: mark, value: Node(.mapping(entries), mark: mark))]), mark: mark)
    var diagnostics = Diagnostics()
    let map = MemberMap(reading: node, &diagnostics)
    if !diagnostics.errors.isEmpty { throw diagnostics }
    return map
  }

  @Test(arguments: [
    "user_id", "userId", "UserId", "userid", "USER", "User", "User_ID", "user-id", "uid", "UID", "uesr", "usre", "usr",
    "users", "userr", "user_di", "user name", "username", "distinct_id", "$distinct_id", "customer_id", "customerId",
    "anonymousId", "member_id", "device_id", "user_pseudo_id",
  ])
  func userIsTold(name: String) {
    let refusal = refusal(#"{"\#(name)":"ann","event":"view","id":"1","item":"x"}"#)
    #expect(refusal?.pointer == "/user" && refusal?.hint?.contains("'\(name)' meant to be 'user'") == true, "\(name)")
    // Where the right one is there, it is a property like others.
    #expect(refusal != nil && self.refusal(#"{"\#(name)":"x","user":"u","event":"view"}"#) == nil, "\(name)")
  }

  @Test(arguments: [
    ("eventId", "id"), ("event_id", "id"), ("messageId", "id"), ("_id", "id"), ("ID", "id"), ("$insert_id", "id"),
    ("uuid", "id"), ("event_name", "event"), ("eventName", "event"), ("EVENT", "event"), ("evnet", "event"),
    ("event_type", "event"), ("action", "event"), ("name", "event"),
  ])
  func otherMembersAreTold(name: String, member: String) {
    let event = member == "event" ? "" : #""event":"view","#
    let refusal = refusal(#"{"user":"u",\#(event)"\#(name)":"e-1"}"#)
    #expect(refusal?.pointer == "/" + member, "\(name): \(String(describing: refusal))")
    #expect(refusal?.hint?.contains("'\(name)' meant to be '\(member)'") == true)
    let given = self.refusal(#"{"user":"u","event":"view","id":"1","ts":1769851800000,"\#(name)":"e-1"}"#)
    #expect(given == nil || name == "ID", "\(name): \(String(describing: given))")
  }

  @Test(arguments: ["timestamp", "TS", "Ts", "time", "event_time", "eventTime", "occurred_at", "sentAt"])
  func timesAreTold(name: String) {
    for value in ["1769851800", "1769851800000", #""2026-01-31T09:30:00Z""#, #""1769851800000""#] {
      #expect(refusal(#"{"user":"u","event":"view","\#(name)":\#(value)}"#)?.pointer == "/ts", "\(name) \(value)")
    }
    // What cannot be an instant is a property: how long something took, what part of a day.
    for value in ["30", #""morning""#, "true"] {
      #expect(refusal(#"{"user":"u","event":"view","\#(name)":\#(value)}"#) == nil, "\(name) \(value)")
    }
    #expect(refusal(#"{"user":"u","event":"view","ts":null,"\#(name)":1769851800}"#) == nil)
  }

  @Test func thatThereIsNoneCanBeSaid() {
    #expect(refusal(#"{"id":null,"user":"u","event":"view","message_id":"m"}"#) == nil)
    #expect(refusal(#"{"user":null,"event":"cut","item":"x"}"#)?.pointer == "/user")
    #expect(refusal(#"{"event":"cut","item":"x","price":3,"item_id":"x","tags":["user_id"],"is_user":true}"#) == nil)
  }

  @Test(arguments: ["properties", "props", "event_properties", "eventProperties"])
  func whatIsWrappedIsTold(name: String) throws {
    let text = #"{"user":"u","event":"view","\#(name)":{"price":3,"item":{"id":"x"}}}"#
    let told = refusal(text)
    #expect(told?.pointer == "/" + name && told?.hint?.contains("properties: \(name)") == true)
    let event = try decode(text, map(["properties": name])).get()
    #expect(event.properties == [Property("price", .number(3)), Property("item.id", .string("x"))])
    #expect(refusal(#"{"user":"u","event":"view","\#(name)":"a text"}"#) == nil)
  }

  @Test func namesAreMapped() throws {
    let map = try map(["user": "user_id", "id": "event_id", "ts": "event_time", "event": "event_name"])
    let text = #"{"user_id":7,"event_id":"e","event_name":"view","event_time":"2026-01-31T09:30:00Z","item":"x"}"#
    let at = try #require(Instant(rfc3339: "2026-01-31T09:30:00Z"))
    let event = Event(id: "e", user: "7", name: "view", at: at, properties: [Property("item", .string("x"))])
    #expect(try decode(text, map).get() == event)
    // Ours are understood still; both are one too many.
    #expect(
      try decode(#"{"user":7,"id":"e","event":"view","ts":"2026-01-31T09:30:00Z","item":"x"}"#, map).get() == event)
    #expect(refusal(#"{"user":"a","user_id":"b","event":"view"}"#, map)?.code == .duplicate)
    // What is mapped is not guessed: an event without it has none.
    #expect(try decode(#"{"event_name":"cut","customer_id":"c"}"#, map).get().user == "")
    #expect(refusal(#"{"user_id":null,"event_name":"cut"}"#, map)?.pointer == "/user_id")
    #expect(refusal(#"{"user_id":"u"}"#, map)?.pointer == "/event_name")
    let mixpanel = try self.map(["user": "distinct_id", "ts": "time", "id": "$insert_id", "properties": "properties"])
    let wrapped = #"{"event":"view","properties":{"distinct_id":"u","time":1769851800000,"$insert_id":"i","price":3}}"#
    #expect(
      try decode(wrapped, mixpanel).get()
        == Event(id: "i", user: "u", name: "view", at: Self.now, properties: [Property("price", .number(3))]))
  }

  @Test func mapsAreChecked() {
    for names in [["user": "uid", "id": "uid"], ["usr": "uid"]] as [KeyValuePairs<String, String>] {
      #expect(throws: Diagnostics.self) { try map(names) }
    }
  }

  @Test func profilesAreToldAndMapped() throws {
    func decode(_ line: String, _ map: MemberMap = MemberMap()) -> Result<ProfilePatch, Refusal> {
      ProfileDecoder(map: map).decode(line: line.utf8)
    }
    for name in ["user_id", "UserID", "uid", "distinct_id"] {
      guard case .failure(let refusal) = decode(#"{"\#(name)":"u1","city":"x"}"#) else {
        Issue.record("\(name) was taken")
        continue
      }
      #expect(refusal.hint?.contains("'\(name)' meant to be 'user'") == true, "\(refusal)")
    }
    let line = #"{"user_id":"u1","city":"x"}"#
    let patch = ProfilePatch(user: "u1", changes: [.init("city", .string("x"))])
    #expect(try decode(line, map(["user": "user_id"])).get() == patch)
    for name in ["timezone", "time_zone", "TimeZone", "tz", "Zone", "Consent"] {
      guard case .failure(let refusal) = decode(#"{"user":"u1","\#(name)":"Asia/Tokyo"}"#) else {
        Issue.record("\(name) was taken")
        continue
      }
      #expect(refusal.pointer == "/" + name)
      #expect((try? decode(#"{"user":"u1","zone":"UTC","consent":true,"\#(name)":"Asia/Tokyo"}"#).get()) != nil)
    }
  }

  @Test func candidatesAreTold() {
    let decoder = ReservationDecoder(others: .refused)
    for (name, member) in [("user_id", "user"), ("USER", "user"), ("biz", "business"), ("timestamp", "at")] {
      guard case .failure(let refusal) = decoder.decode(line: #"{"\#(name)":"x"}"#.utf8, now: nil) else {
        Issue.record("\(name) was taken")
        continue
      }
      #expect(refusal.hint == "did you mean '\(member)'?", "\(refusal)")
    }
  }

  /// Once, not of each line.
  @Test(arguments: [
    "user_id,event,ts\nu1,view,1\nu2,view,2\n", "\"user\",\"event\"\n\"u1\",\"view\"\n", "\u{FEFF}user;event\nu1;view",
    "user\tevent\nu1\tview",
  ])
  func aTableIsToldOnce(text: String) throws {
    for format in [Format.json, .ndjson] {
      let results = EventDecoder().decode(Array(text.utf8), as: format, now: Self.now)
      #expect(results.count == 1)
      guard case .failure(let refusal) = results[0] else { continue }
      #expect(refusal.message.contains("CSV") && refusal.hint?.contains(#"{"user": "u1""#) == true)
    }
    let plain = EventDecoder().decode(Array("true\nfalse, x".utf8), as: .ndjson, now: Self.now)
    #expect(plain.count == 2)
  }

  @Test func farAheadIsToldInDays() {
    let at = (Self.now + .days(365)).milliseconds
    #expect(refusal(#"{"user":"u","event":"view","ts":\#(at)}"#)?.message.contains("365 days ahead") == true)
  }
}
