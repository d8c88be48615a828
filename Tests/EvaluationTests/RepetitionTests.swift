import Evaluation
import Foundation
import Manipulation
import Outcomes
import Testing

@Suite("Repetition")
struct RepetitionTests {
  private func repeated(_ run: ScriptedRun, _ lines: [RecordedLine]) throws -> [EpisodeDifference?]
  {
    var differences: [EpisodeDifference?] = []
    try run.prepared().run.repeat(lines, ofJournal: "journal") { differences.append($0.difference) }
    return differences
  }

  private func lines(of run: ScriptedRun, in folder: String) throws -> [RecordedLine] {
    try run.start(at: folder + "/run")
    return try outcomes(folder + "/run").enumerated().map {
      RecordedLine(number: $0.offset + 1, outcome: $0.element)
    }
  }

  @Test("finds every line of a run the same, in whatever choice")
  func same() throws {
    try withTemporaryFolder { folder in
      let run = ScriptedRun()
      let lines = try lines(of: run, in: folder)
      #expect(try repeated(run, lines) == Array(repeating: nil, count: 10))
      #expect(try repeated(run, [lines[7], lines[2]]) == [nil, nil])
    }
  }

  @Test("names the first step that differs, and what differs there first")
  func different() throws {
    try withTemporaryFolder { folder in
      let run = ScriptedRun()
      let lines = try lines(of: run, in: folder)
      func what(_ change: (inout EpisodeOutcome) -> Void) throws -> String {
        var outcome = lines[4].outcome
        change(&outcome)
        let difference = try repeated(run, [RecordedLine(number: 5, outcome: outcome)])[0]
        return "\(difference?.step.map(String.init) ?? "–") \(difference?.what ?? "same")"
      }
      #expect(try what { $0.queries[2].digests?.state = "0" } == "2 state")
      #expect(try what { $0.queries[2].digests?.answer = "0" } == "2 answer")
      #expect(try what { $0.queries[1].predictedAction[6] = nil } == "1 answer")
      #expect(try what { $0.queries[3].layers = .dense(4) } == "3 layers")
      #expect(try what { $0.queries[0].positionError = 0 } == "0 position error")
      #expect(try what { _ = $0.queries.popLast() } == "3 number of steps")
      #expect(try what { $0.instruction = "" } == "– instruction")
      // What the record does not have is not compared; times never are.
      #expect(try what { $0.queries[2].digests = nil } == "– same")
      #expect(try what { $0.queries[2].timing = nil } == "– same")
    }
  }

  @Test("refuses a line that does not belong where it stands")
  func misplaced() throws {
    try withTemporaryFolder { folder in
      let run = ScriptedRun()
      let lines = try lines(of: run, in: folder)
      for number in [2, 11] {
        #expect(throws: EvaluationError.self) {
          try repeated(run, [RecordedLine(number: number, outcome: lines[0].outcome)])
        }
      }
    }
  }

  @Test("the digests are SHA-256 of the bytes that the documentation names")
  func digests() throws {
    try withTemporaryFolder { folder in
      var run = ScriptedRun()
      let (answer, pose) = (
        Action(translation: [0.5, 0, -0.25], eulerAngles: [0, 1, 0], gripper: 1),
        Pose(position: [1, 2, 3], rotation: .identity)
      )
      run.policies = [.repeating(answer)]
      run.sources[0].episodes[0].keyframes[0].observation = Observation(
        images: [
          "wrist": RGBImage(width: 1, height: 2, pixels: [1, 2, 3, 4, 5, 6]),
          "front": RGBImage(width: 1, height: 1, pixels: [7, 8, 9]),
        ], gripperPose: pose, gripperOpen: 1, jointPositions: nil)
      let query = try #require(try lines(of: run, in: folder).first?.outcome.queries.first)
      // Scripts/fixtures/digests.py
      #expect(
        query.digests
          == QueryDigests(
            pictures: "7ad833992f776b5f", state: "6affa90110f986c4", answer: "75baac9663661288"))
    }
  }
}
