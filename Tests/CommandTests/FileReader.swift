import Foundation
import Testing

/// A kind of file, the command that reads it, and what that command needs besides.
struct FileReader: Sendable, CustomTestStringConvertible {
  var kind: String
  /// The file that is damaged.
  var path: String
  var arguments: [String]
  /// Where the exit code is not the damage's own.
  var exceptions: [Damage: Int32] = [:]
  /// Damage that leaves a file which is fine.
  var harmless: Set<Damage> = []
  var prepare: @Sendable (Workplace) throws -> Void

  var testDescription: String { kind }
}

extension FileReader {
  static let demonstrations = [
    FileReader(
      kind: "HDF5 to inspect", path: "close_jar.hdf5",
      arguments: [
        "demos", "inspect", "close_jar.hdf5", "--sheet", "sheet.png", "--statistics", "s.json",
      ]
    ) { _ in },
    FileReader(
      kind: "HDF5 to examine", path: "close_jar.hdf5",
      arguments: ["demos", "doctor", "close_jar.hdf5"]
    ) { _ in },
    FileReader(
      kind: "HDF5 to evaluate on", path: "close_jar.hdf5",
      arguments: evaluation
    ) { try $0.makeCheckpoint() },
  ]

  private static let evaluation = [
    "eval", "--demos", "close_jar.hdf5", "--checkpoint", "tiny", "--methods", "dense",
    "--threads", "1", "--out", "run",
  ]

  static let imports = [
    rlbench("low-dimensional pickle", "variation0/episodes/episode0/low_dim_obs.pkl"),
    rlbench("descriptions pickle", "variation0/variation_descriptions.pkl"),
    // A folder with fewer pictures than its pickle has frames is bad data.
    rlbench(
      "PNG of a frame", "variation0/episodes/episode0/front_rgb/6.png",
      exceptions: [.missing: 65]),
    rlds("features", "features.json"),
    rlds("data set's description", "dataset_info.json"),
    rlds("TFRecord", "rlbench-train.tfrecord-00000-of-00002"),
  ]

  private static func rlbench(
    _ kind: String, _ path: String, exceptions: [Damage: Int32] = [:]
  ) -> FileReader {
    FileReader(
      kind: "RLBench: \(kind)", path: "close_box/\(path)",
      arguments: ["demos", "import", "rlbench", "close_box", "-o", "out.hdf5"],
      exceptions: exceptions
    ) { try $0.copyFixture("DemonstrationsTests/Fixtures/rlbench/close_box", as: "close_box") }
  }

  private static func rlds(_ kind: String, _ path: String) -> FileReader {
    FileReader(
      kind: "RLDS: \(kind)", path: "rlds/\(path)",
      arguments: [
        "demos", "import", "rlds", "rlds", "-o", "out.hdf5", "--actions",
        "world-delta+absolute-euler",
      ]
    ) { try $0.copyFixture("DemonstrationsTests/Fixtures/rlds", as: "rlds") }
  }

  static let checkpoints = [
    checkpoint("configuration", "config.json", ["checkpoint", "inspect", "tiny"]),
    checkpoint("weights to inspect", "model.safetensors", ["checkpoint", "inspect", "tiny"]),
    checkpoint("weights to evaluate", "model.safetensors", evaluation),
    checkpoint(
      "tokenizer.json", "tokenizer.json", ["checkpoint", "tokenize", "tiny", "--text", "close"]),
    checkpoint("statistics", "dataset_statistics.json", evaluation),
    FileReader(
      kind: "tokenizer.model", path: "words/tokenizer.model",
      arguments: ["checkpoint", "tokenize", "words", "--text", "close"]
    ) { place in
      try FileManager.default.createDirectory(
        at: place.url("words"), withIntermediateDirectories: false)
      try place.copyFixture(
        "CheckpointsTests/Fixtures/Tokenizers/bpe-llama.model", as: "words/tokenizer.model")
    },
    picture("full_chroma.jpg"), picture("palette.png"),
  ]

  private static func checkpoint(
    _ kind: String, _ file: String, _ arguments: [String]
  ) -> FileReader {
    FileReader(kind: "Checkpoint: \(kind)", path: "tiny/\(file)", arguments: arguments) {
      try $0.makeCheckpoint()
    }
  }

  private static func picture(_ name: String) -> FileReader {
    FileReader(
      kind: "Picture \(name)", path: name,
      arguments: [
        "checkpoint", "trace", "tiny", "--image", name, "--instruction", "close", "-o", "t.st",
      ]
    ) { place in
      try place.makeCheckpoint()
      try place.copyFixture("ImagesTests/Fixtures/\(name)", as: name)
    }
  }

  static let runs = [
    FileReader(
      kind: "plan", path: "plan.yaml",
      arguments: ["eval", "--plan", "plan.yaml", "--out", "run"],
      // What a plan asks for is usage.
      exceptions: [.empty: 64, .truncated: 64, .garbage: 64, .otherKind: 64]
    ) {
      try $0.write("methods: [dense, mole]\ndemonstrations: [close_jar.hdf5]\n", to: "plan.yaml")
    },
    run("manifest to report", "run.json", ["report", "run", "--out", "report"]),
    run(
      "manifest to resume", "run.json", ["eval", "--resume", "run"], exceptions: [.folder: 65]),
    // A journal that ends before the end of its first line is that of an interrupted run.
    run(
      "journal to report", "episodes.jsonl", ["report", "run", "--out", "report"],
      harmless: [.empty, .truncated, .otherKind]),
  ]

  private static func run(
    _ kind: String, _ file: String, _ arguments: [String],
    exceptions: [Damage: Int32] = [:], harmless: Set<Damage> = []
  ) -> FileReader {
    FileReader(
      kind: "Run: \(kind)", path: "run/\(file)", arguments: arguments, exceptions: exceptions,
      harmless: harmless
    ) { place in
      try place.makeCheckpoint()
      try place.expectFine(evaluation)
    }
  }
}
