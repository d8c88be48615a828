import Evaluation
import Failures
import Outcomes
import Testing

@Suite("The share of a job array")
struct ArrayShareTests {
  @Test(
    "is found among Slurm's and Kubernetes' variables",
    arguments: [
      (["ID": "1", "COUNT": "4", "MIN": "1", "MAX": "4", "STEP": "1"], "1/4"),
      (["ID": "0", "COUNT": "4", "MIN": "0", "MAX": "3", "STEP": "1"], "1/4"),
      (["ID": "11", "COUNT": "3", "MIN": "5", "MAX": "11", "STEP": "3"], "3/3"),
      (["ID": "7", "COUNT": "3", "MIN": "5"], "3/3"),
      (["ID": "9", "COUNT": "1", "MIN": "9", "MAX": "9", "STEP": "1"], "1/1"),
    ])
  func slurm(values: [String: String], shard: String) throws {
    var variables = ["JOB_COMPLETION_INDEX": "7"]
    for (name, value) in values { variables["SLURM_ARRAY_TASK_\(name)"] = value }
    #expect(try ArrayShare(variables).shard.description == shard)
  }

  @Test("counts from 0 in Kubernetes")
  func kubernetes() throws {
    let variables = ["JOB_COMPLETION_INDEX": "0", "JOB_COMPLETIONS": "2"]
    let share = try ArrayShare(variables)
    #expect(share.shard.description == "1/2" && share.variables.contains("JOB_COMPLETIONS"))
  }

  @Test(
    "is refused where it cannot be told",
    arguments: [
      [:], ["JOB_COMPLETION_INDEX": "1"], ["JOB_COMPLETION_INDEX": "2", "JOB_COMPLETIONS": "2"],
      ["JOB_COMPLETION_INDEX": "-1", "JOB_COMPLETIONS": "2"],
      ["JOB_COMPLETION_INDEX": "0", "JOB_COMPLETIONS": "99999999999999999999"],
      ["SLURM_ARRAY_TASK_ID": "1"],
      ["SLURM_ARRAY_TASK_ID": "x", "SLURM_ARRAY_TASK_COUNT": "2", "SLURM_ARRAY_TASK_MIN": "1"],
      // 1, 2 and 4: which is the third?
      [
        "SLURM_ARRAY_TASK_ID": "4", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "1",
        "SLURM_ARRAY_TASK_MAX": "4", "SLURM_ARRAY_TASK_STEP": "1",
      ],
      [
        "SLURM_ARRAY_TASK_ID": "1", "SLURM_ARRAY_TASK_COUNT": "1", "SLURM_ARRAY_TASK_MIN": "1",
        "SLURM_ARRAY_TASK_MAX": "1", "SLURM_ARRAY_TASK_STEP": "0",
      ],
    ] as [[String: String]])
  func refused(variables: [String: String]) throws {
    let error = #expect(throws: EvaluationError.self) { try ArrayShare(variables) }
    #expect(error?.kind == .usage)
    #expect(error?.description.contains("'--shard auto'") == true)
  }
}
