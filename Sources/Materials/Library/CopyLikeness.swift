import Learning

/// Which copies are alike: the cosine between the terms of their texts, a term weighing more the fewer copies have it
/// (TF-IDF). Made once for a library; asking takes time for those that share a term.
struct CopyLikeness: Sendable {
  /// Of a text: its terms and their weights, with a norm of 1.
  struct Direction: Sendable {
    fileprivate(set) var weights: [(term: Int, weight: Double)]
  }

  private var terms: [String: Int] = [:]
  /// The texts that have a term.
  private var postings: [[(text: Int, weight: Double)]] = []
  private(set) var directions: [Direction] = []
  private let count: Int

  init(_ texts: [String]) {
    count = texts.count
    var counted: [[(term: Int, count: Int)]] = []
    var spread: [Int] = []
    for text in texts {
      var counts: [(term: Int, count: Int)] = []
      for (name, count) in Self.counts(of: text) {
        let term = terms[name] ?? spread.count
        if term == spread.count {
          terms[name] = term
          spread.append(0)
        }
        spread[term] += 1
        counts.append((term, count))
      }
      counted.append(counts.sorted { $0.term < $1.term })
    }
    directions = counted.map { counts in
      Self.direction(counts.map { ($0.term, Self.weight($0.count, in: spread[$0.term], of: texts.count)) })
    }
    postings = Array(repeating: [], count: spread.count)
    for (text, direction) in directions.enumerated() {
      for (term, weight) in direction.weights { postings[term].append((text, weight)) }
    }
  }

  /// Of any text. Terms that nobody has count in its norm alone.
  func direction(of text: String) -> Direction {
    var unknown = -1
    let weights = Self.counts(of: text).map { name, count in
      if let term = terms[name] { return (term, Self.weight(count, in: postings[term].count, of: self.count)) }
      defer { unknown -= 1 }
      return (unknown, Self.weight(count, in: 0, of: self.count))
    }
    return Self.direction(weights.sorted { $0.0 < $1.0 })
  }

  /// How like each text is that shares a term, in 0...1; in the order of texts.
  func cosines(to direction: Direction) -> [(text: Int, cosine: Double)] {
    var sums = [Double](repeating: 0, count: count)
    for (term, weight) in direction.weights where term >= 0 {
      for (text, other) in postings[term] { sums[text] += weight * other }
    }
    return sums.indices.filter { sums[$0] > 0 }.map { ($0, min(1, sums[$0])) }
  }

  static func cosine(_ a: Direction, _ b: Direction) -> Double {
    var (i, j, sum) = (0, 0, 0.0)
    while i < a.weights.count, j < b.weights.count {
      let (x, y) = (a.weights[i], b.weights[j])
      if x.term == y.term { sum += x.weight * y.weight }
      if x.term <= y.term { i += 1 }
      if y.term <= x.term { j += 1 }
    }
    return min(1, sum)
  }

  /// Each term once, in the order of the text, so that sums come out the same everywhere.
  private static func counts(of text: String) -> [(String, Int)] {
    var places: [String: Int] = [:]
    var counts: [(String, Int)] = []
    for term in Terms(text).compared {
      if let place = places[term] {
        counts[place].1 += 1
      } else {
        places[term] = counts.count
        counts.append((term, 1))
      }
    }
    return counts
  }

  private static func weight(_ count: Int, in texts: Int, of all: Int) -> Double {
    (1 + Elementary.log(Double(count))) * (1 + Elementary.log(Double(all + 1) / Double(texts + 1)))
  }

  private static func direction(_ weights: [(Int, Double)]) -> Direction {
    let norm = weights.reduce(0) { $0 + $1.1 * $1.1 }.squareRoot()
    return Direction(weights: norm > 0 ? weights.map { ($0.0, $0.1 / norm) } : [])
  }
}
