import Evaluation
import Failures
import Foundation
import Manipulation
import Outcomes
import Testing

@Suite("Plans")
struct PlanTests {
  @Test("every field is read")
  func full() throws {
    let plan = try PlanText.plan(
      yaml: """
        # a plan
        mode: replay
        demonstrations: [a.hdf5, "b c.hdf5"]
        action_convention: delta-position+delta-euler-xyz+gripper-open
        checkpoint: runs/nano
        label: nano/seed-1
        set: [image.center_crop=0.9, image.resize=letterbox]
        unnorm_key: rlbench
        methods:
          - dense
          - truncate:4
        keep: 0.25
        camera: wrist
        split: valid
        episodes: 5
        seed: 18446744073709551615
        warmup: 0
        calibration_episodes: 2
        calibration_demonstrations: [c.hdf5]
        suite: bridge
        tasks: [close_box, close_jar]
        perturbations: [lighting, camera_pose]
        instruction: longest
        budget: 8
        execute: 3
        image_size: 128
        open_loop: true
        shard: 2/3
        position_tolerance: 0.05
        rotation_tolerance: 30
        batch: 8
        threads: 2
        """, path: "plan.yaml")
    var expected = EvaluationPlan(
      demonstrations: ["a.hdf5", "b c.hdf5"], checkpoint: "runs/nano",
      methods: ["dense", "truncate:4"])
    expected.actionConvention = "delta-position+delta-euler-xyz+gripper-open"
    expected.label = "nano/seed-1"
    expected.set = ["image.center_crop=0.9", "image.resize=letterbox"]
    expected.unnormKey = "rlbench"
    expected.keep = 0.25
    expected.camera = "wrist"
    expected.split = .valid
    expected.episodes = 5
    expected.seed = .max
    expected.warmup = 0
    expected.calibrationEpisodes = 2
    expected.calibrationDemonstrations = ["c.hdf5"]
    expected.suite = "bridge"
    expected.tasks = ["close_box", "close_jar"]
    expected.perturbations = [.lighting, .cameraPose]
    expected.instruction = .longest
    expected.budget = 8
    expected.execute = 3
    expected.imageSize = 128
    expected.openLoop = true
    expected.shard = Shard(number: 2, of: 3)
    expected.positionTolerance = 0.05
    expected.rotationTolerance = 30
    expected.batch = 8
    expected.threads = 2
    #expect(plan == expected)
    #expect(try PlanText.plan(yaml: PlanText.yaml(plan), path: "again") == plan)
  }

  @Test("what a plan does not say has its default", arguments: ["", "# nothing\n", "seed:\n"])
  func defaults(yaml: String) throws {
    #expect(try PlanText.plan(yaml: yaml, path: "plan.yaml") == EvaluationPlan())
  }

  @Test("a plan that is written back reads as the same, even with odd names")
  func roundTrip() throws {
    var plan = EvaluationPlan(
      demonstrations: [
        "a: b#c.hdf5", "é \"quoted\" \\ /x", "- &dash *", String(repeating: "[{", count: 99),
        "a\nb\tc\u{7F}\u{85}\u{2028}",
      ], checkpoint: "1",
      methods: ["true", "null"])
    plan.seed = 1 << 60
    plan.keep = 1
    plan.positionTolerance = 1e-3
    let text = try PlanText.yaml(plan)
    #expect(try PlanText.plan(yaml: text, path: "plan.yaml") == plan)
    #expect(text.contains("position_tolerance: 0.001\n"))
  }

