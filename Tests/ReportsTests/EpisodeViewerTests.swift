import Foundation
import Images
import Manipulation
import Outcomes
import Reports
import Testing

@Suite("The page's episodes")
struct EpisodeViewerTests {
  private static let side = 16

  /// Six episodes of two methods, three of each of two tasks; two steps each.
  private static func outcomes(episodes: Int = 3) -> [EpisodeOutcome] {
    ["pour", "push"].flatMap { task in
      (0..<episodes).flatMap { index in
        ["dense", "mole"].map {
          .rolledOut(
            $0, task, index, solved: index == 0, layers: [[1, 1, 1, 1], [1, 0, 0, 1]])
        }
      }
    }
  }

  private static func run(_ outcomes: [EpisodeOutcome]) throws -> RunFixture {
    var manifest = RunManifest.rollout(methods: ["dense", "mole"])
    manifest.plan.imageSize = side
    return try RunFixture(manifest: manifest, outcomes: outcomes)
  }

  private static func plan() -> EvaluationPlan {
    var plan = EvaluationPlan()
    plan.imageSize = side
    return plan
  }

  @Test func `the first episodes of each task, with all methods`() throws {
    let run = try Self.run(Self.outcomes())
    let episodes = try PageFixture([run], options: PageOptions(viewerEpisodes: 2)).episodes()
    let names = episodes.map {
      "\($0["task"] ?? "") \($0["episode"] ?? "") \($0["policy"] ?? "")"
    }
    #expect(
      names == [
        "pour 0 (seed_0) c · dense", "pour 0 (seed_0) c · mole", "push 0 (seed_0) c · dense",
        "push 0 (seed_0) c · mole", "pour 1 (seed_1) c · dense", "pour 1 (seed_1) c · mole",
        "push 1 (seed_1) c · dense", "push 1 (seed_1) c · mole",
      ])
    let none = try PageFixture([run], options: PageOptions(viewerEpisodes: 0))
    #expect(try none.episodes().isEmpty && none.count("id=\"viewer\"") == 0)
  }

  @Test func `a step has its layers, MACs, seconds and actions`() throws {
    var query = QueryOutcome.sample(
      match: true, position: 0.0123456, rotation: 4.5678, gripper: true, layers: [1, 0.5, 0, 1])
    query.predictedAction = [0.1, nil, 0.3, 0, 0, 0, 1]
    query.demonstratedAction = [0.1, 0.2, 0.3, 0, 0, 0, 0]
    let run = try RunFixture(
      manifest: .sample(), outcomes: [.sample("mole", "pour", 0, [query])])
    let episode = try #require(try PageFixture([run]).episodes().first)
    let step = try #require((episode["steps"] as? [[String: Any]])?.first)
    #expect(step["layers"] as? [Double] == [1, 0.5, 0, 1])
    #expect(step["languageMACs"] as? Int == 260 && step["totalMACs"] as? Int == 310)
    #expect(step["seconds"] as? Double == 3.6)
    #expect(step["positionError"] as? Double == 0.01235)
    #expect(step["match"] as? Bool == true)
    let action = try #require(step["action"] as? [Any])
    #expect(action.count == 7 && action[0] as? Double == 0.1 && action[1] is NSNull)
    #expect((step["demonstrated"] as? [Double])?.last == 0)
    #expect(episode["outcome"] as? String == "1 of 1 key frames match")
  }

  @Test func `pictures of strips go to their steps, each kept once`() throws {
    let outcomes = Self.outcomes(episodes: 1)
    let run = try Self.run(outcomes)
    let folder = run.url.appending(path: "strips")
    for outcome in outcomes where outcome.episode.task == "pour" {
      try StripFixture.write(outcome, pictures: 3, side: Self.side, in: folder)
    }
    let options = PageOptions(pictures: [0: .strips(in: folder, plan: Self.plan())])
    let page = try PageFixture([run], options: options)
    let episodes = try page.episodes()
    #expect(episodes.map { $0["pictures"] as? [Int] } == [[0, 1, 2], [0, 1, 2], [], []])
    let links = try #require(try page.viewerData()?["pictures"] as? [String])
    #expect(links.count == 3)
    for (moment, link) in links.enumerated() {
      let start = "data:image/jpeg;base64,"
      #expect(link.hasPrefix(start))
      let bytes = try #require(Data(base64Encoded: String(link.dropFirst(start.count))))
      let image = try JPEGFile.decode(Array(bytes), name: "picture")
      #expect(image.width == Self.side && image.pixels[0] == UInt8(10 * moment))
    }
  }

  @Test(arguments: [1, 3, 12, 13, 40, 150])
  func `a strip gives one picture a step and the end`(actions: Int) throws {
    let outcome = EpisodeOutcome.rolledOut(
      "mole", "pour", 0, solved: true,
      layers: [[Float]](repeating: [1, 1, 1, 1], count: actions))
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let kept = EpisodeStrip.kept(of: actions + 1).count
    try StripFixture.write(outcome, pictures: kept, side: 4, in: folder)
    var plan = EvaluationPlan()
    plan.imageSize = 4
    let run = try RunFixture(
      manifest: .rollout(methods: ["mole"], tasks: ["pour"]), outcomes: [outcome])
    let page = try PageFixture(
      [run], options: PageOptions(pictures: [0: .strips(in: folder, plan: plan)]))
    let pictures = try #require(try page.episodes().first?["pictures"] as? [Int])
    #expect(pictures.count == actions + 1)
    #expect(pictures.first == 0 && pictures == pictures.sorted())
  }

  @Test func `a strip of another episode is left out`() throws {
    let outcome = try #require(Self.outcomes().first)
    let run = try Self.run([outcome])
    let folder = run.url.appending(path: "strips")
    try StripFixture.write(outcome, pictures: 6, side: Self.side, in: folder)
    let options = PageOptions(pictures: [0: .strips(in: folder, plan: Self.plan())])
    #expect(try PageFixture([run], options: options).episodes()[0]["pictures"] as? [Int] == [])
    var other = Self.plan()
    other.imageSize = Self.side + 1
    let wrong = PageOptions(pictures: [0: .strips(in: folder, plan: other)])
    #expect(try PageFixture([run], options: wrong).episodes()[0]["pictures"] as? [Int] == [])
  }

  @Test func `a page has no more bytes of episodes than asked for, and says so`() throws {
    let outcomes = Self.outcomes()
    let run = try Self.run(outcomes)
    let folder = run.url.appending(path: "strips")
    for outcome in outcomes {
      try StripFixture.write(outcome, pictures: 3, side: Self.side, in: folder)
    }
    let pictures = [0: EpisodePictures.strips(in: folder, plan: Self.plan())]
    let few = try PageFixture(
      [run], options: PageOptions(viewerEpisodes: 3, viewerBytes: 4000, pictures: pictures))
    let count = try few.episodes().count
    #expect(count > 0 && count < 12)
    #expect(few.count("\(12 - count) more episodes are left out") == 1)
    let size = try #require(few.part(from: "id=\"episode-data\">", to: "</script>")).utf8.count
    #expect(size < 4400)
    let bare = try PageFixture(
      [run], options: PageOptions(viewerEpisodes: 1, viewerBytes: 2500, pictures: pictures))
    #expect(try bare.episodes().allSatisfy { ($0["pictures"] as? [Int])?.isEmpty == true })
    #expect(bare.html.contains("without their pictures"))
  }
}
