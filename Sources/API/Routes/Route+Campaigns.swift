extension Route {
  private static let announced = Parameter(
    "audience", .integer(0...Int.max), "With dryRun: the users that would be handed in before.")

  private static let launched = [
    Answer(202, .json(CampaignLaunchAnswer.self), "It is launched; Location says where to look on."),
    Answer(200, .json(CampaignLaunchAnswer.self), "The same one was launched before, or it was only checked."),
    Answer(409, nil, "Another campaign of this name was launched."),
    Answer(422, nil, "'diagnostics' lists every mistake."),
  ]

  private static func order(_ id: ID, _ verb: String, _ about: String, query: [Parameter] = []) -> Route {
    Route(
      id, .post, "/v1/campaigns/{name}/\(verb)", about, query: query,
      answers: [
        Answer(200, .json(CampaignOrderAnswer.self), "How it is now."),
        Answer(404, nil, "It was not launched, or there is none."), Answer(409, nil, "It is over."),
      ])
  }

  static let campaigns = [
    Route(
      .listCampaigns, .get, "/v1/campaigns", "Those of the configuration, and all that were launched.",
      answers: [Answer(200, .json(CampaignsAnswer.self), "In alphabetical order.")]),
    Route(
      .postCampaign, .post, "/v1/campaigns",
      "Launches a campaign, checked against the configuration in force. The same one again changes nothing.",
      query: [.dryRun, announced], body: .document(CampaignBody.self), answers: launched),
    Route(
      .getCampaign, .get, "/v1/campaigns/{name}",
      "How far it is, what its copies bring, what its quotas are worth.",
      answers: [
        Answer(200, .json(CampaignAnswer.self), "The campaign."),
        Answer(404, nil, "It was not launched, or there is none."),
      ]),
    Route(
      .postAudience, .post, "/v1/campaigns/{name}/audience",
      "Takes users of a campaign, before its launch, in as many requests of any length as it takes.",
      body: .text("text/plain"),
      answers: [
        Answer(202, .json(AudienceAnswer.self), "They are taken in."), Answer(409, nil, "It was launched."),
      ]),
    Route(
      .deleteAudience, .delete, "/v1/campaigns/{name}/audience", "Forgets the users handed in, to begin again.",
      answers: [
        Answer(200, .json(ClearedAudienceAnswer.self), "They are forgotten."), Answer(409, nil, "It was launched."),
      ]),
    Route(
      .launchCampaign, .post, "/v1/campaigns/{name}/launch", "Launches a campaign of the configuration.",
      query: [.dryRun, announced],
      answers: launched + [Answer(404, nil, "The configuration has none of this name.")]),
    order(.pauseCampaign, "pause", "Sends nothing more until it is resumed."),
    order(.resumeCampaign, "resume", "Goes on where it was paused."),
    order(
      .stopCampaign, "stop", "Ends it for good; what was sent stays sent.",
      query: [Parameter("recall", .flag, "Takes back the messages that still wait to be sent.")]),
  ]
}
