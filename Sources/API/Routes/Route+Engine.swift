extension Route {
  static let ingest = [
    Route(
      .postEvents, .post, "/v1/events", "Takes events in; answers when they are durable.",
      body: .items(EventBody.self),
      answers: [
        Answer(202, .json(EventsAnswer.self), "At least one was taken in; each item tells what became of it."),
        Answer(400, nil, "None was taken in."),
      ]),
    Route(
      .postReceipts, .post, "/v1/receipts", "Takes in what became of messages; answers when it is durable.",
      body: .items(ReceiptBody.self),
      answers: [
        Answer(202, .json(ReceiptsAnswer.self), "At least one was taken in; each item tells what became of it."),
        Answer(400, nil, "None was taken in."),
      ]),
  ]

  static let users = [
    Route(
      .getUser, .get, "/v1/users/{id}", "What is known of a user.",
      answers: [Answer(200, .json(ProfileAnswer.self), "The profile."), Answer(404, nil, "No profile is known.")]),
    Route(
      .putUser, .put, "/v1/users/{id}", "Changes the properties that are named; null removes one.",
      body: .json(ProfileBody.self), answers: [Answer(204, nil, "The change is durable.")]),
    Route(
      .deleteUser, .delete, "/v1/users/{id}",
      "Forgets the user in the engine: profile, attempts, limits, what was put off.",
      answers: [Answer(204, nil, "From here on nothing decides by what was known.")]),
    Route(
      .getTimeline, .get, "/v1/users/{id}/timeline", "Every answer given on a user, the newest first.",
      query: [
        .limit(1...500, default: 50), Parameter("before", .cursor, "The 'next' of the page before."),
        Parameter("business", .text, "Only this business's."),
      ], answers: [Answer(200, .json(TimelineAnswer.self), "A page.")]),
    Route(
      .getFunnel, .get, "/v1/reports/funnel", "How many candidates got how far.",
      query: [
        Parameter("by", .choice(FunnelAnswer.Dimension.allCases.map(\.rawValue)), "Default is business."),
        Parameter("since", .day, "From this day on, in the configuration's zone."),
        Parameter("until", .day, "Up to this day, which is excluded."),
      ], answers: [Answer(200, .json(FunnelAnswer.self), "The counts.")]),
  ]

  static let copies = [
    Route(
      .listCopies, .get, "/v1/copies", "The library of copies: by id, or with words the best match first.",
      query: [
        Parameter("q", .text, "Words that a copy has all of."), Parameter("tag", .text, "Only with this tag."),
        Parameter("scene", .text, "Only of this scene."),
        Parameter("language", .text, "Only in this language; zh takes zh-CN too."),
        .limit(1...500, default: 50), Parameter("after", .text, "The 'next' of the page before."),
      ], answers: [Answer(200, .json(CopiesAnswer.self), "A page.")]),
    Route(
      .postCopies, .post, "/v1/copies", "Takes copies into the library: all of them, or none.",
      body: .items(CopyBody.self),
      answers: [
        Answer(200, .json(CopyChangesAnswer.self), "All were taken."),
        Answer(400, nil, "None was taken; 'errors' tells of each."),
      ]),
    Route(
      .getCopy, .get, "/v1/copies/{id}", "One copy, with its days and the prior a campaign would start with.",
      answers: [Answer(200, .json(CopyAnswer.self), "The copy."), Answer(404, nil, "There is no such copy.")]),
    Route(
      .deleteCopy, .delete, "/v1/copies/{id}", "Forgets a copy, not what it did.",
      answers: [Answer(204, nil, "It is gone."), Answer(404, nil, "There is no such copy.")]),
    Route(
      .listSimilarCopies, .get, "/v1/copies/{id}/similar", "Copies with the most similar words.",
      query: [.limit(1...100, default: 10)],
      answers: [
        Answer(200, .json(SimilarCopiesAnswer.self), "The most similar first."),
        Answer(404, nil, "There is no such copy."),
      ]),
    Route(
      .getChoice, .get, "/v1/choices/{business}",
      "What is known of the copies of a business with 'choose: learned', or of a campaign's.",
      answers: [
        Answer(200, .json(ChoiceAnswer.self), "Its copies, quotas, and what filters kept from whom."),
        Answer(404, nil, "Nothing is learned of it."),
      ]),
  ]

  static let configuration = [
    Route(
      .postConfiguration, .post, "/v1/configuration",
      "Publishes a configuration folder: checked as a whole, in force at one instant, or nothing changes.",
      query: [
        .dryRun,
        Parameter("reset", .flag, "Drops the open attempts of changed rules instead of finishing them."),
      ], body: .json(ConfigurationBody.self),
      answers: [
        Answer(200, .json(ConfigurationAnswer.self), "It is in force, or would be."),
        Answer(409, nil, "Another one was published meanwhile."),
        Answer(422, nil, "'diagnostics' lists every mistake."),
      ])
  ]
}
