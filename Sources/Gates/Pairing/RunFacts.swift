internal import Foundation
internal import Manipulation
internal import Outcomes

/// What two manifests say about what their episodes saw.
struct RunFacts {
  let base: RunManifest
  let candidate: RunManifest

  /// Every difference that keeps episodes from being pairs.
  var faults: [PairingFault] {
    guard base.plan.mode == candidate.plan.mode else {
      return [fault(.mode, base.plan.mode.rawValue, candidate.plan.mode.rawValue)]
    }
    let seen = [
      difference(.suite) { $0.plan.suite },
      difference(.camera) { $0.plan.camera },
    ].compactMap(\.self)
    return seen + (base.plan.mode == .rollout ? ofRollouts : ofReplays)
  }

  private var ofRollouts: [PairingFault] {
    let rules = [
      difference(.imageSize) { "\($0.plan.pictureSize)" },
      difference(.execute) { "\($0.plan.execute)" },
      difference(.perturbations) { manifest in
        let names = Set(manifest.plan.perturbations.map(\.rawValue)).sorted()
        return names.isEmpty ? "none" : names.joined(separator: ", ")
      },
      difference(.wording) { $0.plan.instruction.rawValue },
    ]
    return rules.compactMap(\.self) + budgets + taskFiles
  }

  private var ofReplays: [PairingFault] {
    let rules = [
      difference(.actionConvention) { $0.plan.actionConvention ?? "as the file says" },
      difference(.positionTolerance) { "\($0.plan.positionTolerance) m" },
      difference(.rotationTolerance) { "\($0.plan.rotationTolerance) degrees" },
    ]
    return rules.compactMap(\.self) + demonstrations
  }

  private func fault(
    _ fact: PairingFault.Fact, _ base: String, _ candidate: String, task: String? = nil
  ) -> PairingFault {
    PairingFault(fact, task: task, base: base, candidate: candidate)
  }

  private func difference(
    _ fact: PairingFault.Fact, _ value: (RunManifest) -> String
  ) -> PairingFault? {
    let (one, other) = (value(base), value(candidate))
    return one == other ? nil : fault(fact, one, other)
  }

  /// Tasks that both allow, but not as many actions.
  private var budgets: [PairingFault] {
    let others = Dictionary(
      candidate.tasks.map { ($0.name, $0.budget) }, uniquingKeysWith: { first, _ in first })
    return base.tasks.compactMap { task in
      guard let other = others[task.name], other != task.budget else { return nil }
      func text(_ budget: Int?) -> String { budget.map { "\($0) actions" } ?? "unknown" }
      return fault(.budget, text(task.budget), text(other), task: task.name)
    }
  }

  /// Files of tasks that both have; one that lies in no task's folder belongs to every task.
  private var taskFiles: [PairingFault] {
    let (one, other) = (RunFacts.digests(base.taskFiles), RunFacts.digests(candidate.taskFiles))
    guard !one.isEmpty || !other.isEmpty else {
      return [fault(.taskFile, "no digest of any file", "no digest of any file")]
    }
    let names = [base, candidate].map { Set($0.tasks.map(\.name)) }
    return Set(one.keys).union(other.keys).sorted().compactMap { path in
      guard one[path] != other[path] else { return nil }
      let folder = String(path.prefix { $0 != "/" })
      let isTasks = names[0].contains(folder) || names[1].contains(folder)
      if isTasks, !names.allSatisfy({ $0.contains(folder) }) { return nil }
      return fault(
        .taskFile, RunFacts.text(path, one[path]), RunFacts.text(path, other[path]),
        task: isTasks ? folder : nil)
    }
  }

  /// A replay evaluates one task a file, and lists both in one order.
  private var demonstrations: [PairingFault] {
    let (one, other) = (RunFacts.replayed(base), RunFacts.replayed(candidate))
    return base.tasks.compactMap { task in
      guard let here = one[task.name], let there = other[task.name] else { return nil }
      guard here.sha256 != there.sha256 else { return nil }
      return fault(
        .demonstrations, RunFacts.text(here.path, here.sha256),
        RunFacts.text(there.path, there.sha256), task: task.name)
    }
  }

  /// The digest of each task's file. A file that the manifest lacks has none, which no other
  /// equals.
  private static func replayed(_ manifest: RunManifest) -> [String: FileDigest] {
    var digests: [String: FileDigest] = [:]
    for (place, task) in manifest.tasks.enumerated() {
      digests[task.name] =
        manifest.demonstrations.indices.contains(place)
        ? manifest.demonstrations[place]
        : FileDigest(path: "no file", bytes: 0, sha256: "unknown in \(manifest.startedAt)")
    }
    return digests
  }

  private static func digests(_ files: [FileDigest]?) -> [String: String] {
    Dictionary((files ?? []).map { ($0.path, $0.sha256) }, uniquingKeysWith: { first, _ in first })
  }

  /// Enough of a digest to tell it from another.
  private static func text(_ path: String, _ sha256: String?) -> String {
    sha256.map { "'\(path)' with SHA-256 \($0.prefix(12))…" } ?? "no '\(path)'"
  }
}
