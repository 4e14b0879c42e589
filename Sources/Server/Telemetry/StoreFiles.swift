import Foundation

/// How large the files of a store are.
enum StoreFiles {
  enum Part: String, CaseIterable { case database, checkpoints }

  static func bytes(in folder: String) -> [Part: Int] {
    var sums: [Part: Int] = [.database: 0, .checkpoints: 0]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
      let part: Part? = name.hasPrefix("attune.db") ? .database : name.hasPrefix("checkpoint") ? .checkpoints : nil
      guard let part, let size = try? FileManager.default.attributesOfItem(atPath: folder + "/" + name)[.size] as? Int
      else { continue }
      sums[part, default: 0] += size
    }
    return sums
  }
}
