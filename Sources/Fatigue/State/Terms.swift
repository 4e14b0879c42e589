import AttuneModel

/// What a reach froze: its business and scene, and the limits they had. Shared by all reaches of one policy, so that a
/// reach needs four bytes for it.
struct Terms: Hashable, Sendable {
  /// Numbers of the names.
  var business: UInt32
  var scene: UInt32
  var priority: Int
  var length: TimeSpan
  var times: Int
  /// At least 0.
  var minGap: TimeSpan
  /// 0 when the scene had no limit.
  var sceneLength: TimeSpan
  var sceneTimes: Int

  /// From its instant on, a reach matters at least so long.
  var reach: TimeSpan { max(length, minGap, sceneLength) }
}
