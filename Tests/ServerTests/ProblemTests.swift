import AttuneModel
import HTTPTypes
import Hummingbird
import Runtime
import Store
import Testing

@testable import Server

@Suite struct ProblemTests {
  @Test func whatAFailureOfTheStoreLooksLike() {
    let cases: [(any Error, Int, String?)] = [
      (StoreError(.diskFull, "cannot append batch 7 in /srv/attune.db: the disk is full"), 503, "30"),
      (StoreError(.io, "cannot append batch 7 in /srv/attune.db"), 503, "5"), (DriverError.stopped, 503, "5"),
      (DriverError.overloaded, 429, "1"),
    ]
    for (error, status, retry) in cases {
      let response = Problem(error)?.response(request: "r1")
      #expect(response?.status.code == status)
      #expect(response?.headers[.retryAfter] == retry, "\(error)")
      #expect(Problem(error)?.detail.contains("/srv") == false)
    }
  }

  @Test func whatIsOursIsNotTold() {
    struct Surprise: Error {}
    #expect(Problem(Surprise()) == nil)
  }

  @Test func cursorsAreReadBack() {
    let cursor = TimelineReader.Cursor(batch: 12, place: 3)
    #expect(TimelineReader.Cursor("\(cursor)") == cursor)
    #expect(TimelineReader.Cursor(batch: 9, place: 7) < cursor)
    for text in ["", "12", "12.", ".3", "1.2.3", "a.b"] { #expect(TimelineReader.Cursor(text) == nil, "\(text)") }
  }
}
