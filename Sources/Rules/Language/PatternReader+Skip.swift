import AttuneModel

// What becomes of matches side by side.
extension PatternReader {
  func readSkip(
    _ node: Node, _ steps: [Pattern.Step], _ diagnostics: inout Diagnostics
  ) -> Pattern.Skip? {
    let words: [String: Pattern.Skip] = ["none": .none, "toNext": .toNext, "pastLast": .pastLast]
    guard let text = node.text("'skip'", &diagnostics) else { return nil }
    if let skip = words[text] { return skip }
    for (prefix, isFirst) in [("toFirst(", true), ("toLast(", false)]
    where text.hasPrefix(prefix) && text.hasSuffix(")") {
      let alias = String(text.dropFirst(prefix.count).dropLast())
      if let step = steps.firstIndex(where: { $0.label == alias }) {
        return isFirst ? .toFirst(step: step) : .toLast(step: step)
      }
      let near = nearest(to: alias, among: steps.map(\.label)).map { "did you mean '\($0)'?" }
      diagnostics.error(node.mark, "'skip' names '\(alias)', and no step is called that", hint: near)
      return nil
    }
    let all = words.keys.sorted() + ["toFirst(v)", "toLast(v)"]
    let near = nearest(to: text, among: all).map { "did you mean '\($0)'?" }
    diagnostics.error(node.mark, "expected 'skip' to be one of \(all.joined(separator: ", "))", hint: near)
    return nil
  }

  func readRepetition(
    _ node: Node?, endsInAbsence: Bool, skip: Node?, _ diagnostics: inout Diagnostics
  ) -> Pattern.Repetition {
    guard let node else { return endsInAbsence && skip == nil ? .restart : .each }
    let word = node.choice("'repeat'", of: ["restart", "each"], &diagnostics)
    guard word == "restart" else { return .each }
    if !endsInAbsence {
      diagnostics.warning(
        node.mark, "'repeat: restart' changes nothing here: the pattern ends in an event and nothing waits",
        hint: "leave it out, or end the pattern in 'not'")
    } else if let skip, skip.scalar != "pastLast" {
      diagnostics.error(
        skip.mark,
        "'skip' has no meaning with 'repeat: restart', which has one wait per key and uses up what it matched",
        hint: "leave out one of them; any other 'skip' implies 'repeat: each'")
    }
    return endsInAbsence ? .restart : .each
  }
}
