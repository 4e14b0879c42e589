import Learning

/// Which copies are alike: the cosine between the terms of their texts, a term weighing more the fewer copies have it
/// (TF-IDF). Made once for a library; asking takes time for those that share a term.
struct CopySimilarity: Sendable {
  /// Of a text: its terms in order, and their weights, with a norm of 1.
  struct Direction: Sendable {
    fileprivate let weights: [(term: UInt64, weight: Double)]
  }

  let directions: [Direction]
  /// Which row of `postings` a term has.
  private let rows: [UInt64: Int]
  /// The texts that have a term, row after row; a row ends where the next one starts.
  private let postings: [(text: Int, weight: Double)]
  private let starts: [Int]

  init(_ texts: [String]) {
    let counted = texts.map(Self.counts)
    var rows: [UInt64: Int] = [:]
    var spread: [Int] = []
    let rowsOfTexts = counted.map { counts in
      counts.map { term, _ in
        let row = rows[term] ?? spread.count
        if row == spread.count {
          rows[term] = row
          spread.append(0)
        }
        spread[row] += 1
        return row
      }
    }
    let rarities = spread.map { Self.rarity($0, of: texts.count) }
    directions = zip(counted, rowsOfTexts).map { counts, rows in
      Self.direction(
        zip(counts, rows).map { ($0.term, Self.weight($0.count, rarities[$1])) })
    }
    var starts = [0]
    for count in spread { starts.append(starts[starts.count - 1] + count) }
    var ends = starts
    var postings = [(text: Int, weight: Double)](repeating: (0, 0), count: starts[starts.count - 1])
    for text in texts.indices {
      for ((_, weight), row) in zip(directions[text].weights, rowsOfTexts[text]) {
        postings[ends[row]] = (text, weight)
        ends[row] += 1
      }
    }
    self.rows = rows
    self.postings = postings
    self.starts = starts
  }

  /// Of any text. Terms that nobody has count in its norm alone.
  func direction(of text: String) -> Direction {
    Self.direction(
      Self.counts(text).map { term, count in
        (term, Self.weight(count, Self.rarity(postings(of: term).count, of: directions.count)))
      })
  }

  /// How like each text is that shares a term, in 0...1; in the order of texts.
  func cosines(to direction: Direction) -> [(text: Int, cosine: Double)] {
    var sums = [Double](repeating: 0, count: directions.count)
    for (term, weight) in direction.weights {
      for (text, other) in postings(of: term) { sums[text] += weight * other }
    }
    return sums.indices.filter { sums[$0] > 0 }.map { ($0, min(1, sums[$0])) }
  }

  private func postings(of term: UInt64) -> ArraySlice<(text: Int, weight: Double)> {
    rows[term].map { postings[starts[$0]..<starts[$0 + 1]] } ?? []
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

  /// Each term once, in order, so that sums come out the same everywhere.
  private static func counts(_ text: String) -> [(term: UInt64, count: Int)] {
    var counts: [(term: UInt64, count: Int)] = []
    for term in SearchTerms(text).compared.sorted() {
      if counts.last?.term == term { counts[counts.count - 1].count += 1 } else { counts.append((term, 1)) }
    }
    return counts
  }

  private static func weight(_ count: Int, _ rarity: Double) -> Double {
    count == 1 ? rarity : (1 + Elementary.log(Double(count))) * rarity
  }

  /// Of a term that so many texts have.
  private static func rarity(_ texts: Int, of all: Int) -> Double {
    1 + Elementary.log(Double(all + 1) / Double(texts + 1))
  }

  private static func direction(_ weights: [(UInt64, Double)]) -> Direction {
    let norm = weights.reduce(0) { $0 + $1.1 * $1.1 }.squareRoot()
    return Direction(weights: norm > 0 ? weights.map { ($0.0, $0.1 / norm) } : [])
  }
}
