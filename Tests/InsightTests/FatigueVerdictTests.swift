import AttuneModel
import Codec
import Fatigue
import Insight
import Testing

@Suite struct FatigueVerdictTests {
  private func line(_ verdict: FatigueVerdict) -> String {
    var json = JSONWriter()
    json.object { json in
      json.member("id", "小\"明")
      json.members(of: verdict)
    }
    return json.text
  }

  @Test func aPassingVerdict() {
    let verdict = FatigueVerdict(
      user: .init(count: 0, limit: 5, next: nil), scene: nil, window: .init(count: 2, limit: 3, next: nil),
      gap: .init(passes: true, last: nil, minGap: .hours(4), next: nil), obeys: true)
    #expect(
      line(verdict) == """
        {"id":"小\\"明","pass":true,"reason":null,"next":null,"dimensions":{"user":{"count":0,"limit":5,"next":null},\
        "scene":null,"window":{"count":2,"limit":3,"next":null},"gap":{"last":null,"minGap":14400000,"next":null}}}
        """)
  }

  @Test func aRefusedVerdict() {
    let at = Instant(milliseconds: 1_700_000_000_000)
    let verdict = FatigueVerdict(
      user: .init(count: 5, limit: 5, next: at), scene: .init(count: 2, limit: 2, next: at + .hours(1)),
      window: .init(count: 0, limit: 0, next: nil),
      gap: .init(passes: false, last: at - .hours(1), minGap: .hours(4), next: at + .hours(3)), obeys: true)
    #expect(
      line(verdict) == """
        {"id":"小\\"明","pass":false,"reason":"user","next":null,"dimensions":{"user":{"count":5,"limit":5,\
        "next":1700000000000},"scene":{"count":2,"limit":2,"next":1700003600000},"window":{"count":0,"limit":0,\
        "next":null},"gap":{"last":1699996400000,"minGap":14400000,"next":1700010800000}}}
        """)
  }

  /// Version 1 has nothing but its window.
  @Test(arguments: [(0, 1, true), (1, 1, false)]) func theWindowAlone(count: Int, limit: Int, passes: Bool) {
    let next = passes ? nil : Instant(milliseconds: .max)
    let verdict = FatigueVerdict(
      user: nil, scene: nil, window: .init(count: count, limit: limit, next: next), gap: nil, obeys: true)
    let (reason, instant) = passes ? ("null", "null") : ("\"window\"", "9223372036854775807")
    #expect(
      line(verdict) == """
        {"id":"小\\"明","pass":\(passes),"reason":\(reason),"next":\(instant),"dimensions":{"user":null,"scene":null,\
        "window":{"count":\(count),"limit":\(limit),"next":\(instant)},"gap":null}}
        """)
  }

  @Test func everyReason() {
    func reading(_ passes: Bool) -> FatigueVerdict.Reading { .init(count: passes ? 0 : 1, limit: 1, next: nil) }
    for (index, reason) in FatigueVerdict.Dimension.allCases.enumerated() {
      let verdict = FatigueVerdict(
        user: reading(index != 0), scene: reading(index != 1), window: reading(index != 2),
        gap: .init(passes: index != 3, last: nil, minGap: .zero, next: nil), obeys: true)
      #expect(line(verdict).contains(#""pass":false,"reason":"\#(reason.rawValue)","next":null,"#))
    }
  }

  @Test(arguments: [0, 7, 10, -1, -10, 1_700_000_000_000, .max, .min] as [Int])
  func numbersAreTheirDigits(number: Int) {
    var json = JSONWriter()
    json.object { json in
      json.member("n", number)
      json.member("at", Instant(milliseconds: Int64(number)))
    }
    #expect(json.text == "{\"n\":\(number),\"at\":\(number)}")
  }
}
