import AttuneModel
import Learning

extension ChoiceSettings {
  /// Consent is no taste, and a zone's name says little beside the hour.
  private static let unlearned: Set<String> = ["consent", "zone"]

  /// What is known of a user at an instant, as the learner takes it. A value it cannot take is left out.
  func context(_ profile: [Property], _ zone: Zone, _ learned: LearnedChoice?, at now: Instant) -> Context {
    var known: [Property] = []
    for property in profile {
      if let features {
        guard features.contains(property.name) else { continue }
      } else if Self.unlearned.contains(property.name) || property.name.hasPrefix("topics.") {
        continue
      }
      switch property.value {
      case .number(let number) where !number.isFinite: continue
      case .string(let text) where text.utf8.count > 64: continue
      case .list(let values) where values.count > 16: continue
      default: known.append(property)
      }
    }
    known.append(Property("$hour", .string("\(zone.timeOfDay(now) / 14_400_000)")))
    if !segments.isEmpty, let learned {
      known.append(Property("$refused", .number(learned.outcomes.refusedShare(of: segment(of: profile)))))
    }
    return (try? LearnedChoice.hasher.context(known)) ?? Context(dimensions: LearnedChoice.hasher.dimensions)
  }

  /// Which of the segments a user is in: the values of the properties that tell them apart.
  func segment(of profile: [Property]) -> String {
    segments.map { name in
      let value = profile[name]?.description ?? ""
      return value.isEmpty || value.utf8.count > 64 ? "-" : value
    }.joined(separator: " · ")
  }
}
