import AttuneModel
import Fatigue

let limits = FatiguePolicy.BusinessLimit(scene: "feed", days: 7, times: 3, minGap: .hours(4))
let policy = FatiguePolicy(
  zone: .utc, user: .init(perDay: 5), scenes: ["feed": .init(times: 2, window: .days(1))],
  businesses: ["price-drop": limits])
var fatigue = FatigueTracker(policy: policy)

let now = Instant(milliseconds: 1_795_305_600_000)  // time is always told, never asked for
let verdict = try fatigue.reserve(id: 1, user: "小明", business: "price-drop", at: now)
if verdict.passes { fatigue.settle(id: 1, user: "小明", as: .commit) }  // or .release: it failed, and no longer counts

let saved: [UInt8] = fatigue.encoded()  // for a file; the policy is not part of it
var loaded = try FatigueTracker(decoding: saved)
loaded.policy = policy
let next = try loaded.check(user: "小明", business: "price-drop", at: now + .hours(1))
print(next.passes, next.reason?.rawValue ?? "-", next.gap?.last == now)  // false gap true
