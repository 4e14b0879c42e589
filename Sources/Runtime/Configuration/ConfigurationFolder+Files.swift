public import AttuneModel
import Foundation
import Reach

extension ConfigurationFolder {
  /// The texts of a folder by name: what a client publishes, and what `read(files:)` takes.
  ///
  /// Hidden files are passed over; any other that is no part of a configuration is a warning.
  public static func files(
    in path: String, warnings: inout Diagnostics
  ) throws(Diagnostics) -> [String: String] {
    let listing = Listing(all: path)
    if !listing.diagnostics.errors.isEmpty { throw listing.diagnostics }
    warnings.append(listing.diagnostics)
    return listing.files
  }

  /// What was found so far.
  struct Listing {
    static let folders = ["rules", "businesses", "campaigns"]

    let root: URL
    private(set) var files: [String: String] = [:]
    /// Those that are there and could not be read.
    private(set) var unread: UnreadFiles = []
    private(set) var diagnostics = Diagnostics()
    private var bytes = 0

    init(all path: String) {
      root = URL(fileURLWithPath: path, isDirectory: true)
      load(names(in: ""))
      for folder in Self.folders where isFolder(folder) { load(names(in: folder + "/")) }
    }

    private func isFolder(_ name: String) -> Bool {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(atPath: root.appendingPathComponent(name).path, isDirectory: &isFolder)
        && isFolder.boolValue
    }

    /// Names under a folder (`""` or `rules/`) in order, with a warning for each that has no place there.
    private mutating func names(in folder: String) -> [String] {
      let path = root.appendingPathComponent(folder).path
      do {
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        let shown = names.filter { !$0.hasPrefix(".") }.map { folder + $0 }.sorted()
        for name in shown where Place(of: name) == nil && !(Self.folders.contains(name) && isFolder(name)) {
          // An audience lies beside its campaign.
          if folder == "campaigns/", name.hasSuffix(".txt") { continue }
          diagnostics.warning(
            mark(name), "ignored", hint: "a configuration is attune.yaml, and rules, businesses and campaigns/*.yaml")
        }
        return shown
      } catch {
        let name = folder.isEmpty ? root.relativePath : String(folder.dropLast())
        diagnostics.error(mark(name), "the folder cannot be read: \(ConfigurationFolder.reason(error))")
        return []
      }
    }

    private mutating func load(_ names: [String]) {
      for name in names {
        // More than all of it together may have is not even read.
        guard let place = Place(of: name), files.count <= countLimit, bytes <= totalLimit else { continue }
        guard let text = ConfigurationFolder.text(root.appendingPathComponent(name), name, &diagnostics) else {
          unread.insert(place.unread)
          continue
        }
        bytes += text.utf8.count
        files[name] = text
      }
    }

    private func mark(_ name: String) -> Mark { Mark(file: name, line: 1, column: 1) }
  }

  /// A file of a configuration; nil, and an error told, if it cannot be read.
  static func text(_ url: URL, _ name: String, _ diagnostics: inout Diagnostics) -> String? {
    let mark = Mark(file: name, line: 1, column: 1)
    let url = url.resolvingSymlinksInPath()
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: url.path)
      guard attributes[.type] as? FileAttributeType == .typeRegular else {
        diagnostics.error(mark, "not a file")
        return nil
      }
      if attributes[.size] as? Int ?? 0 > fileLimit {
        tooLong(name, &diagnostics)
        return nil
      }
      guard let text = String(validating: try Data(contentsOf: url), as: UTF8.self) else {
        diagnostics.error(mark, "not UTF-8 text", hint: "save the file as UTF-8")
        return nil
      }
      return text
    } catch {
      diagnostics.error(mark, "the file cannot be read: \(reason(error))")
      return nil
    }
  }

  private static func reason(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileReadNoSuchFile?, .fileNoSuchFile?: "there is none"
    case .fileReadNoPermission?: "no permission"
    case .fileReadUnknown?: "it is no folder"
    default: error.localizedDescription
    }
  }
}
