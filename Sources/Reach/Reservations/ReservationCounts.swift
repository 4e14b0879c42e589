import AttuneModel
import Fatigue

/// What reservations add to the tally, summed by business: a key of the tally is four texts to hash, and a batch has
/// thousands of reservations of a few businesses.
struct ReservationCounts: Sendable {
  enum What: Int, CaseIterable {
    case reserved
    case refusedByUser, refusedByScene, refusedByWindow, refusedByGap
    case taken, failed, unknown
  }

  private struct Row {
    var business: String
    var scene: String
    var day: Int64
  }

  private var rows: [Row] = []
  /// `What` by row.
  private var counts: [Int] = []
  /// The newest row of each business.
  private var newest: [String: Int] = [:]

  mutating func add(_ what: What, _ business: String, scene: String, day: Int64) {
    let row: Int
    if let found = newest[business], rows[found].day == day, rows[found].scene == scene {
      row = found
    } else {
      row = rows.count
      newest[business] = row
      rows.append(Row(business: business, scene: scene, day: day))
      counts.append(contentsOf: repeatElement(0, count: What.allCases.count))
    }
    counts[row * What.allCases.count + what.rawValue] += 1
  }

  func add(to tally: inout Tally) {
    for (index, row) in rows.enumerated() {
      for what in What.allCases {
        let count = counts[index * What.allCases.count + what.rawValue]
        if count == 0 { continue }
        tally.add(
          Tally.Key(
            day: row.day, stage: what.stage, source: .reservation, scene: row.scene, business: row.business,
            detail: what.detail), count)
      }
    }
  }
}

extension ReservationCounts.What {
  init(_ verdict: FatigueVerdict) {
    self =
      switch verdict.reason {
      case nil: .reserved
      case .user: .refusedByUser
      case .scene: .refusedByScene
      case .window: .refusedByWindow
      case .gap: .refusedByGap
      }
  }

  init(_ settlement: FatigueSettlement) {
    self =
      switch settlement {
      case .commit: .taken
      case .release: .failed
      case .unknown: .unknown
      }
  }

  var stage: Tally.Stage {
    switch self {
    case .reserved: .reserved
    case .refusedByUser, .refusedByScene, .refusedByWindow, .refusedByGap: .refused
    case .taken: .taken
    case .failed: .failed
    case .unknown: .unknown
    }
  }

  var detail: String {
    switch self {
    case .refusedByUser: Obstacle.fatigue(.user).name
    case .refusedByScene: Obstacle.fatigue(.scene).name
    case .refusedByWindow: Obstacle.fatigue(.window).name
    case .refusedByGap: Obstacle.fatigue(.gap).name
    case .reserved, .taken, .failed, .unknown: ""
    }
  }
}
