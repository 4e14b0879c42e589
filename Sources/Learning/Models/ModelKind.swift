public import AttuneModel

/// The models there are.
public enum ModelKind: UInt8, Sendable, CaseIterable, BinaryCodable {
  /// Shared weights and weights of each copy, one joint covariance: the default.
  case hybrid
  /// A full covariance for each copy alone.
  case full
  /// Shared weights and weights of each copy, no covariance: for many features.
  case diagonal

  /// `hybrid`, `full` or `diagonal`.
  public var name: String { "\(self)" }

  /// Itself, or the diagonal where covariances would take more than half a gigabyte.
  func fitting(dimensions: Int, copies: Int) -> ModelKind {
    let squares = Double(dimensions) * Double(dimensions) * Double(max(1, copies))
    return 16 * squares > 512e6 ? .diagonal : self
  }

  func model(dimensions: Int, copies: Int, _ prior: Prior) -> any ClickModel {
    switch self {
    case .hybrid: HybridModel(dimensions: dimensions, copies: copies, prior)
    case .full: FullModel(dimensions: dimensions, copies: copies, prior)
    case .diagonal: DiagonalModel(dimensions: dimensions, copies: copies, prior)
    }
  }

  func model(from reader: inout ByteReader) throws(BinaryError) -> any ClickModel {
    switch self {
    case .hybrid: try HybridModel(from: &reader)
    case .full: try FullModel(from: &reader)
    case .diagonal: try DiagonalModel(from: &reader)
    }
  }
}
