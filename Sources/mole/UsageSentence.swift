/// The parser's complaint about a command line as one sentence.
enum UsageSentence {
  /// - Parameters:
  ///   - message: What is wrong.
  ///   - full: The same with usage; its last line names where to find help.
  static func of(_ message: String, full: String) -> String {
    let sentence = message.split(whereSeparator: \.isNewline).map { $0.drop { $0 == " " } }
      .joined(separator: " ")
    let complaint = sentence.hasSuffix(".") ? String(sentence.dropLast()) : sentence
    guard let help = helpCommand(in: full) else { return complaint + "." }
    return "\(complaint); see '\(help)'."
  }

  /// The command in "See 'mole … --help' for more information."
  private static func helpCommand(in full: String) -> Substring? {
    let last = full.split(whereSeparator: \.isNewline).last { $0.contains("--help'") }
    let parts = last?.split(separator: "'", omittingEmptySubsequences: false) ?? []
    return parts.count == 3 ? parts[1] : nil
  }
}
