import ArgumentParser
import Benchmarks
import Foundation
import Reports
import TensorMath
import VLAPolicy

/// What every measurement of a network asks for.
struct BenchModelOptions: ParsableArguments {
  @Option(help: "The shape: tiny, nano, openvla-7b, mole-openvla-7b or cogact-base.")
  var preset = "openvla-7b"

  @Option(help: "Layers of the language model that are held and run; by default all.")
  var layers: Int?

  @Option(help: "Tokens of the prefill, the picture's among them.")
  var tokens = 290

  @Option(
    help: ArgumentHelp(
      "What products run in: f32, bf16, int8, or several with commas between; by default bf16 for"
        + " the 7B presets, else f32.", valueName: "dtypes"),
    transform: precisions)
  var dtype: [Precision]?

  @Option(help: "Turns, of which the medians are shown; one more before them is for nobody.")
  var repetitions = 9

  @Option(help: "Threads; by default one a processor.")
  var threads: Int?

  @Option(
    help: """
      Run PyTorch's twin in turn: torch. Made by 'Scripts/setup --bench'; the path of another Python \
      goes into MOLE_TORCH_PYTHON.
      """)
  var against: Opponent?

  @Option(help: "How the table is written.")
  var format = TableFormat.table

  enum Opponent: String, ExpressibleByArgument, CaseIterable {
    case torch
  }

  func validate() throws {
    try check("--layers", layers ?? 1, in: 1...256)
    try check("--tokens", tokens, in: 1...4096)
    try check("--repetitions", repetitions, in: 5...1000)
    try check("--threads", threads ?? 1, in: 1...1024)
  }

  /// - Throws: `ValidationError` for an unknown name.
  private static func precisions(_ argument: String) throws -> [Precision] {
    let known = Precision.allCases.map(\.rawValue).joined(separator: ", ")
    var precisions: [Precision] = []
    for name in NameList(argument: argument)?.names ?? [argument] {
      guard let precision = Precision(rawValue: name) else {
        throw ValidationError("'--dtype' knows \(known), but not '\(name)'.")
      }
      if !precisions.contains(precision) { precisions.append(precision) }
    }
    return precisions
  }

  /// The setting that is asked for; sets the threads of this process.
  ///
  /// - Throws: `PolicyError.unknownPreset`, or `ValidationError` for layers that it does not have.
  func setting() throws -> BenchmarkSetting {
    let preset = try Preset(named: preset)
    let configuration = preset.configuration(suffixIDs: [])
    let depth = configuration.language.depth
    try check("--layers", layers ?? depth, in: 1...depth)
    ComputeThreads.set(threadCount)
    return BenchmarkSetting(
      configuration: configuration.cut(toLayers: layers ?? depth), tokens: tokens,
      precisions: dtype ?? [preset.tokenizerSize == nil ? .bfloat16 : .float32],
      repetitions: repetitions, threads: threadCount, runsTorch: against == .torch)
  }

  var threadCount: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  /// Measures with progress on standard error, and prints the table.
  func show<Speeds>(
    _ measure: ((Int, Int) -> Void) throws -> Speeds, as table: (Speeds) -> Table
  ) rethrows {
    let progress = ProgressLine(label: "turns")
    let speeds = try measure { progress.show($0, of: $1) }
    progress.finish()
    print(table(speeds).rendered(as: format, width: Console.width), terminator: "")
  }
}
