import AttuneModel

/// A user as the state knows one: a digest of their id, so that a key costs the same whatever the ids look like, and no
/// id is kept.
typealias UserKey = Digest
