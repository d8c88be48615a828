import Evaluation
import Foundation
import Outcomes
import Testing

@Suite("Watched inputs")
struct WatchedFileTests {
  @Test("a file has changed when its content has, or when it is gone, and not when it is touched")
  func changes() throws {
    try withTemporaryFolder { folder in
      let url = URL(fileURLWithPath: folder + "/weights")
      try Data("one".utf8).write(to: url)
      let file = try WatchedFile(url.path, named: "w")
      #expect(file.digest.path == "w" && !file.hasChanged)
      try Data("one".utf8).write(to: url)
      #expect(!file.hasChanged)
      // As long as it was, and as old as it was.
      try Data("two".utf8).write(to: url)
      let times = [FileAttributeKey.modificationDate: Date(timeIntervalSince1970: 1)]
      try FileManager.default.setAttributes(times, ofItemAtPath: url.path)
      #expect(file.hasChanged)
      try FileManager.default.removeItem(at: url)
      #expect(file.hasChanged)
    }
  }

  @Test("a run whose input changes is marked, and neither resumed nor merged")
  func marked() throws {
    try withTemporaryFolder { folder in
      let url = URL(fileURLWithPath: folder + "/weights")
      try Data("one".utf8).write(to: url)
      let run = ScriptedRun().shard(1, of: 1)
      let error = EvaluationError.changedWhileRunning(path: folder + "/run", file: url.path)
      #expect(throws: error) {
        var prepared = try run.prepared()
        prepared.inputs = [try WatchedFile(url.path)]
        _ = try RunSession.start(
          at: folder + "/run",
          watcher: RunWatcher(report: { _ in try? Data("two".utf8).write(to: url) })
        ) { prepared }
      }
      let manifest = try HeldDirectory.manifest(at: folder + "/run")
      #expect(manifest.status == .complete && manifest.changedWhileRunning == [url.path])
      #expect(try outcomes(folder + "/run").count == 10)
      #expect(throws: error) { try run.resume(at: folder + "/run") }
      #expect(throws: error) { try ShardMerge(directories: [folder + "/run"]) }
    }
  }
}
