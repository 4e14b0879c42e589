import Platform
import Store

/// Lets one process at a time write in a folder: the lock on `attune.lock`, which holds the owner's process id.
final class FolderLock: Sendable {
  private let lock: FileLock

  init(folder: String) throws(StoreError) {
    do throws(FileError) { lock = try FileLock(path: folder + "/attune.lock", notesOwner: true) } catch {
      guard error.code == .locked else { throw StoreError(.io, error.description) }
      let owner = error.owner ?? "unknown"
      throw StoreError(
        .locked, "the store in \(folder) is in use by process \(owner); stop it, or choose another folder")
    }
  }
}
