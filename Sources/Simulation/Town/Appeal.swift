import AttuneModel
import Learning

/// What a copy of a campaign is to whom: the chance of a click, as only the town knows it. Drawn from the seed for each
/// copy and for each trait of a resident; the engine has to find it out.
struct Appeal: Sendable {
  let seed: UInt64

  /// Chance that a message nobody clicked is the one that is too much.
  static let refusal = 0.004
  /// A quiet message is clicked so much less.
  static let quiet = 0.3
  private static let usual = Elementary.logit(0.15)

  /// Of a message that arrives.
  func click(on message: Message, by resident: Resident) -> Double {
    click(on: message.material, by: resident) * (message.isQuiet ? Self.quiet : 1)
  }

  func click(on copy: String, by resident: Resident) -> Double {
    var score = Self.usual + 0.25 * draw(copy)
    for trait in ["city \(resident.city)", "age \(resident.age)", "visits \(resident.visits)"] {
      // Some click more than others, on whatever; and some copies are for some.
      score += 0.25 * draw(trait) + 0.5 * draw("\(copy) for \(trait)")
    }
    return Elementary.sigmoid(score)
  }

  private func draw(_ what: String) -> Double {
    var generator = SeededGenerator(seed: StableHash.of("appeal", what, seed: seed).value())
    return generator.normal()
  }
}
