import AttuneModel
public import Codec
import Insight

/// The closing words of a demonstration: funnel, three users, what was checked, and where everything is.
public struct DemoStory: Sendable {
  private let report: TownReport

  public init(_ report: TownReport) { self.report = report }

  public var text: String {
    ([opening, funnel, people] + report.campaigns.map { CampaignStory(campaign: $0).text } + [invariants, closing])
      .joined(separator: "\n\n") + "\n"
  }

  private var opening: String {
    let settings = report.settings
    let tally = report.tally
    let days = settings.days == 1 ? "one day" : "\(settings.days) days"
    return """
      A town of \(settings.users.grouped) people lived \(days) (seed \(settings.seed)).
      \(tally.total(.accepted).grouped) events were taken in, \(tally.total(.duplicate).grouped) came twice, \
      \(tally.total(.late).grouped) too late.
      \(report.people.reached.grouped) people were reached, \(report.people.neverReached.grouped) were not; \
      \(report.people.optedOut.grouped) had enough of something and said so.
      """
  }

  private var funnel: String {
    let funnel = Funnel(report.tally, by: .business)
    return funnel.table + "\n\n" + funnel.chart()
  }

  private var people: String {
    report.stories.map { "\($0.user), \($0.city): \($0.headline)\n\($0.text)" }.joined(separator: "\n\n")
  }

  private var invariants: String {
    let counted = "Counted again from the messages that left:"
    return ([counted] + report.invariants.map(line)).joined(separator: "\n")
  }

  private func line(_ invariant: Invariant) -> String {
    if invariant.holds { return "✓ \(invariant.name) (\(invariant.checked.grouped) checked)" }
    return
      (["✗ \(invariant.name): \(invariant.violations.grouped) of \(invariant.checked.grouped) broken"]
      + invariant.examples.map { "    \($0)" }).joined(separator: "\n")
  }

  private var closing: String {
    """
    Everything is in \(report.folder): journal, outbox and readable tables in attune.db,
    what was sent in sent.ndjson.
    """
  }
}

extension JSONWriter {
  /// `{"seed", "users", "days", "accepted", "duplicates", "late", "pending", "people": {...}, "funnel": {...},
  /// "campaigns": [...], "invariants": [...], "stories": [...], "store", "log"}`
  public mutating func write(_ report: TownReport) {
    object { json in
      json.member("seed", String(report.settings.seed))
      json.member("users", report.settings.users)
      json.member("days", report.settings.days)
      for (name, stage) in [("accepted", .accepted), ("duplicates", .duplicate), ("late", .late)]
        as [(String, Tally.Stage)]
      {
        json.member(name, report.tally.total(stage))
      }
      json.member("pending", report.pending)
      json.member("people") { json in
        json.object { json in
          json.member("reached", report.people.reached)
          json.member("neverReached", report.people.neverReached)
          json.member("optedOut", report.people.optedOut)
        }
      }
      json.member("funnel") { $0.write(Funnel(report.tally, by: .business)) }
      json.member("campaigns") { json in json.array(report.campaigns) { $0.write($1) } }
      json.member("invariants") { json in json.array(report.invariants) { $0.write($1) } }
      json.member("stories") { json in json.array(report.stories) { $0.write($1) } }
      json.member("store", report.folder)
      json.member("log", report.log)
    }
  }

  private mutating func write(_ invariant: Invariant) {
    object { json in
      json.member("name", invariant.name)
      json.member("holds", invariant.holds)
      json.member("checked", invariant.checked)
      json.member("violations", invariant.violations)
      json.member("examples", .list(invariant.examples.map(Value.string)))
    }
  }

  private mutating func write(_ story: Story) {
    object { json in
      json.member("user", story.user)
      json.member("headline", story.headline)
      json.member("city", story.city)
      json.member("timeline") { json in json.array(story.traces) { $0.write($1) } }
    }
  }
}
