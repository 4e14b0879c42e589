/// Names under which a store says what it is.
public enum StoreMeta {
  /// The identity of the replay it belongs to; absent in a live store.
  public static let replay = "replay"
  /// The configuration's zone, for those who read times out of it.
  public static let zone = "zone"
  /// `fatigue` in a store of `attune serve --only fatigue`; absent in others.
  public static let purpose = "purpose"
  /// Tells the policies file that was published last from a changed one.
  public static let policiesFile = "policies.file"
}
