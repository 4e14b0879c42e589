public import AttuneModel
import ChannelLog
public import Delivery
import Foundation
public import Ingest

/// How a server runs; what decides about messages is the configuration's.
public struct ServerSettings: Hashable, Sendable {
  public var address = ListenAddress(host: "127.0.0.1", port: 8080)
  /// A file that holds the API key; relative to the configuration's folder.
  public var apiKeyFile: String?
  /// Other names that the server goes by, as behind a proxy, and whose pages may use it.
  public var hosts: [HostName] = []
  /// Bytes of one request's body.
  public var bodyLimit = 4 << 20
  /// Bytes of all bodies at one time; beyond, requests are answered with 503.
  public var bodiesLimit = 256 << 20
  /// How long one body may take to arrive. One that comes at `RequestPatience.pace` may take longer.
  public var bodyTime = TimeSpan.seconds(30)
  /// How long a connection may stay open between two requests. A client that stops in the middle of one is given
  /// `RequestPatience.silence`, whatever this is.
  public var idle = TimeSpan.seconds(75)
  /// Inputs that may wait to be committed; beyond, requests are answered with 429.
  public var queueLimit = 50_000
  /// The store's folder, if the configuration names one; relative to the configuration's folder.
  public var storeFolder: String?
  /// What senders call the members of events.
  public var map = MemberMap()
  public var channels = [ConfiguredChannel(LogChannelSettings())]

  public init() {}
}

extension ServerSettings {
  public static let keyVariable = "ATTUNE_API_KEY"

  /// The key to ask for: from the environment, else from the file; nil for none.
  ///
  /// Throws a `ServerError` where others can reach the address and the key is missing or can be guessed.
  /// - Parameter folder: what the name of the key's file is relative to.
  public func apiKey(environment: [String: String], folder: String) throws(ServerError) -> APIKey? {
    var text = environment[Self.keyVariable] ?? ""
    var origin = Self.keyVariable
    if text.isEmpty, let apiKeyFile {
      let path = apiKeyFile.hasPrefix("/") ? apiKeyFile : folder + "/" + apiKeyFile
      guard let data = FileManager.default.contents(atPath: path),
        let read = String(validating: data, as: UTF8.self)?.trimmingCharacters(in: .whitespacesAndNewlines),
        !read.isEmpty
      else { throw ServerError(.unreadableKey, "no API key can be read from \(path)") }
      (text, origin) = (read, path)
    }
    let key = text.isEmpty ? nil : APIKey(text)
    if address.isLoopback { return key }
    guard let key else {
      throw ServerError(
        .missingKey,
        "others can reach \(address), so it needs an API key "
          + "(hint: set \(Self.keyVariable), name an apiKeyFile, or listen on 127.0.0.1)")
    }
    if let weakness = key.weakness {
      throw ServerError(
        .weakKey,
        "others can reach \(address), and the API key in \(origin) is too weak: \(weakness) "
          + "(hint: openssl rand -hex 24)")
    }
    return key
  }
}
