extension StringProtocol {
  /// The text on one line, without characters that steer a terminal or that XML forbids.
  var visible: String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar.properties.generalCategory {
      case .lineSeparator, .paragraphSeparator: text += " "
      case .control: text += ["\n", "\t", "\r"].contains(scalar) ? " " : "\u{FFFD}"
      // Marks that change the direction of reading could show a name as another.
      case .format, .surrogate, .unassigned, .privateUse: text += "\u{FFFD}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
