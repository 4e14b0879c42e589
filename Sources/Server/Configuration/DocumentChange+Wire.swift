import API
import AttuneModel
import Reach

extension DocumentChangeAnswer {
  init(_ change: DocumentChange) {
    self.init(
      part: Part(change.part), name: change.name.isEmpty ? nil : change.name, change: Change(change.kind),
      differences: change.differences.map { DifferenceAnswer(path: $0.path, before: $0.before, after: $0.after) })
  }
}

extension DocumentChangeAnswer.Part {
  fileprivate init(_ part: DocumentChange.Part) {
    switch part {
    case .settings: self = .settings
    case .business: self = .business
    case .campaign: self = .campaign
    }
  }
}

extension DocumentChangeAnswer.Change {
  fileprivate init(_ kind: DocumentChange.Kind) {
    switch kind {
    case .new: self = .new
    case .changed: self = .changed
    case .removed: self = .removed
    }
  }
}
