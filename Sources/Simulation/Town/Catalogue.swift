import AttuneModel

/// What is for sale in the town.
struct Catalogue: Sendable {
  struct Category: Sendable {
    /// As events name it, and as people read it.
    var name: String
    var chinese: String
    var nouns: [(english: String, chinese: String)]
    var prices: ClosedRange<Double>
  }

  struct Item: Sendable {
    var id: String
    var category: Int
    var english: String
    var chinese: String
    var price: Double
    /// A seller loses patience: from then on it costs less.
    var cut: (at: Instant, price: Double)?

    func price(at instant: Instant) -> Double {
      if let cut, cut.at <= instant { cut.price } else { price }
    }
  }

  let categories = Self.kinds
  private(set) var items: [Item] = []
  static let itemsPerCategory = 60

  init(from start: Instant, days: Int, _ generator: inout SeededGenerator) {
    for (index, category) in categories.enumerated() {
      for number in 0..<Self.itemsPerCategory {
        let noun = category.nouns[generator.index(below: category.nouns.count)]
        let look = Self.looks[generator.index(below: Self.looks.count)]
        let range = category.prices
        let price = (range.lowerBound + (range.upperBound - range.lowerBound) * generator.fraction()).rounded()
        items.append(
          Item(
            id: "i\(index * 1000 + number)", category: index, english: "\(look.english) \(noun.english)",
            chinese: look.chinese + noun.chinese, price: price,
            cut: Self.cut(price, from: start, days: days, &generator)))
      }
    }
  }

  func item(of category: Int, number: Int) -> Int { category * Self.itemsPerCategory + number }

  private static func cut(
    _ price: Double, from start: Instant, days: Int, _ generator: inout SeededGenerator
  ) -> (at: Instant, price: Double)? {
    guard generator.chance(0.5) else { return nil }
    // By day mostly: sellers sleep, too.
    let day = Int64(generator.index(below: days))
    let at = start + .days(day) + .hours(8 + Int64(generator.index(below: 16))) + generator.span(upTo: .hours(1))
    let lower = (price * (0.6 + 0.3 * generator.fraction())).rounded()
    return lower < price ? (at, lower) : nil
  }

  private static let looks: [(english: String, chinese: String)] = [
    ("red", "红色"), ("blue", "蓝色"), ("small", "小"), ("old", "老式"), ("almost new", "九成新"), ("sturdy", "结实的"),
  ]

  private static let kinds: [Category] = [
    Category(name: "bicycles", chinese: "自行车", nouns: [("bicycle", "自行车"), ("scooter", "滑板车")], prices: 80...600),
    Category(
      name: "books", chinese: "图书", nouns: [("novel", "小说"), ("atlas", "地图册"), ("cookbook", "菜谱")], prices: 3...60),
    Category(name: "phones", chinese: "手机", nouns: [("phone", "手机"), ("tablet", "平板")], prices: 200...3000),
    Category(
      name: "furniture", chinese: "家具", nouns: [("chair", "椅子"), ("lamp", "台灯"), ("shelf", "书架")], prices: 20...500),
    Category(name: "toys", chinese: "玩具", nouns: [("puzzle", "拼图"), ("train set", "小火车")], prices: 10...200),
    Category(name: "instruments", chinese: "乐器", nouns: [("guitar", "吉他"), ("flute", "笛子")], prices: 60...1500),
    Category(name: "kitchen", chinese: "厨具", nouns: [("wok", "炒锅"), ("kettle", "水壶")], prices: 15...300),
    Category(name: "garden", chinese: "园艺", nouns: [("bonsai", "盆景"), ("bench", "长椅")], prices: 20...400),
  ]
}
