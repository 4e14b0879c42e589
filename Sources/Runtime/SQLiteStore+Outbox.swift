public import Delivery
public import Storage

extension SQLiteStore: Outbox {}
