internal import Foundation

/// What this machine's memory has left.
package enum MachineMemory {
  /// The bytes that a program may still take without pushing others out.
  package static var available: Int {
    let text = (try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("MemAvailable:") }
    let kilobytes = line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    return kilobytes.map { $0 << 10 } ?? Int(ProcessInfo.processInfo.physicalMemory)
  }
}
