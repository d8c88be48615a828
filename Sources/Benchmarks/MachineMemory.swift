internal import Foundation

enum MachineMemory {
  /// The bytes that a program may still take without pushing others out.
  static var available: Int {
    let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return kilobytes.map { $0 << 10 } ?? Int(ProcessInfo.processInfo.physicalMemory)
  }

  /// For tokens, scores, generated code and what the libraries take for themselves.
  private static let margin = 1 << 30

  /// - Throws: `BenchmarkError.tooLarge` where so many bytes of weights do not fit.
  static func check(weights byteCount: Int) throws(BenchmarkError) {
    let (needed, available) = (byteCount + margin, available)
    guard needed < available else {
      throw .tooLarge(gigabytes: needed >> 30, available: available >> 30)
    }
  }
}
