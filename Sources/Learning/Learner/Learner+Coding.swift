public import AttuneModel

extension Learner: BinaryCodable {
  private static var version: UInt8 { 1 }

  public func encode(into writer: inout ByteWriter) {
    writer.write(Self.version)
    writer.write(configuration)
    writer.write(changes)
    writer.write(places)
    model.encode(into: &writer)
    writer.write(challenger != nil)
    if let challenger {
      writer.write(challenger.evidence)
      challenger.model.encode(into: &writer)
    }
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    guard try reader.read() == Self.version else {
      throw BinaryError.invalid("version \(Self.version) of a learner", at: reader.position - 1)
    }
    configuration = try reader.read()
    changes = try reader.read()
    places = try reader.read()
    hasWithdrawn = places.contains(where: \.isWithdrawn)
    let kind = configuration.kind
    model = try kind.model(from: &reader)
    if try reader.read() {
      let evidence = try reader.finite()
      challenger = Challenger(model: try kind.model(from: &reader), evidence: evidence)
    }
    guard [model.copies, challenger?.model.copies ?? places.count] == [places.count, places.count],
      challenger?.model.dimensions ?? model.dimensions == model.dimensions
    else { throw BinaryError.invalid("a learner's copies", at: reader.position) }
    blank = kind.model(dimensions: model.dimensions, copies: 0, configuration.prior)
    for (copy, place) in places.enumerated() {
      blank.add(copy: place.belief)
      if place.isWithdrawn { blank.withdraw(copy: copy) }
    }
  }
}

extension Learner.Place: BinaryCodable {
  func encode(into writer: inout ByteWriter) {
    writer.write(belief)
    writer.write(isWithdrawn)
  }

  init(from reader: inout ByteReader) throws(BinaryError) {
    self.init(belief: try reader.read(), isWithdrawn: try reader.read())
  }
}
