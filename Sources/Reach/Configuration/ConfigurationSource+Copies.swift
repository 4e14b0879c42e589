public import AttuneModel
public import Materials

extension ConfigurationSource {
  /// Whether any of its campaigns names a copy of the library.
  public var namesCopies: Bool { campaigns.contains(where: \.namesCopies) }

  /// What would keep its campaigns from being launched with the copies that they name. Warnings: copies come and go, and
  /// a campaign begins only when it is launched. To be asked of a configuration without errors.
  /// - Parameter library: nil where there is none to look into.
  public func copyWarnings(_ library: CopyLibrary?) -> Diagnostics {
    var warnings = Diagnostics()
    guard let library else {
      for campaign in campaigns where campaign.namesCopies { campaign.warnOfCopies(&warnings) }
      return warnings
    }
    var (spelledOut, missing) = (self, Diagnostics())
    for index in campaigns.indices where campaigns[index].namesCopies {
      var found = Diagnostics()
      let campaign = campaigns[index].spellingOut(library, &found)
      if found.errors.isEmpty { spelledOut.campaigns[index] = campaign }
      missing.append(found)
    }
    // Their words may not suit the campaign.
    _ = CompiledConfiguration(spelledOut, at: Instant(milliseconds: 0), &missing)
    for error in missing.errors { warnings.warning(error.mark, error.message, hint: error.hint) }
    return warnings
  }
}

extension Node {
  /// At the first copy it names.
  fileprivate func warnOfCopies(_ warnings: inout Diagnostics) {
    let named = (self["materials"]?.items ?? []).compactMap { $0["copy"] }
    guard let first = named.first else { return }
    warnings.warning(
      first.mark, "the library was not asked for \(named.count == 1 ? "this copy" : "these \(named.count) copies")",
      hint: "a launch looks it up, 'attune check --store STORE' does so now")
  }
}
