import Foundation
import Reports

/// Where the program talks: data to standard output, messages to standard error.
enum Console {
  /// Writes a message.
  static func say(_ line: String) {
    FileHandle.standardError.write(Data("\(line)\n".utf8))
  }

  /// Prints a run's main table.
  static func show(_ summary: RunSummary, as format: TableFormat) {
    let table = MainTable.table(summary, isBrief: format == .table)
    print(table.rendered(as: format, width: width), terminator: "")
  }

  /// Characters in a line of the terminal; 120 where standard output is none.
  static var width: Int {
    var size = winsize()
    let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    return isKnown ? max(40, Int(size.ws_col)) : 120
  }
}
