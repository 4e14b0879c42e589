import API
import Codec
import Reach

extension ChoiceAnswer {
  init(of name: String, _ report: ChoiceReport) {
    self.init(
      business: name, copies: report.copies.map(Copy.init), quotas: report.quotas.map(Quota.init),
      refusals: report.refusals.map { Refusal(filter: $0.filter, copy: $0.copy, users: $0.users, cost: $0.cost) },
      segments: report.segments.map {
        Segment(segment: $0.name, users: $0.users, sent: $0.sent, refused: $0.refused, cost: $0.cost)
      })
  }
}

extension ChoiceAnswer.Copy {
  fileprivate init(_ copy: ChoiceReport.Copy) {
    let figures = copy.figures
    self.init(
      copy: figures.id, title: copy.title, withdrawn: figures.isWithdrawn, sent: figures.sent, quiet: figures.quiet,
      clicks: figures.clicks, conversions: figures.conversions, optOuts: figures.optOuts,
      randomSent: figures.randomSent, randomClicks: figures.randomClicks,
      clickProbability: Belief(
        mean: copy.belief == nil ? nil : copy.mean, from: copy.belief?.lowerBound, to: copy.belief?.upperBound),
      price: copy.price)
  }
}

extension ChoiceAnswer.Quota {
  fileprivate init(_ quota: ChoiceReport.Quota) {
    self.init(
      quota: quota.name, limit: quota.isMinimum ? nil : quota.limit, minimum: quota.isMinimum ? quota.limit : nil,
      used: quota.used, price: quota.price)
  }
}
