public import AttuneModel
public import Codec

/// What became of messages: `{"message": "17-42", "event": "opened", "ts": ...}`.
public struct ReceiptDecoder: Sendable {
  public let limits: Limits
  private let others: UnknownMembers

  /// - Parameter others: what becomes of other members.
  public init(limits: Limits = .default, others: UnknownMembers = .leftAlone) {
    self.limits = limits
    self.others = others
  }

  /// A result for each item, as `EventDecoder.decode` gives them; a missing `ts` means `now`.
  public func decode(_ body: some Collection<UInt8>, as format: Format, now: Instant?) -> [Result<Receipt, Refusal>] {
    reader(now).decode(body, as: format).items
  }

  /// Exactly one receipt.
  public func decode(line: some Collection<UInt8>, now: Instant?) -> Result<Receipt, Refusal> {
    reader(now).decode(line: line)
  }

  private func reader(_ now: Instant?) -> ItemReader<Receipt> {
    ItemReader(limits: limits) { scanner throws(Refusal) in try receipt(from: &scanner, now: now) }
  }

  private func receipt(from scanner: inout JSONScanner, now: Instant?) throws(Refusal) -> Receipt {
    var message: CandidateID?
    var kind: Receipt.Kind?
    var at: Instant?
    try scanner.enterObject("a receipt")
    let start = scanner.position - 1
    var isFirst = true
    while let key = try scanner.nextKey(&isFirst) {
      do throws(Refusal) {
        let start = scanner.position
        switch key {
        case "message": try once(&message, key, start, candidate(from: &scanner))
        case "event": try once(&kind, key, start, self.kind(from: &scanner))
        case "ts": try once(&at, key, start, scanner.instant("ts", now: now, limits: limits))
        default: try scanner.unknown(key, others, among: ["message", "event", "ts"])
        }
      } catch { throw error.inside(key) }
    }
    guard let message else { throw .missing("message", "the id the message came with, such as 17-42", at: start) }
    guard let kind else { throw .missing("event", kinds, at: start) }
    guard let at = at ?? now else { throw .missing("ts", "say when, in RFC 3339 or epoch milliseconds", at: start) }
    return Receipt(message: message, kind: kind, at: at)
  }

  private func candidate(from scanner: inout JSONScanner) throws(Refusal) -> CandidateID? {
    let start = scanner.position
    guard let text = try scanner.identifier("message", upTo: limits.idBytes) else { return nil }
    guard let id = CandidateID(text) else {
      throw Refusal(
        .invalid, "'\(text)' is no message id", hint: "send back the id the message came with, such as 17-42",
        offset: start)
    }
    return id
  }

  private func kind(from scanner: inout JSONScanner) throws(Refusal) -> Receipt.Kind? {
    let start = scanner.position
    guard let text = try scanner.identifier("event", upTo: limits.eventBytes) else { return nil }
    guard let kind = Receipt.Kind(name: text) else {
      let near = nearest(to: text, among: Receipt.Kind.allCases.map(\.name))
      throw Refusal(
        .invalid, "'\(text)' is no kind of receipt", hint: near.map { "did you mean '\($0)'?" } ?? kinds, offset: start)
    }
    return kind
  }

  private var kinds: String { "one of " + Receipt.Kind.allCases.map(\.name).joined(separator: ", ") }
}
