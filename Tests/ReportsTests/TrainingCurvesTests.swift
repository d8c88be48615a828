import Failures
import Foundation
import Images
import Reports
import Testing

@Suite("The curves of a training")
struct TrainingCurvesTests {
  private func withFolder(_ body: (URL) throws -> Void) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "mole-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    try body(url)
  }

  private func losses(_ count: Int) -> String {
    "update,learning_rate,gradient_norm,loss,task,balance\n"
      + (1...count).map { update in
        let task = 1 / Double(update).squareRoot() + (update % 3 == 0 ? 0.01 : 0)
        return "\(update),\(1e-3 / Double(update)),1,\(task + 0.1),\(task),1\n"
      }.joined()
  }

  @Test("one drawing with a line for each part of the loss, and marks for what is held out")
  func drawing() throws {
    try withFolder { folder in
      try losses(5000).write(
        to: folder.appending(path: "losses.csv"), atomically: true, encoding: .utf8)
      try "update,loss,task,action_error,share_within\n1000,0.3,0.2,0.8,0.1\n5000,0.2,0.1,0.3,0.7\n"
        .write(to: folder.appending(path: "validation.csv"), atomically: true, encoding: .utf8)
      try TrainingCurves.draw(name: "<trial>", in: folder)
      let svg = try String(contentsOf: folder.appending(path: "losses.svg"), encoding: .utf8)
      // Thin and thick lines of three parts, two errors, the learning rate.
      #expect(svg.components(separatedBy: "<polyline").count - 1 == 9)
      #expect(svg.contains("&lt;trial&gt;") && svg.contains("action_error"))
      #expect(svg.utf8.count < 400_000)
      #expect(try !SVGRenderer.png(svg: svg).isEmpty)
    }
  }

  @Test("one part alone is drawn once; a few updates, or damaged lines, are no reason to stop")
  func little() throws {
    try withFolder { folder in
      let file = folder.appending(path: "losses.csv")
      for text in [
        "", "update,learning_rate,loss,task\n", "update,learning_rate,loss,task\n1,0.1,2,2\n",
        "update,learning_rate,loss,task\n1,0.1,2,2\nx,y\n2,,nan,-1\n3,1e999,0,0",
      ] {
        try text.write(to: file, atomically: true, encoding: .utf8)
        try TrainingCurves.draw(name: "", in: folder)
        let svg = try String(contentsOf: folder.appending(path: "losses.svg"), encoding: .utf8)
        #expect(!svg.contains("nan") && !svg.contains("inf"))
        #expect(!svg.contains(">task<"))
      }
    }
  }

  @Test("without anything trained there is nothing to draw")
  func nothing() throws {
    try withFolder { folder in
      try TrainingCurves.draw(name: "x", in: folder)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }
}
