import AttuneModel
import Testing

@Suite struct ValueTests {
  @Test func integersAreDigits() {
    let numbers: [Double] = [0, 1e15, 2_026_113_012_345_678, 9_007_199_254_740_991, -9_007_199_254_740_992, 1e16]
    let texts = [
      "0", "1000000000000000", "2026113012345678", "9007199254740991", "-9007199254740992", "10000000000000000",
    ]
    for (number, text) in zip(numbers, texts) {
      #expect(Value.number(number).description == text)
      #expect(Value.number(number).shown == text)
      #expect(Double(text) == number)
    }
  }

  @Test func whatIsShownHasTwelveDigits() {
    let shown: [(Double, String)] = [
      (19.99 - 9.99, "10"), (0.1 + 0.2, "0.3"), (0.1 + 0.7, "0.8"), (1.1 * 3, "3.3"), (-0.1 - 0.2, "-0.3"),
      (1.0 / 3, "0.333333333333"),
      (2.0 / 3, "0.666666666667"), (1234.5, "1234.5"), (99.999_999_999_999, "100"),
      (123_456_789_012.34, "123456789012"),
      (0.000_001_5, "0.0000015"), (0, "0"), (-0.0, "0"), (1e-12, "1e-12"), (1e22, "1e+22"),
    ]
    for (number, text) in shown { #expect(Value.number(number).shown == text, "\(number)") }
    #expect(Value.list([.number(0.1 + 0.2), .string("x")]).shown == "0.3, x")
  }

  @Test func placesAreRoundedByDigits() {
    let rounded: [(Double, Int, String)] = [
      (19.99 - 9.99, 2, "10.00"), (1.005, 2, "1.01"), (2.675, 2, "2.68"), (-1.005, 2, "-1.01"), (0.004, 2, "0.00"),
      (-0.004, 2, "0.00"), (0.006, 2, "0.01"), (9.995, 2, "10.00"), (1234.5, 0, "1235"), (0.5, 0, "1"), (0.49, 0, "0"),
      (5, 2, "5.00"), (1e-9, 2, "0.00"), (2_026_113_012_345_678, 0, "2026113012345678"), (0.05, 1, "0.1"),
    ]
    for (number, places, text) in rounded { #expect(number.text(places: places) == text, "\(number) \(places)") }
  }

  /// Against whole cents, for which integers are the obvious model.
  @Test func sumsOfCentsAreShownAsCents() {
    var generator = SeededGenerator(seed: 28)
    for _ in 0..<2000 {
      let (a, b) = (
        Int.random(in: 0..<10_000_000, using: &generator), Int.random(in: 0..<10_000_000, using: &generator)
      )
      let difference = (Double(a) / 100 - Double(b) / 100)
      let (whole, cents) = (abs(a - b) / 100, abs(a - b) % 100)
      let text = (a < b ? "-" : "") + "\(whole)." + (cents < 10 ? "0" : "") + "\(cents)"
      #expect(difference.text(places: 2) == text, "\(a) \(b)")
      #expect(Double(Value.number(difference).shown) == Double(text), "\(a) \(b)")
    }
  }

  @Test func textsAreComparedByBytes() {
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    #expect(composed == decomposed && Value.string(composed) != Value.string(decomposed))
    #expect(Value.list([.string(composed)]) != .list([.string(decomposed)]))
    #expect(Set([Value.string(composed), .string(decomposed), .string(composed)]).count == 2)
    #expect(Value.string("a\u{323}\u{307}") != .string("a\u{307}\u{323}"))
  }

  @Test func oneRuleForTexts() {
    for text in ["", "a\nb\tc\r\nd\re", "跑鞋 👟", "\u{85}"] { #expect(text.isReadable, "\(text)") }
    for text in ["\u{7}", "a\u{0}", "\u{1B}[31m", "\u{B}", "\u{C}"] { #expect(!text.isReadable) }
  }

  @Test func usersIDs() {
    #expect(Value.number(77).userID == "77" && Value.number(9_007_199_254_740_991).userID == "9007199254740991")
    #expect(Value.string("ann").userID == "ann" && Value.string(String(repeating: "a", count: 256)).userID != nil)
    for value in [
      Value.number(7.5), .number(0x1p53), .number(.infinity), .bool(true), .list([]), .string(""), .string("a\nb"),
      .string(String(repeating: "a", count: 257)),
    ] {
      #expect(value.userID == nil, "\(value)")
    }
  }

  /// As RFC 7396 has it, with names of members instead of objects.
  @Test func aPatchOfAProfile() {
    func patched(_ names: [String], _ name: String, _ value: Value?) -> [String] {
      var profile = names.map { Property($0, .string($0)) }
      profile.apply(ProfilePatch.Change(name, value))
      return profile.map { "\($0.name)=\($0.value)" }
    }
    let names = ["name.zh", "name.en.short", "names", "nam", "name"]
    #expect(patched(names, "name", nil) == ["names=names", "nam=nam"])
    #expect(patched(names, "name", .string("x")) == ["names=names", "nam=nam", "name=x"])
    #expect(patched(["name"], "name.zh", .string("x")) == ["name.zh=x"])
    #expect(patched(["name"], "name.zh", nil) == ["name=name"])
    #expect(patched(["name.en.short", "name.zh"], "name.en", nil) == ["name.zh=name.zh"])
    #expect(patched(["a"], "b", .number(1)) == ["a=a", "b=1"])
  }
}
