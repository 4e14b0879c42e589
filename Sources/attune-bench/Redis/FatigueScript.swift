import AttuneModel
import CommandSupport
import Fatigue

/// Fatigue control in Redis: check and reserve in one atomic script, with the same rules, answers and memory of ids.
///
/// All of a user is one hash: the day, and a field for each scene and business with its window, packed so small that
/// Redis keeps the whole of it in one piece of memory. One read decides, and only what passes writes, once. That was
/// the fastest, and by far the smallest, of the ways that were tried; hashes of plain numbers and a key for each window
/// took up to 1.8 times as long. What it gives up: a user's fields go together, when the last of them has ended.
struct FatigueScript {
  private let digest: String
  /// Of each business, as the script takes them.
  private let limits: [[String]]
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
    limits = workload.businesses.enumerated().compactMap { index, name in
      guard let limit = policy.businesses[name], let scene = policy.scenes[limit.scene] else { return nil }
      let number = policy.scenes.keys.sorted().firstIndex(of: limit.scene) ?? 0
      return [
        "s\(number)", String(scene.times), String(scene.window.milliseconds), "b\(index)", String(limit.times),
        String(limit.days * 86_400_000), String(limit.minGap.milliseconds),
      ]
    }
  }

  func append(_ call: FatigueWorkload.Call, to commands: inout RedisCommands) {
    let day = zone.day(call.at)
    let id = String(call.id, radix: 36)
    commands.append(
      [
        "EVALSHA", digest, "1", call.user, String(repeating: "0", count: 13 - id.utf8.count) + id + ";",
        String(call.at.milliseconds), String(day), String(zone.start(ofDay: day + 1).milliseconds), perDay,
      ] + limits[call.business])
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

  /// KEYS: the user. ARGV: id (of a fixed width, ended by a semicolon), now, day, the day's end, perDay; the scene's
  /// field, times and length; the business's field, times, length and minGap.
  ///
  /// Answers whether it passes, the counts of user, scene and window, the last reach, and for each dimension that fails
  /// the instant at which it next passes.
  static let source = """
    local kept = redis.call('HMGET', KEYS[1], 'd', ARGV[6], ARGV[9])
    local now, day = tonumber(ARGV[2]), tonumber(ARGV[3])
    local sceneTimes, times, minGap = tonumber(ARGV[7]), tonumber(ARGV[10]), tonumber(ARGV[12])
    local userCount, sceneCount, count, expiry, ids = 0, 0, 0, 0, ''
    local sceneEnd, windowEnd, last
    local packed = kept[3]
    if packed then
      local n, frozen, ends, at, forgotten, rest = struct.unpack('<HHI6I6I6', packed)
      if now < forgotten then
        ids, last = string.sub(packed, rest), at
        if string.find(ids, ARGV[1], 1, true) then return {1} end
        if now < last then now = last end
        if now < ends then
          windowEnd, count = ends, n
          if frozen < times then times = frozen end
        end
      end
    end
    packed = kept[1]
    if packed then
      local counted, n, ends = struct.unpack('<I4HI6', packed)
      expiry = ends
      if counted >= day then day, userCount = counted, n end
    end
    packed = kept[2]
    if packed then
      local n, frozen, ends = struct.unpack('<HHI6', packed)
      if now < ends then
        sceneEnd, sceneCount = ends, n
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
    sceneEnd = sceneEnd or now + ARGV[8]
    windowEnd = windowEnd or now + ARGV[11]
    local forgotten = math.max(windowEnd, now + minGap)
    local ends = math.max(forgotten, sceneEnd, tonumber(ARGV[4]), expiry)
    redis.call('HSET', KEYS[1], 'd', struct.pack('<I4HI6', day, userCount + 1, ends),
      ARGV[6], struct.pack('<HHI6', sceneCount + 1, sceneTimes, sceneEnd),
      ARGV[9], struct.pack('<HHI6I6I6', count + 1, times, windowEnd, now, forgotten) .. ids .. ARGV[1])
    if ends > expiry then redis.call('PEXPIREAT', KEYS[1], ends) end
    return {1, userCount, sceneCount, count, last or false, false, false, false, false}
    """
}
