/// One of the quotas of a campaign.
public enum Quota: Hashable, Sendable {
  case maximum(copy: Int)
  case minimum(copy: Int)
  case channel(Int)
  case budget
}

extension Quota: CustomStringConvertible {
  public var description: String {
    switch self {
    case .maximum(let copy): "the maximum of copy \(copy)"
    case .minimum(let copy): "the minimum of copy \(copy)"
    case .channel(let channel): "the quota of channel \(channel)"
    case .budget: "the budget"
    }
  }
}

/// A quota as the optimisers see it: `sign * used <= sign * limit`.
struct QuotaRow: Hashable, Sendable {
  var quota: Quota
  var limit: Int
  /// 1 for what may not be exceeded, -1 for what has to be reached.
  var sign: Double
}

extension Quotas {
  /// The quotas that are there, in a fixed order.
  var rows: [QuotaRow] {
    var rows: [QuotaRow] = []
    for (copy, limit) in maximum.enumerated() {
      if let limit { rows.append(QuotaRow(quota: .maximum(copy: copy), limit: limit, sign: 1)) }
    }
    for (copy, limit) in minimum.enumerated() where limit > 0 {
      rows.append(QuotaRow(quota: .minimum(copy: copy), limit: limit, sign: -1))
    }
    for (channel, limit) in channelMaximum.enumerated() {
      if let limit { rows.append(QuotaRow(quota: .channel(channel), limit: limit, sign: 1)) }
    }
    if let budget { rows.append(QuotaRow(quota: .budget, limit: budget, sign: 1)) }
    return rows
  }

  /// For each row, the copies it counts.
  func members(of rows: [QuotaRow]) -> [[Int]] {
    rows.map { row in
      switch row.quota {
      case .maximum(let copy), .minimum(let copy): [copy]
      case .channel(let channel): (0..<copies).filter { channels[$0] == channel }
      case .budget: Array(0..<copies)
      }
    }
  }
}

/// Quotas that nobody could keep, and which one it is.
public struct QuotaError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with the quotas.
  public enum Code: Hashable, Sendable {
    /// A list has not one entry for each copy, or a copy names a channel that is not there.
    case shape
    /// A number is negative or beyond what is counted.
    case range
    /// Two quotas contradict each other, or the audience.
    case impossible
  }

  public var code: Code
  public var message: String
  public var hint: String?

  public init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  public var description: String { message + (hint.map { " (hint: \($0))" } ?? "") }
}
