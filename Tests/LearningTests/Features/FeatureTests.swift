import AttuneModel
import Testing

@testable import Learning

@Suite struct FeatureTests {
  @Test func aVectorGetsItsBiasAndKeepsWhatIsNotZero() throws {
    let context = try Context([0, 2.5, 0, -1])
    #expect(context.dimensions == 5 && context.dense == [1, 0, 2.5, 0, -1])
    #expect(context.terms.map(\.index) == [0, 2, 4])
    #expect(try Context([]).dense == [1])
    let decoded = try Context(decoding: context.encoded())
    #expect(decoded == context)
  }

  @Test func whatCannotBeLearnedFromIsRefusedByName() {
    for value in [Double.nan, .infinity, -.infinity] {
      #expect(throws: FeatureError.notFinite("x[1]")) { try Context([0, value]) }
      #expect(throws: FeatureError.notFinite("age")) {
        try FeatureHasher().context([Property("age", .number(value))])
      }
    }
    #expect(throws: FeatureError.tooLarge("x[0]", 1e5)) { try Context([1e5]) }
    #expect(throws: FeatureError.tooMany(5_000)) { try Context([Double](repeating: 0, count: 5_000)) }
    #expect(throws: FeatureError.list("tags")) {
      try FeatureHasher().context([Property("tags", .list([.list([])]))])
    }
    #expect(FeatureError.notFinite("x[1]").description == "x[1] is not a finite number")
  }

  @Test func damagedContextsAreRefused() throws {
    let bytes = try Context([1, 2]).encoded()
    for index in bytes.indices {
      var damaged = bytes
      damaged[index] ^= 0xFF
      if let context = try? Context(decoding: damaged) {
        #expect(context.dense.allSatisfy(\.isFinite) && context.terms.first?.value == 1)
      }
    }
    #expect(throws: BinaryError.self) { try Context(decoding: Array(bytes.dropLast())) }
  }

  @Test func namedFeaturesHaveTheirPlaces() throws {
    let hasher = FeatureHasher(dimensions: 64)
    let context = try hasher.context([
      Property("city", .string("Hangzhou")), Property("age", .number(35)), Property("vip", .bool(true)),
      Property("tags", .list([.string("a"), .string("b")])),
    ])
    // Golden: what was learned in one process is read in another.
    #expect(context.terms.map(\.index) == [0, 6, 23, 41, 43, 50, 62])
    // 36 is between two to the fifth and to the sixth.
    let shares = context.terms.map(\.value).filter { $0 < 1 }.sorted()
    #expect(shares.count == 2 && abs(shares[0] - 0.1699) < 1e-4 && abs(shares[0] + shares[1] - 1) < 1e-12)
    let turned = try hasher.context([
      Property("tags", .list([.string("b"), .string("a")])), Property("vip", .bool(true)),
      Property("age", .number(35)), Property("city", .string("Hangzhou")),
    ])
    #expect(turned == context, "their order says nothing")
    let other = try hasher.context([Property("city", .string("Paris"))])
    #expect(!Set(other.terms.dropFirst().map(\.index)).isSubset(of: context.terms.map(\.index)))
    // No number outweighs what else is known, and signs are told apart.
    for number in [0, 1e-300, 1, -1, 1000, 1.7e12, -1e300, .greatestFiniteMagnitude] {
      let context = try hasher.context([Property("a", .number(number))])
      #expect(abs(context.terms.dropFirst().reduce(0) { $0 + $1.value } - 1) < 1e-9, "\(number)")
    }
    #expect(try hasher.context([Property("a", .number(7))]) != hasher.context([Property("a", .number(-7))]))
    #expect(try hasher.context([]) == Context(dimensions: 64))
    let many = (0..<5).map { _ in Property("same", .string("x")) }
    #expect(try hasher.context(many).terms.last?.value == 5)
  }
}
