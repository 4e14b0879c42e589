import CommandSupport
import Insight
import Runtime

extension Terminal {
  /// How far the replay of a log is.
  static func progress(replaying at: Runtime.Replay.Progress) {
    progress("replaying", Double(at.read) / Double(max(1, at.total)), "\(at.events.of("event"))")
  }
}
