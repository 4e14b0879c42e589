public import AttuneModel
import Learning
import Materials

extension Engine {
  /// What is launched goes on as it was launched, whatever the folder says of it by now. What is over is kept for its
  /// last receipts, as far as it still fits.
  public func withLaunched(_ source: ConfigurationSource) -> ConfigurationSource {
    let launched = campaigns.filter { $0.value.document != nil && !isForgotten($0.value) }.sorted { $0.key < $1.key }
    if launched.isEmpty { return source }
    let names = Set(launched.map(\.key))
    var source = source
    source.campaigns.removeAll { node in node["campaign"]?.scalar.map(names.contains) ?? false }
    let all = source.adding(launched.compactMap(\.value.document))
    if isSound(all) { return all }
    let running = source.adding(launched.filter { !$0.value.status.isOver }.compactMap(\.value.document))
    return launched.filter { $0.value.status.isOver }.compactMap(\.value.document).reduce(running) { kept, document in
      let next = kept.adding([document])
      return isSound(next) ? next : kept
    }
  }

  private func isSound(_ source: ConfigurationSource) -> Bool {
    var diagnostics = Diagnostics()
    return CompiledConfiguration(source, at: time.clock, &diagnostics) != nil
  }

  /// What campaigns that are not over would lack in a configuration that is sound itself.
  public func conflicts(with source: ConfigurationSource) -> Diagnostics {
    var conflicts = Diagnostics()
    for (name, state) in campaigns.sorted(by: { $0.key < $1.key }) where !state.status.isOver {
      guard let document = state.document else { continue }
      var with = source
      with.campaigns.removeAll { $0["campaign"]?.scalar == name }
      var found = Diagnostics()
      if CompiledConfiguration(with.adding([document]), at: time.clock, &found) != nil { continue }
      conflicts.error(
        document.mark,
        "the campaign '\(name)' is \(state.status.name) and would not fit: \(found.errors.first?.message ?? "it is broken")",
        hint: "stop it first ('attune campaign stop \(name)'), or keep what it needs until it is over")
    }
    return conflicts
  }

  /// What is written otherwise of a campaign than it was launched changes nothing.
  func warnFrozen(_ source: ConfigurationSource, _ diagnostics: inout Diagnostics) {
    for document in source.campaigns where !document.namesCopies {
      guard let name = document["campaign"]?.scalar, let state = campaigns[name], let launched = state.document,
        !isForgotten(state)
      else { continue }
      let paths = document.withoutPriors.differences(from: launched.withoutPriors).map(\.path)
      if paths.isEmpty { continue }
      let more = paths.count > 5 ? " and \(paths.count - 5) more" : ""
      diagnostics.warning(
        document.mark,
        "the campaign '\(name)' goes on as it was launched; written otherwise now, without effect: "
          + paths.prefix(5).joined(separator: ", ") + more,
        hint: "a launched campaign does not change: launch another one under a name of its own")
    }
  }

  var forgottenCampaigns: Set<String> { Set(campaigns.filter { isForgotten($0.value) }.keys) }

  /// Long over: nothing it said is answered any more.
  func isForgotten(_ campaign: CampaignState) -> Bool {
    guard campaign.status.isOver, let ended = campaign.ended else { return false }
    return time.clock >= ended + .days(30)
  }
}

extension ConfigurationSource {
  fileprivate func adding(_ documents: [Node]) -> ConfigurationSource {
    var source = self
    source.campaigns += documents
    return source
  }
}
