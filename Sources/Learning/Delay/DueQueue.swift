import AttuneModel

/// A binary heap of what is due when; equal instants in the order they were pushed.
struct DueQueue<Element: Sendable>: Sendable {
  var items: [Item] = []
  var sequence: UInt64 = 0

  struct Item: Sendable {
    var due: Instant
    var sequence: UInt64
    var element: Element

    func isBefore(_ other: Item) -> Bool { (due, sequence) < (other.due, other.sequence) }
  }

  mutating func push(_ element: Element, at due: Instant) {
    items.append(Item(due: due, sequence: sequence, element: element))
    sequence += 1
    var child = items.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard items[child].isBefore(items[parent]) else { return }
      items.swapAt(child, parent)
      child = parent
    }
  }

  mutating func pop(by now: Instant) -> (element: Element, due: Instant)? {
    guard let first = items.first, first.due <= now else { return nil }
    let last = items.removeLast()
    guard !items.isEmpty else { return (first.element, first.due) }
    items[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < items.count && items[child].isBefore(items[least]) {
        least = child
      }
      guard least != parent else { return (first.element, first.due) }
      items.swapAt(parent, least)
      parent = least
    }
  }
}
