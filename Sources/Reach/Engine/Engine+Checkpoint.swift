public import AttuneModel
import Fatigue
import Rules

extension Engine {
  /// The whole state. Equal engines give equal bytes.
  public func checkpoint() -> [UInt8] {
    var writer = ByteWriter()
    writer.writeFormat()
    writer.write(time)
    writer.write(source)
    writer.write(configuration.rules)
    writer.write(zones.values.sorted { $0.name < $1.name })
    var partitions = partitions
    // What is over by now is not stored, however much of it memory still holds.
    for index in partitions.indices { partitions[index].stream.pass(to: time.frontier) }
    writer.write(partitions)
    var keyPartitions = keyPartitions
    for index in keyPartitions.indices { keyPartitions[index].matcher.pass(to: time.frontier) }
    writer.write(keyPartitions)
    writer.write(deduplication)
    writer.write(UInt64(campaigns.count))
    for (name, campaign) in campaigns.sorted(by: { $0.key < $1.key }) {
      writer.write(name)
      writer.write(campaign)
    }
    writer.write(UInt64(choices.count))
    for (name, choice) in choices.sorted(by: { $0.key < $1.key }) {
      writer.write(name)
      writer.write(choice)
    }
    writer.write(salt)
    return writer.bytes
  }

  /// Takes up a checkpoint where it was left.
  public init(checkpoint bytes: [UInt8]) throws(CheckpointError) {
    do {
      try self.init(reading: bytes)
    } catch let error as BinaryError {
      throw error.isOtherVersion ? .otherVersion(error) : .damaged(error)
    } catch let error as CheckpointError {
      throw error
    } catch {
      throw .damaged(.invalid("a checkpoint, found \(error)", at: 0))
    }
  }

  private init(reading bytes: [UInt8]) throws {
    var reader = ByteReader(bytes)
    try reader.readFormat(of: .checkpoint)
    time = try reader.read()
    source = try reader.read()
    let rules: RuleSet = try reader.read()
    for zone in try reader.read() as [Zone] { zones[zone.name] = zone }
    partitions = try reader.read()
    keyPartitions = try reader.read()
    deduplication = try reader.read()
    for _ in 0..<(try reader.read() as UInt64) {
      let name: String = try reader.read()
      campaigns[name] = try reader.read() as CampaignState
    }
    for _ in 0..<(try reader.read() as UInt64) {
      let name: String = try reader.read()
      choices[name] = try reader.read() as LearnedChoice
    }
    if reader.format >= 8 { salt = try reader.read() }
    owners = ReservationOwners(of: partitions)
    guard let source else { return }
    var diagnostics = Diagnostics()
    guard var configuration = CompiledConfiguration(withLaunched(source), at: time.clock, &diagnostics) else {
      throw CheckpointError.configuration(diagnostics)
    }
    // Versions and retired rules are history, which the source does not tell.
    configuration.use(rules)
    self.configuration = configuration
    for index in partitions.indices { partitions[index].reaches.adopt(configuration.fatigue) }
  }
}

/// A checkpoint that this build cannot take up.
public enum CheckpointError: Error, CustomStringConvertible {
  case otherVersion(BinaryError)
  case damaged(BinaryError)
  case configuration(Diagnostics)

  public var description: String {
    switch self {
    case .otherVersion(let error): "the checkpoint is another version's: \(error)"
    case .damaged(let error): "the checkpoint is damaged: \(error)"
    case .configuration(let diagnostics): "this build does not accept the stored configuration:\n\(diagnostics)"
    }
  }
}
