import ChannelLog
import ChannelTesting
import TestSupport
import Testing

@Suite struct LogChannelConformanceTests {
  @Test func conforms() async throws {
    let folder = try TemporaryFolder()
    try await ChannelConformance { try LogChannel(path: folder.path + "/sent.ndjson") }.check()
  }
}
