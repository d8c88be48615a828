import Manipulation
import TensorMath
import Testing
import VLAPolicy

/// One step of training against PyTorch's in double precision: every loss, and the gradient of every
/// tensor within 1e-4 of its size. PyTorch's own 32-bit run is within 2e-5.
@Suite struct TrainingParityTests {
  static let tolerance = 1e-4
  static let lossTolerance = 1e-5

  @Test(
    "losses and gradients of a step are PyTorch's, by any method and option",
    arguments: [
      "dense", "dense-padding", "dense-regression", "dense-huber", "mole", "mole-keep-all",
      "mole-executed", "mole-temperature",
      "mole-no-gumbel", "mole-balance", "mole-last-token", "mole-final-norm",
      "mole-public-input", "mole-linear-router", "mole-no-distillation", "mole-shares",
      "mole-no-projection", "mole-no-mask", "mole-scale", "mole-student-keys",
      "mole-public-mask", "early-exit", "truncate", "static",
      "random", "mod", "dense-gripper", "mole-gripper", "factor-hard", "factor-ste",
      "factor-soft", "factor-prior", "factor-mole", "factor-truncate",
    ])
  func step(name: String) throws {
    let reference = try TrainingReference()
    let expected = try #require(reference.find(name))
    let objective = try reference.objective(expected)
    let (loss, gradient) = try differentiate(reference, objective)
    compare(loss, expected)
    let (joined, layout) = reference.joined(gradient, objective.layout)
    expectSmall(try reference.errors(of: joined, layout, case: name), name)
  }

  @Test("under hard gates and the task alone routers of experts learn nothing, else they do")
  func routers() throws {
    let reference = try TrainingReference()
    for (name, learns) in [("factor-hard", false), ("factor-ste", true), ("factor-prior", true)] {
      let found = try #require(reference.find(name))
      let objective = try reference.objective(found, balanceWeight: 0)
      let gradient = try differentiate(reference, objective).gradient
      let routers = objective.layout.parameters.filter { $0.name.contains(".mlp.router.") }
      #expect(!routers.isEmpty)
      let isLearning = routers.contains { router in
        gradient.withSpan(objective.layout.range(of: router.name) ?? 0..<0) { span in
          span.indices.contains { span[$0] != 0 }
        }
      }
      #expect(isLearning == learns, "\(name)")
    }
  }

  @Test("no gradient of the Prior-Approximate loss reaches experts")
  func priorAlone() throws {
    let reference = try TrainingReference()
    let found = try #require(reference.find("factor-prior"))
    func gradient(_ weight: Double) throws -> (FloatStorage, ParameterLayout) {
      let objective = try reference.objective(found, priorWeight: weight)
      return (try differentiate(reference, objective).gradient, objective.layout)
    }
    let (with, layout) = try gradient(0.5)
    let without = try gradient(0).0
    for parameter in layout.parameters {
      let range = try #require(layout.range(of: parameter.name))
      let isEqual = with.values[range] == without.values[range]
      let isRouter = parameter.name.contains(".mlp.router.")
      #expect(isEqual || isRouter, "\(parameter.name)")
      if isRouter { #expect(!isEqual, "\(parameter.name)") }
    }
  }

  @Test(
    "the gradients of dense and MoLe are PyTorch's number by number",
    arguments: ["dense", "mole"])
  func fullGradient(name: String) throws {
    let reference = try TrainingReference()
    let objective = try reference.objective(try #require(reference.find(name)))
    let gradient = try differentiate(reference, objective).gradient
    expectSmall(try reference.fullErrors(of: gradient, objective.layout, case: name), name)
  }

  @Test("a second pass adds its gradient to the first's")
  func addsUp() throws {
    let reference = try TrainingReference()
    let objective = try reference.objective(try #require(reference.find("mole")))
    let once = try differentiate(reference, objective).gradient.values
    let twice = try differentiate(reference, objective, passes: 2).gradient.values
    #expect(relativeError(twice, once.map { 2 * $0 }) < 1e-5)
  }

  @Test("the same draws give the same gradient bit for bit")
  func repeats() throws {
    let reference = try TrainingReference()
    let objective = try reference.objective(try #require(reference.find("mole")))
    let first = try differentiate(reference, objective).gradient.values
    #expect(try differentiate(reference, objective).gradient.values == first)
  }

  @Test("with factors of bfloat16 the step stays near", arguments: ["dense", "mole-no-gumbel"])
  func roundedFactors(name: String) throws {
    let reference = try TrainingReference()
    let expected = try #require(reference.find(name))
    let exact = try differentiate(reference, try reference.objective(expected))
    let rounded = try differentiate(
      reference, try reference.objective(expected, precision: .bfloat16))
    #expect(rounded.gradient.values != exact.gradient.values)
    #expect(abs(rounded.loss.total - exact.loss.total) <= 0.02 * exact.loss.total)
    #expect(relativeError(rounded.gradient.values, exact.gradient.values) < 0.05)
  }

  private func differentiate(
    _ reference: TrainingReference, _ objective: PolicyObjective, passes: Int = 1
  ) throws -> (loss: LossParts, gradient: FloatStorage) {
    let gradient = FloatStorage(count: objective.layout.count)
    let parameters = try reference.parameters(objective.layout)
    let teacher = try reference.teacher(objective.layout)
    var loss = LossParts()
    for _ in 0..<passes {
      loss = objective.differentiate(
        reference.samples, at: parameters, teacher: teacher,
        draws: reference.draws(objective.options), into: gradient)
    }
    return (loss, gradient)
  }

  /// Every tensor is near enough; the worst are named.
  private func expectSmall(_ errors: [String: Double], _ name: String) {
    let wrong = errors.filter { !($0.value <= Self.tolerance) }.sorted { $0.value > $1.value }
    let worst = wrong.prefix(8).map { "\($0.key): \($0.value)" }.joined(separator: "\n")
    #expect(wrong.isEmpty, "\(name): \(wrong.count) of \(errors.count) tensors\n\(worst)")
  }

  private func compare(_ loss: LossParts, _ expected: TrainingReference.Case) {
    #expect(abs(loss.total - expected.total) <= Self.lossTolerance * expected.total)
    let found = Dictionary(uniqueKeysWithValues: loss.parts.map { ($0.key.rawValue, $0.value) })
    #expect(Set(found.keys) == Set(expected.parts.keys), "\(expected.name)")
    for (part, value) in expected.parts {
      let difference = abs((found[part] ?? .infinity) - value)
      #expect(difference <= Self.lossTolerance * max(value, 0.01), "\(expected.name) \(part)")
    }
    guard expected.method == .mole, let kept = expected.kept else { return }
    let unused = kept[0].indices.count { layer in !kept.contains { $0[layer] } }
    #expect(loss.measures["unused_layers"] == Double(unused), "\(expected.name)")
  }
}
