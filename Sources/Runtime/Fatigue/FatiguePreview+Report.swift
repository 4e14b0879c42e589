public import AttuneModel
public import Fatigue

extension FatiguePreview {
  /// What changes, by business.
  public struct Report: Sendable {
    /// In alphabetical order.
    public var rows: [Row] { businesses.values.sorted { $0.name < $1.name } }
    public private(set) var total = Row(name: "total")
    /// The most reaches that any user got in a calendar day of theirs.
    public private(set) var mostADay = (before: 0, after: 0)
    private var businesses: [String: Row] = [:]
    private var users: [String: UserDay] = [:]

    public struct Row: Sendable {
      public var name: String
      /// Candidates that reached fatigue.
      public var reached = 0
      public var before = Count()
      public var after = Count()
      /// Refused before, let through now.
      public var newlyPassed = 0
      /// Let through before, refused now.
      public var newlyRefused = 0
    }

    public struct Count: Sendable {
      public var passed = 0
      public var refused: [FatigueVerdict.Dimension: Int] = [:]
      /// The policy did not have the business, or nobody knew the zone.
      public var unanswered = 0
    }

    /// The latest day on which a user was asked about.
    private struct UserDay {
      var day: Int64
      var before = 0
      var after = 0
      var isConcerned = false
    }

    /// Users with a candidate.
    public var userCount: Int { users.count }
    /// Those with a candidate that is answered otherwise.
    public var usersConcerned: Int { users.values.count { $0.isConcerned } }
    /// Businesses that the new policy does not have.
    public var unknown: [Row] { rows.filter { $0.after.unanswered > 0 } }

    mutating func add(user: String, business: String, day: Int64, before: Answer, after: Answer) {
      businesses[business, default: Row(name: business)].add(before, after)
      total.add(before, after)
      var today = users[user] ?? UserDay(day: day)
      // A day that was counted is never taken up again.
      if day > today.day { (today.day, today.before, today.after) = (day, 0, 0) }
      if before == .passed { today.before += 1 }
      if after == .passed { today.after += 1 }
      if (before == .passed) != (after == .passed) { today.isConcerned = true }
      users[user] = today
      mostADay = (max(mostADay.before, today.before), max(mostADay.after, today.after))
    }
  }
}

extension FatiguePreview.Report.Row {
  fileprivate mutating func add(_ before: FatiguePreview.Answer, _ after: FatiguePreview.Answer) {
    reached += 1
    self.before.add(before)
    self.after.add(after)
    if before != .passed, after == .passed { newlyPassed += 1 }
    if before == .passed, after != .passed { newlyRefused += 1 }
  }
}

extension FatiguePreview.Report.Count {
  fileprivate mutating func add(_ answer: FatiguePreview.Answer) {
    switch answer {
    case .passed: passed += 1
    case .refused(let dimension): refused[dimension, default: 0] += 1
    case .unanswered: unanswered += 1
    }
  }
}
