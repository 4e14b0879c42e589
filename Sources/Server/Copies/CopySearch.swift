import Materials
import Store

/// One page of the library: by id, or with words the best match first.
struct CopySearch: Sendable {
  let words: String?
  let filter: CopyFilter
  /// The copy that the page before ended with.
  let after: String?
  let limit: Int

  /// - Returns: the copies, and what `after` is for the next page, if there is one.
  func page(of library: CopyLibrary, in store: any CopyStore) throws -> (page: [CopyStanding], next: String?) {
    var found = Found(self)
    guard let words else {
      for standing in library.standings where found.wantsMore { found.take(standing) }
      return try found.page
    }
    // As few matches as fill the page: most of the time the best are all that is asked for.
    let terms = SearchTerms(words)
    var (count, seen) = (limit + 1, 0)
    while true {
      let ids = try store.searchCopies(terms, limit: min(count, CopyLibrary.limit))
      for id in ids.dropFirst(seen) where found.wantsMore { library[id].map { found.take($0) } }
      if !found.wantsMore || ids.count < count || count >= CopyLibrary.limit { return try found.page }
      (count, seen) = (count * 8, ids.count)
    }
  }

  private struct Found {
    private let search: CopySearch
    private var hasBegun: Bool
    private var standings: [CopyStanding] = []

    init(_ search: CopySearch) {
      self.search = search
      hasBegun = search.after == nil
    }

    /// One more than the page has tells whether there is another.
    var wantsMore: Bool { standings.count <= search.limit }

    mutating func take(_ standing: CopyStanding) {
      guard search.filter.wants(standing.copy) else { return }
      if hasBegun { standings.append(standing) } else { hasBegun = standing.copy.id == search.after }
    }

    var page: (page: [CopyStanding], next: String?) {
      get throws {
        guard hasBegun else {
          throw Problem(
            parameter: "after", "'\(search.after ?? "")' is not among these copies",
            hint: "send back 'next' as it came")
        }
        let page = Array(standings.prefix(search.limit))
        return (page, standings.count > search.limit ? page.last?.copy.id : nil)
      }
    }
  }
}
