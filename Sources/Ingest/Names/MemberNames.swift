/// Which of our members a name of somebody else's stands for: `user_id`, `UserId`, `uesr` and `distinct_id` are all
/// `user`. Names are compared without case, `_`, `-`, `$` and spaces.
enum MemberNames {
  /// What others call a member of ours.
  private static let others = [
    "user": [
      "userid", "uid", "username", "useruuid", "userkey", "userpseudoid", "distinctid", "customerid", "customer",
      "anonymousid", "memberid", "visitorid", "accountid", "externalid", "externaluserid", "loginid", "identity",
      "deviceid", "clientid", "openid", "unionid", "profileid", "personid", "playerid", "subscriberid", "buyerid",
      "user.id", "user.userid",
    ],
    "id": ["eventid", "eventuuid", "messageid", "msgid", "insertid", "uuid", "guid", "event.id"],
    "event": [
      "eventname", "eventtype", "eventkey", "eventcode", "action", "actiontype", "activity", "type", "name",
      "event.name",
    ],
    "ts": [
      "timestamp", "timestampms", "time", "timems", "tsms", "eventtime", "eventts", "eventtimestamp", "eventtimems",
      "datetime", "occurredat", "sentat", "clienttime", "clienteventtime", "originaltimestamp", "servertime", "logtime",
      "unixtime", "timestampmillis", "epochmillis",
    ],
    "at": ["ts", "time", "timestamp", "datetime", "sendat", "when"],
    "business": ["biz", "businessid", "businessname", "businessline"],
    "zone": ["timezone", "tz", "timezoneid", "timezonename", "zoneid", "zonename"],
    "settle": ["status", "outcome", "result", "settlement"],
    "message": ["messageid", "msgid", "candidate", "candidateid", "notificationid", "pushid"],
    "consent": [], "topics": ["topic"],
  ]

  /// Our members that a name may stand for, by the hash of the name.
  private static let members: [UInt64: [String]] = {
    var members: [UInt64: [String]] = [:]
    for (member, names) in others { for name in [member] + names { members[hash(name), default: []].append(member) } }
    return members.mapValues { $0.sorted() }
  }()

  /// Every event of a body is asked: a name that stands for nothing costs a hash.
  /// - Parameter missing: members that were not given.
  /// - Returns: the one that is most likely meant.
  static func member(meantBy name: String, among missing: [String]) -> String? {
    if let known = members[hash(name)], let member = known.first(where: missing.contains) { return member }
    return nil
  }

  /// Likewise a name with one slip: a letter too many, too few, another one, or two in each other's place. Of short names
  /// everything is a slip, so they have none.
  static func member(nearlyMeantBy name: String, among missing: [String]) -> String? {
    if let member = member(meantBy: name, among: missing) { return member }
    let bytes = normal(name)
    return missing.first { member in
      isSlip(bytes, of: member, atLeast: 4) || (others[member] ?? []).contains { isSlip(bytes, of: $0, atLeast: 6) }
    }
  }

  private static func isSlip(_ bytes: [UInt8], of name: String, atLeast count: Int) -> Bool {
    name.utf8.count >= count && isOneSlip(bytes, Array(name.utf8))
  }

  /// Whether one edit makes the one of the other.
  private static func isOneSlip(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard abs(a.count - b.count) <= 1 else { return false }
    let same = zip(a, b).prefix { $0 == $1 }.count
    let (x, y) = (a[same...], b[same...])
    if x.dropFirst() == y || x == y.dropFirst() || x.dropFirst() == y.dropFirst() { return true }
    let swapped = x.count >= 2 && x.count == y.count && x.first == y.dropFirst().first && x.dropFirst().first == y.first
    return swapped && x.dropFirst(2) == y.dropFirst(2)
  }

  private static func normal(_ name: String) -> [UInt8] {
    var bytes: [UInt8] = []
    for byte in name.utf8 { if let byte = normal(byte) { bytes.append(byte) } }
    return bytes
  }

  /// Nil for what does not count.
  @inline(__always)
  private static func normal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
    case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "$"), UInt8(ascii: " "): nil
    default: byte
    }
  }

  /// FNV-1a over the bytes that count.
  private static func hash(_ name: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { if let byte = normal(byte) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 } }
    return hash
  }

  /// An object of this name holds what we want beside it.
  static func isWrapper(_ name: String) -> Bool { wrappers.contains(hash(name)) }

  private static let wrappers = Set(["properties", "props", "eventproperties", "eventprops", "eventparams"].map(hash))
}
