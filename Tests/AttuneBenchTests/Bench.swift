import TestSupport

/// Runs `attune-bench` to its end.
func bench(_ arguments: String...) async throws -> Program.Outcome {
  try await Program(arguments, of: "attune-bench").ended()
}
