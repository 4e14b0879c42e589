/// Names under which a store says what it is.
public enum StoreMeta {
  /// The identity of the replay it belongs to; absent in a live store.
  public static let replay = "replay"
  /// The configuration's zone, for those who read times out of it.
  public static let zone = "zone"
}
