import ArgumentParser
import Evaluation
import Foundation
import Manipulation
import Outcomes
import Reports
import TensorMath
import VLAPolicy

struct CheckpointRouteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "route",
    abstract: "Fit the routers of a factorized checkpoint (FactorLLM's first stage).",
    discussion: """
      Each layer's router learns which experts come nearest to its own whole block (the \
      Prior-Approximate loss) on what the block reads of a text or of demonstrations; the experts stay \
      as they are. The table says how it does on tokens that it did not learn from.
      """)

  @Argument(help: "A factorized checkpoint's folder.")
  var checkpoint: String

  @Option(help: "A text file, for a language model.")
  var text: String?

  @Option(parsing: .upToNextOption, help: "Demonstrations, for a policy.")
  var demos: [String] = []

  @Option(help: "Episodes of each file.")
  var episodes = 8

  @Option(help: "Tokens of a text's window.")
  var window = 512

  @Option(help: "The most windows of the text.")
  var windows = 16

  @Option(help: "Experts of a label; as the checkpoint has it when not given.")
  var topK: Int?

  @Option(
    help: "What the dense answer is multiplied by for the label; the public code takes k / E.")
  var tau: Float = 1

  @Option(help: "How scores are held against labels: cross-entropy, or public-code's divergence.")
  var loss = RouterFitting.Loss.crossEntropy

  @Option(
    help: """
      The data set whose statistics tell of the gripper; needed where the checkpoint knows several \
      and is told of it.
      """)
  var unnormKey: String?

  @Option(help: "Updates of a router.")
  var updates = 300

  @Option(help: "Seeds which tokens an update sees.")
  var seed: UInt64 = 0

  @Option(help: "How the table is printed.")
  var format: TableFormat = .table

  @Option(name: [.short, .customLong("out")], help: "The folder to make.")
  var out: String

  func validate() throws {
    guard (text == nil) != demos.isEmpty else {
      throw ValidationError("Give either '--text' or '--demos'.")
    }
    try check("--window", window, in: 2...4096)
    try check("--windows", windows, in: 1...100_000)
    try check("--episodes", episodes, in: 1...100_000)
    try check("--updates", updates, in: 1...1_000_000)
    try check("--top-k", topK ?? 1, in: 1...1024)
    guard tau > 0, tau <= 1 else {
      throw ValidationError("'--tau' must be in (0, 1], but is \(tau).")
    }
  }

  func run() throws {
    let folder = try CheckpointFolder(URL(filePath: checkpoint))
    let progress = ProgressLine(label: "layers")
    let results = try fit(folder) { progress.show($0, of: $1) }
    progress.finish()
    try FactorizedCheckpoint.write(
      folder.url, to: URL(filePath: out), routers: results.map { ($0.weight, $0.bias) })
    let table = Table.routers(results)
    print(table.rendered(as: format, width: Console.width), terminator: "")
  }

  private func fit(
    _ folder: CheckpointFolder, progress: (Int, Int) -> Void
  ) throws -> [RouterFitting.Result] {
    switch folder.model {
    case .language(let configuration):
      guard let text else { throw ValidationError("A language model needs '--text'.") }
      let model = try LanguageModel(folder, precision: .float32)
      let ids = try TextFile.ids(text, of: model).prefix(window * windows)
      return try RoutedCheckpoint.fit(
        model, ids: Array(ids), window: window, fitting(configuration.language),
        progress: progress)
    case .policy(let configuration):
      guard !demos.isEmpty else { throw ValidationError("A policy needs '--demos'.") }
      var plan = EvaluationPlan(demonstrations: demos)
      plan.calibrationEpisodes = episodes
      plan.camera = configuration.image.camera
      let queries = try demos.flatMap {
        try DemonstrationSource(opening: $0, plan: plan).calibrationQueries()
      }
      return try RoutedCheckpoint.fit(
        VLANetwork(folder, precision: .float32), on: queries, camera: plan.camera,
        unnormKey: unnormKey, fitting(configuration.language), progress: progress)
    case .vision: throw ValidationError("A vision tower has no experts.")
    }
  }

  private func fitting(_ language: LanguageConfiguration) -> RouterFitting {
    let factorization = language.factorization
    var fitting = RouterFitting(
      topK: min(topK ?? factorization?.topK ?? 1, factorization?.experts ?? 1))
    fitting.shrinking = tau
    fitting.loss = loss
    fitting.updates = updates
    fitting.seed = seed
    return fitting
  }
}

extension RouterFitting.Loss: ExpressibleByArgument {}

extension Table {
  static func routers(_ results: [RouterFitting.Result]) -> Table {
    func share(_ name: String, _ title: String) -> Column {
      Column(name, title, format: .percent())
    }
    return Table(
      name: "routers", title: "Fitted routers, on tokens held out",
      notes: [
        "agreement: of a label's experts the share that the router picks too. Errors: the squared"
          + " distance from the dense block's answer as a share of its square, by the router, by the"
          + " label, and by experts at random."
      ],
      columns: [
        Column("layer"), share("agreement", "agreement\n%"),
        share("router_error", "router\nerror %"), share("label_error", "label\nerror %"),
        share("random_error", "random\nerror %"),
      ],
      rows: results.enumerated().map { layer, result in
        [
          .number(Double(layer)), .number(result.agreement), .number(result.routerError),
          .number(result.labelError), .number(result.randomError),
        ]
      })
  }
}
