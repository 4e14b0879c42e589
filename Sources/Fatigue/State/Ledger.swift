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
