import AttuneModel
public import Codec
public import Rules

extension JSONWriter {
  /// One thing that came of a stream of events: the match itself, `{"retracted": match}`, or
  /// `{"late": {"id", "user", "event", "ts"}}`.
  public mutating func write(_ output: RuleStream.Output) {
    switch output {
    case .match(let match): write(match)
    case .retracted(let match): object { json in json.member("retracted") { $0.write(match) } }
    case .late(let event): object { json in json.member("late") { $0.writeName(of: event) } }
    }
  }

  /// `{"rule", "version", "key": [...], "at", "events": {alias: [id, ...]}, "emit": {...}}`: the values of the key in the
  /// rule's order, `at` in epoch milliseconds; an event without an id by the number it arrived under, from 0.
  public mutating func write(_ match: Match) {
    object { json in
      json.member("rule", match.rule)
      json.member("version", match.version)
      json.member("key", .list(match.key))
      json.member("at", match.at)
      json.member("events") { json in
        json.object { json in
          for step in match.events where !step.events.isEmpty {
            json.member(step.alias) { json in json.array(step.events) { $0.write($1) } }
          }
        }
      }
      json.member("emit", match.emit)
    }
  }

  private mutating func write(_ event: MatchedEvent) {
    if let id = event.id { write(id) } else { integer(Int64(clamping: event.sequence)) }
  }

  private mutating func writeName(of event: Event) {
    object { json in
      json.member("id", event.id)
      json.member("user", event.user)
      json.member("event", event.name)
      json.member("ts", event.at)
    }
  }
}
