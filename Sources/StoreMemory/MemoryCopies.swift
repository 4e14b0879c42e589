import AttuneModel
import Foundation
import Materials
import Store

struct MemoryCopies: CopyStore {
  let session: MemoryStore.Session

  func saveCopies(_ copies: [LibraryCopy], at now: Instant) throws(StoreError) -> CopyChanges {
    try session.writing { content throws(StoreError) in
      let count = Set(copies.map(\.id)).union(content.copies.keys).count
      guard count <= CopyLibrary.limit else {
        throw StoreError(
          .tooMany, "the library in memory would have \(count) copies, it takes at most \(CopyLibrary.limit)")
      }
      var changes = CopyChanges()
      for copy in copies {
        let old = content.copies[copy.id]
        let new = copy.replacing(old, at: now)
        content.copies[copy.id] = new
        if old == nil { changes.added += 1 } else if new == old { changes.unchanged += 1 } else { changes.changed += 1 }
      }
      return changes
    }
  }

  func removeCopies(_ ids: [String]) throws(StoreError) -> Int {
    try session.writing { content throws(StoreError) in ids.count { content.copies.removeValue(forKey: $0) != nil } }
  }

  func copies() throws(StoreError) -> [LibraryCopy] {
    try session.reading { content in content.copies.values.sorted { $0.id < $1.id } }
  }

  /// Every word in every copy, each time.
  func searchCopies(_ query: SearchTerms, limit: Int) throws(StoreError) -> [String] {
    let wanted = query.wanted.prefix(32).map { (terms: $0.terms.map(\.plain), isBeginning: $0.isBeginning) }
    if wanted.isEmpty { return [] }
    let texts = try copies().map { copy in
      let other = [copy.id] + copy.tags + [copy.scene, copy.language].compactMap(\.self)
      return (
        copy.id,
        [(copy.title, 4.0), (copy.body, 1), (other.joined(separator: " "), 2)].map { text, weight in
          (terms: SearchTerms(text).indexed.map(\.plain), weight: weight)
        }
      )
    }
    var scores: [String: Double] = [:]
    for (number, row) in wanted.enumerated() {
      var found: [String: Double] = [:]
      for (id, fields) in texts {
        let score = fields.reduce(0) {
          $0 + $1.weight * Double(Self.count(of: row.terms, row.isBeginning, in: $1.terms))
        }
        if score > 0 { found[id] = score }
      }
      // A rare word says more.
      let rarity = log(1 + Double(texts.count) / Double(max(1, found.count)))
      scores =
        number == 0
        ? [:].merging(found.mapValues { $0 * rarity }) { $1 }
        : scores.filter { found[$0.key] != nil }.reduce(into: [:]) {
          $0[$1.key] = $1.value + (found[$1.key] ?? 0) * rarity
        }
    }
    return scores.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit).map(\.key)
  }

  /// How often a row of terms stands in a text, one after the other.
  private static func count(of row: [String], _ isBeginning: Bool, in terms: [String]) -> Int {
    guard terms.count >= row.count else { return 0 }
    return (0...terms.count - row.count).count { start in
      row.indices.allSatisfy { place in
        let term = terms[start + place]
        return isBeginning && place == row.count - 1 ? term.hasPrefix(row[place]) : term == row[place]
      }
    }
  }
}

extension String {
  /// Without marks over its letters.
  fileprivate var plain: String { folding(options: .diacriticInsensitive, locale: nil) }
}
