import Foundation
import Manipulation
import Outcomes
import Reports
import Testing

@Suite("The quick decoder of journals")
struct JournalDecoderTests {
  /// What both decoders make of a line.
  private struct Answers {
    var plain: EpisodeOutcome?
    var full: EpisodeOutcome?

    init(_ line: [UInt8]) {
      plain = JournalDecoder.outcome(plain: line, in: line.indices)
      full = try? OutcomeCoding.outcome(line: line)
    }

    /// Whether the quick one answered, and as the full one does, to the sign of zeros.
    var isSame: Bool {
      guard let plain, let full, plain == full else { return false }
      return (try? OutcomeCoding.line(plain)) == (try? OutcomeCoding.line(full))
    }

    /// Whether it was silent, or answered the same.
    var isFaithful: Bool { plain == nil || isSame }
  }

  private static func bytes(_ outcome: EpisodeOutcome) throws -> [UInt8] {
    Array(try OutcomeCoding.line(outcome))
  }

  private static func outcomes(_ count: Int) -> [EpisodeOutcome] {
    var generator = SeededGenerator(seed: 5)
    return TinyRun.outcomes + TinyRollout.outcomes
      + (0..<count).map { .random(index: $0, using: &generator) }
  }

  @Test("it reads every line that is written, as Foundation's does")
  func readsWhatIsWritten() throws {
    for outcome in JournalDecoderTests.outcomes(300) {
      let answers = Answers(try JournalDecoderTests.bytes(outcome))
      #expect(answers.isSame, "\(outcome)")
    }
  }

  @Test("a line with a changed byte is read as Foundation's reads it, or left to that")
  func leavesDamage() throws {
    var generator = SeededGenerator(seed: 6)
    let marks = Array("{}[]\",:-+.eE0123456789truefalsn \\/u\t\u{0}\u{7F}é".utf8)
    var (answered, refused) = (0, 0)
    for outcome in JournalDecoderTests.outcomes(40) {
      let line = try JournalDecoderTests.bytes(outcome)
      for _ in 0..<40 {
        var changed = line
        let place = Int.random(in: line.indices, using: &generator)
        let mark = marks.randomElement(using: &generator) ?? 0
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: changed.remove(at: place)
        case 1: changed.insert(mark, at: place)
        case 2: changed[place] = UInt8.random(in: 0...255, using: &generator)
        case 3: changed.removeSubrange(place...)
        default: changed[place] = mark
        }
        let answers = Answers(changed)
        #expect(answers.isFaithful, "\(String(decoding: changed, as: UTF8.self))")
        answered += answers.plain == nil ? 0 : 1
        refused += answers.full == nil ? 1 : 0
      }
    }
    #expect(answered > 100, "changes that leave an outcome")
    #expect(refused > 100, "changes that leave none")
  }

  /// A line with this text as the simulated time and the first number of an action.
  private func line(number: String) -> [UInt8] {
    Array(
      """
      {"mode":"rollout","method":"m","instruction":"i","seed":18446744073709551615,"episode":\
      {"suite":"s","task":"t","variation":0,"name":"n","index":0},"simulated_seconds":\(number),\
      "queries":[{"step":0,"predicted_action":[\(number),null],"layers":[],"compute":\
      {"nominal":{},"executed":{"router":3}}}]}
      """.utf8)
  }

  @Test("numbers are rounded as Foundation rounds them")
  func roundsAlike() {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<4000 {
      let digits = Int.random(in: 1...19, using: &generator)
      let significand = (0..<digits).map { _ in String(Int.random(in: 0...9, using: &generator)) }
      let exponent = Int.random(in: -26...3, using: &generator)
      let point = Bool.random(using: &generator) ? "." : ""
      let text =
        "\(Int.random(in: 1...9, using: &generator))\(point)\(significand.dropFirst().joined())"
      let number = text.hasSuffix(".") ? "\(text)0e\(exponent)" : "\(text)e\(exponent)"
      #expect(Answers(line(number: number)).isFaithful, "\(number)")
    }
  }

  @Test(
    "numbers as they are written are read without help",
    arguments: [
      "0", "-0", "1", "0.5", "-0.0", "6.832999999999998e-06", "0.021538131999999998",
      "9007199254740993", "0.1", "1e5", "16777217", "0.30000000000000004", "4.9e-20",
    ])
  func readsNumbers(text: String) {
    #expect(Answers(line(number: text)).isSame)
  }

  @Test(
    "numbers beyond nineteen digits, and what is none, are left to Foundation's",
    arguments: [
      "12345678901234567890123", "1e300", "1e-300", "01", "1.", ".5", "+1", "1e", "NaN",
      "Infinity", "0x10", "--1", "1e400", "\"1\"",
    ])
  func leavesNumbers(text: String) {
    let answers = Answers(line(number: text))
    #expect(answers.plain == nil)
    #expect(answers.isFaithful)
  }

  @Test("keys of later versions are stepped over, whatever they hold")
  func stepsOverUnknownKeys() {
    let later = #""later":{"a":[1,-2.5e3,{"b":null}],"c":"text","d":true,"e":{},"f":[]},"#
    let text = String(decoding: line(number: "1"), as: UTF8.self)
      .replacing("\"mode\"", with: later + " \"mode\"")
      .replacing("\"step\"", with: later + "\"step\"")
    #expect(Answers(Array(text.utf8)).isSame)
    let broken = text.replacing("-2.5e3", with: "-2.5e")
    #expect(Answers(Array(broken.utf8)).plain == nil)
    let deep = text.replacing("null", with: String(repeating: "[", count: 100_000))
    #expect(Answers(Array(deep.utf8)).plain == nil)
  }

  @Test("an unusual line is counted all the same")
  func fallsBack() throws {
    let plain = try #require(TinyRun.outcomes.first)
    let text = String(decoding: try OutcomeCoding.line(plain), as: UTF8.self)
      .replacing("do it", with: #"do \u0069t"#)
    let run = try RunFixture()
    try run.write(.sample(), lines: [Data(text.utf8)])
    #expect(JournalDecoder.outcome(plain: Array(text.utf8), in: 0..<text.utf8.count) == nil)
    #expect(try run.summary().methods[0].pooled.queries == 2)
    var read: [EpisodeOutcome] = []
    try run.open().forEachEpisode { read.append($0) }
    #expect(read == [plain])
  }

  @Test("lines keep their order and numbers over many blocks")
  func readsManyBlocks() throws {
    var generator = SeededGenerator(seed: 8)
    let outcomes = (0..<4000).map { EpisodeOutcome.random(index: $0, using: &generator) }
    var manifest = RunManifest.rollout(methods: ["dense"], tasks: ["pour"])
    manifest.methods[0].layerCount = 3
    let run = try RunFixture()
    let lines = try outcomes.map { try OutcomeCoding.line($0) }
    #expect(lines.reduce(0) { $0 + $1.count } > 5 << 20)
    try run.write(manifest, lines: lines)
    var indices: [Int] = []
    try run.open().forEachEpisode { indices.append($0.episode.index) }
    #expect(indices == Array(0..<4000))
    try run.write(manifest, lines: lines[..<3777] + [lines[1]] + lines[3777...])
    let error = #expect(throws: ReportError.self) { try run.open().forEachEpisode { _ in } }
    #expect(error?.description.hasPrefix("Line 3778 of '") == true)
    #expect(error?.description.contains("twice") == true)
  }
}

