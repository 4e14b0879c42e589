/// The OpenAPI 3.1 document of the API, made from its routes and the wire types they name.
public struct OpenAPI: Sendable {
  /// The document.
  public let document: AnyJSON

  /// Of the API: what is told to `/v1` of the same first number is understood.
  public static let version = "1.0"

  /// - Parameter routes: those that the server answers.
  public init(of routes: [Route]) {
    var components = Components()
    var paths: [String: [String: AnyJSON]] = [:]
    for route in routes {
      paths[route.path, default: [:]][route.method.rawValue] = components.operation(of: route)
    }
    document = [
      "openapi": "3.1.0",
      "info": [
        "title": "Attune", "version": .text(Self.version),
        "license": ["name": "Apache 2.0", "identifier": "Apache-2.0"],
        "description":
          "A query parameter that a call does not take, and a member of a body that means nothing, are refused with 400 and the nearest right name. A body is taken in the types that are listed (415 otherwise), plain or with Content-Encoding gzip or deflate. Where there is GET there is HEAD. Instants are milliseconds since 1970-01-01T00:00:00Z.",
      ],
      "servers": [["url": "/", "description": "This server."]],
      "security": [["bearer": []], ["apiKey": []]],
      "tags": .list(Route.Part.allCases.map { ["name": .text($0.rawValue), "description": .text($0.about)] }),
      "paths": .object(paths.mapValues(AnyJSON.object)),
      "components": [
        "schemas": .object(components.schemas),
        "securitySchemes": [
          "bearer": ["type": "http", "scheme": "bearer"],
          "apiKey": ["type": "apiKey", "in": "header", "name": "X-API-Key"],
        ],
      ],
    ]
  }
}

extension Route.Part {
  fileprivate var about: String {
    switch self {
    case .engine: "Events in, considered messages out."
    case .fatigue: "Whether a user may be reached, for the senders of any team."
    case .operations: "How the server does."
    }
  }
}

extension Components {
  fileprivate mutating func operation(of route: Route) -> AnyJSON {
    var operation: [String: AnyJSON] = [
      "operationId": .text(route.id.rawValue), "summary": .text(route.about), "tags": [.text(route.part.rawValue)],
      "responses": .object(responses(of: route)),
    ]
    // Nobody needs a key.
    if route.scope == .open { operation["security"] = [] }
    let parameters =
      route.pathParameters.map { parameter(Parameter($0, .text, "Percent-encoded."), in: "path") }
      + route.query.map { parameter($0, in: "query") }
    if !parameters.isEmpty { operation["parameters"] = .list(parameters) }
    if let body = route.body {
      operation["requestBody"] = ["required": true, "content": .object(media(of: body, isRequest: true))]
    }
    return .object(operation)
  }

  private func parameter(_ parameter: Parameter, in place: String) -> AnyJSON {
    [
      "name": .text(parameter.name), "in": .text(place), "required": .flag(place == "path"),
      "description": .text(parameter.about), "schema": parameter.kind.schema,
    ]
  }

  private mutating func responses(of route: Route) -> [String: AnyJSON] {
    var responses: [String: AnyJSON] = [:]
    for answer in route.answers {
      var response: [String: AnyJSON] = ["description": .text(answer.about)]
      if let content = answer.content {
        response["content"] = .object(media(of: content, isRequest: false))
      } else if answer.status >= 400 {
        response["content"] = problem()
      }
      responses["\(answer.status)"] = .object(response)
    }
    responses["default"] = ["description": "What is wrong, and what to do about it.", "content": problem()]
    return responses
  }

  private mutating func problem() -> AnyJSON {
    ["application/problem+json": media(.json(ProblemAnswer.self), isRequest: false)]
  }

  private mutating func media(of content: Route.Content, isRequest: Bool) -> [String: AnyJSON] {
    let whole = media(content, isRequest: isRequest)
    var media: [String: AnyJSON] = [:]
    // NDJSON is a line each.
    for type in content.mediaTypes { media[type] = type.hasSuffix("ndjson") ? ["schema": ["type": "string"]] : whole }
    return media
  }

  private mutating func media(_ content: Route.Content, isRequest: Bool) -> AnyJSON {
    switch content {
    case .json(let type), .document(let type):
      return ["schema": reference(to: type, isRequest: isRequest), "example": Self.example(type)]
    case .items(let type):
      let item = reference(to: type, isRequest: isRequest)
      return [
        "schema": ["oneOf": [item, ["type": "array", "items": item]]], "example": Self.example(type),
      ]
    case .either(let one, let batch):
      let schemas = [reference(to: one, isRequest: isRequest), reference(to: batch, isRequest: isRequest)]
      return [
        "schema": ["anyOf": .list(schemas)],
        "examples": ["one": ["value": Self.example(one)], "batch": ["value": Self.example(batch)]],
      ]
    case .text: return ["schema": ["type": "string"]]
    case .standard(let about): return ["schema": ["type": "object", "description": .text(about)]]
    }
  }

  /// A sample that cannot be encoded is no example; tests encode each.
  private static func example(_ type: any WireType.Type) -> AnyJSON { (try? AnyJSON(encoding: type.sample)) ?? .null }
}
