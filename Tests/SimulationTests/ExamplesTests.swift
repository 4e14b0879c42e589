import AttuneModel
import Reach
import Testing

@testable import Simulation

@Suite struct ExamplesTests {
  @Test(arguments: ["town", "market"]) func haveNoErrors(example: String) throws {
    var diagnostics = Diagnostics()
    let configuration = CompiledConfiguration(try Towns.configuration(example), at: .distantPast, &diagnostics)
    #expect(diagnostics.errors.isEmpty, "\(diagnostics)")
    let businesses = try #require(configuration).businesses.values
    #expect(businesses.count >= 6)
    #expect(Set(businesses.map(\.scene)).count == 3)
    #expect(Set(businesses.map(\.priority)).count >= 5)
    // One business each means its messages to expire before the night is over.
    #expect(diagnostics.warnings.count == 1, "\(diagnostics)")
  }
}
