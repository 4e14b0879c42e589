import AttuneModel
import ChannelLog
import Delivery
import Runtime
import Testing

@testable import Server

@Suite struct SettingsTests {
  private func read(_ yaml: String) -> (ServerSettings?, [String]) {
    var diagnostics = Diagnostics()
    let node = YAMLReader.documents(yaml, file: "attune.yaml", &diagnostics).first
    let settings = ServerSettings(reading: node, &diagnostics)
    return (settings, diagnostics.all.map(\.description))
  }

  @Test func readsAll() {
    let (settings, errors) = read(
      """
      fatigue: { whatever: 1 }
      server: { address: "[::1]:9000", apiKeyFile: api.key, bodyLimit: 2048, queueLimit: 7, idle: 2m }
      storage: { folder: data }
      channels:
        app: { type: log }
        mail: { type: log, file: mail.ndjson }
      """)
    #expect(errors.isEmpty)
    var expected = ServerSettings()
    expected.address = ListenAddress(host: "::1", port: 9000)
    expected.apiKeyFile = "api.key"
    expected.bodyLimit = 2048
    expected.queueLimit = 7
    expected.idle = .minutes(2)
    expected.storeFolder = "data"
    expected.channels = [
      LogChannelSettings(name: "app", file: "sent.ndjson"), LogChannelSettings(name: "mail", file: "mail.ndjson"),
    ].map(ConfiguredChannel.init)
    #expect(settings == expected)
  }

  @Test func everythingHasADefault() {
    #expect(read("fatigue: {}").0 == ServerSettings())
    #expect(read("").0 == ServerSettings())
    #expect(ServerSettings().address.isLoopback)
    #expect(ServerSettings().channels == [ConfiguredChannel(LogChannelSettings(name: "log", file: "sent.ndjson"))])
  }

  @Test(arguments: [
    ("server: { apiKey: abc }", "ATTUNE_API_KEY"), ("server: { adress: x }", "did you mean 'address'?"),
    ("server: { address: 8080 }", "127.0.0.1:8080"), ("server: { bodyLimit: 1 }", "whole number from 1024"),
    ("server: { queueLimit: none }", "whole number"), ("server: { idle: 0s }", "from 1s to 1h"),
    ("server: { idle: long }", "how long a connection"), ("storage: { file: x }", "no key 'file'"),
    ("channels: {}", "there is no channel"),
    ("channels: { log: { type: apns } }", "no channel of type 'apns' yet (hint: there is log)"),
    ("channels: { log: {} }", "no 'type'"), ("channels: { a: { type: log }, b: { type: log } }", "its own file"),
    ("channels: { 'a b': { type: log } }", "cannot be a channel's name"), ("server: 8080", "a mapping"),
  ])
  func tellsWhatIsWrong(yaml: String, words: String) {
    let (settings, errors) = read(yaml)
    #expect(settings == nil)
    #expect(errors.count == 1 && errors[0].contains(words) && errors[0].hasPrefix("attune.yaml:1:"), "\(errors)")
  }
}
