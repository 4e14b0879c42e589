import AttuneModel
import Learning
import Materials
import Testing

@Suite struct CopyLibraryTests {
  private func copy(_ id: String, _ title: String, _ sends: Int? = nil, _ clicks: Int = 0) throws -> LibraryCopy {
    try LibraryCopy(
      id: id, title: title, body: "点击查看",
      past: sends.map { LibraryCopy.Past(counts: CopyCounts(sends: $0, clicks: clicks)) })
  }

  private func library(_ copies: [LibraryCopy]) -> CopyLibrary { CopyLibrary(copies, histories: [:], today: 0) }

  @Test func likeThisOne() throws {
    let library = library([
      try copy("run", "新款跑鞋限时大促"), try copy("run2", "跑鞋大促最后一天"), try copy("tea", "明前龙井上新"),
      try copy("mail", "Free shipping on running shoes"), try copy("mail2", "Running shoes: FREE returns"),
    ])
    func like(_ id: String) throws -> [String] {
      library.similar(to: try #require(library[id]?.copy)).map(\.standing.copy.id)
    }
    #expect(try like("run").first == "run2")
    #expect(try like("mail").first == "mail2")
    let new = library.similar(to: try copy("new", "跑鞋"), limit: 2)
    #expect(new.map(\.standing.copy.id).sorted() == ["run", "run2"])
    let same = try #require(library.similar(to: try copy("other", "明前龙井上新")).first)
    #expect(same.standing.copy.id == "tea" && abs(same.similarity - 1) < 1e-12)
    #expect(library.similar(to: try copy("run", "anything else"), limit: 9).allSatisfy { $0.standing.copy.id != "run" })
    #expect(try like("run").count == 4 && library.similar(to: try copy("x", "y"), limit: -1).isEmpty)
  }

  /// Cosines by the book, beside ours.
  @Test(arguments: [1, 2, 3] as [UInt64]) func similarityIsThePlainOne(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let words = ["sale", "shoe", "new", "tea", "now", "free", "gift"]
    func text() -> [String] {
      (0...Int.random(in: 0...5, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
    }
    let texts = (0..<30).map { _ in text() }
    let copies = try texts.enumerated().map {
      try LibraryCopy(id: "c\($0)", title: $1.joined(separator: " "), body: "{{user}}")
    }
    func weights(_ text: [String]) -> [String: Double] {
      var weights: [String: Double] = [:]
      for word in Set(text) {
        let has = Double(texts.count { $0.contains(word) })
        weights[word] =
          (1 + Elementary.log(Double(text.count { $0 == word }))) * (1 + Elementary.log(31 / (has + 1)))
      }
      return weights
    }
    func cosine(_ a: [String], _ b: [String]) -> Double {
      let (x, y) = (weights(a), weights(b))
      let dot = words.reduce(0) { $0 + (x[$1] ?? 0) * (y[$1] ?? 0) }
      func norm(_ z: [String: Double]) -> Double { words.reduce(0) { $0 + (z[$1] ?? 0) * (z[$1] ?? 0) }.squareRoot() }
      return dot / norm(x) / norm(y)
    }
    let library = library(copies)
    for (place, copy) in copies.enumerated() {
      let found = library.similar(to: copy, limit: 100)
      let expected = texts.indices.filter { $0 != place && cosine(texts[place], texts[$0]) > 0 }
      #expect(Set(found.map(\.standing.copy.id)) == Set(expected.map { "c\($0)" }), "seed \(seed)")
      for other in found {
        let index = try #require(Int(other.standing.copy.id.dropFirst()))
        #expect(abs(other.similarity - cosine(texts[place], texts[index])) < 1e-9, "seed \(seed)")
      }
      #expect(found.map(\.similarity) == found.map(\.similarity).sorted(by: >))
    }
  }

  @Test func aNewCopyStartsFromSimilarOnes() throws {
    var copies = try (0..<20).map { try copy("good\($0)", "跑鞋大促 第\($0)波", 5000, 400) }
    copies += try (0..<20).map { try copy("bad\($0)", "会员问卷 请填写\($0)", 5000, 100) }
    let library = library(copies)
    let all = library.clicks.prior
    let good = library.prior(for: try copy("n1", "跑鞋大促 加场"))
    let bad = library.prior(for: try copy("n2", "会员问卷 再填"))
    let strange = library.prior(for: try LibraryCopy(id: "n3", title: "hello", body: "there"))
    #expect(good.mean > all.mean && bad.mean < all.mean)
    #expect(strange == all || abs(strange.mean - all.mean) < 1e-12)
    // Words say little: the interval of each still holds what the library does.
    #expect(good.interval().contains(all.mean) && bad.interval().contains(all.mean))
    #expect(good.variance <= all.variance && good.variance > 0.75 * all.variance, "\(good.variance / all.variance)")
  }

  @Test func itsOwnCountsSayMoreAndNeverAll() throws {
    let copies = try (0..<20).map { try copy("c\($0)", "文案\($0)", 2000, 60) } + [copy("star", "文案", 1_000_000, 100_000)]
    let prior = library(copies).prior(for: copies[20])
    #expect(abs(prior.mean - 0.1) < 0.002)
    #expect(prior.variance.squareRoot() / prior.mean > 0.195, "another week will differ")
  }

  /// Rates of which words explain a fifth: the priors have to hold what they say, and to be better than none.
  @Test func priorsAreHonest() throws {
    var random = SeededGenerator(seed: 11)
    let words = (0..<15).map { _ in random.normal() }
    var copies: [LibraryCopy] = []
    var rates: [Double] = []
    for index in 0..<400 {
      let chosen = (0..<3).map { _ in Int.random(in: 0..<15, using: &random) }
      let told = chosen.reduce(0) { $0 + words[$1] } / 3.0.squareRoot()
      let score = 0.2.squareRoot() * told + 0.8.squareRoot() * random.normal()
      let rate = 0.04 * Elementary.exp(0.4 * score - 0.08)
      let clicks = (0..<1500).count { _ in random.fraction() < rate }
      rates.append(rate)
      let title = chosen.map { "w\($0)" }.joined(separator: " ")
      copies.append(
        try LibraryCopy(
          id: "c\(index)", title: title, body: "{{user}}",
          past: index < 300 ? LibraryCopy.Past(counts: CopyCounts(sends: 1500, clicks: clicks)) : nil))
    }
    let library = library(copies)
    var (held, plain, told) = (0, 0.0, 0.0)
    for index in 300..<400 {
      let prior = library.prior(for: copies[index])
      if prior.interval().contains(rates[index]) { held += 1 }
      plain += (rates[index] - library.clicks.prior.mean) * (rates[index] - library.clicks.prior.mean)
      told += (rates[index] - prior.mean) * (rates[index] - prior.mean)
    }
    #expect((88...100).contains(held), "\(held) of 100 within their 95%")
    #expect(told < 0.95 * plain, "\(told / plain)")
  }

  @Test func anUnknownCopyHasANearest() throws {
    let library = library([try copy("spring-a", "一"), try copy("spring-b", "二")])
    #expect(try library.standing(of: "spring-b").copy.title == "二")
    let error = #expect(throws: UnknownCopy.self) { try library.standing(of: "sprin-b") }
    #expect(error?.description == "there is no copy 'sprin-b' in the library (hint: did you mean 'spring-b'?)")
  }

  @Test func anEmptyLibrary() throws {
    let library = library([])
    let copy = try copy("a", "t")
    #expect(library.similar(to: copy).isEmpty && library["a"] == nil)
    #expect(library.prior(for: copy) == library.clicks.prior)
  }
}
