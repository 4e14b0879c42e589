import API
import Runtime
import Store

/// What a store holds. One is not taken for the other: each would lack what the other's journal goes by.
enum StorePurpose {
  /// The whole engine, by a configuration folder.
  case everything
  /// Fatigue alone, by policies.
  case fatigue

  private static let fatigueName = "fatigue"

  func claim(_ store: OpenedStore, isNew: Bool) throws {
    if try store.notes.note(StoreMeta.replay) != nil {
      throw ServerError(
        .replayStore,
        "the store in \(store.folder) belongs to a replay: its clock is that of the log "
          + "(hint: 'attune explain' and 'attune report' read it; serve another folder)")
    }
    let holdsFatigue = try store.notes.note(StoreMeta.purpose) == Self.fatigueName
    switch self {
    case .everything where holdsFatigue:
      throw ServerError(
        .otherPurpose,
        "the store in \(store.folder) belongs to 'attune serve --only fatigue' "
          + "(hint: start it with --only fatigue, or choose another folder with --store)")
    case .fatigue where !holdsFatigue && !isNew:
      throw ServerError(
        .otherPurpose,
        "the store in \(store.folder) belongs to a server with a configuration folder "
          + "(hint: that server answers /v1/fatigue too; for --only fatigue choose another folder with --store)")
    case .fatigue where !holdsFatigue: try store.notes.setNote(StoreMeta.purpose, to: Self.fatigueName)
    case .everything, .fatigue: break
    }
  }
}

extension StorePurpose {
  /// The parts of the API that such a server answers.
  var parts: Set<Route.Part> { self == .fatigue ? [.fatigue, .operations] : [.engine, .fatigue, .operations] }

  /// A hint for whoever asks for an address where there is nothing.
  var elsewhere: String? {
    self == .fatigue
      ? "this server runs with --only fatigue: /v1/fatigue/..., /livez, /readyz, /metrics, /openapi.json" : nil
  }
}
