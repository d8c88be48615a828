/// Words for a POSIX shell.
package enum ShellText {
  /// A command line, each word quoted where it has to be.
  package static func command(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  /// The word as the shell reads it back: between single quotes nothing has a meaning but they.
  package static func quoted(_ word: String) -> String {
    let isPlain = !word.isEmpty && word.unicodeScalars.allSatisfy(plain.contains)
    return isPlain ? word : "'" + replaced("'", by: "'\\''", in: word) + "'"
  }

  /// Goes by scalars: a quote with an accent is one character, but the shell sees a quote.
  static func replaced(_ scalar: Unicode.Scalar, by text: String, in word: String) -> String {
    word.unicodeScalars.map { $0 == scalar ? text : String($0) }.joined()
  }

  private static let plain = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,%+@".unicodeScalars)
}
