import ArgumentParser
import Evaluation
import Foundation
import Outcomes

/// Which share of a run `--shard` asks for.
enum ShardChoice: ExpressibleByArgument {
  case given(Shard)
  /// The one that a job array gives to this process.
  case auto

  init?(argument: String) {
    if argument == "auto" {
      self = .auto
    } else if let shard = Shard(argument) {
      self = .given(shard)
    } else {
      return nil
    }
  }

  /// - Throws: `EvaluationError.noArrayShare`.
  func shard() throws -> Shard {
    switch self {
    case .given(let shard): shard
    case .auto: try ArrayShare(ProcessInfo.processInfo.environment).shard
    }
  }

  /// What a person should know of how the share was found.
  ///
  /// - Throws: `EvaluationError.noArrayShare`.
  func notice() throws -> String? {
    guard case .auto = self else { return nil }
    let share = try ArrayShare(ProcessInfo.processInfo.environment)
    return "Evaluating shard \(share.shard), by \(share.variables.joined(separator: ", "))."
  }
}
