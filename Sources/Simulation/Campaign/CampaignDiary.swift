public import AttuneModel
import Learning
import Reach

/// A campaign as it went: what was seen of it whenever it had sent something.
public struct CampaignDiary: Hashable, Sendable {
  public struct Page: Hashable, Sendable {
    public var at: Instant
    /// Of each copy, so far.
    public var sent: [Int]
    /// Of each quota, in clicks.
    public var prices: [Double]
  }

  public internal(set) var pages: [Page] = []

  mutating func note(_ report: CampaignReport, at: Instant) {
    pages.append(
      Page(at: at, sent: report.choice.copies.map(\.figures.sent), prices: report.choice.quotas.map(\.price)))
  }

  /// The pages in columns of the same length, `most` at most: some whole number of waves each.
  func columns(of wave: TimeSpan, atMost most: Int) -> (length: TimeSpan, pages: [Page]) {
    guard let first = pages.first, let last = pages.last else { return (wave, []) }
    let step = max(1, wave.milliseconds)
    let waves = (last.at - first.at).milliseconds / step + 1
    let length = step * ((waves + Int64(most) - 1) / Int64(max(1, most)))
    var columns: [Page] = []
    for page in pages {
      let place = Int((page.at - first.at).milliseconds / length)
      // Nothing was sent in between: prices stay, and what was sent so far.
      while columns.count < place, let before = columns.last { columns.append(before) }
      if columns.count > place { columns[place] = page } else { columns.append(page) }
    }
    return (TimeSpan(milliseconds: length), columns)
  }

  /// Fewer messages than this have no shares.
  static let few = 5

  /// Of what was sent in each column, every copy's share; nil where that was next to nothing.
  static func shares(_ columns: [Page]) -> [[Double?]] {
    let copies = columns.first?.sent.count ?? 0
    var before = Array(repeating: 0, count: copies)
    var shares = Array(repeating: [Double?](), count: copies)
    for column in columns {
      let new = zip(column.sent, before).map { $0 - $1 }
      let all = new.reduce(0, +)
      for copy in new.indices { shares[copy].append(all >= few ? Double(new[copy]) / Double(all) : nil) }
      before = column.sent
    }
    return shares
  }
}
