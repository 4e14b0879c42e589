public import AttuneModel

extension Match {
  /// Tells it from every other match; the same when it is retracted. What it emits is not part of it.
  public var digest: Digest {
    var digest = Digest(key)
    digest.combine(rule)
    digest.combine(UInt64(bitPattern: Int64(version)))
    digest.combine(UInt64(bitPattern: at.milliseconds))
    for step in events { for event in step.events { digest.combine(event.sequence) } }
    return digest
  }
}
