import API
import Testing

@Suite struct OpenAPITests {
  private let document = OpenAPI(of: Route.all).document

  @Test func everyRouteIsInIt() {
    #expect(document["openapi"] == "3.1.0")
    for route in Route.all {
      let operation = document["paths"]?[route.path]?[route.method.rawValue]
      #expect(operation?["operationId"] == .text(route.id.rawValue), "\(route.id)")
      let named = (operation?["parameters"]?.items ?? []).compactMap { $0["name"] }
      #expect(named == (route.pathParameters + route.query.map(\.name)).map(AnyJSON.text))
      #expect(operation?["responses"]?["default"] != nil)
    }
  }

  @Test func everyReferenceIsThere() {
    var seen = 0
    func look(_ json: AnyJSON) {
      if case .text(let target)? = json["$ref"] {
        seen += 1
        let name = String(target.split(separator: "/").last ?? "")
        #expect(document["components"]?["schemas"]?[name] != nil, "\(target)")
      }
      for member in json.members { look(member.value) }
      for item in json.items { look(item) }
    }
    look(document)
    #expect(seen > 60)
  }

  @Test func bodiesAreClosedAndAnswersAreNot() {
    let schemas = document["components"]?["schemas"]
    for name in ["ReceiptBody", "ReservationBody", "SettlementBody", "CopyBody", "ConfigurationBody", "PoliciesAnswer"]
    {
      #expect(schemas?[name]?["additionalProperties"] == false, "\(name)")
    }
    for name in ["EventBody", "ProfileBody", "CampaignAnswer", "ProblemAnswer"] {
      #expect(schemas?[name] != nil && schemas?[name]?["additionalProperties"] == nil, "\(name)")
    }
    #expect(schemas?["CopyBody"]?["properties"]?["clickRate"]?["readOnly"] == true)
  }

  /// Only what nobody needs a key for says so.
  @Test func securityIsTold() {
    for route in Route.all {
      let security = document["paths"]?[route.path]?[route.method.rawValue]?["security"]
      #expect(security == (route.scope == .open ? .list([]) : nil), "\(route.id)")
    }
  }
}
