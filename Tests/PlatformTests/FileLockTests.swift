import Foundation
import Platform
import TestSupport
import Testing

@Suite struct FileLockTests {
  @Test func oneAtATimeHasAFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/attune.lock"
    do {
      let lock = try FileLock(path: path, notesOwner: true)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "\(getpid())\n")
      let error = #expect(throws: FileError.self) { _ = try FileLock(path: path, notesOwner: true) }
      #expect(error?.code == .locked)
      #expect(error?.owner == "\(getpid())")
      #expect(error?.description == "another process writes to \(path); give each its own file")
      _ = consume lock
    }
    // What a dead process leaves behind means nothing.
    try "999999\n".write(toFile: path, atomically: false, encoding: .utf8)
    _ = try FileLock(path: path, notesOwner: true)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "\(getpid())\n")
  }

  @Test func saysWhyThereIsNone() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: FileError.self) { _ = try FileLock(path: folder.path + "/no/such/folder") }
    #expect(error == FileError(.io, "cannot open \(folder.path)/no/such/folder: No such file or directory"))
  }
}

@Suite struct AppendFileTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.path + "/lines"
  }

  private func lines(of file: AppendFile) throws -> [String] {
    var lines: [String] = []
    let foreign = try file.recover { line, isWhole in
      lines.append(String(decoding: line, as: UTF8.self) + (isWhole ? "" : " (torn)"))
      return true
    }
    #expect(foreign == nil)
    return lines
  }

  @Test func keepsWholeLinesAndCutsATornOne() throws {
    do {
      let file = try AppendFile(path: path)
      #expect(try lines(of: file) == [])
      try file.append(Array("a\nb\n".utf8))
      try file.append(Array("c\n".utf8))
    }
    let torn = try #require(FileHandle(forWritingAtPath: path))
    try torn.seekToEnd()
    try torn.write(contentsOf: Data("half".utf8))
    try torn.close()
    do {
      let file = try AppendFile(path: path)
      #expect(try lines(of: file) == ["a", "b", "c", "half (torn)"])
      try file.append(Array("d\n".utf8))
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "a\nb\nc\nd\n")
  }

  @Test func leavesAForeignFileAlone() throws {
    try "a\nforeign\ntorn".write(toFile: path, atomically: false, encoding: .utf8)
    for (number, refused) in [(2, "foreign"), (3, "torn")] {
      let file = try AppendFile(path: path)
      #expect(try file.recover { line, _ in !line.elementsEqual(refused.utf8) } == number)
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "a\nforeign\ntorn")
  }
}
