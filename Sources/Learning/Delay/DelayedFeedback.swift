public import AttuneModel

/// Turns sends and late clicks into lessons, without bias and without waiting for the window's end.
///
/// A click is learned when it comes. A message without one is learned as ignored at a delay drawn from those of clicks:
/// so at any time the same share of clicks and of ignored messages has been learned, of fast copies and of slow ones. A
/// click that comes after its message was given up takes that back. When the window closes, all is settled: what was
/// learned is then exactly who clicked and who did not.
public struct DelayedFeedback<ID: Hashable & Sendable>: Sendable {
  /// What is to be learned, in the order it is given.
  public enum Lesson: Hashable, Sendable {
    case clicked(Context, copy: Int)
    case ignored(Context, copy: Int)
    /// Was learned as ignored, and is not any more: the click follows.
    case retracted(Context, copy: Int)
  }

  /// What a click came to.
  public enum Click: Hashable, Sendable {
    case learned([Lesson])
    case twice
    /// Never sent, or its window is long over.
    case unknown
    case afterWindow
  }

  /// How long clicks take, as far as is known.
  public internal(set) var delays: ClickDelays
  /// Messages at most that wait for their window's end.
  public let capacity: Int

  var open: [ID: Message] = [:]
  var queue = DueQueue<ID>()

  struct Message: Sendable {
    var context: Context
    var copy: Int
    var sent: Instant
    var share: Double
    var state = State.waiting
  }

  enum State: UInt8, Sendable { case waiting, ignored, clicked }

  public init(delays: ClickDelays, capacity: Int = 10_000_000) {
    self.delays = delays
    self.capacity = max(1, capacity)
  }

  /// Messages that wait for the end of their window.
  public var count: Int { open.count }

  /// - Parameter share: a draw from 0 ..< 1 that depends on the message alone, as a hash of its id.
  /// - Returns: false when the id is known already, or no more can wait: it will teach nothing.
  public mutating func send(_ id: ID, _ context: Context, copy: Int, at sent: Instant, share: Double) -> Bool {
    guard open[id] == nil, open.count < capacity else { return false }
    let share = share > 0 ? min(share, 1) : 0
    open[id] = Message(context: context, copy: copy, sent: sent, share: share)
    delays.send(at: sent)
    queue.push(id, at: sent + (delays.wait(of: share, copy: copy, age: .zero) ?? .zero))
    return true
  }

  /// A message was clicked.
  public mutating func click(_ id: ID, at clicked: Instant) -> Click {
    guard let message = open[id] else { return .unknown }
    if message.state == .clicked { return .twice }
    if clicked > message.sent + delays.window { return .afterWindow }
    open[id]?.state = .clicked
    delays.observe(copy: message.copy, sent: message.sent, clicked: max(clicked, message.sent))
    let lesson = Lesson.clicked(message.context, copy: message.copy)
    return .learned(
      message.state == .ignored ? [.retracted(message.context, copy: message.copy), lesson] : [lesson])
  }

  /// The next message given up by `now`; nil when there is none.
  public mutating func next(by now: Instant) -> Lesson? {
    while let (id, due) = queue.pop(by: now) {
      guard let message = open[id] else { continue }
      let end = message.sent + delays.window
      if due >= end { open[id] = nil }
      guard message.state == .waiting else {
        if due < end { queue.push(id, at: end) }
        continue
      }
      if due < end {
        // Clicks may have proved slower, or faster, since it was sent.
        if let wait = delays.wait(of: message.share, copy: message.copy, age: due - message.sent) {
          queue.push(id, at: min(message.sent + wait, end))
          continue
        }
        queue.push(id, at: end)
        open[id]?.state = .ignored
      }
      return .ignored(message.context, copy: message.copy)
    }
    return nil
  }
}

extension Learner {
  /// Learns, or takes back, what the feedback of a message says.
  public mutating func learn<ID>(_ lesson: DelayedFeedback<ID>.Lesson) {
    switch lesson {
    case .clicked(let context, let copy): learn(context, copy: copy, clicked: true)
    case .ignored(let context, let copy): learn(context, copy: copy, clicked: false)
    case .retracted(let context, let copy): unlearn(context, copy: copy, clicked: false)
    }
  }
}
