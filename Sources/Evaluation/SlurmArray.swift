/// A run as an array of Slurm's jobs, one a shard, and a job that merges them: the scripts, and how
/// they are submitted.
package struct SlurmArray: Equatable, Sendable {
  /// Reaches beyond what any cluster allows: Slurm has the last word.
  package static let shardCounts = 1...1_000_000

  /// The program, by its absolute path.
  package var program: String
  /// What `mole eval` is asked, without shard and run directory.
  package var flags: [String]
  /// The number of jobs in the array, each a shard.
  package var shardCount: Int
  /// The merged run's directory, by its absolute path.
  package var out: String
  /// Where the jobs run, so that relative paths mean what they mean here.
  package var workingFolder: String
  /// Further options of `sbatch`, for both jobs.
  package var options: [String]
  /// The most shards that run at the same time; `nil` leaves that to Slurm.
  package var atOnce: Int?

  package init(
    program: String, flags: [String], shardCount: Int, out: String, workingFolder: String,
    options: [String] = [], atOnce: Int? = nil
  ) {
    self.program = program
    self.flags = flags
    self.shardCount = shardCount
    self.out = out
    self.workingFolder = workingFolder
    self.options = options
    self.atOnce = atOnce
  }

  /// Where scripts, messages and shards lie, beside the run.
  package var folder: String { out + ".slurm" }
  /// The job script of a shard.
  package var shardScript: String { folder + "/shard.sh" }
  /// The job script of the merging.
  package var mergeScript: String { folder + "/merge.sh" }
  /// The folder of what the jobs say.
  package var logs: String { folder + "/logs" }
  /// The folder of the shards' run directories, called by their numbers.
  package var shards: String { folder + "/shards" }

  /// Evaluates one shard, or goes on with it where Slurm starts its job again.
  ///
  /// The number of shards is written down: a part of the array that is sent again has another
  /// `SLURM_ARRAY_TASK_COUNT`.
  package var shardText: String {
    let command = ShellText.command([program, "eval"] + flags)
    return """
      #!/bin/bash
      # One shard of a run, in a job array of Slurm; written by 'mole eval submit'.
      set -eu
      shard=\(ShellText.quoted(shards))/"$SLURM_ARRAY_TASK_ID"
      how=--out
      if [ -e "$shard/run.json" ]; then how=--resume; fi
      exec \(command) --shard "$SLURM_ARRAY_TASK_ID/\(shardCount)" "$how" "$shard"

      """
  }

  /// Puts the shards together.
  package var mergeText: String {
    let shards = (1...shardCount).map { "\(self.shards)/\($0)" }
    let command = ShellText.command([program, "eval", "merge"] + shards + ["--out", out])
    return """
      #!/bin/bash
      # Puts the shards of a run together; written by 'mole eval submit'.
      exec \(command)

      """
  }

  /// The command that submits the array.
  package var shardCommand: [String] {
    let limit = atOnce.map { "%\($0)" } ?? ""
    return command(
      ["--array=1-\(shardCount)\(limit)", "--output=\(pattern(logs))/shard-%a.log"], shardScript)
  }

  /// The command that submits the merging, which waits for all shards and gives up where one fails.
  ///
  /// - Parameter job: The array's number.
  package func mergeCommand(after job: String) -> [String] {
    command(
      [
        "--dependency=afterok:\(job)", "--kill-on-invalid-dep=yes",
        "--output=\(pattern(logs))/merge.log",
      ], mergeScript)
  }

  private func command(_ own: [String], _ script: String) -> [String] {
    ["sbatch", "--parsable", "--job-name=mole", "--open-mode=append"] + options
      + ["--chdir=\(workingFolder)"] + own + [script]
  }

  /// A path in which Slurm shall find nothing to fill in.
  private func pattern(_ path: String) -> String {
    ShellText.replaced("%", by: "%%", in: path)
  }
}
