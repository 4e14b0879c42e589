import AttuneModel
public import Codec
public import Learning

extension JSONWriter {
  /// `{"estimate", "low", "high"}`; a bound is null where nothing is known.
  public mutating func member(_ name: String, _ interval: Interval?) {
    guard let interval else {
      member(name, String?.none)
      return
    }
    member(name) { json in
      json.object { json in
        json.member("estimate", .number(interval.estimate))
        json.member("low", .number(interval.low))
        json.member("high", .number(interval.high))
      }
    }
  }
}
