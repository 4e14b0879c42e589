import Foundation
import Model
import Rules

// Made by: attune rules compile --for device rules/*.yaml -o app.rules; an app finds it in its bundle.
let bytes = try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]))
var stream = RuleStream(rules: try RuleSet(device: [UInt8](bytes)))
var outputs: [RuleStream.Output] = []

func track(_ name: String, item: String, at: Instant) {
  let properties = [Property("item", .string(item)), Property("price", .number(80))]
  stream.send(Event(user: "me", name: name, at: at, properties: properties), into: &outputs)
}

let now = Instant(milliseconds: 1_795_305_600_000)  // time is always told, never asked for
for minute in 0..<3 as Range<Int64> { track("view", item: "x", at: now + .minutes(minute)) }
stream.advance(clock: now + .hours(1), into: &outputs)  // by the app's timer: absences fire although nothing happens
for case .match(let match) in outputs { print(match.rule, match.emit.map { "\($0.name): \($0.value)" }) }
