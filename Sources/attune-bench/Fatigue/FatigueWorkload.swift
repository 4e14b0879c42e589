import AttuneModel
import CommandSupport
import Fatigue
import Runtime

/// A week of invented candidates, the same for whoever is measured: six days open the keys, the seventh is measured.
///
/// On the first six days every user is reached evenly, and each reach opens a key (user, business), whose window then
/// stays open to the end of the week. On the seventh, candidates for random keys come in at even distances.
struct FatigueWorkload {
  struct Call {
    var id: UInt64
    var user: String
    /// Which of `businesses`.
    var business: Int
    var at: Instant
  }

  /// Candidates a user on the day that is measured.
  static let candidatesPerUser = 10
  static let fillingDays = 6

  let users: Int
  let keysPerUser: Int
  let seed: UInt64
  let policy: FatiguePolicy
  let businesses: [String]
  /// A midnight in the policy's zone, so late that no store which looks at its own clock forgets anything.
  let start: Instant

  init(keys: Int, businesses count: Int, keysPerUser: Int, seed: UInt64) throws {
    self.keysPerUser = keysPerUser
    self.seed = seed
    users = max(1, keys / keysPerUser)
    businesses = (0..<count).map { "business-\($0)" }
    guard let zone = ZoneTables.zone(named: "Asia/Shanghai") else { throw Failure.data("no zone Asia/Shanghai") }
    start = zone.start(ofDay: 25_567)
    // As many a day as the filling takes, in as many scenes.
    let perDay = max(5, (keysPerUser + Self.fillingDays - 1) / Self.fillingDays)
    let scenes = (0..<perDay).map { ("scene-\($0)", FatiguePolicy.SceneLimit(times: 2, window: .days(1))) }
    let limits = businesses.enumerated().map { index, name in
      let scene = scenes[index % perDay].0
      return (
        name,
        FatiguePolicy.BusinessLimit(scene: scene, days: 7, times: 3, minGap: .hours(4), priority: index % 10)
      )
    }
    policy = FatiguePolicy(
      zone: zone, user: FatiguePolicy.UserLimit(perDay: perDay), scenes: Dictionary(uniqueKeysWithValues: scenes),
      businesses: Dictionary(uniqueKeysWithValues: limits))
  }

  /// How many are live when the filling is done.
  var keys: Int { users * keysPerUser }
  /// On the day that is measured.
  var candidates: Int { users * Self.candidatesPerUser }

  /// The reaches that open the keys, each user's in turn; all of them pass.
  func filling(_ range: Range<Int>, into calls: inout [Call]) {
    calls.removeAll(keepingCapacity: true)
    let week = TimeSpan.days(Int64(Self.fillingDays)).milliseconds
    for index in range {
      let at = start + TimeSpan(milliseconds: Int64(Double(week) * Double(index) / Double(keys)))
      let user = scattered(index % users)
      calls.append(call(index, user: user, key: index / users, at: at))
    }
  }

  /// Random candidates of the day after, by their number in it.
  func traffic(_ range: Range<Int>, into calls: inout [Call]) {
    calls.removeAll(keepingCapacity: true)
    let day = start + .days(Int64(Self.fillingDays))
    for index in range {
      let at = day + TimeSpan(milliseconds: Int64(86_400_000 * Double(index) / Double(candidates)))
      // By its number alone: whoever takes them in whatever portions gets the same.
      var random = SeededGenerator(seed: seed ^ mix64(UInt64(index)))
      let user = Int(random.next(upperBound: UInt64(users)))
      let key = Int(random.next(upperBound: UInt64(keysPerUser)))
      calls.append(call(keys + index, user: user, key: key, at: at))
    }
  }

  private func call(_ index: Int, user: Int, key: Int, at: Instant) -> Call {
    let first = Int(mix64(UInt64(user) ^ seed) % UInt64(businesses.count))
    return Call(
      id: mix64(seed &+ UInt64(index)), user: "u\(user)", business: (first + key) % businesses.count, at: at)
  }

  /// A user by its place in the order of a day, which is not that of the names.
  private func scattered(_ index: Int) -> Int {
    // Any number that shares no factor with `users` visits each of them once; a prime larger than it is such a one.
    Int(UInt64(index) &* 2_147_483_647 % UInt64(users))
  }
}
