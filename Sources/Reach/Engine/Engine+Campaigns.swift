import AttuneModel
import Learning
import Materials
import Rules

extension Engine {
  /// Users that one batch takes up at most, of all campaigns together: nobody waits long for it. Fewer where somebody
  /// waits for the batch.
  private static func waveLimit(beside inputs: [Input]) -> Int { inputs.isEmpty ? 4096 : 1024 }

  mutating func take(_ order: CampaignOrder) -> Acknowledgement {
    switch order {
    case .members: return .accepted  // its partition's
    case .launch: return .accepted  // see `launch`
    case .clear(let name):
      guard campaigns[name]?.document == nil else { return .refused }
      for index in partitions.indices { partitions[index].seats.drop(name) }
      return .accepted
    case .pause(let name): return change(name, from: [.running]) { $0.status = .paused }
    case .resume(let name): return change(name, from: [.paused]) { $0.status = .running }
    // What a campaign that is over still has in the outbox can be taken back too.
    case .stop(let name, recall: true) where campaigns[name]?.status.isOver == true: return .accepted
    case .stop(let name, _):
      let now = time.clock
      return change(name, from: [.running, .paused]) { $0.end(.stopped, "stopped by hand", at: now) }
    }
  }

  private mutating func change(
    _ name: String, from expected: Set<CampaignState.Status>, _ body: (inout CampaignState) -> Void
  ) -> Acknowledgement {
    guard let status = campaigns[name]?.status, expected.contains(status) else { return .refused }
    campaigns[name].map { before in
      var campaign = before
      body(&campaign)
      campaigns[name] = campaign
    }
    return .accepted
  }

  func isOver(_ campaign: Campaign) -> Bool { campaign.window?.upperBound ?? .distantFuture <= time.clock }

  /// The configuration with one more campaign.
  func compile(
    _ document: Node, _ diagnostics: inout Diagnostics
  ) -> (Campaign, Business, CompiledConfiguration)? {
    guard var source = source.map(withLaunched) else {
      diagnostics.error(document.mark, "there is no configuration to launch it in")
      return nil
    }
    if document.namesCopies {
      diagnostics.error(
        document.mark, "it names copies of the library, and there is none here", hint: "launch it on its server")
      return nil
    }
    let name = document["campaign"]?.scalar
    source.campaigns.removeAll { $0["campaign"]?.scalar == name }
    source.campaigns.append(document)
    let new = CompiledConfiguration(source, replacing: configuration, at: time.clock, &diagnostics)
    guard let new, let name, let campaign = new.campaigns[name], let business = new.businesses[name] else { return nil }
    return (campaign, business, new)
  }

  mutating func launch(_ document: Node) -> LaunchAnswer {
    var answer = LaunchAnswer()
    if let first = campaigns[document["campaign"]?.scalar ?? ""]?.document { return again(document, first) }
    guard let (campaign, business, new) = compile(document, &answer.diagnostics) else { return answer.refuse(.errors) }
    answer.tell(campaign)
    var state = CampaignState()
    var partitions = partitions
    var reachable = 0
    for index in partitions.indices {
      let sealed = partitions[index].seal(campaign, at: time.clock)
      state.audience += sealed.count
      state.duplicates += sealed.duplicates
      reachable += sealed.count - sealed.heldOut
    }
    answer.audience = state.audience
    if state.audience == 0 { return answer.refuse(.emptyAudience) }
    if isOver(campaign) { return answer.refuse(.windowOver) }
    do {
      let quotas = try campaign.quotas.quotas(for: business, audience: reachable)
      state.begin(by: document, at: time.clock)
      self.partitions = partitions
      campaigns[campaign.name] = state
      adopt(new)
      choices[campaign.name]?.begin(quotas, channels: campaign.quotas.channels.keys.sorted())
      return answer
    } catch {
      return answer.refuse(.quotas("\(error)"))
    }
  }

  /// Users handed in for a campaign so far.
  public func gathered(for campaign: String) -> Int {
    partitions.reduce(0) { $0 + $1.seats.count(of: campaign) }
  }

  /// Every business with learned choices has what is learned of them; copies that came or went are told it.
  mutating func adoptChoices() {
    for business in configuration.businesses.values {
      guard let settings = business.choice else { continue }
      // A campaign's begins with its launch.
      if configuration.campaigns[business.name] != nil, campaigns[business.name]?.document == nil { continue }
      if choices[business.name] == nil { choices[business.name] = LearnedChoice(business, settings) }
      choices[business.name]?.adopt(business)
    }
  }

  /// Before anything else: nothing is sent after a window is over.
  mutating func closeCampaigns() {
    for (name, state) in campaigns where !state.status.isOver {
      if let campaign = configuration.campaigns[name] { campaigns[name]?.close(campaign, at: time.clock) }
    }
  }

  /// What campaigns take up in this step.
  mutating func dueWaves(beside inputs: [Input]) -> [Wave] {
    var waves: [Wave] = []
    var room = Self.waveLimit(beside: inputs)
    for name in campaigns.keys.sorted() where campaigns[name]?.status == .running {
      guard let campaign = configuration.campaigns[name] else { continue }
      let count = campaigns[name]?.due(campaign, at: time.clock, upTo: room) ?? 0
      if count == 0 { continue }
      room -= count
      waves.append(wave(of: name, count))
    }
    return waves
  }

  /// Whether a wave is under way: another batch need not wait for time to pass.
  public var isInWave: Bool {
    campaigns.contains { name, state in
      configuration.campaigns[name].map { state.isInWave($0, at: time.clock) } ?? false
    }
  }

  /// Shares users out by how many each partition has left.
  private func wave(of name: String, _ count: Int) -> Wave {
    let left = partitions.map { $0.seats.remaining(of: name) }
    let total = left.reduce(0, +)
    var counts = Array(repeating: 0, count: left.count)
    var (before, given) = (0, 0)
    for index in left.indices where total > 0 {
      before += left[index]
      // Of the first `before` users, the wave's share: what is left over by rounding is the next one's.
      let share = Int((Double(count) * Double(before) / Double(total)).rounded())
      counts[index] = min(left[index], share - given)
      given += counts[index]
    }
    return Wave(campaign: name, counts: counts)
  }
}
