import AttuneModel

extension Settlement {
  /// `accepted by log (1-5), 0.12 s`
  var words: String {
    let who = channel.isEmpty ? "" : " \(channel)"
    let why = code.map { ": \($0)" } ?? ""
    var parts: [String]
    switch outcome {
    case .accepted: parts = ["accepted" + (channel.isEmpty ? "" : " by\(who)") + (providerID.map { " (\($0))" } ?? "")]
    case .failed: parts = ["failed" + (channel.isEmpty ? "" : " at\(who)") + why]
    case .unknown: parts = ["no answer" + (channel.isEmpty ? "" : " from\(who)") + why]
    case .withdrawn: parts = ["withdrawn before it was sent"]
    }
    if let latency { parts.append(Self.seconds(latency)) }
    if attempts > 1 { parts.append("\(attempts) attempts") }
    return parts.joined(separator: ", ")
  }

  /// To two digits; below 10 ms to three.
  private static func seconds(_ span: TimeSpan) -> String {
    let milliseconds = max(0, span.milliseconds)
    func padded(_ n: Int64, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - String(n).count)) + String(n)
    }
    if milliseconds < 10 { return "0.\(padded(milliseconds, 3)) s" }
    let hundredths = (milliseconds + 5) / 10
    return "\(hundredths / 100).\(padded(hundredths % 100, 2)) s"
  }

  /// As it stands in JSON.
  var name: String {
    switch outcome {
    case .accepted: "accepted"
    case .failed: "failed"
    case .unknown: "unknown"
    case .withdrawn: "withdrawn"
    }
  }
}
