public import AttuneModel
public import Codec

/// A line of a file of candidates.
public enum CandidateLine: Hashable, Sendable {
  /// `{"id", "at", "user", "business", "zone"?}`; `idIsInteger`: it was not written in quotes.
  case candidate(Reservation, at: Instant, idIsInteger: Bool)
  /// `{"at"?, "settle": "commit" | "release" | "unknown", "id"}`
  case settlement(id: String, FatigueSettlement)
  /// `{"at"?, "policy": {...}}`: the JSON of the whole new policy, and where in the line it begins, in bytes.
  case policy(String, offset: Int)
}

/// Reads lines of candidates. Members that mean nothing in a line are left alone.
public struct CandidateLineDecoder: Sendable {
  private let limits: Limits

  public init() {
    var limits = Limits.reservations
    // A policy may be long.
    limits.itemBytes = LineFile.lineLimit
    self.limits = limits
  }

  public func decode(_ line: some Collection<UInt8>) -> Result<CandidateLine, Refusal> {
    ItemReader(limits: limits) { scanner throws(Refusal) in try self.line(from: &scanner) }.decode(line: line)
  }

  private func line(from scanner: inout JSONScanner) throws(Refusal) -> CandidateLine {
    let members = try ReservationMembers(from: &scanner, "a candidate", limits: limits, now: nil)
    switch (members.policy, members.settle) {
    case (let policy?, nil):
      guard scanner.byte(at: policy.lowerBound) == 0x7B else {
        throw Refusal(.wrongType, "the policy is not an object", offset: policy.lowerBound).inside("policy")
      }
      return .policy(String(decoding: scanner.slice(policy), as: UTF8.self), offset: policy.lowerBound)
    case (nil, let settle?): return .settlement(id: try members.requiredID(), settle)
    case (nil, nil):
      return .candidate(
        try members.reservation(), at: try members.require(members.at, "at", "say when, in epoch milliseconds"),
        idIsInteger: members.idIsInteger)
    case (_?, _?):
      throw Refusal(
        .mismatch, "the line has both 'settle' and 'policy'", hint: "write two lines", offset: members.start
      ).inside("settle")
    }
  }
}
