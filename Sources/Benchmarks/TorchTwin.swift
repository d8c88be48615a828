internal import Foundation
internal import Manipulation
internal import TensorMath
internal import VLAPolicy

/// The same shapes in PyTorch, in a process of its own, which runs when it is asked to.
final class TorchTwin {
  /// What one pass took.
  struct Reading: Decodable {
    var seconds: Double
    var parts: [String: Double]
  }

  private struct Greeting: Decodable {
    var ready: Bool
    var torch: String
  }

  private let process = Process()
  private let commands = Pipe()
  private let answers = Pipe()
  private let complaints = Pipe()
  private let script: String
  private var unread = Data()
  private(set) var version = ""

  /// Starts the twin and waits until it has warmed up.
  ///
  /// - Parameter subject: What it runs: `decoder`, `vision` or `policy`.
  /// - Throws: `BenchmarkError`: no Python with PyTorch, no script, or no answer.
  init(
    _ subject: String, _ configuration: Configuration, precision: Precision, tokens: Int,
    threads: Int
  ) throws {
    let place = try TorchPlace()
    script = place.script
    process.executableURL = URL(filePath: place.python)
    process.arguments = [
      place.script, subject, "--config", try TorchTwin.text(of: configuration), "--dtype",
      precision.rawValue, "--tokens", "\(tokens)", "--layers", "\(configuration.language.depth)",
      "--threads", "\(threads)",
    ]
    process.standardInput = commands
    process.standardOutput = answers
    process.standardError = complaints
    do {
      try process.run()
    } catch {
      throw BenchmarkError.noPython(path: place.python)
    }
    version = try answer(Greeting.self).torch
  }

  /// The twin ends when nobody can ask it any more.
  deinit {
    try? commands.fileHandleForWriting.close()
    process.waitUntilExit()
  }

  /// Runs one pass.
  func run() throws -> Reading {
    guard process.isRunning else { throw failure }
    try commands.fileHandleForWriting.write(contentsOf: Data("run\n".utf8))
    return try answer(Reading.self)
  }

  private func answer<Answer: Decodable>(_ type: Answer.Type) throws -> Answer {
    while !unread.contains(TorchTwin.lineEnd) {
      let more = answers.fileHandleForReading.availableData
      guard !more.isEmpty else { throw failure }
      unread.append(more)
    }
    let line = unread.prefix { $0 != TorchTwin.lineEnd }
    unread = Data(unread.dropFirst(line.count + 1))
    guard let answer = try? JSONDecoder().decode(type, from: line) else { throw failure }
    return answer
  }

  private static let lineEnd = UInt8(ascii: "\n")

  /// The last line that the twin complained with.
  private var failure: BenchmarkError {
    try? commands.fileHandleForWriting.close()
    if process.isRunning { process.terminate() }
    let text = (try? complaints.fileHandleForReading.readToEnd()).flatMap {
      String(bytes: $0, encoding: .utf8)
    }
    let last = text?.split(whereSeparator: \.isNewline).last.map(String.init)
    return .twinFailed(path: script, reason: last ?? "it ended without a word")
  }

  private static func text(of configuration: Configuration) throws -> String {
    String(decoding: try JSONEncoder().encode(configuration), as: UTF8.self)
  }
}

/// Where the twin's program and its Python are.
private struct TorchPlace {
  let script: String
  let python: String

  /// - Throws: `BenchmarkError.noTwin` or `.noPython`.
  init() throws(BenchmarkError) {
    let roots = TorchPlace.roots
    guard let root = roots.first(where: { TorchPlace.exists("\($0)/\(TorchPlace.scriptName)") })
    else { throw .noTwin(tried: roots) }
    let variable = ProcessInfo.processInfo.environment["MOLE_TORCH_PYTHON"] ?? ""
    script = "\(root)/\(TorchPlace.scriptName)"
    python = variable.isEmpty ? "\(root)/.deps/torch/bin/python" : variable
    guard FileManager.default.isExecutableFile(atPath: python) else {
      throw .noPython(path: python)
    }
  }

  private static let scriptName = "Scripts/bench/torch_twin.py"

  private static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  /// The folder that the program is called from, and those that the program lies in.
  private static var roots: [String] {
    var roots = ["."]
    var folder = URL(fileURLWithPath: Bundle.main.executablePath ?? "/").resolvingSymlinksInPath()
    for _ in 0..<5 where folder.path != "/" {
      folder.deleteLastPathComponent()
      roots.append(folder.path)
    }
    return roots
  }
}
