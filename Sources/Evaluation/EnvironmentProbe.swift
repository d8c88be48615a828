internal import Files
import Foundation
package import Outcomes

extension RunEnvironment {
  /// Describes the machine and the program as they are now.
  ///
  /// - Parameters:
  ///   - threads: Threads of the matrix library.
  ///   - libraries: Versions by name of the libraries that other rooms know.
  package static func current(threads: Int, libraries: [String: String]) -> RunEnvironment {
    let commit = checkout.flatMap { git(["rev-parse", "HEAD"], in: $0) }
    let changes = commit == nil ? nil : checkout.flatMap { git(["status", "--porcelain"], in: $0) }
    return RunEnvironment(
      commit: commit, uncommittedChanges: changes.map { !$0.isEmpty }, compiler: compilerVersion,
      optimized: isOptimized,
      libraries: libraries.merging(["OpenSSL": FileHash.libraryVersion]) { given, _ in given },
      processor: processorName, processorCount: ProcessInfo.processInfo.activeProcessorCount,
      threads: threads, operatingSystem: ProcessInfo.processInfo.operatingSystemVersionString)
  }

  /// The folder of the sources that the program was built in, if it still lies there.
  private static var checkout: String? {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    guard let build = program.pathComponents.lastIndex(of: ".build"), build > 1 else { return nil }
    let root = "/" + program.pathComponents[1..<build].joined(separator: "/")
    let isOurs = FileManager.default.fileExists(atPath: root + "/Sources/mole/Mole.swift")
    return isOurs ? root : nil
  }

  /// What git prints, trimmed; `nil` when there is no git, no repository, or no answer.
  private static func git(_ arguments: [String], in folder: String) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", folder] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let text = try? output.fileHandleForReading.readToEnd()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return String(decoding: text ?? Data(), as: UTF8.self)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The newest version that the compiler is known to reach; Swift tells a program no more.
  private static var compilerVersion: String {
    #if compiler(>=6.4)
      "Swift 6.4 or newer"
    #elseif compiler(>=6.3.1)
      "Swift 6.3.1 or newer"
    #elseif compiler(>=6.3)
      "Swift 6.3"
    #else
      "Swift 6.2"
    #endif
  }

  private static var isOptimized: Bool {
    #if DEBUG
      false
    #else
      true
    #endif
  }

  private static var processorName: String {
    let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = lines.split(separator: "\n").first { $0.hasPrefix("model name") }
    let name = model?.split(separator: ":").last.map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    return name ?? "unknown"
  }
}
