import Foundation
import Testing

@Suite("mole bench sim")
struct BenchCommandTests {
  private static let tasks = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Tasks").standardized.path

  private struct Document: Decodable {
    var rows: [[String: Value]]
  }

  private enum Value: Decodable {
    case text(String)
    case number(Double)
    case none

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else {
        self = .none
      }
    }

    var number: Double? { if case .number(let value) = self { value } else { nil } }
  }

  @Test("times steps, pictures and episodes")
  func times() throws {
    try withWorkplace { place in
      let output = try place.expectFine([
        "bench", "sim", "--tasks-dir", BenchCommandTests.tasks, "--task", "close_box",
        "--repetitions", "5", "--episodes", "1", "--image-size", "64", "--format", "json",
      ])
      let rows = try JSONDecoder().decode(Document.self, from: Data(output.utf8)).rows
      #expect(rows.count == 2)
      for row in rows {
        for key in [
          "step_us", "front_picture_ms", "five_pictures_ms", "episodes_per_hour",
          "episodes_per_hour_seen",
        ] {
          #expect((row[key]?.number ?? 0) > 0, "\(key)")
        }
        let (one, five) = (row["front_picture_ms"]?.number, row["five_pictures_ms"]?.number)
        #expect((five ?? 0) > (one ?? 1))
      }
    }
  }

  @Test("refuses too few repetitions, a task beside a suite, and a folder without tasks")
  func refuses() throws {
    try withWorkplace { place in
      let few = try place.run(["bench", "sim", "--repetitions", "2"])
      #expect(few.exitCode == 64)
      #expect(few.messages.contains("'--repetitions' must be in 5...1000, but is 2"))
      let both = try place.run(["bench", "sim", "--suite", "mole10", "--task", "close_box"])
      #expect(both.exitCode == 64)
      #expect(both.messages.contains("either '--suite' or '--task'"))
      let lost = try place.run(["bench", "sim", "--tasks-dir", "nowhere"])
      #expect(lost.exitCode == 66)
      #expect(lost.messages.contains("nowhere"))
    }
  }
}
