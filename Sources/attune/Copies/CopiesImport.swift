public import ArgumentParser
import AttuneModel
import Codec
import CommandSupport
import Insight
import Materials
public import Runtime
import Server
import Store

struct CopiesImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Import copies from a file into the library: all of them, or none.",
    discussion: """
      CSV: the first line names the columns. id, title and body are needed; tags (separated by ;), scene, language, \
      created, and what a copy did elsewhere: sends, deliveries, clicks, conversions, \
      optOuts, lastUsed.
      NDJSON: {"id", "title", "body", "tags"?: [..], "scene"?, "language"?, "created"?, "past"?: {"sends", ...}}
      A copy takes the place of the one with its id; what that one did stays.
      """)

  @Argument(help: "The file, plain or .gz; - for standard input.") var file: String
  @Option(help: "The store's folder; it is created when it is missing (default: ATTUNE_STORE, else attune-data).")
  var store = StoreOption.standard
  @Option(help: "csv or ndjson (default: by the file's name).") var format: CopyFile.Format?
  @Flag(help: "Print the counts as JSON.") var json = false

  func run() throws {
    var warnings = Diagnostics()
    let copies = try CopyFile.read(file, as: format ?? CopyFile.Format(of: file), warnings: &warnings)
    if !warnings.all.isEmpty { Terminal.note("\(warnings)") }
    let changes = try CopiesCommand.change(store, otherwise: "POST /v1/copies") { store in
      try store.saveCopies(copies, at: SystemClock.now())
    }
    if json {
      var text = JSONWriter()
      text.object { json in
        json.member("added", changes.added)
        json.member("changed", changes.changed)
        json.member("unchanged", changes.unchanged)
      }
      Terminal.out(text)
    } else {
      Terminal.out(
        "\(changes.added.of("copy", "copies")) added, \(changes.changed.grouped) changed, \(changes.unchanged.grouped) as "
          + "they were, in \(store)")
    }
  }
}

struct CopiesExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print the library in the form that an import reads.",
    discussion: """
      What a copy did here is left out, so that the file can be edited and imported again; --history puts it into the \
      counts, for another store.
      """)

  @OptionGroup var library: LibraryOption
  @Option(help: "csv or ndjson.") var format = CopyFile.Format.csv
  @Flag(help: "With what the copies did here.") var history = false
  @Flag(help: "The same as --format ndjson.") var json = false

  func run() throws {
    let (store, library) = try library.open()
    let zone = try StoreOption.zone(nil, of: store)
    let copies = library.standings.map { history ? $0.asPast(in: zone) : $0.copy }
    if json || format == .ndjson {
      var lines = JSONWriter()
      for copy in copies {
        lines.object { $0.members(of: copy) }
        lines.newline()
      }
      Terminal.out(bytes: lines.bytes)
    } else {
      var table = CSVWriter()
      table.row(CSVWriter.copyColumns)
      for copy in copies { table.row(copy) }
      Terminal.out(bytes: table.bytes)
    }
  }
}

extension CopyFile.Format: ExpressibleByArgument {}
