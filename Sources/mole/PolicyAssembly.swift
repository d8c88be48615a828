import Evaluation
import Foundation
import Manipulation
import Outcomes
import TensorMath
import VLAPolicy

/// Loads the plan's checkpoint once, where it is needed, and makes a policy of each method.
///
/// - Parameter calibration: Gives the questions to calibrate on; called when a method needs them.
func makePolicies(
  plan: EvaluationPlan, notify: (String) -> Void, calibration: () throws -> [PolicyQuery]
) throws -> [EvaluatedMethod] {
  guard plan.needsCheckpoint else { return plan.methods.compactMap(scriptedMethod) }
  notify("Loading the checkpoint '\(plan.checkpoint)'.")
  let network = try VLANetwork(
    checkpoint: URL(fileURLWithPath: plan.checkpoint), precision: plan.dtype?.precision,
    settings: plan.set)
  if !network.precision.isNative {
    notify(
      "This processor has no instructions for products in \(network.precision.rawValue);"
        + " they run in 32-bit floats.")
  }
  if plan.batch > 1, !network.precision.ignoresOtherTokens {
    notify(
      "On this processor the last bits of an answer depend on the questions asked beside it;"
        + " compare runs of the same batch alone.")
  }
  let depth = network.decoder.depth
  let layered = try plan.methods.filter { scriptedMethod($0) == nil }
    .map { try LayerMethod($0, keep: plan.keep, depth: depth) }
  let toCalibrate = layered.first(where: network.needsCalibration)
  let queries = try toCalibrate.map { method in
    guard !plan.calibrationFiles.isEmpty else {
      throw EvaluationError.noCalibration(method: method.name)
    }
    return try calibration()
  }
  return try plan.methods.compactMap { name in
    try scriptedMethod(name)
      ?? layered.first { $0.name == name }.map {
        try evaluatedMethod($0, on: network, plan: plan, queries: queries ?? [], notify: notify)
      }
  }
}

private func scriptedMethod(_ name: String) -> EvaluatedMethod? {
  ScriptedMethod(rawValue: name).map {
    EvaluatedMethod(policy: $0.policy, parameters: ["kind": .text("scripted")])
  }
}

/// A method on the network, calibrated where it needs to be.
private func evaluatedMethod(
  _ method: LayerMethod, on network: VLANetwork, plan: EvaluationPlan, queries: [PolicyQuery],
  notify: (String) -> Void
) throws -> EvaluatedMethod {
  var result = Calibration()
  if network.needsCalibration(method) {
    notify("Calibrating '\(method.name)' on \(queries.count) key frames.")
    result = try network.calibrate(
      method, on: queries, camera: plan.camera, unnormKey: plan.unnormKey)
  }
  let policy = try LayerSkippingPolicy(
    network: network, method: method, calibration: result, camera: plan.camera,
    unnormKey: plan.unnormKey)
  return EvaluatedMethod(
    policy: policy,
    parameters: try parameters(of: method, on: network, result, queryCount: queries.count))
}

/// What `run.json` says of a method: what it keeps, and what it learnt from which demonstrations.
private func parameters(
  of method: LayerMethod, on network: VLANetwork, _ calibration: Calibration, queryCount: Int
) throws -> [String: MethodParameter] {
  let depth = network.decoder.depth
  var parameters: [String: MethodParameter] = [
    "kind": .text(method.kind.rawValue), "share": .number(method.share),
  ]
  if method.kind != .mixtureOfDepths {
    parameters["layers"] = .number(Double(method.layerCount(depth: depth)))
  }
  switch method.kind {
  case .earlyExit where method.share < 1:
    let stored = network.configuration.earlyExit?.thresholds
    parameters["exits_after_layers"] = .numbers(try network.exits(for: method).map(Double.init))
    parameters["exit_thresholds"] = (calibration.exitThresholds ?? stored).map {
      .numbers($0.map(Double.init))
    }
  case .static:
    let order = calibration.staticOrder ?? network.configuration.staticOrder ?? []
    let kept = order.prefix(method.layerCount(depth: depth)).sorted()
    parameters["static_order"] = .numbers(order.map(Double.init))
    parameters["static_layers"] = .numbers(kept.map(Double.init))
  default: return parameters
  }
  parameters["calibration"] = .text(
    network.needsCalibration(method)
      ? "on \(queryCount) key frames: those of each file's first episodes of the training split, or"
        + " of the whole file where it has none; their number is the plan's calibration_episodes"
      : "from the checkpoint's config.json")
  return parameters
}
