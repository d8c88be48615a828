import Failures
import Testing
import Training
import VLAPolicy

@Suite("Recipes")
struct RecipeTests {
  private static let small = "name: trial\npreset: nano\n"

  private func recipe(_ yaml: String, _ settings: [String] = []) throws -> ResolvedRecipe {
    try ResolvedRecipe(yaml: Self.small + yaml, path: "trial.yaml", settings: settings)
  }

  @Test("what a recipe leaves out has its standard value, at any depth")
  func standards() throws {
    let recipe = try recipe("method: mole\noptimizer: {warmup: 7}\nstar:\n  temperature: 2").recipe
    #expect(recipe.method == .mole)
    #expect(recipe.optimizer.warmup == 7)
    #expect(recipe.optimizer.learningRate == 6e-4)
    #expect(recipe.star.temperature == 2)
    #expect(recipe.star.gumbel)
    #expect(recipe.ema == 0.999)
  }

  @Test("a recipe that is written out reads back as itself, 'null' included")
  func roundTrip() throws {
    let text = """
      ema: null
      seed: 12345678901
      set: [language.width=128, "image.resize=letterbox"]
      optimizer: {learning_rate: 6.0e-4, schedule: constant}
      validation: {best: last, samples: 0}
      """
    let first = try recipe(text)
    let again = try ResolvedRecipe(yaml: first.yaml, path: "written.yaml")
    #expect(again.recipe == first.recipe)
    #expect(again.recipe.ema == nil)
    #expect(again.recipe.seed == 12_345_678_901)
    #expect(again.recipe.set == ["language.width=128", "image.resize=letterbox"])
    #expect(first.differences(from: again).isEmpty)
    #expect(again.yaml == first.yaml)
  }

  @Test("settings win over the file and lead into mappings")
  func settings() throws {
    let settings = ["seed=2", "optimizer.learning_rate=3e-4", "ema=null", "weights=bf16"]
    let recipe = try recipe("seed: 1", settings).recipe
    #expect(recipe.weights == .bf16)
    #expect(recipe.seed == 2)
    #expect(recipe.optimizer.learningRate == 3e-4)
    #expect(recipe.optimizer.warmup == 300)
    #expect(recipe.ema == nil)
  }

  @Test("two recipes say which keys differ, not how their numbers are written")
  func differences() throws {
    let one = try recipe("batch: 32\noptimizer: {clip: 1}")
    let two = try recipe("batch: 64\noptimizer: {clip: 1.0, beta1: 0.8}")
    #expect(two.differences(from: one) == ["batch", "optimizer.beta1"])
  }

  @Test(
    "what a recipe cannot mean is one sentence with the key",
    arguments: [
      ("batches: 3", "batches"), ("optimizer: {rate: 3}", "optimizer.rate"),
      ("method: moel", "method"), ("updates: many", "updates"), ("batch: 33", "batch"),
      ("optimizer: {learning_rate: -1}", "optimizer.learning_rate"),
      ("ema: 1.5", "ema"), ("keep: 1.5", "keep"), ("method: mod\nkeep: 3", "keep"),
      ("initial: dense", "preset"), ("lanes: 0", "lanes"), ("updates: 1e300", "updates"),
      ("validation: {best: luck}", "validation.best"), ("augmentation: {shift: 100}", "shift"),
      ("star: {temperature: 0}", "star.temperature"), ("diffusion: {draws: 0}", "draws"),
      ("optimizer: 3", "optimizer"), ("updates: 99999999999999999999", "updates"),
    ])
  func refusals(_ yaml: String, _ key: String) throws {
    let error = try #require(throws: (any Error).self) { try recipe(yaml) }
    let sentence = try #require(error as? any ExplainedError)
    #expect(sentence.kind == .usage)
    #expect(sentence.description.contains("'\(key)'") || sentence.description.contains(key))
    #expect(!sentence.description.contains("\n"))
  }

  @Test(
    "text that is no recipe is refused with the line",
    arguments: ["- a\n- b", "a: &x 1\nb: *x", "a: [", "name: x\nname: y"])
  func syntax(_ yaml: String) {
    #expect(throws: TrainingError.self) { try ResolvedRecipe(yaml: yaml, path: "r.yaml") }
  }

  @Test("a setting that is no assignment says how one looks", arguments: ["seed", "=3", "a=&b"])
  func badSettings(_ text: String) {
    #expect(throws: TrainingError.self) { try recipe("", [text]) }
  }

  @Test("evaluation validates with the layers that are kept", arguments: LearningMethod.allCases)
  func evaluatedMethod(_ method: LearningMethod) throws {
    var recipe = Recipe()
    recipe.method = method
    recipe.keep = method == .mod ? 0.5 : 6
    var language = try RandomCheckpoint.parts(of: .nano).configuration.language
    let evaluated = try recipe.evaluatedMethod(of: language)
    #expect(evaluated.experts == nil)
    language.factorization = FactorizationConfiguration(experts: 4, topK: 3)
    let inExperts = try recipe.evaluatedMethod(of: language)
    #expect(inExperts.experts == ExpertAmount("1R4E3K"))
    #expect(inExperts.kind == evaluated.kind && inExperts.share == evaluated.share)
    switch method {
    case .dense, .earlyExit: #expect(evaluated.kind == .dense)
    default:
      #expect(evaluated.kind.rawValue == method.rawValue)
      #expect(evaluated.share == 0.5)
    }
  }
}
