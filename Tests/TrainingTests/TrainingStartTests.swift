import Checkpoints
import Foundation
import Manipulation
import Testing
import Training
import VLAPolicy

@Suite("What a training starts from")
struct TrainingStartTests {
  private func recipe(_ checkpoint: String, set: [String]) -> Recipe {
    var recipe = Recipe()
    recipe.initial = checkpoint
    recipe.set = set
    return recipe
  }

  @Test("a checkpoint's numbers; a router that it lacks starts as a random one, the rest stays")
  func otherRouter() throws {
    try inFolder { folder in
      let checkpoint = try TinyPolicy.written(in: folder, seed: 4)
      let archive = try TensorArchive(checkpointDirectory: checkpoint)
      let start = try TrainingStart(recipe(checkpoint.path, set: ["router.kind=linear"]))
      let layout = ParameterLayout(start.configuration.parameters)
      let values = try start.parameters(layout, seed: 9)
      let random = layout.randomStart(seed: 9)
      var missing = 0
      for parameter in layout.parameters {
        let range = try #require(layout.range(of: parameter.name))
        let stored = archive.contains(parameter.name)
        #expect(stored || parameter.part == .router)
        missing += stored ? 0 : 1
        let expected = stored ? try archive.floats(parameter.name) : Array(random[range])
        #expect(Array(values[range]) == expected)
      }
      #expect(missing > 0)
    }
  }

  @Test("a checkpoint without another part is refused")
  func otherPart() throws {
    try inFolder { folder in
      let checkpoint = try TinyPolicy.written(in: folder)
      let start = try TrainingStart(recipe(checkpoint.path, set: ["language.depth=7"]))
      #expect(throws: CheckpointError.self) {
        try start.parameters(ParameterLayout(start.configuration.parameters), seed: 9)
      }
    }
  }
}
