/// Values of one kind in one array, named by handles that stay good while others come and go.
struct Pool<Element: Sendable>: Sendable {
  private var elements: ContiguousArray<Element> = []
  private var vacant: ContiguousArray<Handle> = []

  var count: Int { elements.count - vacant.count }
  /// Handles there have been; a vacant one's element is what it was told to be on leaving.
  var end: Int { elements.count }
  var bytes: Int { elements.capacity * MemoryLayout<Element>.stride + vacant.capacity * MemoryLayout<Handle>.stride }

  subscript(handle: Handle) -> Element {
    _read { yield elements[Int(handle)] }
    _modify { yield &elements[Int(handle)] }
  }

  mutating func add(_ element: Element) -> Handle {
    if let handle = vacant.popLast() {
      elements[Int(handle)] = element
      return handle
    }
    elements.append(element)
    return Handle(elements.count - 1)
  }

  mutating func remove(_ handle: Handle) { vacant.append(handle) }
}

/// A place in a pool, or in a list of such places the end.
typealias Handle = UInt32

extension Handle {
  static let none = Handle.max
}
