import AttuneModel

extension PatternReader {
  /// The time a match may take; nil where the steps themselves bound it, or cannot accumulate, which it judges only of
  /// steps without an error.
  func readWithin(
    _ node: Node?, _ draft: StepsReader.Draft, at place: Mark, judges: Bool, _ diagnostics: inout Diagnostics
  ) -> TimeSpan? {
    let hint = "within: 2h"
    if let node, node.scalar != "none" { return node.length("'within'", &diagnostics, hint: hint) }
    guard judges else { return nil }
    let mark = node?.mark ?? place
    let steps = draft.steps
    if draft.absence == .untilWithin {
      let isSingle = steps.firstWithoutGap == nil
      diagnostics.error(
        mark, "this absence has no end", hint: isSingle ? "\(hint), or 'for: 30m' on its last step" : hint)
    } else if let step = steps.firstAccumulating(despiteGaps: false) {
      let label = steps[step].label
      let message =
        node == nil
        ? "this pattern has no limit in time" : "without a limit in time this pattern keeps its attempts for ever"
      diagnostics.error(mark, message, hint: "\(hint), or a 'gap' in the step '\(label)'")
    } else if node == nil, steps.firstWithoutGap != nil || draft.endsWithNext {
      diagnostics.error(
        mark, "this pattern has no limit in time",
        hint: "\(hint), or 'within: none', since its attempts cannot pile up")
    }
    return nil
  }
}
