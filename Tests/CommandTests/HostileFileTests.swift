import Foundation
import Testing

/// Files that are made to do harm: to claim more than they hold, to reach elsewhere, to run code.
@Suite("Hostile files")
struct HostileFileTests {
  @Test(
    "safetensors whose header lies are refused",
    arguments: [
      (UInt64.max, ""), (1 << 40, "{}"), (2, "[]"),
      (0, #"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,99999999999]}}"#),
      (0, #"{"a":{"dtype":"F32","shape":[9223372036854775807,4],"data_offsets":[0,16]}}"#),
      (0, #"{"a":{"dtype":"F32","shape":[-4],"data_offsets":[16,0]}}"#),
      (0, #"{"a":{"dtype":"F99","shape":[4],"data_offsets":[0,16]}}"#),
    ] as [(UInt64, String)])
  func safetensors(claimed: UInt64, header: String) throws {
    try withWorkplace { place in
      try place.makeCheckpoint()
      let length = claimed == 0 ? UInt64(header.utf8.count) : claimed
      let lengthBytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
      try place.write(
        lengthBytes + Array(header.utf8) + [UInt8](repeating: 0, count: 16),
        to: "tiny/model.safetensors")
      try place.expectRefusal(["checkpoint", "inspect", "tiny"], exitCode: 65, header)
    }
  }

  @Test("a shard index does not reach out of its folder")
  func shardIndex() throws {
    try withWorkplace { place in
      try place.makeCheckpoint()
      try FileManager.default.moveItem(
        at: place.url("tiny/model.safetensors"), to: place.url("secret.safetensors"))
      try place.write(
        #"{"metadata":{},"weight_map":{"a":"../secret.safetensors"}}"#,
        to: "tiny/model.safetensors.index.json")
      try place.expectRefusal(
        ["checkpoint", "inspect", "tiny"], exitCode: 65, containing: "../secret", "index")
    }
  }

  @Test(
    "a configuration of absurd numbers is refused before anything is computed with them",
    arguments: [
      "width", "depth", "heads", "key_value_heads", "mlp_width", "vocabulary_size", "patch_size",
      "size", "interval", "keep", "chunk", "diffusion_steps", "sampling_steps", "register_count",
      "feature_block",
    ])
  func configuration(field: String) throws {
    try withWorkplace { place in
      try place.makeCheckpoint()
      let text = try String(contentsOf: place.url("tiny/config.json"), encoding: .utf8)
      let pattern = try Regex("\"\(field)\"\\s*:\\s*[0-9]+")
      for number in ["9223372036854775807", "4611686018427387904", "-9223372036854775808"] {
        let absurd = text.replacing(pattern, with: "\"\(field)\": \(number)")
        try #require(absurd != text)
        try place.write(absurd, to: "tiny/config.json")
        try place.expectRefusal(
          ["checkpoint", "inspect", "tiny"], exitCode: 65, "\(field) \(number)")
      }
    }
  }

  @Test(
    "a pickle runs nothing",
    arguments: ["system_p0.pkl", "system_p2.pkl", "system_p4.pkl", "eval.pkl", "instance.pkl"])
  func pickleCode(name: String) throws {
    try withWorkplace { place in
      try place.copyFixture("DemonstrationsTests/Fixtures/rlbench/close_box", as: "box")
      let target = "box/variation0/episodes/episode0/low_dim_obs.pkl"
      try FileManager.default.removeItem(at: place.url(target))
      try place.copyFixture("PicklesTests/Fixtures/pickles/\(name)", as: target)
      try place.expectRefusal(
        ["demos", "import", "rlbench", "box", "-o", "out.hdf5"], exitCode: 65, name)
      // What the pickles would do if they could.
      #expect(!FileManager.default.fileExists(atPath: "/tmp/mole-was-here"))
    }
  }

  @Test("a pickle that grows without end is refused", arguments: ["laughs.pkl", "cycle.pkl"])
  func pickleGrowth(name: String) throws {
    try withWorkplace { place in
      try place.copyFixture("DemonstrationsTests/Fixtures/rlbench/close_box", as: "box")
      let target = "box/variation0/variation_descriptions.pkl"
      try FileManager.default.removeItem(at: place.url(target))
      try place.copyFixture("PicklesTests/Fixtures/pickles/\(name)", as: target)
      try place.expectRefusal(
        ["demos", "import", "rlbench", "box", "-o", "out.hdf5"], exitCode: 65, name)
    }
  }

  @Test("a TFRecord that claims a record of 2^40 bytes is refused")
  func tfRecord() throws {
    try withWorkplace { place in
      try place.copyFixture("DemonstrationsTests/Fixtures/rlds", as: "rlds")
      // The checksum of the length is right; it is the generator's of the importers' fixtures.
      try place.write(
        [0, 0, 0, 0, 0, 1, 0, 0] + [170, 61, 107, 228] + [UInt8](repeating: 0, count: 64),
        to: "rlds/rlbench-train.tfrecord-00000-of-00002")
      try place.expectRefusal(
        ["demos", "import", "rlds", "rlds", "-o", "out.hdf5"], exitCode: 65, "length")
    }
  }

  @Test(
    "HDF5 that links to other files, or claims more than it holds, is refused",
    arguments: ["outside.h5", "greedy.h5"])
  func hdf5(name: String) throws {
    try withWorkplace { place in
      try place.copyFixture("HDF5FilesTests/Fixtures/\(name)", as: name)
      try place.expectRefusal(["demos", "inspect", name], exitCode: 65, name)
    }
  }

  @Test(
    "a picture that claims 60000 x 60000 pixels is refused before they are allocated",
    arguments: ["png", "jpg"])
  func picture(kind: String) throws {
    try withWorkplace { place in
      try place.makeCheckpoint()
      try place.write(kind == "png" ? HostilePicture.png : HostilePicture.jpeg, to: "x.\(kind)")
      try place.expectRefusal(
        [
          "checkpoint", "trace", "tiny", "--image", "x.\(kind)", "--instruction", "x", "-o", "t",
        ], exitCode: 65, kind)
    }
  }

  @Test(
    "a tokenizer whose contents contradict each other is refused",
    arguments: [
      "[]", #"{"model":{"type":"BPE"}}"#,
      #"{"model":{"type":"BPE","vocab":{"a":99999999999},"merges":[]}}"#,
      #"{"model":{"type":"BPE","vocab":{"a":-1},"merges":[]}}"#,
      #"{"model":{"type":"BPE","vocab":{"a":0},"merges":[["b","c"]]}}"#,
    ])
  func tokenizer(json: String) throws {
    try withWorkplace { place in
      try place.makeCheckpoint()
      try place.write(json, to: "tiny/tokenizer.json")
      try place.expectRefusal(
        ["checkpoint", "tokenize", "tiny", "--text", "a"], exitCode: 65, String(json.prefix(80)))
    }
  }

  @Test(
    "a plan that is no plain mapping is refused",
    arguments: [
      "a: &a [x, x]\nb: &b [*a, *a]\nmethods: [*b, *b]\n",
      "methods: !!python/object:os.system []\n",
      "- dense\n", "seed: 1\nseed: 2\n", "seed: 99999999999999999999\n", "episodes: -3\n",
      "keep: .nan\n", "keep: .inf\n", "methods: {dense: 1}\n", "shard: 0/0\n",
    ])
  func plan(yaml: String) throws {
    try withWorkplace { place in
      try place.write(yaml, to: "plan.yaml")
      try place.expectRefusal(
        [
          "eval", "--plan", "plan.yaml", "--demos", "close_jar.hdf5", "--checkpoint", "tiny",
          "--out", "run",
        ], exitCode: 64, String(yaml.prefix(60)))
    }
  }

  @Test("brackets without end are refused", arguments: ["tiny/tokenizer.json", "plan.yaml"])
  func deepNesting(file: String) throws {
    try withWorkplace { place in
      try place.makeCheckpoint()
      try place.write(String(repeating: "[", count: 50_000), to: file)
      let isPlan = file == "plan.yaml"
      try place.expectRefusal(
        isPlan
          ? ["eval", "--plan", file, "--out", "run"]
          : ["checkpoint", "tokenize", "tiny", "--text", "a"],
        exitCode: isPlan ? 64 : 65, file)
    }
  }
}
