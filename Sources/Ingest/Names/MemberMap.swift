public import AttuneModel

/// What a sender calls our members, of `attune.yaml`: for events over HTTP and for files of events and profiles alike.
///
/// ```yaml
/// ingest:
///   map: { user: user_id, id: event_id, event: event_name, ts: event_time, properties: properties }
/// ```
public struct MemberMap: Hashable, Sendable {
  /// Our members that may have another name, `properties` for an object whose members are the event's properties.
  static let members = ["user", "id", "event", "ts", "properties"]

  /// By our name.
  private(set) var names: [String: String] = [:]

  public init() {}

  /// What stands under `ingest:`; what is wrong with it is told.
  public init(reading ingest: Node, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(ingest, "ingest", &diagnostics) else { return }
    if let node = fields.take("map"), var map = Fields(node, "map", &diagnostics) {
      for member in Self.members {
        guard let node = map.take(member), let name = node.text("a member's name", &diagnostics) else { continue }
        if let other = names.first(where: { $0.value == name })?.key {
          diagnostics.error(
            node.mark, "'\(name)' is meant to be '\(other)' already", hint: "one name stands for one thing")
        }
        names[member] = name
      }
      map.finish(&diagnostics)
    }
    fields.finish(&diagnostics)
  }

  /// Our name of a member; its own, if it is not mapped.
  @inline(__always)
  func ours(_ name: String) -> String {
    if names.isEmpty { return name }
    return names.first { $0.value == name }?.key ?? name
  }

  /// As its sender calls it.
  func theirs(_ member: String) -> String { names[member] ?? member }

  /// Those that nobody named, of which others' names may be told.
  func guessed(_ members: [String]) -> [String] { members.filter { names[$0] == nil } }
}
