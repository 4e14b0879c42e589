extension Range<Int> {
  /// In parts of at most `size`.
  func batches(of size: Int) -> some Sequence<Range<Int>> {
    stride(from: lowerBound, to: upperBound, by: size).lazy.map { $0..<Swift.min(upperBound, $0 + size) }
  }
}

extension [Double] {
  /// 0 when there is none.
  var median: Double { isEmpty ? 0 : sorted()[count / 2] }
}

extension Double {
  /// To a multiple of `unit`.
  func rounded(to unit: Double) -> Double { (self / unit).rounded() / (1 / unit) }
}
