extension Route.Content {
  /// What a `Content-Type` may say of it, the usual one first.
  public var mediaTypes: [String] {
    switch self {
    case .json, .either, .standard: ["application/json"]
    case .items: ["application/json", "application/x-ndjson"]
    case .document: ["application/yaml", "application/json"]
    case .text(let type): [type]
    }
  }

  /// Other names that are in use for them: YAML's are older than RFC 9512.
  public var otherMediaTypes: [String] {
    switch self {
    case .document: ["application/x-yaml", "text/yaml", "text/x-yaml"]
    case .items: ["application/ndjson", "application/jsonl", "application/x-jsonlines"]
    case .json, .either, .standard, .text: []
    }
  }
}
