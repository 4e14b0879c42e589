public import AttuneModel
import Ingest

/// The parts of `attune.yaml` that are the server's; the others are read by the engine.
///
/// ```yaml
/// server:
///   address: 127.0.0.1:8080
///   apiKeyFile: api.key        # or the environment's ATTUNE_API_KEY; never the key itself
///   hosts: [attune.example.com] # other names it goes by, as behind a proxy
///   bodyLimit: 4194304         # bytes
///   bodiesLimit: 268435456     # bytes of all bodies at one time
///   bodyTime: 30s              # for one body; longer while 64 KB of it come in a second
///   queueLimit: 50000          # inputs
///   idle: 75s                  # how long a connection stays open between two requests
/// storage: { folder: attune-data }
/// ingest: { map: { user: user_id } } # what senders call the members of events
/// channels:
///   log: { type: log, file: sent.ndjson }
/// ```
extension ServerSettings {
  /// Nil, and errors told, if something is wrong. Without settings, or with none of the server's, the defaults.
  public init?(reading settings: Node?, _ diagnostics: inout Diagnostics) {
    self.init()
    guard let settings else { return }
    let before = diagnostics.errors.count
    guard var fields = Fields(settings, "attune.yaml", &diagnostics) else { return nil }
    if let node = fields.take("server") { readServer(node, &diagnostics) }
    if let node = fields.take("storage") { readStorage(node, &diagnostics) }
    if let node = fields.take("ingest") { map = MemberMap(reading: node, &diagnostics) }
    if let node = fields.take("channels") { channels = ChannelRegistry.read(node, &diagnostics) }
    if diagnostics.errors.count > before { return nil }
  }

  private mutating func readServer(_ node: Node, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(node, "server", &diagnostics) else { return }
    if let node = fields.take("address"), let text = node.text("an address", &diagnostics) {
      if let address = ListenAddress(text) {
        self.address = address
      } else {
        diagnostics.error(node.mark, "'\(text)' is no address", hint: "write 127.0.0.1:8080 or [::1]:8080")
      }
    }
    if let node = fields.take("apiKey") {
      diagnostics.error(
        node.mark, "a key does not belong into a configuration",
        hint: "set \(Self.keyVariable), or name a file outside of it with apiKeyFile")
    }
    apiKeyFile = fields.take("apiKeyFile")?.text("the name of a file", &diagnostics)
    if let limit = fields.take("bodyLimit")?.integer("bytes of a body", in: 1024...(256 << 20), &diagnostics) {
      bodyLimit = limit
    }
    for node in fields.take("hosts")?.items ?? [] {
      guard let text = node.text("a host's name", &diagnostics) else { continue }
      if let host = HostName(text) {
        hosts.append(host)
      } else {
        diagnostics.error(node.mark, "'\(text)' is no host", hint: "write attune.example.com, or with its port")
      }
    }
    if let limit = fields.take("bodiesLimit")?.integer("bytes of bodies", in: 1024...(64 << 30), &diagnostics) {
      bodiesLimit = limit
    }
    if let limit = fields.take("queueLimit")?.integer("a number of inputs", in: 1...10_000_000, &diagnostics) {
      queueLimit = limit
    }
    read("idle", "how long a connection stays open", into: \.idle, from: &fields, &diagnostics)
    read("bodyTime", "how long a body takes", into: \.bodyTime, from: &fields, &diagnostics)
    fields.finish(&diagnostics)
  }

  private mutating func read(
    _ key: String, _ what: String, into span: WritableKeyPath<Self, TimeSpan>, from fields: inout Fields,
    _ diagnostics: inout Diagnostics
  ) {
    guard let node = fields.take(key), let time = node.span(what, &diagnostics) else { return }
    if (TimeSpan.seconds(1)...TimeSpan.hours(1)).contains(time) { return self[keyPath: span] = time }
    diagnostics.error(node.mark, "it is not from 1s to 1h", hint: "\(key): \(self[keyPath: span])")
  }

  private mutating func readStorage(_ node: Node, _ diagnostics: inout Diagnostics) {
    guard var fields = Fields(node, "storage", &diagnostics) else { return }
    storeFolder = fields.take("folder")?.text("the name of a folder", &diagnostics)
    fields.finish(&diagnostics)
  }
}
