public import AttuneModel
public import Materials
public import Store

extension OpenedStore {
  /// The library as it stands, with what the journal tells of each copy; also beside a server that writes it.
  public func library(at now: Instant) throws -> CopyLibrary {
    let zone = try notes.note(StoreMeta.zone).flatMap(ZoneTables.zone(named:)) ?? .utc
    let copies = try self.copies.copies()
    let histories = copies.isEmpty ? [:] : CopyHistory.histories(in: try Projector(store: self).messages())
    return CopyLibrary(copies, histories: histories, today: zone.day(now))
  }
}
