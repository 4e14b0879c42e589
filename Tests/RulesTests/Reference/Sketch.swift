import AttuneModel

/// A pattern as the tests invent it, simple enough to be judged by the plain words of RULES.md.
struct Sketch {
  struct Step {
    /// None: any.
    var types: [String]
    var times: ClosedRange<Int> = 1...1
    var tests: [Test] = []
    var isOptional = false
    var follows = Nearness.relaxed
    var repeats = Nearness.relaxed
    var gap: Int64?
    /// Names of properties.
    var same: String?
    var distinct: String?
    var isGreedy = false
    var until: [Test] = []
    /// `not` and `notNext` after it.
    var nots: [Ban] = []
    var nextNots: [Ban] = []
  }

  enum Nearness { case strict, relaxed, any }

  /// One part of a condition.
  enum Test {
    /// `price >= floor`
    case floor(Double)
    /// `item == sK.item`
    case sameItem(Int)
    /// `price >= avg(sK.price)`
    case average(Int)
    /// `price <= count(sK)`
    case few(Int)
    /// `exists(item)`
    case hasItem
    /// `price >= profile.floor`
    case profile
  }

  /// What a `not` is about.
  struct Ban {
    var types: [String]
    var tests: [Test] = []
  }

  enum End {
    case event
    /// `not ... for`.
    case silence(Int64)
    /// `not` without `for`.
    case silenceUntilWithin
    case notNext
  }

  enum Skip {
    case none, toNext, pastLast
    case toFirst(Int), toLast(Int)
  }

  enum Having {
    case sum(Int, Double)
    case count(Int, Int)
    case kinds(Int, Int)
  }

  var steps: [Step]
  var end = End.event
  var within: Int64?
  var restart = false
  var skip = Skip.none
  var without: [String] = []
  var having: Having?
  var key = ["user"]
  var to: String?

  var lastStep: Int { steps.count - 1 }
  var endsInEvent: Bool { if case .event = end { true } else { false } }
  /// Matches wait for attempts that began before theirs.
  var holdsBack: Bool {
    if case .none = skip, !restart { return false }
    switch end {
    case .event, .notNext: return true
    case .silence, .silenceUntilWithin: return false
    }
  }
  /// One wait per key; a trailing `notNext` waits for no deadline.
  var hasOneWait: Bool { if case .notNext = end { false } else { restart } }
}

/// An event of a stream, by the number of its arrival.
struct Entry {
  var number: Int
  var event: Event

  var at: Int64 { event.at.milliseconds }

  /// By time; at equal instants by arrival.
  static func < (a: Entry, b: Entry) -> Bool { (a.at, a.number) < (b.at, b.number) }
  static func <= (a: Entry, b: Entry) -> Bool { !(b < a) }
}

/// An event that a step has taken.
struct Link {
  var step: Int
  var entry: Entry
}

typealias Chain = [Link]

extension Chain {
  /// For chains that are not empty.
  var start: Entry { self[0].entry }
  var end: Entry { self[count - 1].entry }
  var step: Int { self[count - 1].step }

  func entries(of step: Int) -> [Entry] { filter { $0.step == step }.map(\.entry) }
}
