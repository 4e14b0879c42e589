import Model

/// What is remembered of one user; the reaches stand in the slab, in the order of reservation. Counts are not kept but
/// read off them, so nothing can disagree.
///
/// Those of one business that are not released are also in the order of their instants.
struct Ledger: Sendable {
  /// The counted day; nil where none counts any more.
  var day: Int64? {
    get { storedDay == .min ? nil : storedDay }
    set { storedDay = newValue ?? .min }
  }
  // Half the size of an optional; the day that many ages ago counts for nobody.
  private var storedDay: Int64 = .min
  var offset: UInt32
  var count: UInt32

  static let none = Ledger()

  private init() { (offset, count) = (0, 0) }

  /// Room for as many, empty.
  init(count: UInt32, in slab: inout Slab) {
    offset = slab.allocate(Slab.Block.order(for: Int(count))).offset
    self.count = count
  }

  var block: Slab.Block { Slab.Block(offset: offset, order: Slab.Block.order(for: Int(count))) }

  /// Takes as much room as it needs for so many, and the ones there along.
  mutating func resize(to new: UInt32, in slab: inout Slab) {
    let order = Slab.Block.order(for: Int(new))
    if order != block.order {
      let target = slab.allocate(order)
      slab.copy(Int(min(count, new)), from: block, to: target)
      slab.deallocate(block)
      offset = target.offset
    }
    count = new
  }

  func remove(from slab: inout Slab) { slab.deallocate(block) }
}

/// A ledger's reaches, with what is needed to read them.
struct Reaches {
  let all: Run
  let day: Int64?
  let terms: ContiguousArray<Terms>

  /// The present window of a business began with it, and has not ended.
  func isOpen(_ opener: Reach, at now: Instant) -> Bool { now - opener.at < terms[Int(opener.terms)].length }

  func isSceneOpen(_ opener: Reach, at now: Instant) -> Bool { now - opener.at < terms[Int(opener.terms)].sceneLength }

  func windowOpener(of business: UInt32) -> Reach? {
    opener(.opensWindow) { $0.business == business }
  }

  func sceneOpener(of scene: UInt32) -> Reach? {
    opener(.opensScene) { $0.scene == scene }
  }

  private func opener(_ mark: Reach.Marks, where fits: (Terms) -> Bool) -> Reach? {
    all.indices.first { all.head($0).marks.contains(mark) && fits(terms[Int(all.head($0).terms)]) }.map { all[$0] }
  }

  /// While its day, its windows, its gap or, when those changed, the like of them by its own terms have not ended.
  func isRemembered(_ reach: Reach, at now: Instant) -> Bool {
    let terms = terms[Int(reach.terms)]
    if now - reach.at < max(terms.reach, .days(2)) { return true }
    if reach.marks.contains(.day), let day, !Day.hasEnded(day, at: now) { return true }
    if reach.marks.contains(.window), let opener = windowOpener(of: terms.business), isOpen(opener, at: now) {
      return true
    }
    if reach.marks.contains(.scene), let opener = sceneOpener(of: terms.scene), isSceneOpen(opener, at: now) {
      return true
    }
    return false
  }
}

enum Day {
  /// Whether a calendar day has ended in every zone: a day after it has in UTC.
  static func hasEnded(_ day: Int64, at now: Instant) -> Bool { floorDivide(now.milliseconds, 86_400_000) - 1 > day }
}
