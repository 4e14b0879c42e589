import AttuneModel
import Learning

/// Some of a business's users as the learner sees them, each as likely to be among them, and what each got.
struct ArrivalReservoir: Sendable {
  struct Arrival: Sendable, BinaryCodable {
    var context: Context
    /// Nil where nothing was worth it.
    var copy: Int?

    init(context: Context, copy: Int?) {
      self.context = context
      self.copy = copy
    }

    func encode(into writer: inout ByteWriter) {
      writer.write(context)
      writer.write(copy ?? -1)
    }

    init(from reader: inout ByteReader) throws(BinaryError) {
      context = try reader.read()
      let copy: Int = try reader.read()
      self.copy = copy < 0 ? nil : copy
    }
  }

  private(set) var arrivals: [Arrival] = []
  private var count: UInt64 = 0
  private static let limit = 1024
  /// As many of them are looked at after every step.
  private static let glance = 64

  mutating func add(_ context: Context, copy: Int?) {
    count += 1
    let arrival = Arrival(context: context, copy: copy)
    if arrivals.count < Self.limit { return arrivals.append(arrival) }
    let place = mix64(count) % count
    if place < UInt64(Self.limit) { arrivals[Int(place)] = arrival }
  }

  /// What is believed of a copy's clicks: the mean, and between what nine in ten draws lie.
  func belief(of place: Int, _ learner: Learner) -> (mean: Double, range: ClosedRange<Double>)? {
    guard !arrivals.isEmpty, place < learner.copies else { return nil }
    var (mean, low, high) = (0.0, 0.0, 0.0)
    let some = arrivals.suffix(Self.glance)
    for arrival in some {
      let score = learner.model.score(arrival.context, copy: place)
      let spread = 1.6448536 * score.variance.squareRoot()
      mean += score.probability
      low += Elementary.sigmoid(score.mean - spread)
      high += Elementary.sigmoid(score.mean + spread)
    }
    let count = Double(some.count)
    return (mean / count, low / count...max(low, high) / count)
  }

  /// How much of the most clicks that anybody could have had for them, knowing all beforehand, was had: by what is
  /// believed now, with as large a part of the quotas as they are of `quotas`' users. Nil where that says nothing.
  func shareOfBest(_ learner: Learner, _ quotas: Quotas) -> Double? {
    guard arrivals.count >= 200, quotas.copies == learner.copies else { return nil }
    var values: [Float] = []
    var had = 0.0
    for arrival in arrivals {
      let scores = learner.scores(for: arrival.context)
      values += scores.map { Float($0.probability) }
      if let copy = arrival.copy, copy < scores.count { had += scores[copy].probability }
    }
    guard let part = quotas.part(of: arrivals.count, in: Int(min(count, 1 << 40))) else { return nil }
    let bound = HindsightBound(values: values, quotas: part).value
    return bound > 0 ? min(1, had / bound) : nil
  }
}

extension Quotas {
  /// As large a part of each as `some` are of `all`.
  fileprivate func part(of some: Int, in all: Int) -> Quotas? {
    func part(_ limit: Int) -> Int { Int((Double(limit) * Double(some) / Double(max(1, all))).rounded(.up)) }
    return try? Quotas(
      rounds: some, copies: copies, maximum: maximum.map { $0.map(part) },
      minimum: minimum.map { Int(Double($0) * Double(some) / Double(max(1, all))) }, channels: channels,
      channelMaximum: channelMaximum.map { $0.map(part) }, budget: budget.map(part))
  }
}

extension ArrivalReservoir: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(arrivals)
    writer.write(count)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    arrivals = try reader.read()
    count = try reader.read()
    guard arrivals.count <= Self.limit, count >= UInt64(arrivals.count) else {
      throw BinaryError.invalid("a sample", at: reader.position)
    }
  }
}
