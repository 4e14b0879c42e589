extension Fatigue {
  /// Whose a counted reach is, whatever became of it; nil when it is not remembered.
  public func business(of id: UInt64, user: String) -> String? {
    users[user]?.reaches.last { $0.id == id }.map { names.all[Int($0.business)] }
  }
}
