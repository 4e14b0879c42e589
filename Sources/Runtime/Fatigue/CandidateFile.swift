public import AttuneModel
public import Codec
public import Fatigue
import Ingest

/// A file of candidates, settlements and policies, NDJSON, plain or gzip, line after line in bounded memory.
public struct CandidateFile: ~Copyable {
  public struct Candidate: Sendable {
    public var id: String
    /// Whether the id was written as an integer.
    public var idIsInteger: Bool
    public var user: String
    public var business: String
    /// Whose calendar day counts; nil for the policy's.
    public var zone: Zone?
    public var at: Instant
  }

  public enum Step: Sendable {
    case candidate(Candidate)
    case settlement(id: String, FatigueSettlement)
    case policy(FatiguePolicy)
  }

  private let name: String
  private var file: LineFile
  private let decoder = CandidateLineDecoder()
  private var line = 0

  /// - Parameter path: `-` for standard input.
  public init(path: String) throws(FileReadError) {
    name = path == "-" ? "standard input" : path
    file = try LineFile(path: path == "-" ? "/dev/stdin" : path)
  }

  /// Bytes of the file as it lies on disk, and how many of them have been read.
  public var progress: (read: Int, total: Int) { file.progress }

  /// What the next line says; nil at the end.
  ///
  /// - Throws: `CandidateFileError` for a line that says nothing sound, `Diagnostics` for a policy with errors,
  ///   `FileReadError` for a file that cannot be read further.
  public mutating func next() throws -> Step? {
    guard let next = try file.next() else { return nil }
    line = next.number
    switch next.content.flatMap({ decoder.decode($0) }) {
    case .success(.candidate(let reservation, let at, let idIsInteger)):
      return .candidate(
        Candidate(
          id: reservation.id, idIsInteger: idIsInteger, user: reservation.user, business: reservation.business,
          zone: try zone(named: reservation.zone), at: at))
    case .success(.settlement(let id, let settlement)): return .settlement(id: id, settlement)
    case .success(.policy(let json, let offset)): return .policy(try policy(json, offset))
    case .failure(let refusal): throw error(refusal)
    }
  }

  /// What is wrong with the line that was read last.
  func error(_ refusal: Refusal) -> CandidateFileError { CandidateFileError(file: name, line: line, refusal: refusal) }

  func unknown(_ business: String, among known: some Sequence<String>) -> CandidateFileError {
    let near = nearest(to: business, among: known.sorted()).map { "did you mean '\($0)'?" }
    return error(
      Refusal(
        .invalid, pointer: "/business", "the policy has no business '\(business)'",
        hint: near ?? "a policy line can bring it", offset: 0))
  }

  private func zone(named name: String?) throws -> Zone? {
    guard let name else { return nil }
    if let zone = ZoneTables.zone(named: name) { return zone }
    let near = nearest(to: name, among: ZoneTables.names).map { "did you mean '\($0)'?" }
    throw error(
      Refusal(
        .invalid, pointer: "/zone", "there is no time zone '\(name)'",
        hint: near ?? "write an IANA name: Asia/Shanghai", offset: 0))
  }

  /// Errors are told by their place in the file, though the policy was read by itself.
  private func policy(_ json: String, _ offset: Int) throws(Diagnostics) -> FatiguePolicy {
    do { return try FatiguePolicy(text: json, file: name) } catch {
      var placed = Diagnostics()
      for diagnostic in error.errors {
        let mark = Mark(file: name, line: line, column: diagnostic.mark.column + offset)
        placed.error(mark, diagnostic.message, hint: diagnostic.hint)
      }
      throw placed
    }
  }
}

/// A line that cannot be followed.
public struct CandidateFileError: Error, Sendable, CustomStringConvertible {
  public var file: String
  public var line: Int
  public var refusal: Refusal

  /// `candidates.ndjson:7: /user: 'user' is missing (hint: ...)`
  public var description: String { "\(file):\(line): \(refusal)" }
}
