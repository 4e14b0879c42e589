import API
import AttuneModel
import Hummingbird
import Platform
import Reach
import Runtime
import Store

/// The configuration in force.
struct ConfigurationHandlers: Sendable {
  let settings: ServerSettings
  let driver: Driver
  let store: OpenedStore
  let shelf: CopyShelf
  let work: WorkQueue

  /// Bytes of a published configuration.
  static let limit = 8 << 20

  /// Checked as a whole, in force as a whole, or nothing changes. `reset` drops the open attempts of replaced rules.
  func postConfiguration(_ call: Call) async throws -> Response {
    let dryRun = call.query.flag("dryRun")
    let reset = call.query.flag("reset")
    let files = try await call.body(ConfigurationBody.self, upTo: Self.limit).files
    let source = try await work.run { try ConfigurationFolder.read(files: files) }
    // Before anything is published: a library that cannot be read leaves all as it is.
    let unfit = try await copyWarnings(source)
    let ours = CheckedConfiguration.settings(of: source, running: settings)
    // What is wrong with our own settings stands beside all that the engine finds, and nothing is published.
    let answer =
      dryRun || !ours.errors.isEmpty
      ? await work.run { [engine = await driver.read(\.withoutUsers)] in engine.check(source, reset: reset) }
      : try await driver.publish(source, reset: reset)
    let checked = try CheckedConfiguration(ours, answer)
    if !dryRun { try await blocking { [store] in try store.notes.setNote(StoreMeta.zone, to: checked.zone) } }
    return try .json(
      .ok,
      ConfigurationAnswer(
        changed: answer.isNew && !dryRun, dryRun: dryRun, differs: answer.isNew, reset: reset && !dryRun,
        rules: source.rules.count, businesses: source.businesses.count,
        changes: checked.changes.map(RuleChangeAnswer.init),
        documents: checked.documents.map(DocumentChangeAnswer.init),
        warnings: [DiagnosticAnswer](checked.warnings + unfit)))
  }

  /// Of campaigns that were not launched yet.
  private func copyWarnings(_ source: ConfigurationSource) async throws -> [Diagnostic] {
    guard source.namesCopies else { return [] }
    let engine = await driver.read(\.withoutUsers)
    let library = try await shelf.library()
    return await work.run { engine.withLaunched(source).copyWarnings(library).warnings }
  }
}
