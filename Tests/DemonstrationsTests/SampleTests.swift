import Demonstrations
import Foundation
import Manipulation
import Testing

@Suite struct SampleTests {
  @Test("each action leads to the next key pose", arguments: SampleTask.allCases)
  func actions(task: SampleTask) throws {
    let frames = task.demonstration(seed: 5).frames
    for (frame, next) in zip(frames, frames.dropFirst()) {
      let pose = try #require(frame.observation.gripperPose)
      let nextPose = try #require(next.observation.gripperPose)
      let reached = pose.position + frame.action.translation
      #expect(abs((reached - nextPose.position).max()) < 1e-9)
      #expect(frame.action.rotation.angle(to: nextPose.rotation) < 1e-6)
      #expect(frame.action.gripper == next.observation.gripperOpen)
    }
    #expect(frames.map(\.isKeyframe) == frames.indices.map { $0 < frames.count - 1 })
  }

  @Test("the same seed gives the same demonstration, another seed another place")
  func seeds() {
    func places(_ seed: UInt64) -> [SIMD3<Double>?] {
      SampleTask.pickUpBlock.demonstration(seed: seed).frames
        .map { $0.observation.gripperPose?.position }
    }
    #expect(places(1) == places(1))
    #expect(places(1) != places(2))
  }

  @Test("the written files read back as demonstrations without faults")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: folder) }
    let urls = try SampleTask.write(to: folder, episodesPerTask: 5, seed: 1)
    #expect(urls.count == SampleTask.allCases.count)
    for url in urls {
      let file = try DemonstrationFile(opening: url)
      #expect(file.episodeCount == 5)
      let episode = try file.episode(at: 4, suite: "sample", camera: "front")
      #expect(episode.keyframes.count >= 2)
      #expect(episode.keyframes.allSatisfy { $0.observation.images["front"] != nil })
    }
  }
}
