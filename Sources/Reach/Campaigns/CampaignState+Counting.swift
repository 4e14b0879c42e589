import AttuneModel
import Learning

extension CampaignState {
  /// What speaks for a campaign, or against it.
  func seen(_ learned: LearnedChoice) -> HarmGuard.Seen {
    HarmGuard.Seen(
      optOuts: Moments(successes: learned.copies.reduce(0) { $0 + $1.optOuts }, trials: sent),
      treated: Moments(successes: treatedGoals, trials: taken - heldOut),
      held: Moments(successes: heldOutGoals, trials: heldOut))
  }

  mutating func count(_ what: Lesson.What) {
    switch what {
    case .heldOut: heldOut += 1
    case .held: held += 1
    case .refused: refused += 1
    case .deferred: deferred += 1
    case .woken:
      deferred -= 1
      return
    case .sent(let isQuiet, _):
      sent += 1
      if isQuiet { quiet += 1 }
    case .goal(let isTreated):
      if isTreated { treatedGoals += 1 } else { heldOutGoals += 1 }
      return
    case .undelivered(let isQuiet, _):
      sent -= 1
      undelivered += 1
      if isQuiet { quiet -= 1 }
      return
    case .clicked, .converted, .optedOut, .nothing: return
    }
  }
}
