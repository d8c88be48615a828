import Foundation
package import Outcomes

/// The share of a run that falls to this process as one of a cluster's array of jobs.
package struct ArrayShare: Equatable, Sendable {
  package let shard: Shard
  /// The variables of the environment that say so.
  package let variables: [String]

  /// Reads what Slurm, or else Kubernetes, says of an array of jobs.
  ///
  /// Slurm's tasks count from `SLURM_ARRAY_TASK_MIN` in steps of `SLURM_ARRAY_TASK_STEP`, an indexed
  /// job of Kubernetes from 0; how many there are it does not say, so that the job has to set
  /// `JOB_COMPLETIONS` itself.
  ///
  /// - Throws: `EvaluationError.noArrayShare`.
  package init(_ environment: [String: String]) throws {
    if environment["SLURM_ARRAY_TASK_ID"] != nil {
      self = try ArrayShare(slurm: environment)
    } else if environment["JOB_COMPLETION_INDEX"] != nil {
      self = try ArrayShare(kubernetes: environment)
    } else {
      throw EvaluationError.noArrayShare(
        problem: "neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set")
    }
  }

  private init(slurm environment: [String: String]) throws {
    let id = try ArrayShare.number("SLURM_ARRAY_TASK_ID", in: environment)
    let count = try ArrayShare.number("SLURM_ARRAY_TASK_COUNT", in: environment)
    let first = try ArrayShare.number("SLURM_ARRAY_TASK_MIN", in: environment)
    let last = try ArrayShare.number(
      "SLURM_ARRAY_TASK_MAX", in: environment, unless: first + count - 1)
    let step = try ArrayShare.number("SLURM_ARRAY_TASK_STEP", in: environment, unless: 1)
    guard step > 0, first <= id, id <= last, (id - first) % step == 0,
      (last - first) / step + 1 == count,
      let shard = Shard(number: (id - first) / step + 1, of: count)
    else {
      throw EvaluationError.noArrayShare(
        problem: "SLURM_ARRAY_TASK_ID \(id) is none of \(count) tasks from \(first) to \(last) in"
          + " equal steps")
    }
    self.shard = shard
    variables = ["SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT", "SLURM_ARRAY_TASK_MIN"]
  }

  private init(kubernetes environment: [String: String]) throws {
    let index = try ArrayShare.number("JOB_COMPLETION_INDEX", in: environment)
    let count = try ArrayShare.number("JOB_COMPLETIONS", in: environment)
    guard index < count, let shard = Shard(number: index + 1, of: count) else {
      throw EvaluationError.noArrayShare(
        problem: "JOB_COMPLETION_INDEX \(index) is not below JOB_COMPLETIONS \(count)")
    }
    self.shard = shard
    variables = ["JOB_COMPLETION_INDEX", "JOB_COMPLETIONS"]
  }

  /// Numbers of up to nine digits, which no sum of two makes overflow.
  private static func number(
    _ name: String, in environment: [String: String], unless usual: Int? = nil
  ) throws -> Int {
    guard let text = environment[name] else {
      if let usual { return usual }
      throw EvaluationError.noArrayShare(problem: "\(name) is not set")
    }
    guard text.count <= 9, let number = Int(text), number >= 0 else {
      throw EvaluationError.noArrayShare(
        problem: "\(name) is '\(text)', which is no number of jobs")
    }
    return number
  }
}
