public import Ingest
public import Rules

extension RuleStream {
  /// What a line of a file says.
  public mutating func take(_ line: StreamLine, into outputs: inout [Output]) {
    switch line {
    case .event(let event): send(event, into: &outputs)
    case .watermark(let at): advance(to: at, into: &outputs)
    case .clock(let at): advance(clock: at, into: &outputs)
    }
  }
}
