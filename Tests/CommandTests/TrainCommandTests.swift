import Foundation
import Testing

@Suite("mole train")
struct TrainCommandTests {
  private static let recipe = """
    name: small
    method: mole
    preset: tiny
    seed: 4
    updates: 24
    batch: 4
    lanes: 2
    keep: 3
    optimizer: {learning_rate: 1.0e-3, warmup: 4}
    diffusion: {draws: 2}
    validation: {every: 8, samples: 4, best: lowest-loss}
    checkpoint_every: 4
    """

  /// Demonstrations in `sample` and a recipe, and the flags of a training.
  private func withTraining(_ body: (Workplace, [String]) throws -> Void) throws {
    try withWorkplace { place in
      try place.makeSample(episodes: 6)
      try place.write(Self.recipe, to: "small.yaml")
      let names = try FileManager.default.contentsOfDirectory(atPath: place.folder + "/sample")
      let files = names.sorted().filter { $0.hasSuffix(".hdf5") }.map { "sample/\($0)" }
      try body(place, ["train", "--recipe", "small.yaml", "--threads", "1", "--demos"] + files)
    }
  }

  /// What must be the same however a training came to its end.
  private static let results = [
    "state/state.safetensors", "losses.csv", "validation.csv", "losses.svg", "recipe.yaml",
    "checkpoint/model.safetensors", "checkpoint/config.json",
    "checkpoint/dataset_statistics.json", "checkpoint/tokenizer.json",
  ]

  private func expectSame(_ one: String, _ two: String, in place: Workplace) throws {
    for file in Self.results {
      let first = try Data(contentsOf: place.file(one, file))
      let second = try Data(contentsOf: place.file(two, file))
      #expect(first == second, "\(file)")
    }
  }

  @Test(
    "killed or stopped at any moment, a training goes on to the same bytes",
    .timeLimit(.minutes(10)))
  func interrupted() throws {
    try withTraining { place, flags in
      #expect(try place.expectFine(flags + ["--out", "whole"]) == "whole/checkpoint\n")
      try stop("killed", after: "state/state.safetensors", SIGKILL, flags, in: place)
      try place.expectFine(["train", "--resume", "killed", "--threads", "2"])
      try expectSame("whole", "killed", in: place)

      let code = try stop("stopped", after: "losses.csv", SIGINT, flags, in: place)
      #expect(code == 130)
      try place.expectFine(["train", "--resume", "stopped"])
      try expectSame("whole", "stopped", in: place)
      // One that is complete stays as it is.
      try place.expectFine(["train", "--resume", "whole"])
      try expectSame("whole", "killed", in: place)
    }
  }

  /// Starts a training, waits for a file of it and sends a signal.
  ///
  /// - Returns: The exit code.
  @discardableResult
  private func stop(
    _ out: String, after file: String, _ signal: Int32, _ flags: [String], in place: Workplace
  ) throws -> Int32 {
    let process = try Program.start(flags + ["--out", out], in: place.folder)
    while process.isRunning,
      !FileManager.default.fileExists(atPath: place.file(out, file).path)
    {
      Thread.sleep(forTimeInterval: 0.005)
    }
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    return process.terminationStatus
  }

  @Test("of each file as many episodes are read as the recipe says")
  func episodes() throws {
    try withTraining { place, flags in
      let files = flags.count { $0.hasSuffix(".hdf5") }
      for count in [1, 2] {
        let result = try place.run(
          flags + ["--out", "of-\(count)", "--set", "data.episodes=\(count)", "--set", "updates=4"])
        #expect(result.exitCode == 0, "\(result.messages)")
        #expect(
          result.messages.contains("Reading demonstrations: 0 of \(count * files) episodes"),
          "\(result.messages)")
      }
      try place.expectRefusal(
        flags + ["--out", "none", "--set", "data.episodes=0"], exitCode: 64,
        containing: "data.episodes", "none")
    }
  }

  @Test("what is trained can be evaluated, and trained on with another method")
  func used() throws {
    try withTraining { place, flags in
      try place.expectFine(
        flags + ["--out", "dense", "--set", "method=dense", "--set", "updates=4"])
      let demos = flags.suffix(while: { $0.hasSuffix(".hdf5") })
      try place.expectFine(
        ["eval", "--checkpoint", "dense/checkpoint", "--methods", "dense,mole:3", "--demos"]
          + demos + ["--out", "run", "--threads", "1"])
      try place.expectFine(
        flags + [
          "--out", "mole", "--set", "initial=dense", "--set", "preset=null", "--set", "updates=2",
          "--set", "weights=bf16",
        ])
      let sizes = try ["dense", "mole"].map {
        try Data(contentsOf: place.file($0, "checkpoint/model.safetensors")).count
      }
      #expect(sizes[1] < sizes[0] * 6 / 10)
    }
  }

  @Test("what cannot be trained is one sentence and leaves nothing")
  func refusals() throws {
    try withTraining { place, flags in
      let cases: [([String], Int32, String)] = [
        (["--set", "optimizer.rate=1"], 64, "optimizer.rate"),
        (["--set", "batch=5"], 64, "lanes × accumulate"),
        (["--set", "batch=4096"], 64, "fewer than the 4096"),
        (["--set", "preset=null", "--set", "initial=nowhere"], 66, "nowhere"),
        (["--set", "preset=huge"], 64, "huge"),
        (["--set", "set=[language.depth=many]"], 64, "language.depth"),
      ]
      for (more, code, phrase) in cases {
        try place.expectRefusal(
          flags + ["--out", "out"] + more, exitCode: code, containing: phrase, "\(more)")
      }
      try place.expectRefusal(
        ["train", "--recipe", "none.yaml", "--demos", "x", "--out", "o"], exitCode: 66,
        containing: "none.yaml", "no recipe")
      try place.expectRefusal(
        ["train", "--resume", "sample"], exitCode: 66, containing: "recipe.yaml", "no training")
      try place.expectFine(flags + ["--out", "out", "--set", "updates=1"])
      try place.expectRefusal(
        flags + ["--out", "out"], exitCode: 64, containing: "--resume out", "there already")
      try place.expectRefusal(
        flags + ["--resume", "out"], exitCode: 64, containing: "updates", "another recipe")
    }
  }
}

extension [String] {
  /// The elements at the end for which `isWanted` is true.
  fileprivate func suffix(while isWanted: (String) -> Bool) -> [String] {
    Array(reversed().prefix(while: isWanted).reversed())
  }
}
