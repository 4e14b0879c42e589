public import AttuneModel

extension StoreFormat {
  /// Whether this build can open a store, by the number that the store notes of itself.
  ///
  /// - Throws: `otherVersion` with what to do.
  public static func check(_ number: Int, in place: String) throws(StoreError) -> UInt8 {
    guard let format = UInt8(exactly: number), (oldest...current).contains(format) else {
      throw StoreError(.otherVersion, "\(place) has \(refusal(of: number))")
    }
    return format
  }
}
