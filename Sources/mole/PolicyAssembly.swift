import Evaluation
import Foundation
import Manipulation
import Outcomes
import VLAPolicy

/// Loads the plan's checkpoint once and makes a policy of each method.
///
/// - Parameter calibration: Gives the questions to calibrate on; called when a method needs them.
func makePolicies(
  plan: EvaluationPlan, notify: (String) -> Void, calibration: () throws -> [PolicyQuery]
) throws -> [EvaluatedMethod] {
  notify("Loading the checkpoint '\(plan.checkpoint)'.")
  let network = try VLANetwork(checkpoint: URL(fileURLWithPath: plan.checkpoint))
  let depth = network.decoder.depth
  let methods = try plan.methods.map { try LayerMethod($0, keep: plan.keep, depth: depth) }
  let queries = methods.contains(where: network.needsCalibration) ? try calibration() : []
  return try methods.map { method in
    var result = Calibration()
    if network.needsCalibration(method) {
      notify("Calibrating '\(method.name)' on \(queries.count) key frames.")
      result = try network.calibrate(method, on: queries, camera: plan.camera)
    }
    let policy = try LayerSkippingPolicy(
      network: network, method: method, calibration: result, camera: plan.camera,
      unnormKey: plan.unnormKey)
    return EvaluatedMethod(
      policy: policy,
      parameters: try parameters(of: method, on: network, result, queryCount: queries.count))
  }
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
