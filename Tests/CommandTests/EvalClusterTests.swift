import Foundation
import Outcomes
import Testing

@Suite("Runs on a cluster")
struct EvalClusterTests {
  private static let replay = ["eval", "--demos", "close_jar.hdf5", "--methods", "oracle"]

  @Test("--shard auto takes the share of a job array and says so; without it nobody looks")
  func automatic() throws {
    try withWorkplace { place in
      let slurm = [
        "SLURM_ARRAY_TASK_ID": "6", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "4",
        "SLURM_ARRAY_TASK_MAX": "8", "SLURM_ARRAY_TASK_STEP": "2",
      ]
      let kubernetes = ["JOB_COMPLETION_INDEX": "2", "JOB_COMPLETIONS": "3"]
      for (variables, shard, name) in [
        (slurm, "2/3", "SLURM_ARRAY_TASK_ID"), (kubernetes, "3/3", "JOB_COMPLETION_INDEX"),
      ] {
        let result = try Program.run(
          Self.replay + ["--shard", "auto", "--out", name], in: place.folder, adding: variables)
        #expect(result.exitCode == 0, "\(result.messages)")
        #expect(result.messages.contains("Evaluating shard \(shard), by \(name)"))
        #expect(try place.manifest(name).plan.shard?.description == shard)
      }
      let ignored = try Program.run(
        Self.replay + ["--out", "whole"], in: place.folder, adding: slurm)
      #expect(ignored.exitCode == 0 && !ignored.messages.contains("SLURM"))
      #expect(try place.manifest("whole").plan.shard == nil)
      try place.expectRefusal(
        Self.replay + ["--shard", "auto", "--out", "none"], exitCode: 64,
        containing: "neither SLURM_ARRAY_TASK_ID nor", "no array")
    }
  }

  @Test("submit writes scripts that a shell understands whatever the names, and submits them")
  func submit() throws {
    try withWorkplace { place in
      // A stand-in for 'sbatch' that writes down its words and runs the jobs at once.
      try place.write(
        """
        #!/bin/bash
        printf '%s\\n' "$@" >> calls
        number=$(($(cat number 2>/dev/null || echo 10) + 1))
        echo $number > number
        for word; do
          case $word in --array=1-*) last=${word#--array=1-}; last=${last%%%*};; esac
        done
        if [ -n "${last:-}" ]; then
          for ((i = 1; i <= last; i++)); do SLURM_ARRAY_TASK_ID=$i bash "${!#}" >&2 2>/dev/null; done
        else
          bash "${!#}" >/dev/null 2>&1
        fi
        echo "$number;cluster"

        """, to: "sbatch")
      #expect(chmod(place.url("sbatch").path, 0o755) == 0)
      let flags =
        ["eval", "submit", "--slurm", "--shards", "2", "--at-once", "1", "--sbatch"]
        + ["--comment=a b", "--"] + Self.replay.dropFirst()
        + ["--label", "it's $HOME", "--out", "a 'run'"]
      let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
      func submit() throws -> Program.Result {
        try Program.run(flags, in: place.folder, adding: ["PATH": "\(place.folder):\(path)"])
      }
      let dry = try place.run(
        flags.prefix(2) + ["--dry-run"] + flags.dropFirst(2))
      #expect(dry.exitCode == 0, "\(dry.messages)")
      #expect(dry.output.contains("--shard \"$SLURM_ARRAY_TASK_ID/2\""))
      #expect(!place.exists("a 'run'.slurm"))

      let result = try submit()
      #expect(result.exitCode == 0, "\(result.messages)")
      #expect(result.output == "11\n12\n")
      let calls = try String(contentsOf: place.url("calls"), encoding: .utf8)
      for word in ["--array=1-2%1", "--dependency=afterok:11", "--comment=a b"] {
        #expect(calls.split(separator: "\n").contains(Substring(word)), "\(calls)")
      }
      try place.expectFine(Self.replay + ["--out", "whole"])
      #expect(try place.timelessLines("a 'run'") == place.timelessLines("whole"))
      #expect(try place.manifest("a 'run'").plan.label == "it's $HOME")
      #expect(try place.manifest("a 'run'").mergedFrom?.count == 2)

      // Again: nothing changes. Another submission to the same place: refused.
      let manifest = try Data(contentsOf: place.file("a 'run'", RunFile.manifest))
      #expect(try submit().exitCode == 0)
      #expect(try Data(contentsOf: place.file("a 'run'", RunFile.manifest)) == manifest)
      let other = try Program.run(
        flags.map { $0 == "2" ? "3" : $0 }, in: place.folder,
        adding: ["PATH": "\(place.folder):\(path)"])
      #expect(other.exitCode == 64 && other.messages.contains("another submission"))
    }
  }

  @Test(
    "what cannot be submitted is one sentence and leaves nothing",
    arguments: [
      (["--shards", "2"], ["--out", "run"], "'--slurm'"),
      (["--slurm", "--shards", "0"], ["--out", "run"], "'--shards'"),
      (["--slurm", "--shards", "2"], [], "'--out'"),
      (["--slurm", "--shards", "2"], ["--out", "run", "--shard", "1/2"], "'--shard'"),
      (["--slurm", "--shards", "2"], ["--out", "run", "--keep", "0"], "'keep'"),
      (["--slurm", "--shards", "2", "--sbatch", "--array=1-9"], ["--out", "run"], "--array"),
    ])
  func refusals(own: [String], more: [String], phrase: String) throws {
    try withWorkplace { place in
      try place.expectRefusal(
        ["eval", "submit"] + own + ["--"] + Self.replay.dropFirst() + more, exitCode: 64,
        containing: phrase, phrase)
    }
  }
}