  @Test("an unknown key is named with file and line")
  func unknownKey() {
    let error = #expect(throws: EvaluationError.self) {
      try PlanText.plan(yaml: "seed: 1\n\nepisode: 3\n", path: "my/plan.yaml")
    }
    #expect(error?.kind == .usage)
    #expect(
      error?.description.hasPrefix(
        "The plan 'my/plan.yaml' has the unknown key 'episode' in line 3")
        == true)
  }

  @Test(
    "a wrong value is named with its key and line",
    arguments: [
      ("seed: -1", "seed"), ("seed: x", "seed"), ("keep: [1]", "keep"),
      ("mode: dream", "mode"), ("split: test", "split"), ("shard: 3/2", "shard"),
      ("shard: 0/2", "shard"), ("methods: {a: b}", "methods"), ("methods: dense", "methods"),
      ("episodes: 99999999999999999999999", "episodes"), ("threads: 1.5", "threads"),
      ("camera: [front]", "camera"), ("open_loop: 1", "open_loop"),
      ("perturbations: [fog]", "perturbations"), ("budget: many", "budget"),
    ])
  func wrongValue(line: String, key: String) throws {
    let error = #expect(throws: EvaluationError.self) {
      try PlanText.plan(yaml: "suite: x\n\(line)\n", path: "plan.yaml")
    }
    guard case .wrongPlanValue("plan.yaml", 2, key, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test(
    "what is no plain mapping is refused with its line",
    arguments: [
      ("- a\n- b\n", 1), ("just text\n", 1), ("seed: 1\nseed: 2\n", 1), ("a: [\n", 2),
      ("seed: 1\n---\nseed: 2\n", 2), ("seed: 1\n\tkeep: 2\n", 2), ("seed: &a 1\n", 1),
      ("seed: 1\nkeep: *a\n", 2), ("<<: {seed: 1}\n", 1), ("? [a]\n: b\n", 1),
    ])
  func syntax(yaml: String, line: Int) throws {
    let error = try #require(
      #expect(throws: EvaluationError.self) {
        try PlanText.plan(yaml: yaml, path: "plan.yaml")
      })
    #expect(error.kind == .usage)
    #expect(error.description.contains("line \(line)"), "\(error)")
  }

  @Test(
    "hostile YAML neither hangs nor crashes", .timeLimit(.minutes(10)),
    arguments: [
      String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 50_000),
      String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 100_000),
      String(repeating: "[\n", count: 50_000),
      "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: [*c,*c,*c]\n",
      "? &a [x]\n: *a\n", "\u{0}", "seed: \"\\uD800\"", "%YAML 9.9\n---\nseed: 1\n",
      "seed: !!binary 1\n", "!!python/object/apply:os.system [x]",
    ])
  func hostile(yaml: String) {
    _ = try? PlanText.plan(yaml: yaml, path: "plan.yaml")
  }

  @Test("a file that is too large, missing, a folder or no text is refused")
  func files() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/plan.yaml"
      func kind(of path: String) -> FailureKind? {
        #expect(throws: EvaluationError.self) { try PlanText.read(path: path) }?.kind
      }
      #expect(kind(of: path) == .missingInput)
      #expect(kind(of: folder) == .missingInput)
      #expect(kind(of: "/dev/zero") == .missingInput)
      try Data([0x73, 0xFF, 0xFE]).write(to: URL(fileURLWithPath: path))
      #expect(kind(of: path) == .usage)
      try Data(repeating: 0x20, count: PlanText.largestFile + 1)
        .write(to: URL(fileURLWithPath: path))
      #expect(kind(of: path) == .usage)
      try Data("seed: 4".utf8).write(to: URL(fileURLWithPath: path))
      #expect(try PlanText.read(path: path).seed == 4)
    }
  }

  @Test("a value out of range is named")
  func ranges() throws {
    let good = EvaluationPlan(demonstrations: ["a"], checkpoint: "c", methods: ["dense"])
    #expect(throws: Never.self) { try good.check() }
    func refused(_ field: String, _ change: (inout EvaluationPlan) -> Void) {
      var plan = good
      change(&plan)
      let error = #expect(throws: EvaluationError.self) { try plan.check() }
      #expect(error?.description.contains("'\(field)'") == true)
      #expect(error?.kind == .usage)
    }
    refused("demonstrations") { $0.demonstrations = [] }
    refused("checkpoint") { $0.checkpoint = "" }
    refused("label") { $0.label = "" }
    refused("label") { $0.label = String(repeating: "x", count: 201) }
    refused("methods") { $0.methods = [] }
    refused("keep") { $0.keep = 0 }
    refused("keep") { $0.keep = 1.01 }
    refused("keep") { $0.keep = .nan }
    refused("episodes") { $0.episodes = 0 }
    refused("warmup") { $0.warmup = -1 }
    refused("position_tolerance") { $0.positionTolerance = .infinity }
    refused("rotation_tolerance") { $0.rotationTolerance = -1 }
    refused("threads") { $0.threads = 0 }
    refused("batch") { $0.batch = 0 }
    refused("batch") { $0.batch = 257 }
    refused("dense") { $0.methods = ["dense", "mole", "dense"] }
    refused("image_size") { $0.imageSize = 8 }
    func refusedInRollout(_ field: String, _ change: (inout EvaluationPlan) -> Void) {
      refused(field) {
        $0.mode = .rollout
        change(&$0)
      }
    }
    refusedInRollout("budget") { $0.budget = 0 }
    refusedInRollout("execute") { $0.execute = 0 }
    refusedInRollout("tasks") { $0.tasks = ["a", "a"] }
    refusedInRollout("perturbations") { $0.perturbations = [.lighting, .lighting] }
    refusedInRollout("checkpoint") { $0.checkpoint = "" }
  }

  @Test("scripted methods need no checkpoint, and a rollout no demonstrations")
  func needs() throws {
    var plan = EvaluationPlan(methods: ["oracle", "home"])
    plan.mode = .rollout
    #expect(throws: Never.self) { try plan.check() }
    #expect(!plan.needsCheckpoint)
    plan.methods.append("dense")
    #expect(throws: EvaluationError.self) { try plan.check() }
    #expect(plan.calibrationFiles.isEmpty)
    plan.demonstrations = ["a"]
    #expect(plan.calibrationFiles == ["a"])
    plan.calibrationDemonstrations = ["b"]
    #expect(plan.calibrationFiles == ["b"])
  }

  @Test("what a rollout leaves open comes from its suite, once and for all")
  func resolution() throws {
    let suites = [
      "all12": SuiteContents(tasks: ["a", "b"]),
      "hard": SuiteContents(tasks: ["a"], perturbations: [.lighting, .distractors]),
    ]
    func contents(_ name: String) throws -> SuiteContents {
      guard let suite = suites[name] else { throw EvaluationError.noRun(path: name) }
      return suite
    }
    var plan = EvaluationPlan(methods: ["oracle"])
    #expect(try plan.resolved(contents: contents, pictureSize: { 28 }) == plan)
    plan.mode = .rollout
    var resolved = try plan.resolved(contents: contents, pictureSize: { 28 })
    #expect(resolved.suite == "all12" && resolved.tasks == ["a", "b"] && resolved.episodes == 25)
    #expect(resolved.imageSize == 224)
    #expect(try resolved.resolved(contents: contents, pictureSize: { 28 }) == resolved)
    plan.suite = "hard"
    plan.tasks = ["c"]
    plan.episodes = 2
    plan.perturbations = [.distractors]
    resolved = try plan.resolved(contents: contents, pictureSize: { 28 })
    #expect(resolved.suite == "hard" && resolved.tasks == ["c"] && resolved.episodes == 2)
    #expect(resolved.perturbations == [.distractors, .lighting])
    #expect(try resolved.resolved(contents: contents, pictureSize: { 28 }) == resolved)
    plan.methods = ["dense", "oracle"]
    #expect(try plan.resolved(contents: contents, pictureSize: { 28 }).imageSize == 28)
    plan.imageSize = 64
    #expect(try plan.resolved(contents: contents, pictureSize: { 28 }).imageSize == 64)
    plan.suite = "none"
    #expect(throws: (any Error).self) { try plan.resolved(contents: contents, pictureSize: { 28 }) }
  }

  @Test("a plan, a manifest and a line from before the rollouts read as they did")
  func earlierFiles() throws {
    let line =
      #"{"episode":{"index":0,"name":"demo_0","suite":"recorded","task":"t","variation":0},"#
      + #""instruction":"i","keyframe_match_rate":1,"method":"dense","mode":"replay","queries":[{"#
      + #""compute":{"executed":{},"nominal":{}},"demonstrated_action":[0,0,0,0,0,0,1],"#
      + #""frame_index":3,"gripper_agreement":true,"keyframe_match":true,"layers":[1],"#
      + #""position_error":0,"predicted_action":[0,0,0,0,0,0,1],"rotation_error":0,"step":0}],"#
      + #""seed":5}"#
    let outcome = try OutcomeCoding.outcome(line: Data(line.utf8))
    #expect(outcome.queries[0].frameIndex == 3 && outcome.queries[0].keyframeMatch == true)
    #expect(outcome.openLoop == nil && outcome.actions == nil && outcome.successOnce == nil)
    let plan = try JSONDecoder().decode(
      EvaluationPlan.self, from: Data(#"{"mode":"replay","methods":["dense"]}"#.utf8))
    #expect(plan == EvaluationPlan(methods: ["dense"]))
    let tasks = try JSONDecoder().decode(
      TaskDescription.self, from: Data(#"{"name":"t","episodes":4}"#.utf8))
    #expect(tasks == TaskDescription(name: "t", episodes: 4))
  }
}
