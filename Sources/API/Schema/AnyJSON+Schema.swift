extension AnyJSON: SchemaSource {
  public static let schema = Schema.any
}
