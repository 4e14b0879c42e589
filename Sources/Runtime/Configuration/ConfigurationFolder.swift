public import AttuneModel
import Foundation
import Reach

/// A configuration as files: `attune.yaml`, `rules/*.yaml`, `businesses/*.yaml`,
/// `campaigns/*.yaml` (`.yml` too), read in the order of
/// their names. Marks name files relative to the folder.
public enum ConfigurationFolder {
  /// Bytes of one file, and of all of them.
  static let fileLimit = 1_048_576
  static let totalLimit = 64 * 1_048_576
  static let countLimit = 10_000

  /// Reads a folder and the tables of the zones it names, and of the `zones` asked for besides.
  ///
  /// Whatever cannot be read is thrown, all of it at once; files that are no part of a configuration are warnings.
  public static func read(
    _ path: String, zones: [String] = [], warnings: inout Diagnostics
  ) throws(Diagnostics) -> ConfigurationSource {
    let listing = Listing(all: path)
    if listing.files.isEmpty, !listing.diagnostics.errors.isEmpty { throw listing.diagnostics }
    do throws(Diagnostics) {
      let source = try read(files: listing.files, listing.unread, zones: zones)
      if !listing.diagnostics.errors.isEmpty { throw Diagnostics() }
      warnings.append(listing.diagnostics)
      return source
    } catch {
      var all = listing.diagnostics
      all.append(error)
      throw all
    }
  }

  /// Reads a configuration that came as texts by name, `rules/a.yaml`. A name of any other place is an error.
  public static func read(
    files: [String: String], zones: [String] = []
  ) throws(Diagnostics) -> ConfigurationSource { try read(files: files, [], zones: zones) }

  /// - Parameter unread: files that are there besides.
  private static func read(
    files: [String: String], _ unread: UnreadFiles, zones: [String]
  ) throws(Diagnostics) -> ConfigurationSource {
    var (diagnostics, unread) = (Diagnostics(), unread)
    check(files, unread, &diagnostics)
    if !diagnostics.errors.isEmpty { throw diagnostics }
    var source = ConfigurationSource()
    for (name, text) in files.sorted(by: { $0.key < $1.key }) {
      guard let place = Place(of: name) else { continue }
      var told = Diagnostics()
      var documents = YAMLReader.documents(text, file: name, &told)
      if place == .settings {
        let only = YAMLReader.only(
          documents, of: name, "\(name) must hold one document", hint: "it holds `fatigue:` at least", &told)
        documents = only.map { [$0] } ?? []
      }
      if told.errors.isEmpty { source.add(documents, place) } else { unread.insert(place.unread) }
      diagnostics.append(told)
    }
    source.zones = tables(for: source, and: zones, &diagnostics)
    if diagnostics.errors.isEmpty, unread.isEmpty { return source }
    // What is wrong with the others is told, too; a mistake that was found here, once.
    let places = Set(diagnostics.errors.map(\.mark))
    var others = Diagnostics()
    _ = CompiledConfiguration(source, at: .distantPast, unread: unread, &others)
    for one in others.all where !places.contains(one.mark) { diagnostics.append(one) }
    throw diagnostics
  }

  /// One campaign that came as a text of its own.
  public static func campaign(_ text: String, file: String) throws(Diagnostics) -> Node {
    var diagnostics = Diagnostics()
    let documents = YAMLReader.documents(text, file: file, &diagnostics)
    let document = YAMLReader.only(
      documents, of: file, "it must hold one campaign", hint: "campaign: NAME, scene: ...", &diagnostics)
    guard let document else { throw diagnostics }
    return document
  }

  /// Names, number and sizes, before anything is parsed.
  private static func check(
    _ files: [String: String], _ unread: UnreadFiles, _ diagnostics: inout Diagnostics
  ) {
    let names = files.keys.sorted()
    for name in names where Place(of: name) == nil {
      diagnostics.error(
        Mark(file: name, line: 1, column: 1), "no place of a configuration",
        hint: "attune.yaml, rules/NAME.yaml, businesses/NAME.yaml or campaigns/NAME.yaml")
    }
    for name in names where files[name]?.utf8.count ?? 0 > fileLimit { tooLong(name, &diagnostics) }
    let settings = names.filter { Place(of: $0) == .settings }
    if settings.isEmpty, !unread.contains(.settings) {
      diagnostics.error(
        Mark(file: "attune.yaml", line: 1, column: 1), "there is no attune.yaml",
        hint: "it holds `fatigue:` with zone, user and scenes")
    } else if settings.count > 1 {
      diagnostics.error(
        Mark(file: settings[1], line: 1, column: 1), "there is also \(settings[0])", hint: "keep one of them")
    }
    if files.count > countLimit || files.values.reduce(0, { $0 + $1.utf8.count }) > totalLimit {
      diagnostics.error(
        Mark(file: "attune.yaml", line: 1, column: 1), "the configuration is too large",
        hint: "at most \(countLimit) files and \(totalLimit >> 20) MB")
    }
  }

  static func tooLong(_ name: String, _ diagnostics: inout Diagnostics) {
    diagnostics.error(Mark(file: name, line: 1, column: 1), "a file can have at most \(fileLimit >> 20) MB")
  }

  /// What a name in a configuration stands for; nil for everything that is no part of one.
  enum Place: Hashable {
    case settings, rule, business, campaign

    init?(of name: String) {
      let parts = name.split(separator: "/", omittingEmptySubsequences: false)
      guard let file = parts.last, let dot = file.lastIndex(of: "."), dot > file.startIndex, file.first != ".",
        ["yaml", "yml"].contains(file[file.index(after: dot)...]),
        !file.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F || $0 == "\\" })
      else { return nil }
      switch parts.dropLast() {
      case [] where file[..<dot] == "attune": self = .settings
      case ["rules"]: self = .rule
      case ["businesses"]: self = .business
      case ["campaigns"]: self = .campaign
      default: return nil
      }
    }

    var unread: UnreadFiles {
      switch self {
      case .settings: .settings
      case .rule: .rules
      case .business: .businesses
      case .campaign: .campaigns
      }
    }
  }
}

extension ConfigurationSource {
  fileprivate mutating func add(_ documents: [Node], _ place: ConfigurationFolder.Place) {
    switch place {
    case .settings: settings = documents.first
    case .rule: rules += documents
    case .business: businesses += documents
    case .campaign: campaigns += documents
    }
  }
}
