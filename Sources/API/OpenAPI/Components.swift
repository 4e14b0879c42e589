/// The schemas of a document that have names.
struct Components {
  private(set) var schemas: [String: AnyJSON] = [:]

  /// - Parameter isRequest: whether it may hold no member of another name. What an answer holds may grow.
  mutating func reference(to type: any Decodable.Type, isRequest: Bool) -> AnyJSON {
    json(Schema(of: type), isRequest: isRequest)
  }

  private mutating func json(_ schema: Schema, isRequest: Bool) -> AnyJSON {
    switch schema {
    case .text(let format): return format.map { ["type": "string", "format": .text($0)] } ?? ["type": "string"]
    case .integer: return ["type": "integer"]
    case .number: return ["type": "number"]
    case .flag: return ["type": "boolean"]
    case .choice(let texts): return ["type": "string", "enum": .list(texts.map(AnyJSON.text))]
    case .textOrInteger: return ["type": ["string", "integer"]]
    case .list(let item): return ["type": "array", "items": json(item, isRequest: isRequest)]
    case .map(let value): return ["type": "object", "additionalProperties": json(value, isRequest: isRequest)]
    case .either(let schemas):
      var choices: [AnyJSON] = []
      for schema in schemas { choices.append(json(schema, isRequest: isRequest)) }
      return ["anyOf": .list(choices)]
    case .orNull(let schema): return ["anyOf": [json(schema, isRequest: isRequest), ["type": "null"]]]
    case .any: return [:]
    case .object(let object): return reference(to: object, isRequest: isRequest)
    }
  }

  private mutating func reference(to object: Schema.Object, isRequest: Bool) -> AnyJSON {
    let isClosed = isRequest && !object.isOpen
    // The same object told and taken: what is taken may hold nothing else.
    if schemas[object.name] == nil || isClosed {
      var properties: [String: AnyJSON] = [:]
      for member in object.members { properties[member.name] = property(member, isRequest: isRequest) }
      let required = object.members.filter(\.isRequired).map { AnyJSON.text($0.name) }
      var schema: [String: AnyJSON] = ["type": "object", "properties": .object(properties)]
      if !object.about.isEmpty { schema["description"] = .text(object.about) }
      if !required.isEmpty { schema["required"] = .list(required) }
      if isClosed { schema["additionalProperties"] = false }
      schemas[object.name] = .object(schema)
    }
    return ["$ref": .text("#/components/schemas/" + object.name)]
  }

  private mutating func property(_ member: Schema.Member, isRequest: Bool) -> AnyJSON {
    guard case .object(var property) = json(member.schema, isRequest: isRequest) else { return [:] }
    if let about = member.about { property.append(AnyJSON.Member("description", .text(about))) }
    if member.isReadOnly { property.append(AnyJSON.Member("readOnly", true)) }
    return .object(property)
  }
}

extension Parameter.Kind {
  var schema: AnyJSON {
    switch self {
    case .text, .cursor: ["type": "string"]
    case .flag: ["type": "boolean"]
    case .integer(let range) where range.upperBound == .max:
      ["type": "integer", "minimum": .number(Double(range.lowerBound))]
    case .integer(let range):
      [
        "type": "integer", "minimum": .number(Double(range.lowerBound)),
        "maximum": .number(Double(range.upperBound)),
      ]
    case .choice(let texts): ["type": "string", "enum": .list(texts.map(AnyJSON.text))]
    case .day: ["type": "string", "format": "date"]
    }
  }
}
