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
      policy: policy, parameters: parameters(of: method, depth: depth, result))
  }
}

/// What `run.json` says of a method.
private func parameters(
  of method: LayerMethod, depth: Int, _ calibration: Calibration
) -> [String: MethodParameter] {
  var parameters: [String: MethodParameter] = [
    "kind": .text(method.kind.rawValue), "share": .number(method.share),
  ]
  if method.kind != .mixtureOfDepths {
    parameters["layers"] = .number(Double(method.layerCount(depth: depth)))
  }
  if let thresholds = calibration.exitThresholds {
    parameters["exit_thresholds"] = .numbers(thresholds.map(Double.init))
  }
  if let order = calibration.staticOrder {
    parameters["static_order"] = .numbers(order.map(Double.init))
  }
  return parameters
}
