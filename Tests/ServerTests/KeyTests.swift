import Foundation
import Testing

@testable import Server

@Suite struct KeyTests {
  private let key = "kq8e7Xn3vTz1mW5yRb2c"

  @Test func nobodyWithoutTheKey() async throws {
    try await TestServer.run(in: TemporaryFolder(), key: key) { [key] server in
      let event = #"{"user":"u1","event":"view"}"#
      for headers in [
        [:], ["Authorization": "Bearer x"], ["Authorization": key], ["Authorization": "Basic \(key)"],
        ["X-API-Key": "\(key)\(key)"], ["X-API-Key": ""], ["X-API-Key": String(key.dropLast())],
      ] {
        let reply = try await server.send(.post, "/v1/events", event, headers: headers)
        #expect(reply.status == 401 && reply.isProblem, "\(headers)")
        #expect(reply.header("WWW-Authenticate")?.hasPrefix("Bearer") == true)
      }
      #expect(try await server.get("/v1/nothing").status == 401)
      for headers in [["Authorization": "Bearer \(key)"], ["authorization": "bearer \(key)"], ["X-API-Key": key]] {
        #expect(try await server.send(.post, "/v1/events", event, headers: headers).status == 202, "\(headers)")
      }
      for path in ["/livez", "/readyz", "/metrics"] { #expect(try await server.get(path).status == 200, "\(path)") }
    }
  }

  @Test func offLoopbackOnlyLifeIsShown() async throws {
    try await TestServer.run(in: TemporaryFolder(), key: key, settings: { $0.address.host = "0.0.0.0" }) { server in
      for (path, status) in [("/livez", 200), ("/readyz", 401), ("/metrics", 401)] {
        let reply = try await server.get(path)
        #expect(reply.status == status, "\(path)")
      }
    }
  }

  @Test func offLoopbackNeedsAGoodKey() throws {
    var settings = ServerSettings()
    settings.address = ListenAddress(host: "0.0.0.0", port: 8080)
    func code(_ key: String?) -> ServerError.Code? {
      do {
        _ = try settings.apiKey(environment: key.map { [ServerSettings.keyVariable: $0] } ?? [:], folder: "/")
        return nil
      } catch { return error.code }
    }
    #expect(code(nil) == .missingKey)
    #expect(code("") == .missingKey)
    for weak in [
      "short", "changeme-changeme", "aaaaaaaaaaaaaaaaaaaaaaaa", "your-secret-api-key", "passwordpassword123",
      "0123456789abcdef", "attune-demo-secret-token",
    ] { #expect(code(weak) == .weakKey, "\(weak)") }
    #expect(code(key) == nil)
    #expect(code("9f86d081884c7d659a2feaa0c55ad015") == nil)
    settings.address.host = "127.0.0.1"
    #expect(code(nil) == nil && code("short") == nil)
  }

  @Test func theKeyMayStandInAFile() throws {
    let folder = try TemporaryFolder()
    var settings = ServerSettings()
    settings.apiKeyFile = "api.key"
    #expect { try settings.apiKey(environment: [:], folder: folder.path) } throws: {
      ($0 as? ServerError)?.code == .unreadableKey
    }
    try Data("\(key)\n".utf8).write(to: URL(fileURLWithPath: folder.path + "/api.key"))
    #expect(try settings.apiKey(environment: [:], folder: folder.path)?.matches(key) == true)
    let other = try settings.apiKey(environment: [ServerSettings.keyVariable: "other"], folder: folder.path)
    #expect(other?.matches("other") == true && other?.matches(key) == false)
  }

  @Test(arguments: [
    ("127.0.0.1:80", "127.0.0.1", 80, true), ("[::1]:0", "::1", 0, true), ("localhost:8080", "localhost", 8080, true),
    ("0.0.0.0:8080", "0.0.0.0", 8080, false), ("[::]:1", "::", 1, false),
    ("127.0.0.1.example:1", "127.0.0.1.example", 1, false),
    ("127.evil.0.1:1", "127.evil.0.1", 1, false),
  ])
  func addresses(text: String, host: String, port: Int, isLoopback: Bool) {
    let address = ListenAddress(text)
    #expect(address == ListenAddress(host: host, port: port))
    #expect(address?.isLoopback == isLoopback)
    #expect(address?.description == text)
  }

  @Test(arguments: ["", "8080", ":8080", "host", "host:", "host:65536", "host:-1", "::1:80", "a b:1", "http://a:1"])
  func noAddresses(text: String) { #expect(ListenAddress(text) == nil) }
}