extension EpisodeOutcome {
  /// An episode of a closed loop with three layers and every field that a line can have.
  fileprivate static func random(
    index: Int, using generator: inout SeededGenerator
  ) -> EpisodeOutcome {
    let solved = Bool.random(using: &generator)
    var outcome = EpisodeOutcome(
      rolledOut: EpisodeIdentity(
        suite: "kitchen", task: "pour", variation: index % 3, name: "seed_\(index)", index: index),
      method: "dense",
      instruction: ["do it", "öffne die Tür", "打开抽屉 🤖"][index % 3],
      seed: generator.next(),
      queries: (0..<index % 4).map { .random(step: $0, using: &generator) },
      successOnce: solved, successAtEnd: solved,
      failure: OutcomeFailure.allCases.randomElement(using: &generator),
      actions: Int.random(in: 0...10, using: &generator),
      simulatedSeconds: generator.uniform() * 100)
    if index % 2 == 0 {
      outcome.openLoop = OpenLoopOutcome(successOnce: true, successAtEnd: solved, actions: 3)
      outcome.keyframeMatchRate = generator.uniform()
    }
    return outcome
  }
}

extension QueryOutcome {
  fileprivate static func random(
    step: Int, using generator: inout SeededGenerator
  ) -> QueryOutcome {
    func maybe<Value>(_ value: Value) -> Value? { Bool.random(using: &generator) ? value : nil }
    let action = (0..<7).map { _ in maybe(generator.gaussian()) }
    let seconds = PolicyPart.allCases.map { ($0, generator.uniform() * generator.uniform()) }
    let macs = PolicyPart.allCases.map { part in
      (part, Int(generator.next() >> (generator.next() % 64 | 1)))
    }
    let count = MACCount(Dictionary(uniqueKeysWithValues: macs))
    return QueryOutcome(
      frameIndex: maybe(step), step: step, gripperOpen: maybe(true), predictedAction: action,
      demonstratedAction: maybe(action), positionError: maybe(generator.uniform()),
      rotationError: maybe(180 * generator.uniform()), gripperAgreement: maybe(false),
      keyframeMatch: maybe(true), failure: maybe(.invalidAction),
      layers: LayerMask(shares: [1, Float(generator.uniform()), 0]),
      compute: ComputeCount(nominal: count, executed: count),
      timing: maybe(
        QueryTiming(
          seconds: Dictionary(uniqueKeysWithValues: seconds), totalSeconds: generator.uniform(),
          batch: maybe(4))))
  }
}
