/// A configuration whose messages can be counted from outside.
enum Shop {
  /// One `thanks` for each purchase, whatever else was said; at most two `tip`s, some `offer`s with a distance, and four
  /// of both a day.
  static func files(lateness: String = "20ms") -> [String: String] {
    [
      "attune.yaml": """
      fatigue: { zone: Asia/Shanghai, user: { perDay: \(perDay) } }
      timing: { lateness: \(lateness) }
      channels:
        log: { type: log, file: sent.ndjson }
      """,
      "rules/bought.yaml": rule("bought", on: "buy"),
      "rules/viewed.yaml": rule("viewed", on: "view"),
      "businesses/thanks.yaml": business(
        "thanks", when: "bought", "{ days: 1, times: 1, minGap: 0s, obeys: false, counts: false }"),
      "businesses/tip.yaml": business("tip", when: "viewed", priority: 5, "{ days: 1, times: \(tips), minGap: 0s }"),
      "businesses/offer.yaml": business(
        "offer", when: "viewed", priority: 3, "{ days: 1, times: 20, minGap: \(offerGap)ms }"),
    ]
  }

  static let perDay = 4
  static let tips = 2
  static let offerGap: Int64 = 300

  static func rule(_ name: String, on event: String) -> String {
    """
    rule: \(name)
    key: [user, item]
    pattern:
      - { on: \(event), as: e }
    emit: { item: e.item }
    """
  }

  static func business(_ name: String, when rule: String, priority: Int = 0, _ fatigue: String) -> String {
    """
    business: \(name)
    scene: trade
    priority: \(priority)
    when: \(rule)
    fatigue: \(fatigue)
    filters: [consent]
    materials:
      - { id: plain, title: "\(name)", body: "{{item}}" }
    """
  }

  static func event(_ name: String, of item: String, by user: String) -> String {
    #"{"id":"\#(name)-\#(item)","user":"\#(user)","event":"\#(name)","item":"\#(item)"}"# + "\n"
  }

  /// In the zone of the configuration.
  static func day(_ at: Int64) -> Int64 { (at + 8 * 3_600_000) / 86_400_000 }
}
