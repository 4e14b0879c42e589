public import AttuneModel
public import Delivery

/// `log: { type: log, file: sent.ndjson }`
public struct LogChannelSettings: ChannelSettings {
  public static let type = "log"

  public var name: String
  /// Relative to the store's folder.
  public var file: String

  public init(name: String = "log", file: String = "sent.ndjson") {
    self.name = name
    self.file = file
  }

  public var description: String { "\(name) (\(file))" }

  public static func read(
    _ fields: inout Fields, _ context: ChannelReading, _ diagnostics: inout Diagnostics
  ) -> LogChannelSettings? {
    let node = fields.take("file")
    guard let file = node.map({ $0.text("the name of a file", &diagnostics) }) ?? "sent.ndjson" else { return nil }
    let others = context.others.compactMap { $0 as? LogChannelSettings }
    if let other = others.first(where: { $0.file == file }) {
      diagnostics.error(
        context.mark, "'\(other.name)' writes to \(file) already", hint: "give each its own file")
    }
    return LogChannelSettings(name: context.name, file: file)
  }

  public func open(_ context: ChannelOpening) throws -> any Channel {
    let path = file.hasPrefix("/") ? file : context.folder + "/" + file
    let log = try LogChannel(path: path, name: name, trouble: context.trouble)
    // A new store names its messages from the start again: nobody could tell whose is whose.
    if context.isNewStore, log.count > 0 {
      throw DeliveryError(
        .foreign, "\(path) holds messages of another store (hint: move it away, or choose another file)")
    }
    if let newest = log.newest, newest > context.knownThrough {
      throw DeliveryError(
        .foreign,
        "\(path) holds messages that were decided after everything this store knows: the store is an older copy "
          + "(hint: put the newer one back; to go on without it: move it away, or attune store accept --store \(context.folder))"
      )
    }
    return log
  }
}
