import AttuneModel
public import Codec
public import Learning
public import Materials

extension JSONWriter {
  /// What is known of a copy of the library: `"id", "title", "body", "tags", "scene"?, "language"?, "created", "past"?`
  /// as `POST /v1/copies` takes them, then `"counts"`, `"clickRate"` and `"optOutRate"` (`"mean", "low", "high"`),
  /// `"freshness"`, `"lastUsed"`.
  public mutating func members(of standing: CopyStanding) {
    members(of: standing.copy)
    member("counts") { $0.write(standing.total) }
    member("clickRate") { $0.write(rate: standing.clickRate) }
    member("optOutRate") { $0.write(rate: standing.optOutRate) }
    member("freshness") { $0.write(standing.freshness) }
    member("lastUsed", standing.history.lastUsed.map(Zone.date))
  }

  /// `"copies": [{"similarity", ...}]`
  public mutating func members(of similar: [SimilarCopy]) {
    member("copies") { json in
      json.array(similar) { json, one in
        json.object { json in
          json.member("similarity", .number(one.similarity.shortened))
          json.members(of: one.standing)
        }
      }
    }
  }

  /// `"days": [{"day", "sends", "deliveries", "clicks", "conversions", "optOuts"}]`, the oldest first.
  public mutating func days(of history: CopyHistory) {
    member("days") { json in
      json.array(history.days) { json, day in
        json.object { json in
          json.member("day", Zone.date(day.day))
          json.members(of: day.counts)
        }
      }
    }
  }

  /// What of a copy was given, as it can be given again.
  public mutating func members(of copy: LibraryCopy) {
    member("id", copy.id)
    member("title", copy.title)
    member("body", copy.body)
    member("tags") { json in json.array(copy.tags) { $0.write($1) } }
    if let scene = copy.scene { member("scene", scene) }
    if let language = copy.language { member("language", language) }
    member("created", copy.created)
    guard let past = copy.past else { return }
    member("past") { json in
      json.object { json in
        json.members(of: past.counts)
        if let lastUsed = past.lastUsed { json.member("lastUsed", lastUsed) }
      }
    }
  }

  private mutating func members(of counts: CopyCounts) {
    member("sends", counts.sends)
    member("deliveries", counts.deliveries)
    member("clicks", counts.clicks)
    member("conversions", counts.conversions)
    member("optOuts", counts.optOuts)
  }

  private mutating func write(_ counts: CopyCounts) { object { $0.members(of: counts) } }

  /// `{"mean", "low", "high", "strength"}`: the bounds hold it with 95% probability; the strength is in sends.
  public mutating func write(rate: Beta) {
    let interval = rate.interval()
    object { json in
      json.member("mean", .number(rate.mean.shortened))
      json.member("low", .number(interval.lowerBound.shortened))
      json.member("high", .number(interval.upperBound.shortened))
      json.member("strength", .number(rate.strength.shortened))
    }
  }

  private mutating func write(_ freshness: Freshness) {
    object { json in
      json.member("state", freshness.state.rawValue)
      if let ratio = freshness.ratio, let interval = freshness.interval {
        json.member("ratio", .number(ratio.shortened))
        json.member("low", .number(interval.lowerBound.shortened))
        json.member("high", .number(interval.upperBound.shortened))
      }
      json.member("weariness", .number(freshness.weariness.shortened))
    }
  }
}

extension Double {
  /// Four digits: more would be noise.
  var shortened: Double {
    guard isFinite, self != 0 else { return self }
    var (scale, rest) = (1.0, magnitude)
    while rest < 1000, scale < 1e12 { (scale, rest) = (scale * 10, rest * 10) }
    return (self * scale).rounded() / scale
  }
}

extension CSVWriter {
  /// Columns that an import understands. The counts are the ones that were brought along.
  public static let copyColumns = CopyError.Part.allCases.map(\.rawValue)

  public mutating func row(_ copy: LibraryCopy) {
    let past = copy.past
    row(
      CopyError.Part.allCases.map { part in
        switch part {
        case .id: copy.id
        case .title: copy.title
        case .body: copy.body
        case .tags: copy.tags.joined(separator: ";")
        case .scene: copy.scene ?? ""
        case .language: copy.language ?? ""
        case .created: Self.number(copy.created?.milliseconds)
        case .sends: Self.number(past?.counts.sends)
        case .deliveries: Self.number(past?.counts.deliveries)
        case .clicks: Self.number(past?.counts.clicks)
        case .conversions: Self.number(past?.counts.conversions)
        case .optOuts: Self.number(past?.counts.optOuts)
        case .lastUsed: Self.number(past?.lastUsed?.milliseconds)
        }
      })
  }

  private static func number(_ number: (some BinaryInteger)?) -> String { number.map { "\($0)" } ?? "" }
}
