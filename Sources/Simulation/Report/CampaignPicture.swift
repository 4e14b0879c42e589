import AttuneModel
public import Insight
import Reach

extension TownCampaign {
  /// The share of each copy from launch to end, smoothed over five columns; nil where it was not launched.
  public var picture: ShareChart? {
    guard let report else { return nil }
    let (_, columns) = diary.columns(of: wave, atMost: 96)
    guard let first = columns.first, let last = columns.last else { return nil }
    return ShareChart(
      title:
        "\(name): share of each copy, \(report.state.sent.grouped) messages, \(report.choice.clicks.grouped) clicks",
      start: zone.clock(first.at), end: zone.clock(last.at), names: report.choice.copies.map(\.figures.id),
      shares: CampaignDiary.shares(Self.smooth(columns)))
  }

  /// What was sent around each column, instead of in it: few messages make shares jump.
  private static func smooth(_ columns: [CampaignDiary.Page], reach: Int = 2) -> [CampaignDiary.Page] {
    var sum = Array(repeating: 0, count: columns.first?.sent.count ?? 0)
    return columns.indices.map { place in
      let before = place > reach ? columns[place - reach - 1].sent : Array(repeating: 0, count: sum.count)
      let after = columns[min(place + reach, columns.count - 1)].sent
      for copy in sum.indices { sum[copy] += after[copy] - before[copy] }
      var page = columns[place]
      page.sent = sum
      return page
    }
  }
}
