import Demonstrations
import Failures
import Foundation
import Manipulation
import Testing

@Suite("Inspecting a file")
struct InspectionTests {
  @Test("it tells what is there, as text and as JSON")
  func inspection() throws {
    try inTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cup.hdf5")
      try SampleRecording.write(url)
      let inspection = try Inspection(of: DemonstrationFile(opening: url))
      #expect(inspection.episodeCount == 3)
      #expect(inspection.frameCount == 36)
      #expect(inspection.keyframeCount == 9)
      #expect(inspection.instructions == ["put the cup down": 3])
      #expect(inspection.masks == ["train": 2, "valid": 1])
      #expect(inspection.statistics?.transitionCount == 9)
      #expect(inspection.statistics?.action.mask?.last == false)
      #expect(inspection.statistics?.proprio?.mean.count == 7)
      for text in ["mole-1", "put_cup", "obs/front_rgb", "uint8 (12, 4, 6, 3)", "q99"] {
        #expect(inspection.description.contains(text), "\(text)")
      }
      let json = try JSONSerialization.jsonObject(with: Data(try inspection.json().utf8))
      let fields = try #require(json as? [String: Any])
      #expect(fields["keyframe_count"] as? Int == 9)
      #expect((fields["episodes"] as? [[String: Any]])?.count == 3)
    }
  }

  @Test("statistics are written under the task's name")
  func statistics() throws {
    try inTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cup.hdf5")
      let place = folder.appendingPathComponent("dataset_statistics.json")
      try SampleRecording.write(url)
      let inspection = try Inspection(of: DemonstrationFile(opening: url))
      try inspection.writeStatistics(to: place)
      let read = try JSONDecoder().decode(
        [String: DatasetStatistics].self, from: Data(contentsOf: place))
      #expect(read == ["put_cup": try #require(inspection.statistics)])
      let nowhere = URL(fileURLWithPath: "/nonexistent/a.json")
      #expect(
        explained { try inspection.writeStatistics(to: nowhere) }?.kind == .cannotWrite)
    }
  }

  @Test("a file without a convention is shown without statistics, with the reason")
  func foreign() throws {
    let inspection = try Inspection(
      of: DemonstrationFile(opening: demonstrationFixture("libero_demo.hdf5")))
    #expect(inspection.statistics == nil)
    #expect(inspection.statisticsNote?.contains("action_convention") == true)
    let place = URL(fileURLWithPath: "/tmp/never-written.json")
    #expect(explained { try inspection.writeStatistics(to: place) }?.kind == .badData)
  }

  @Test("the contact sheet has a row an episode and a column a key frame")
  func sheet() throws {
    try inTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cup.hdf5")
      try SampleRecording.write(url)
      let sheet = try DemonstrationFile(opening: url).contactSheet()
      #expect(sheet.width == 3 * (6 + 2) + 2)
      #expect(sheet.height == 3 * (4 + 2) + 2)
      let corner = (2 * sheet.width + 2) * 3
      #expect(Array(sheet.pixels[corner..<corner + 3]) == [0, 7, 14])
    }
  }

  @Test("large pictures are made small and none are not an error of the sheet")
  func shrinking() throws {
    let large = RGBImage(
      width: 300, height: 100, pixels: [UInt8](repeating: 9, count: 90_000))
    let sheet = try #require(ContactSheet.compose([[large], []], side: 30))
    #expect(sheet.width == 34)
    #expect(ContactSheet.compose([[], []]) == nil)
  }

  @Test("a truncated demonstration file gives a sentence, wherever it ends")
  func truncation() throws {
    try inTemporaryFolder { folder in
      let url = folder.appendingPathComponent("cup.hdf5")
      try SampleRecording.write(url, count: 1)
      let whole = try Data(contentsOf: url)
      let cut = folder.appendingPathComponent("cut.hdf5")
      for length in stride(from: 0, to: whole.count, by: 499) {
        try whole.prefix(length).write(to: cut)
        let error = explained {
          let file = try DemonstrationFile(opening: cut)
          _ = try file.episode(at: 0, suite: "")
        }
        #expect(error?.kind == .badData, "cut at \(length)")
      }
    }
  }
}
