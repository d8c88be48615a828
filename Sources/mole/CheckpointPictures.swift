import Foundation
import Outcomes
import VLAPolicy

/// The pictures that a plan's policy looks at.
enum CheckpointPictures {
  /// Their side in pixels.
  ///
  /// - Throws: `CheckpointError` or `PolicyError` for a folder that holds no policy.
  static func side(of plan: EvaluationPlan) throws -> Int {
    try CheckpointFolder(URL(filePath: plan.checkpoint), settings: plan.set).policy().image.size
  }
}
