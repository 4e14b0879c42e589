/// The numbers of live keys that are measured: from 100,000 on in steps of ten, up to the one that was asked for; and
/// that one again, but not above a million, spread over many users with few keys each.
struct FatigueSizes {
  struct Size: Equatable {
    var keys: Int
    var keysPerUser: Int
  }

  static let sparse = 3
  /// Every user brings candidates: with more of them a run would take minutes.
  static let sparseLimit = 1_000_000
  let all: [Size]

  init(keys: Int, keysPerUser: Int) {
    var sizes: [Size] = []
    var step = 100_000
    while step < keys {
      sizes.append(Size(keys: step, keysPerUser: keysPerUser))
      step *= 10
    }
    sizes.append(Size(keys: keys, keysPerUser: keysPerUser))
    if keysPerUser > Self.sparse { sizes.append(Size(keys: min(keys, Self.sparseLimit), keysPerUser: Self.sparse)) }
    all = sizes
  }
}
