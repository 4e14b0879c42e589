import API
import Testing

@Suite struct RouteTests {
  @Test func everyIDHasOneRoute() {
    #expect(Set(Route.all.map(\.id)) == Set(Route.ID.allCases))
    #expect(Route.all.count == Route.ID.allCases.count)
    #expect(Set(Route.all.map { "\($0.method) \($0.path)" }).count == Route.all.count)
  }

  @Test(arguments: Route.all) func everyRouteSaysWhatItIs(_ route: Route) {
    #expect(route.path.hasPrefix("/") && !route.about.isEmpty)
    #expect(route.answers.contains { $0.status < 300 }, "\(route.id)")
    #expect(Set(route.query.map(\.name)).count == route.query.count)
    // What changes nothing has no body, and what has none is no document.
    if route.method == .get || route.method == .delete { #expect(route.body == nil, "\(route.id)") }
    #expect(route.matches(path: route.address(route.pathParameters.map { _ in "a/b" })))
  }

  @Test func addressesHoldAnything() {
    let address = Route[.getTimeline].address(["小 明/1"], query: ["limit": "5", "before": nil, "business": "a&b"])
    #expect(address == "/v1/users/%E5%B0%8F%20%E6%98%8E%2F1/timeline?limit=5&business=a%26b")
    #expect(Route[.listCopies].address() == "/v1/copies")
    #expect(!Route[.getUser].matches(path: "/v1/users") && !Route[.getUser].matches(path: "/v1/users/a/b"))
  }
}
