import AttuneModel
import Codec
import Foundation
import Ingest
import Learning

/// What is to be evaluated.
public enum EvaluatedPolicy: Sendable, CustomStringConvertible {
  /// What the lines of the log say in `target`.
  case target
  /// Every arm with the same probability.
  case uniform
  /// Always the arm of this name, or place from 0 where arms have no names.
  case arm(String)
  /// Where models that did not see the decision expect most.
  case best
  /// Probabilities from a file: one line for all decisions, or a line for each.
  case given(ProbabilityFile)

  /// - Parameter text: `target`, `uniform`, `best`, `arm:K`, or a file's path.
  /// - Throws: `EvaluationInputError` where it is none of them, or the file has errors.
  public init(_ text: String) throws {
    switch text {
    case "target": self = .target
    case "uniform": self = .uniform
    case "best": self = .best
    case _ where text.hasPrefix("arm:") && text.utf8.count > 4: self = .arm(String(text.dropFirst(4)))
    case _ where FileManager.default.fileExists(atPath: text): self = .given(try ProbabilityFile(path: text))
    default:
      let near = nearest(to: text, among: ["target", "uniform", "best"]).map { "did you mean '\($0)'?" }
      throw EvaluationInputError(
        "there is no policy and no file '\(text)'", hint: near ?? "one of target, uniform, best, arm:K, or a file")
    }
  }

  public var description: String {
    switch self {
    case .target: "target"
    case .uniform: "uniform"
    case .arm(let name): "arm:\(name)"
    case .best: "best"
    case .given(let file): file.path
    }
  }
}

/// A policy's probabilities.
public struct ProbabilityFile: Sendable {
  public let path: String
  private let lines: [[Double]]

  init(path: String) throws {
    var file = try LineFile(path: path)
    var lines: [[Double]] = []
    while let line = try file.next() {
      switch line.content.flatMap({ DecisionLineDecoder().decode(probabilities: $0) }) {
      case .success(let probabilities): lines.append(probabilities)
      case .failure(let refusal): throw DecisionFileError(file: path, line: line.number, refusal: refusal)
      }
    }
    guard !lines.isEmpty else { throw EvaluationInputError("\(path): no probabilities", hint: "[0.2, 0.5, 0.3]") }
    self.path = path
    self.lines = lines
  }

  func check(decisions: Int) throws(EvaluationInputError) {
    guard lines.count == 1 || lines.count == decisions else {
      throw EvaluationInputError(
        "\(path): \(lines.count) lines for \(decisions) decisions", hint: "one line for all, or a line for each")
    }
  }

  subscript(index: Int) -> [Double] { lines.count == 1 ? lines[0] : lines.indices ~= index ? lines[index] : [] }
}

/// What was asked for cannot be evaluated.
public struct EvaluationInputError: Error, Hashable, Sendable, CustomStringConvertible {
  public var message: String
  public var hint: String

  init(_ message: String, hint: String) {
    self.message = message
    self.hint = hint
  }

  public var description: String { "\(message) (hint: \(hint))" }
}
