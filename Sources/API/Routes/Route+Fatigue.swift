extension Route {
  private static let noPolicies = Answer(409, nil, "There are no policies yet.")

  private static func reach(_ id: ID, _ verb: String, _ about: String) -> Route {
    Route(
      id, .post, "/v1/fatigue/\(verb)", about, body: .items(ReservationBody.self),
      answers: [
        Answer(200, .either(VerdictAnswer.self, VerdictsAnswer.self), "A verdict, whether it passes or not."),
        Answer(404, nil, "The policies have no such business."),
        Answer(409, nil, "The id names a reservation of another user or business; or there are no policies yet."),
        Answer(413, nil, "More than 1,000 items, or too many bytes."),
      ], part: .fatigue)
  }

  static let fatigue = [
    reach(.checkReaches, "check", "Says what 'reserve' would; counts nothing."),
    reach(.reserveReaches, "reserve", "Checks, and counts what passes, in one step; answers when it is durable."),
    Route(
      .settleReaches, .post, "/v1/fatigue/settle", "Tells how reservations ended; answers when it is durable.",
      body: .items(SettlementBody.self),
      answers: [Answer(200, .either(SettlementAnswer.self, SettlementsAnswer.self), "What it changed.")],
      part: .fatigue),
    Route(
      .getFatigueUser, .get, "/v1/fatigue/users/{id}",
      "How things stand with a user, and what every business would be told.",
      query: [Parameter("zone", .text, "Whose calendar day counts, an IANA name.")],
      answers: [Answer(200, .json(FatigueUserAnswer.self), "How things stand."), noPolicies], part: .fatigue),
    Route(
      .deleteFatigueUser, .delete, "/v1/fatigue/users/{id}",
      "Forgets how often a user was reached, and nothing else.",
      answers: [Answer(204, nil, "It is forgotten.")], part: .fatigue),
    Route(
      .getPolicies, .get, "/v1/fatigue/policies", "The policies in force, as PUT takes them.",
      answers: [
        Answer(200, .json(PoliciesAnswer.self), "The policies."), Answer(404, nil, "There are none yet."),
      ], part: .fatigue),
    Route(
      .putPolicies, .put, "/v1/fatigue/policies",
      "Puts a whole set of policies in force: checked as a whole, at one instant, or nothing changes.",
      query: [.dryRun], body: .document(PoliciesAnswer.self),
      answers: [
        Answer(200, .json(PolicyChangeAnswer.self), "They are in force, or would be."),
        Answer(409, nil, "This server takes its policies from its configuration folder."),
        Answer(422, nil, "'diagnostics' lists every mistake."),
      ], part: .fatigue),
  ]

  static let operations = [
    Route(
      .getLiveness, .get, "/livez", "The process answers.",
      answers: [Answer(200, .json(AliveAnswer.self), "It does.")], scope: .open, part: .operations),
    Route(
      .getReadiness, .get, "/readyz", "The store can be written, the driver answers, messages leave.",
      answers: [
        Answer(200, .json(ReadyAnswer.self), "It is ready."), Answer(503, nil, "It is not; 'reasons' says why."),
      ], scope: .observe, part: .operations),
    Route(
      .getMetrics, .get, "/metrics", "Counts and times, for Prometheus.",
      answers: [Answer(200, .text("text/plain; version=0.0.4; charset=utf-8"), "Prometheus's text format.")],
      scope: .observe, part: .operations),
    Route(
      .getOpenAPI, .get, "/openapi.json", "This API, as OpenAPI 3.1 describes it.",
      answers: [Answer(200, .standard(about: "An OpenAPI 3.1 document."), "The document.")], scope: .open,
      part: .operations),
    Route(
      .resetClock, .post, "/v1/clock/reset",
      "Goes by the machine's clock again, after one that was wrong was believed, or a right one was not.",
      answers: [Answer(200, .json(ClockAnswer.self), "Time goes on from there.")], part: .operations),
  ]
}
