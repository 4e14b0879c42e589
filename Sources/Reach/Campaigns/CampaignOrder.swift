public import AttuneModel

/// What an operator asks of a campaign.
public enum CampaignOrder: Hashable, Sendable {
  /// Users of its audience, before it is launched; all of one partition.
  case members(campaign: String, partition: Int, users: [String])
  /// Forgets the users handed in, before it is launched.
  case clear(String)
  /// Begins it by this document. One that was launched before is not begun again: `duplicate`; one with errors, or with
  /// quotas that its audience cannot meet, is `refused`.
  case launch(Node)
  case pause(String)
  case resume(String)
  /// For good. What was sent stays sent; with `recall`, what still waits to be sent is taken back, also of
  /// one that is over.
  case stop(String, recall: Bool)

  /// The campaign it is for; empty for a launch by a document without a name.
  public var campaign: String {
    switch self {
    case .members(let name, _, _), .clear(let name), .pause(let name), .resume(let name), .stop(let name, _): name
    case .launch(let document): document["campaign"]?.scalar ?? ""
    }
  }

  /// Ids in one input.
  public static let membersLimit = 10_000

  /// A list of users as orders, each of one partition.
  public static func members(of campaign: String, _ users: [String]) -> [CampaignOrder] {
    var byPartition = Array(repeating: [String](), count: Partition.count)
    for user in users { byPartition[Partition.of(user: user)].append(user) }
    return byPartition.indices.filter { !byPartition[$0].isEmpty }.map {
      .members(campaign: campaign, partition: $0, users: byPartition[$0])
    }
  }
}

extension CampaignOrder: BinaryCodable {
  public func encode(into writer: inout ByteWriter) {
    switch self {
    case .members(let campaign, let partition, let users):
      writer.write(UInt8(0))
      writer.write(campaign)
      writer.write(UInt8(truncatingIfNeeded: partition))
      writer.write(users)
    case .launch(let document):
      writer.write(UInt8(1))
      writer.write(document)
    case .clear(let name): write(5, name, &writer)
    case .pause(let name): write(2, name, &writer)
    case .resume(let name): write(3, name, &writer)
    case .stop(let name, let recall):
      write(4, name, &writer)
      writer.write(recall)
    }
  }

  private func write(_ tag: UInt8, _ name: String, _ writer: inout ByteWriter) {
    writer.write(tag)
    writer.write(name)
  }

  public init(from reader: inout ByteReader) throws(BinaryError) {
    switch try reader.read() as UInt8 {
    case 0:
      let campaign: String = try reader.read()
      let partition: UInt8 = try reader.read()
      guard partition < Partition.count else { throw BinaryError.invalid("a partition", at: reader.position - 1) }
      self = .members(campaign: campaign, partition: Int(partition), users: try reader.read())
    case 1: self = .launch(try reader.read())
    case 2: self = .pause(try reader.read())
    case 3: self = .resume(try reader.read())
    case 4: self = .stop(try reader.read(), recall: try reader.read())
    case 5: self = .clear(try reader.read())
    default: throw BinaryError.invalid("an order to a campaign", at: reader.position - 1)
    }
  }
}
