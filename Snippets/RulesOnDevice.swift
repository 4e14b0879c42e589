import AttuneModel
import Foundation
import Rules

// Made by: attune rules compile --for device rules/*.yaml -o app.rules; an app finds it in its bundle.
let bytes = try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]))
var stream = RuleStream(rules: try RuleSet(device: [UInt8](bytes)))
var outputs: [RuleStream.Output] = []

let now = Instant(milliseconds: 1_795_305_600_000)  // time is always told, never asked for
for minute in 0..<3 as Range<Int64> {
  let item = Property("item", .string("x"))
  stream.send(Event(user: "me", name: "view", at: now + .minutes(minute), properties: [item]), into: &outputs)
}
let saved: [UInt8] = stream.encoded()  // for a file: open attempts, events that wait, profiles and the time
stream = try RuleStream(decoding: saved, rules: stream.rules)
stream.advance(clock: now + .hours(1), into: &outputs)  // by the app's timer: absences fire although nothing happens
for case .match(let match) in outputs { print(match.rule, match.emit.map { "\($0.name): \($0.value)" }) }
