import ArgumentParser
import Foundation
import NeuralLayers
import VLAPolicy

struct CheckpointFactorizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "factorize",
    abstract: "Cut feed-forward blocks into experts, of which a router picks some (FactorLLM).",
    discussion: """
      No number of the weights is changed: with all experts chosen the result is the dense model, \
      and '--join' makes the dense checkpoint again, bit for bit. Takes policies of mole's own \
      format and LlamaForCausalLM, in floating point.

      The routers are random until 'mole checkpoint route' has fitted them.
        mole checkpoint factorize DIR --experts 4 --top-k 2 --seed 1 -o CUT
        mole checkpoint route CUT --demos DEMOS/*.hdf5 -o ROUTED
        mole eval … --checkpoint ROUTED --methods dense,mole:6+factor:1R4E2K

      A method that names no experts uses all of them.
      """)

  @Argument(help: "The checkpoint folder.")
  var checkpoint: String

  @Option(help: "Experts of a block, which share its neurons evenly.")
  var experts = 4

  @Option(help: "Experts of a token that routers are fitted for; a run names its own.")
  var topK = 2

  @Option(help: "Which neurons an expert gets: contiguous, random or clustered.")
  var split = FactorizedCheckpoint.Split.contiguous

  @Option(help: "How a chosen expert's answer counts: hard, ste or soft.")
  var gate = ExpertRouting.Gate.hard

  @Option(help: "What the sum of the experts' answers is multiplied by.")
  var scale: Float = 1

  @Option(help: "Seeds the split and the routers.")
  var seed: UInt64 = 0

  @Flag(help: "Put a factorized checkpoint together again.")
  var join = false

  @Option(name: [.short, .customLong("out")], help: "The folder to make.")
  var out: String

  func validate() throws {
    try check("--experts", experts, in: 1...1024)
    try check("--top-k", topK, in: 1...experts)
    guard scale > 0, scale.isFinite else {
      throw ValidationError("'--scale' must be positive, but is \(scale).")
    }
  }

  func run() throws {
    let progress = ProgressLine(label: "layers")
    let (folder, out) = (URL(filePath: checkpoint), URL(filePath: out))
    if join {
      try FactorizedCheckpoint.join(folder, to: out) { progress.show($0, of: $1) }
    } else {
      let options = FactorizedCheckpoint.Options(
        experts: experts, topK: topK, split: split, seed: seed, gate: gate, scale: scale)
      try FactorizedCheckpoint.write(folder, to: out, options) { progress.show($0, of: $1) }
    }
    progress.finish()
    print(out.relativePath)
  }
}

extension FactorizedCheckpoint.Split: ExpressibleByArgument {}
extension ExpertRouting.Gate: ExpressibleByArgument {}
