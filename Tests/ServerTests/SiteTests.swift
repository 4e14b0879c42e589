import API
import Testing

@testable import Server

/// Pages of other sites can have a browser on this machine send what they like.
@Suite struct SiteTests {
  private func ask(
    _ server: TestServer, host: String?, _ headers: [String] = [], path: String = "GET /livez"
  ) async throws -> String {
    let connection = try await Connection(port: server.port)
    let lines = ["\(path) HTTP/1.1"] + (host.map { ["Host: \($0)"] } ?? []) + headers + ["Connection: close", "", ""]
    try await connection.send(lines.joined(separator: "\r\n"))
    let answer = try await connection.answer { $0.contains("\r\n\r\n") && $0.hasSuffix("}") }
    try await connection.close()
    return answer
  }

  @Test func aLoopbackServerGoesByItsOwnNames() async throws {
    let hosts = [HostName("attune.example.com")].compactMap(\.self)
    try await TestServer.run(in: TemporaryFolder(), settings: { $0.hosts = hosts }) { server in
      for host in [
        "localhost", "127.0.0.1", "[::1]", "localhost:1", "LOCALHOST:8080", "localhost.", "127.0.0.1:\(server.port)",
        "[::1]:65535", "attune.example.com", "Attune.Example.com:8443", nil,
      ] {
        let answer = try await ask(server, host: host)
        #expect(answer.hasPrefix("HTTP/1.1 200"), "\(host ?? "none"): \(answer)")
      }
      for host in [
        "evil.example", "evil.example:\(server.port)", "localhost.evil.example", "127.0.0.1.evil.example",
        "evil.example#localhost", "localhost@evil.example", "localhost:80@evil.example", "127.0.0.2", "10.0.0.1", "",
        "localhost:", "localhost:x", "[::1", "::1", "0.0.0.0", "xattune.example.com", "localhost evil.example",
      ] {
        let answer = try await ask(server, host: host)
        #expect(
          answer.hasPrefix("HTTP/1.1 403") && answer.contains("unknown-host") || answer.hasPrefix("HTTP/1.1 400"),
          "\(host): \(answer)")
      }
      let twice = try await ask(server, host: "localhost", ["Host: evil.example"])
      #expect(twice.hasPrefix("HTTP/1.1 403") || twice.hasPrefix("HTTP/1.1 400"), "\(twice)")
    }
  }

  /// A key keeps everybody out there, whatever name they use; who names hosts means them.
  @Test func elsewhereNamesCountWhereSomeAreGiven() async throws {
    let key = "kq8e7Xn3vTz1mW5yRb2c"
    try await TestServer.run(in: TemporaryFolder(), key: key, settings: { $0.address.host = "0.0.0.0" }) { server in
      let answer = try await ask(server, host: "anything.example")
      #expect(answer.hasPrefix("HTTP/1.1 200"), "\(answer)")
    }
    let named = { (settings: inout ServerSettings) in
      settings.address.host = "0.0.0.0"
      settings.hosts = [HostName("attune.example.com")].compactMap(\.self)
    }
    try await TestServer.run(in: TemporaryFolder(), key: key, settings: named) { server in
      for host in ["attune.example.com", "10.0.0.1:80", "[fe80::1]", "localhost"] {
        let answer = try await ask(server, host: host)
        #expect(answer.hasPrefix("HTTP/1.1 200"), "\(host): \(answer)")
      }
      #expect(try await ask(server, host: "evil.example").hasPrefix("HTTP/1.1 403"))
    }
  }

  @Test func pagesOfOtherSitesAreRefused() async throws {
    let hosts = [HostName("console.example.com"), HostName("localhost:3000")].compactMap(\.self)
    try await TestServer.run(in: TemporaryFolder(), settings: { $0.hosts = hosts }) { server in
      let own = "localhost:\(server.port)"
      let plain = "\r\nContent-Type: text/plain\r\nContent-Length: 3"
      let audience = "POST /v1/campaigns/sale/audience"
      for headers in [
        ["Origin: https://evil.example"], ["Origin: null"], ["Origin: http://localhost:1"],
        ["Origin: http://localhost"],
        ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site"], ["Sec-Fetch-Site: cross-site"],
        ["Sec-Fetch-Site: same-site"], ["Origin: http://\(own)", "Sec-Fetch-Site: cross-site"],
        ["Origin: https://evil.example", "Sec-Fetch-Site: same-origin"], ["Origin: "], ["Origin: \(own)"],
        ["Origin: http://\(own).evil.example"], ["Sec-Fetch-Site: nonsense"],
      ] {
        for path in ["GET /livez", audience] {
          let more =
            path == audience ? headers.dropLast() + [headers[headers.count - 1] + plain + "\r\n\r\nu1\n"] : headers
          let answer = try await ask(server, host: own, Array(more), path: path)
          #expect(answer.hasPrefix("HTTP/1.1 403") && answer.contains("foreign-origin"), "\(headers): \(answer)")
        }
      }
      for headers in [
        [], ["Origin: http://\(own)"], ["Origin: http://\(own)", "Sec-Fetch-Site: same-origin"],
        ["Sec-Fetch-Site: none"],
        ["Sec-Fetch-Site: same-origin"], ["Origin: https://console.example.com", "Sec-Fetch-Site: cross-site"],
        ["Origin: http://localhost:3000", "Sec-Fetch-Site: same-site"],
      ] {
        let answer = try await ask(server, host: own, headers)
        #expect(answer.hasPrefix("HTTP/1.1 200"), "\(headers): \(answer)")
      }
      let usual = try await ask(server, host: "console.example.com", ["Origin: https://console.example.com"])
      #expect(usual.hasPrefix("HTTP/1.1 200"), "\(usual)")
      #expect(try await server.get("/v1/campaigns").json["campaigns"] == .array([]))
    }
  }

  /// What a browser sends of its own accord, and curl unless it is told otherwise.
  @Test func everyBodyNeedsItsType() async throws {
    try await TestServer.run(in: TemporaryFolder()) { server in
      for route in Route.all {
        guard let body = route.body else { continue }
        let address = route.address(route.pathParameters.map { _ in "x" })
        let method = try #require(TestServer.Method(rawValue: route.method.rawValue))
        let foreign = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "", "x", nil]
        for type in foreign where !body.mediaTypes.contains(type ?? "") {
          let reply = try await server.send(method, address, "{}", type: type)
          #expect(reply.status == 415 && reply.isProblem, "\(route.id) \(type ?? "none"): \(reply.text)")
          let hint = reply.json["hint"].text ?? ""
          #expect(body.mediaTypes.allSatisfy { hint.contains($0) }, "\(hint)")
          if type?.contains("urlencoded") ?? true { #expect(hint.contains("curl: -H 'Content-Type: "), "\(hint)") }
        }
        for type in body.mediaTypes + body.otherMediaTypes {
          let reply = try await server.send(method, address, "{}", type: type.uppercased() + "; charset=UTF-8")
          #expect(reply.status != 415, "\(route.id) \(type): \(reply.text)")
        }
      }
    }
  }
}
