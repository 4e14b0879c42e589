public import AttuneModel
import Fatigue

/// What recovery repeats instead of deciding anew.
public struct BatchRecord: Hashable, Sendable {
  /// One a candidate.
  public var decisions: [Decision]
  /// One a reservation, in the order of the inputs.
  public var answers: [ReservationAnswer]

  public init(decisions: [Decision] = [], answers: [ReservationAnswer] = []) {
    self.decisions = decisions
    self.answers = answers
  }
}

// Answers are by far the most numerous records there are, so they are told in as few bytes as will do: about 20.
// Scenes by their number in a table, instants by their distance from one that is near.
extension BatchRecord: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    writer.write(decisions)
    writer.write(UInt64(answers.count))
    guard let first = answers.first else { return }
    var scenes = SceneTable()
    let numbers = answers.map { scenes.number(of: $0.scene) }
    writer.write(first.at)
    writer.write(scenes.names)
    for (answer, scene) in zip(answers, numbers) { answer.encode(scene: scene, near: first.at, into: &writer) }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(decisions: try reader.read())
    let count: UInt64 = try reader.read()
    if count == 0 { return }
    let first: Instant = try reader.read()
    let scenes: [String] = try reader.read()
    for _ in 0..<count {
      answers.append(try ReservationAnswer(from: &reader, scenes: scenes, near: first))
    }
  }
}

/// Few and often the same one several times in a row.
private struct SceneTable {
  var names: [String] = []
  private var last = 0

  mutating func number(of name: String) -> Int {
    if last < names.count, names[last] == name { return last }
    last = names.firstIndex(of: name) ?? names.count
    if last == names.count { names.append(name) }
    return last
  }
}
