import Model
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
      Property("city", .string("Hangzhou")), Property("age", .number(31)), Property("vip", .bool(true)),
      Property("tags", .list([.string("a"), .string("b")])),
    ])
    // Golden: what was learned in one process is read in another.
    #expect(context.terms.map(\.index) == [0, 6, 41, 43, 50, 63])
    #expect(context.terms.map(\.value).max() == Elementary.log(32))
    let turned = try hasher.context([
      Property("tags", .list([.string("b"), .string("a")])), Property("vip", .bool(true)),
      Property("age", .number(31)), Property("city", .string("Hangzhou")),
    ])
    #expect(turned == context, "their order says nothing")
    let other = try hasher.context([Property("city", .string("Paris"))])
    #expect(!Set(other.terms.dropFirst().map(\.index)).isSubset(of: context.terms.map(\.index)))
    let huge = try hasher.context([Property("a", .number(-1e300))])
    #expect(huge.dense.min() == -Elementary.log(1e300))
    #expect(try hasher.context([]) == Context(dimensions: 64))
    let many = (0..<5).map { _ in Property("same", .string("x")) }
    #expect(try hasher.context(many).terms.last?.value == 5)
  }
}
