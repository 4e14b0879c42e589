public import AttuneModel

// The form in which an app carries its rules: magic, version of the format, checksum, and the rules as a checkpoint
// has them, without their places and without the zones that they do not ask.
extension RuleSet {
  /// `ATRL`, and a byte that no text has.
  private static let magic: [UInt8] = [0x41, 0x54, 0x52, 0x4C, 0xF1]
  private static let format: UInt8 = 1
  /// More is no longer compact; an app loads them at once when it starts.
  private static let mostBytes = 1 << 20

  /// The rules in force, for `init(device:)` on another machine.
  ///
  /// ```swift
  /// let bytes = try rules.deviceForm()       // on the server: attune rules compile --for device
  /// let same = try RuleSet(device: bytes)    // in the app
  /// ```
  ///
  /// - Returns: at most 1 MiB.
  /// - Throws: `Diagnostics` with every rule that cannot run on a device, its place and why; also when the rules are
  ///   together too large.
  public func deviceForm() throws(Diagnostics) -> [UInt8] {
    var diagnostics = Diagnostics()
    for rule in rules { rule.checkForDevice(&diagnostics) }
    guard diagnostics.errors.isEmpty else { throw diagnostics }
    let carried = RuleSet(rules: rules.map(\.carried), retired: [], nextSerial: nextSerial)
    let content = carried.encoded()
    if content.count > Self.mostBytes, let first = rules.first {
      diagnostics.error(
        first.mark, "these rules take \(content.count) bytes, and a device loads at most \(Self.mostBytes)",
        hint: "compile fewer of them")
      throw diagnostics
    }
    return Self.magic + [Self.format] + Self.checksum(content) + content
  }

  /// Loads what `deviceForm` made, anywhere: it needs neither YAML nor Foundation.
  ///
  /// - Throws: `DeviceFormError` for bytes that are damaged, foreign, or of a later format.
  public init(device bytes: [UInt8]) throws(DeviceFormError) {
    let header = Self.magic.count + 1
    guard bytes.starts(with: Self.magic), bytes.count > Self.magic.count else {
      throw DeviceFormError(.foreign, "these are no rules for a device")
    }
    let format = bytes[Self.magic.count]
    guard format == Self.format else {
      throw DeviceFormError(
        .newer, "these rules have format \(format), and this library reads format \(Self.format)",
        hint: "update the library, or compile the rules with the attune of its version")
    }
    let content = Array(bytes.dropFirst(header + 8))
    guard bytes.count <= header + 8 + Self.mostBytes, bytes[header...].starts(with: Self.checksum(content)) else {
      throw DeviceFormError(.damaged, "these rules are damaged: their checksum differs", hint: "copy them once more")
    }
    do { try self.init(decoding: content) } catch {
      throw DeviceFormError(
        .unreadable, "these rules are whole, and this library cannot read them: \(error)",
        hint: "use the library and the attune of one version")
    }
  }

  private static func checksum(_ content: [UInt8]) -> [UInt8] {
    var hash = StableHash()
    for byte in content { hash.combine(UInt64(byte)) }
    let value = hash.value()
    return stride(from: UInt64(0), to: 64, by: 8).map { UInt8(truncatingIfNeeded: value >> $0) }
  }
}

extension Rule {
  fileprivate func checkForDevice(_ diagnostics: inout Diagnostics) {
    if isCrossUser {
      diagnostics.error(
        origin.source["key"]?.mark ?? mark,
        "'\(name)' looks across users (its key lacks 'user'), and a device sees only its own user's events",
        hint: "leave it to the server")
    } else if addressee != "user" {
      diagnostics.error(
        origin.source["to"]?.mark ?? mark,
        "'\(name)' is for the '\(addressee)', and a device reaches only its own user", hint: "leave it to the server")
    }
  }

  /// Itself, with what only a server tells left out.
  fileprivate var carried: Rule {
    let zone = pattern.usesZone ? origin.zone : .utc
    return Rule(
      version: version, serial: serial, pattern: pattern,
      origin: Origin(
        name: name, mode: mode, key: key, addressee: addressee, source: origin.source.withoutFiles, zone: zone))
  }
}

extension Node {
  /// Lines stay, for messages.
  fileprivate var withoutFiles: Node {
    let content: Content =
      switch self.content {
      case .null, .scalar: self.content
      case .sequence(let items): .sequence(items.map(\.withoutFiles))
      case .mapping(let entries):
        .mapping(
          entries.map { Entry(key: $0.key, keyMark: $0.keyMark.withoutFile, value: $0.value.withoutFiles) })
      }
    return Node(content, mark: mark.withoutFile)
  }
}

extension Mark {
  fileprivate var withoutFile: Mark { Mark(file: "", line: line, column: 0) }
}

/// Why bytes are not the rules that an app may run.
public struct DeviceFormError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, for code.
  public enum Code: Sendable, Hashable {
    /// Not rules at all.
    case foreign
    /// Of a format that came after this library.
    case newer
    /// Cut off or changed on the way.
    case damaged
    /// Whole, and of this format, and still not rules that this library knows.
    case unreadable
  }

  /// What is wrong.
  public var code: Code
  /// The same for people.
  public var message: String
  /// What to do about it, where that is known.
  public var hint: String?

  init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// The message with its hint.
  public var description: String { message + (hint.map { " (hint: \($0))" } ?? "") }
}
