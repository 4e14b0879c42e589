import Fatigue
import Model

/// Fatigue control in Redis: check and reserve in one atomic script, with the same rules, answers and memory of ids.
///
/// Two hashes a call: the user's, with the day and the scene windows, and the key's, with its window, its last reach and
/// the ids that it counts. Both expire by themselves. Two reads decide; only what passes writes.
struct FatigueScript {
  private let digest: String
  private let businesses: [(name: String, limit: FatiguePolicy.BusinessLimit, arguments: [String])]
  private let zone: Zone
  private let perDay: String

  /// Loads it into a server.
  init(_ workload: FatigueWorkload, in redis: RedisConnection) throws {
    guard let digest = try redis.send("SCRIPT", "LOAD", Self.source).text else {
      throw Failure.unavailable("Redis does not take the script")
    }
    self.digest = digest
    let policy = workload.policy
    zone = policy.zone
    perDay = String(policy.user.perDay)
    businesses = workload.businesses.enumerated().compactMap { index, name in
      guard let limit = policy.businesses[name], let scene = policy.scenes[limit.scene] else { return nil }
      let place = "s\(policy.scenes.keys.sorted().firstIndex(of: limit.scene) ?? 0)"
      return (
        String(index), limit,
        [
          place + "e", place + "n", place + "t", String(scene.times), String(scene.window.milliseconds),
          String(limit.times), String(limit.days * 86_400_000), String(limit.minGap.milliseconds),
        ]
      )
    }
  }

  func append(_ call: FatigueWorkload.Call, to commands: inout RedisCommands) {
    let business = businesses[call.business]
    let day = zone.day(call.at)
    commands.append(
      [
        "EVALSHA", digest, "2", "u:" + call.user, "k:\(call.user):\(business.name)", String(call.id, radix: 36),
        String(call.at.milliseconds), String(day), String(zone.start(ofDay: day + 1).milliseconds), perDay,
      ] + business.arguments)
  }

  /// The dimension that refuses, or nil when it passes.
  struct Verdict: Equatable {
    var reason: FatigueVerdict.Dimension?

    init(reason: FatigueVerdict.Dimension?) { self.reason = reason }

    init(_ answer: RESPValue) throws {
      guard case .array(let values) = answer, case .integer(let passes) = values.first else {
        throw Failure.unavailable("Redis: the script gave no verdict")
      }
      let next = values.dropFirst(5).firstIndex { $0 != .null }
      guard passes == 1 || next != nil else { throw Failure.unavailable("Redis: the script gave no reason") }
      reason = passes == 1 ? nil : next.map { FatigueVerdict.Dimension.allCases[$0 - 5] }
    }
  }

  /// ARGV: id, now, day, its end, perDay; the fields of the scene's end, count and times, times, length; times, length,
  /// minGap. Answers: whether it passes, count of user, scene and window, the last reach, and what would be next in each
  /// dimension that fails.
  static let source = """
    local user = redis.call('HMGET', KEYS[1], 'day', 'n', 'x', ARGV[6], ARGV[7], ARGV[8])
    local key = redis.call('HMGET', KEYS[2], 'e', 'n', 't', 'l', 'f', ARGV[1])
    if key[6] then return {1} end
    local now, day = tonumber(ARGV[2]), tonumber(ARGV[3])
    local sceneTimes, times, minGap = tonumber(ARGV[9]), tonumber(ARGV[11]), tonumber(ARGV[13])
    local userCount, sceneCount, count = 0, 0, 0
    local sceneEnd, windowEnd, last, forget
    if key[1] then
      forget = tonumber(key[5])
      if now < forget then
        last = tonumber(key[4])
        if now < last then now = last end
        local e = tonumber(key[1])
        if now < e then
          local frozen = tonumber(key[3])
          windowEnd, count = e, tonumber(key[2])
          if frozen < times then times = frozen end
        end
      else
        redis.call('DEL', KEYS[2])
      end
    end
    if user[1] then
      local counted = tonumber(user[1])
      if counted >= day then day, userCount = counted, tonumber(user[2]) end
    end
    if user[4] then
      local e = tonumber(user[4])
      if now < e then
        local frozen = tonumber(user[6])
        sceneEnd, sceneCount = e, tonumber(user[5])
        if frozen < sceneTimes then sceneTimes = frozen end
      end
    end
    local userNext = userCount >= tonumber(ARGV[5]) and tonumber(ARGV[4])
    local sceneNext = sceneCount >= sceneTimes and sceneEnd
    local windowNext = count >= times and windowEnd
    local gapNext = last and now - last < minGap and last + minGap
    if userNext or sceneNext or windowNext or gapNext then
      return {0, userCount, sceneCount, count, last or false, userNext, sceneNext, windowNext, gapNext}
    end
    if sceneEnd then
      redis.call('HSET', KEYS[1], 'day', day, 'n', userCount + 1, ARGV[7], sceneCount + 1)
    else
      sceneEnd = now + ARGV[10]
      redis.call('HSET', KEYS[1], 'day', day, 'n', userCount + 1, ARGV[6], sceneEnd, ARGV[7], 1, ARGV[8], sceneTimes)
    end
    local expiry = math.max(sceneEnd, tonumber(ARGV[4]))
    if not user[3] or expiry > tonumber(user[3]) then
      redis.call('HSET', KEYS[1], 'x', expiry)
      redis.call('PEXPIREAT', KEYS[1], expiry)
    end
    local e = windowEnd or now + ARGV[12]
    local f = math.max(e, now + minGap)
    if windowEnd and f == forget then
      redis.call('HSET', KEYS[2], 'n', count + 1, 'l', now, ARGV[1], '')
    else
      redis.call('HSET', KEYS[2], 'e', e, 'n', count + 1, 't', times, 'l', now, 'f', f, ARGV[1], '')
      redis.call('PEXPIREAT', KEYS[2], f)
    end
    return {1, userCount, sceneCount, count, last or false, false, false, false, false}
    """
}
