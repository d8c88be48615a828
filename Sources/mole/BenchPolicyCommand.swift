import ArgumentParser
import Benchmarks
import Reports
import VLAPolicy

struct BenchPolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy",
    abstract: "Time a whole question by part, dense and with layers skipped.",
    discussion: """
      Weights are made up, in memory alone, and laid out before the clock starts. The methods take \
      turns. A preset without a router gets STAR in cogact-base's shape where a method needs it; \
      PyTorch's twin is dense.

      With a few layers only, for a quick look:
        mole bench policy --layers 4 --methods dense,mole:0.75,mole:0.5
      """)

  @OptionGroup var options: BenchModelOptions

  @Option(
    help: """
      Methods, separated by commas; a number after the colon is that of the layers that run, with a \
      point their share. (default: dense, and mole with 3/4, 1/2 and 1/4 of the layers)
      """)
  var methods: NameList?

  func run() throws {
    var setting = try options.setting()
    let depth = setting.configuration.language.depth
    let names = methods?.names ?? ["dense", "mole:0.75", "mole:0.5", "mole:0.25"]
    let methods = try names.map { try LayerMethod($0, keep: 0.5, depth: depth) }
    if methods.contains(where: { $0.kind == .mole }) { setting.addRouter() }
    try options.show {
      try PolicySpeeds(setting, methods: methods, progress: $0)
    } as: {
      .policy($0, setting, preset: options.preset)
    }
  }
}

extension BenchmarkSetting {
  /// Gives a policy without a router the one of cogact-base.
  fileprivate mutating func addRouter() {
    guard configuration.router == nil else { return }
    configuration.router =
      Preset.cogACTBase.configuration(suffixIDs: [])
      .cut(toLayers: configuration.language.depth).router
  }
}
