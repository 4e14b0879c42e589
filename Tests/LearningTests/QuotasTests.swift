import AttuneModel
import Learning
import Testing

@Suite struct QuotasTests {
  private func refusal(_ body: () throws -> Quotas) -> QuotaError? {
    do {
      _ = try body()
      return nil
    } catch { return error as? QuotaError }
  }

  @Test func whatNobodyCouldKeepIsRefusedByName() {
    let cases: [(String, QuotaError.Code, () throws -> Quotas)] = [
      (
        "copy 1 has to be sent 9", .impossible,
        { try Quotas(rounds: 99, copies: 2, maximum: [5, 8], minimum: [0, 9]) }
      ),
      ("the budget is 10", .impossible, { try Quotas(rounds: 99, copies: 2, minimum: [5, 6], budget: 10) }),
      ("the audience is 10", .impossible, { try Quotas(rounds: 10, copies: 2, minimum: [5, 6]) }),
      (
        "channel 0", .impossible,
        { try Quotas(rounds: 99, copies: 2, minimum: [5, 6], channels: [0, 0], channelMaximum: [10]) }
      ),
      ("maximum has 1 entries for 2", .shape, { try Quotas(rounds: 9, copies: 2, maximum: [1]) }),
      ("of channel 3", .shape, { try Quotas(rounds: 9, copies: 2, channels: [0, 3], channelMaximum: [1]) }),
      ("maximum of copy 0", .range, { try Quotas(rounds: 9, copies: 1, maximum: [-1]) }),
      ("the budget is from", .range, { try Quotas(rounds: 9, copies: 1, budget: .max) }),
      ("minimum of copy 0", .range, { try Quotas(rounds: 9, copies: 1, minimum: [.max]) }),
      ("copies is from 1", .range, { try Quotas(rounds: 9, copies: 0) }),
      ("rounds is from 0", .range, { try Quotas(rounds: -1, copies: 1) }),
    ]
    for (words, code, body) in cases {
      let error = refusal(body)
      #expect(error?.code == code, "\(words)")
      #expect(error?.description.contains(words) == true, "\(error?.description ?? "accepted"): \(words)")
    }
  }

  @Test func bytesBringThemBack() throws {
    let problem = try QuotaProblem(seed: 3, rows: 50, copies: 5)
    #expect(try Quotas(decoding: problem.quotas.encoded()) == problem.quotas)
    var allowance = Allowance(problem.quotas)
    for copy in [0, 1, nil, 4] { allowance.spend(copy) }
    #expect(try Allowance(decoding: allowance.encoded()) == allowance)
    let bytes = problem.quotas.encoded()
    for length in 0..<bytes.count {
      #expect(throws: BinaryError.self) { try Quotas(decoding: Array(bytes.prefix(length))) }
    }
  }
}
