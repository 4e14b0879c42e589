public import AttuneModel
public import Codec

/// What is told of a user: an object of properties, flattened like an event's; null removes a property.
///
/// Checked by name: `zone` is text, `consent` and each `topics.NAME` are true or false. A null given to the name of a
/// nested object removes the property of exactly that name, not those below it.
public struct ProfileDecoder: Sendable {
  public let limits: Limits
  private let map: MemberMap

  public init(limits: Limits = .default, map: MemberMap = MemberMap()) {
    self.limits = limits
    self.map = map
  }

  /// The body of `PUT /v1/users/{id}`. It may repeat `user`, but not name another.
  public func decode(_ body: some Collection<UInt8>, user: String) -> Result<ProfilePatch, Refusal> {
    let reader = ItemReader(limits: limits, sample: #"{"zone": "Asia/Shanghai"}"#) { scanner throws(Refusal) in
      try scanner.check(name: user, "the user's id", upTo: limits.userBytes, at: 0)
      return try patch(from: &scanner, user: user)
    }
    return reader.decode(line: body)
  }

  /// One line of a file: `{"user": "u1", "zone": "Asia/Shanghai", ...}`.
  public func decode(line: some Collection<UInt8>) -> Result<ProfilePatch, Refusal> {
    let reader = ItemReader(limits: limits, sample: #"{"user": "u1", "zone": "Asia/Shanghai"}"#) {
      scanner throws(Refusal) in
      try patch(from: &scanner, user: nil)
    }
    return reader.decode(line: line)
  }

  private func patch(from scanner: inout JSONScanner, user: String?) throws(Refusal) -> ProfilePatch {
    var changes = FlatMembers<ProfilePatch.Change>(limits: limits)
    var named: String?
    try scanner.enterObject("a profile")
    let start = scanner.position - 1
    var isFirst = true
    while let key = try scanner.nextKey(&isFirst) {
      do throws(Refusal) {
        let start = scanner.position
        if key == map.theirs("user") {
          try once(&named, key, start, scanner.identifier("user", upTo: limits.userBytes))
        } else {
          let before = changes.members.count
          try changes.read(key, from: &scanner)
          for change in changes.members[before...] { try check(change, at: start) }
        }
      } catch { throw error.inside(key) }
    }
    guard let subject = user ?? named else {
      let name = map.theirs("user")
      let other = changes.members.first { change in
        MemberNames.member(nearlyMeantBy: change.name, among: map.guessed(["user"])) != nil
      }
      throw other.map { .other($0.name, for: "user", at: start) }
        ?? .missing(name, "say whose profile it is", at: start)
    }
    if let named, named != subject {
      throw Refusal(.mismatch, "the address names '\(subject)', the body '\(named)'", offset: start).inside("user")
    }
    try refuseOtherNames(changes.members, at: start)
    return ProfilePatch(user: subject, changes: changes.members)
  }

  /// `timezone` would be a property that nothing asks for, and the user's nights those of the configuration.
  private func refuseOtherNames(_ changes: [ProfilePatch.Change], at offset: Int) throws(Refusal) {
    let missing = ["zone", "consent"].filter { member in !changes.contains { $0.name == member } }
    for change in changes {
      guard let member = MemberNames.member(meantBy: change.name, among: missing) else { continue }
      throw Refusal(
        .unknownMember, "'\(change.name)' is no '\(member)'", hint: "write '\(member)'", offset: offset
      ).inside(change.name)
    }
  }

  private func check(_ change: ProfilePatch.Change, at offset: Int) throws(Refusal) {
    let parts = change.name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let expected: String
    switch (parts[0], parts.count, change.value) {
    case ("zone", 1, .string), ("zone", 1, nil), ("consent", 1, .bool), ("consent", 1, nil): return
    case ("topics", 2, .bool), ("topics", _, nil): return
    case ("zone", _, _): expected = "zone is text such as Asia/Shanghai"
    case ("consent", _, _): expected = "consent is true or false"
    case ("topics", _, _): expected = "topics is an object of names, each true or false"
    default: return
    }
    throw Refusal(.wrongType, expected, hint: "null removes it", offset: offset)
  }
}
