/// The element type that the matrix products of a network read, by the field's names.
package enum ProductType: String, Codable, CaseIterable, Sendable {
  case f32
  case bf16
  case int8
}
