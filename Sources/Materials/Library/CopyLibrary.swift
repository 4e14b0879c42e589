public import AttuneModel
public import Learning

/// All copies and what is known of them, at one moment: how good each is, which are alike, where a new one starts.
public struct CopyLibrary: Sendable {
  /// More are not taken in: a library is read as a whole.
  public static let limit = 100_000

  /// By id, in order.
  public let standings: [CopyStanding]
  /// Over the copies of the library.
  public let clicks: RateSpread
  public let optOuts: RateSpread
  private let places: [String: Int]
  private let similarity: CopySimilarity

  /// - Parameters:
  ///   - histories: by copy; those of others are left alone.
  ///   - today: the calendar day of the configuration's zone, since 1970-01-01.
  public init(_ copies: [LibraryCopy], histories: [String: CopyHistory], today: Int64) {
    let copies = copies.sorted { $0.id < $1.id }
    let known = copies.map { histories[$0.id] ?? CopyHistory() }
    let totals = zip(copies, known).map { ($0.past?.counts ?? CopyCounts()) + $1.total }
    let clicks = RateSpread(totals.map { ($0.clicks, $0.sends) }, believing: .clicks)
    let optOuts = RateSpread(totals.map { ($0.optOuts, $0.sends) }, believing: .optOuts)
    standings = copies.indices.map { index in
      let (copy, total) = (copies[index], totals[index])
      return CopyStanding(
        copy: copy, history: known[index], total: total,
        clickRate: clicks.posterior(successes: total.clicks, trials: total.sends),
        optOutRate: optOuts.posterior(successes: total.optOuts, trials: total.sends),
        freshness: Freshness(known[index], past: copy.past?.counts ?? CopyCounts(), today: today))
    }
    places = Dictionary(copies.indices.map { (copies[$0].id, $0) }) { first, _ in first }
    similarity = CopySimilarity(copies.map(\.text))
    self.clicks = clicks
    self.optOuts = optOuts
  }

  /// Throws `UnknownCopy` where there is none.
  public func standing(of id: String) throws(UnknownCopy) -> CopyStanding {
    if let standing = self[id] { return standing }
    throw UnknownCopy(id: id, nearest: nearest(to: id))
  }

  /// The id that may have been meant.
  public func nearest(to id: String) -> String? { AttuneModel.nearest(to: id, among: standings.lazy.map(\.copy.id)) }

  /// What is known of a copy; nil where there is none of that id.
  public subscript(id: String) -> CopyStanding? { places[id].map { standings[$0] } }

  /// Those whose words are most like a copy's, itself left out, the most alike first.
  public func similar(to copy: LibraryCopy, limit: Int = 10) -> [SimilarCopy] {
    Array(
      alike(copy).lazy.map { SimilarCopy(standing: standings[$0.text], similarity: $0.cosine) }
        .prefix(max(0, limit)))
  }

  /// What is believed of a copy's click rate before a campaign says it.
  ///
  /// Its words alone tell little: see `SimilarityPrior`. Its own counts, where it has some, tell the rest; but never more
  /// than `CopyLibrary.certainty` allows, as another audience and another week will differ.
  public func prior(for copy: LibraryCopy) -> Beta {
    let neighbours = alike(copy).lazy.filter { standings[$0.text].total.sends > 0 }.prefix(SimilarityPrior.neighbours)
      .map { alike in
        let total = standings[alike.text].total
        return SimilarityPrior.Neighbour(
          clicks: total.clicks, sends: total.sends, cosine: alike.cosine,
          direction: similarity.directions[alike.text])
      }
    var prior = SimilarityPrior.prior(from: clicks.prior, Array(neighbours))
    if let own = self[copy.id]?.total {
      prior = prior.updated(successes: own.clicks, failures: own.sends - min(own.sends, own.clicks))
    }
    let strongest = (1 - prior.mean) / (prior.mean * Self.certainty * Self.certainty)
    return Beta(mean: prior.mean, strength: min(prior.strength, strongest))
  }

  /// The least standard deviation of a prior, over its mean.
  public static let certainty = 0.2

  private func alike(_ copy: LibraryCopy) -> [(text: Int, cosine: Double)] {
    let own = places[copy.id]
    return similarity.cosines(to: similarity.direction(of: copy.text)).filter { $0.text != own }
      .sorted { ($1.cosine, $0.text) < ($0.cosine, $1.text) }
  }
}

/// What is known of one copy.
public struct CopyStanding: Hashable, Sendable {
  public let copy: LibraryCopy
  /// Here, by day.
  public let history: CopyHistory
  /// What was brought along and what happened here.
  public let total: CopyCounts
  /// Clicks of sends, shrunk to the library's: the mean is the rate to go by.
  public let clickRate: Beta
  /// Opt-outs of sends, likewise.
  public let optOutRate: Beta
  /// Whether it still does what it did.
  public let freshness: Freshness

  /// The copy for another library: what it did here becomes what it brings along.
  public func asPast(in zone: Zone) -> LibraryCopy {
    guard total.sends > 0 else { return copy }
    let used = [copy.past?.lastUsed, history.lastUsed.map { zone.start(ofDay: $0) }].compactMap(\.self).max()
    // A click may have come in without its send, which another store would not take.
    let counts = CopyCounts(
      sends: total.sends, deliveries: min(total.deliveries, total.sends), clicks: min(total.clicks, total.sends),
      conversions: min(total.conversions, total.sends), optOuts: min(total.optOuts, total.sends))
    return copy.replacing(past: LibraryCopy.Past(counts: counts, lastUsed: used))
  }
}

/// A copy and how alike its words are.
public struct SimilarCopy: Hashable, Sendable {
  public let standing: CopyStanding
  /// In 0...1: the cosine between the words.
  public let similarity: Double
}

/// A copy is named that the library does not have.
public struct UnknownCopy: Error, Hashable, Sendable, CustomStringConvertible {
  public var id: String
  /// What may have been meant.
  public var nearest: String?

  public init(id: String, nearest: String?) {
    self.id = id
    self.nearest = nearest
  }

  public var description: String {
    "there is no copy '\(id)' in the library" + (nearest.map { " (hint: did you mean '\($0)'?)" } ?? "")
  }
}
