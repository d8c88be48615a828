package import Foundation
package struct Tokenizer: Sendable {
  package func encode(_ t: String, addBeginning: Bool) throws -> [Int] { [] }
  package static func load(from: URL) throws -> Tokenizer { Tokenizer() }
}
