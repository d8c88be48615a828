internal import Foundation
internal import Manipulation
internal import Outcomes

/// The rollouts of a report, to be read side by side: the same tasks under the same rules, for
/// whatever policies.
package struct RolloutSet: Sendable {
  package let suite: String
  /// By the run's place among those of the report; a replay has none.
  let members: [Int: Member]
  /// The tasks of all rollouts, in the order in which they are first named.
  let tasks: [String]

  /// One rollout.
  struct Member: Sendable {
    let label: PolicyLabel
    let wording: RunWording
    let settings: PolicySettings
    let manifest: RunManifest
    /// Episodes of each method that the plan asks for.
    var plannedEpisodes: Int { manifest.episodesPerMethod }
  }

  /// Finds the rollouts among the runs of a report.
  ///
  /// Runs of one label, checkpoint and settings fill the same rows, and an episode that two of them
  /// hold counts once. Where the label is all that is alike, the runs' names are added to it.
  ///
  /// - Returns: `nil` when there is nothing to be read side by side: fewer than two rollouts, but
  ///   for one that is alone.
  /// - Throws: `ReportError.incomparableRollouts`, or `sameName` for a run that is named twice.
  package init?(among runs: [RunDirectory]) throws(ReportError) {
    let rollouts = runs.indices.filter { runs[$0].manifest.plan.mode == .rollout }
    guard let first = rollouts.first, rollouts.count > 1 || runs.count == 1 else { return nil }
    for (a, b) in rollouts.pairs {
      if let difference = RolloutSet.difference(of: runs[a].manifest, and: runs[b].manifest) {
        throw .incomparableRollouts(runs[a].name, runs[b].name, difference)
      }
    }
    let names = try RunNames.unique(runs)
    suite = runs[first].manifest.plan.suite
    var members: [Int: Member] = [:]
    for place in rollouts {
      let clashes = rollouts.contains {
        $0 != place && RolloutSet.clash(runs[place].manifest, runs[$0].manifest)
      }
      let manifest = runs[place].manifest
      let label = manifest.plan.policyLabel
      members[place] = Member(
        label: PolicyLabel(clashes ? "\(label) (\(names[place]))" : label),
        wording: manifest.plan.wording, settings: PolicySettings(of: manifest),
        manifest: manifest)
    }
    self.members = members
    tasks = rollouts.flatMap { runs[$0].manifest.tasks.map(\.name) }.inOrder
  }

  /// The rollouts in the report's order.
  var ordered: [Member] { members.keys.sorted().compactMap { members[$0] } }

  /// Why episodes of one name are not the same episode in both, or not under the same rules.
  private static func difference(of a: RunManifest, and b: RunManifest) -> RunDifference? {
    guard a.plan.suite == b.plan.suite else { return .suites(a.plan.suite, b.plan.suite) }
    func changes(_ plan: EvaluationPlan) -> Set<Perturbation> {
      Set(plan.perturbations).subtracting([.instruction])
    }
    guard changes(a.plan) == changes(b.plan) else { return .perturbations }
    let budgets = Dictionary(b.tasks.map { ($0.name, $0.budget) }, uniquingKeysWith: { $1 })
    let other = a.tasks.first { task in budgets[task.name].map { $0 != task.budget } ?? false }
    if let other { return .budget(task: other.name) }
    let digests = Dictionary(
      (b.taskFiles ?? []).map { ($0.path, $0.sha256) }, uniquingKeysWith: { $1 })
    let changed = (a.taskFiles ?? []).first { file in
      digests[file.path].map { $0 != file.sha256 } ?? false
    }
    return changed.map { .taskFile($0.path) }
  }

  /// Whether two runs of one label would fill one row with the answers of different policies.
  private static func clash(_ a: RunManifest, _ b: RunManifest) -> Bool {
    guard a.plan.policyLabel == b.plan.policyLabel else { return false }
    let settings = (PolicySettings(of: a), PolicySettings(of: b))
    guard a.plan.wording == b.plan.wording else {
      // One policy in two wordings is two rows; two policies are no paraphrase of each other.
      return settings.0 != settings.1
    }
    let methods = Dictionary(b.networkMethods.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    return a.networkMethods.contains { method in
      guard let other = methods[method.name] else { return false }
      return settings.0 != settings.1 || other.parameters != method.parameters
        || other.layerCount != method.layerCount
    }
  }
}

/// What an answer depends on, beside method, question and words.
struct PolicySettings: Equatable, Sendable {
  /// What is in the files of the checkpoint, wherever it lay.
  private let contents: Set<String>
  private let plan: EvaluationPlan

  init(of manifest: RunManifest) {
    contents = Set(
      manifest.checkpointFiles.map { URL(filePath: $0.path).lastPathComponent + " " + $0.sha256 })
    var plan = EvaluationPlan()
    plan.set = manifest.plan.set
    plan.dtype = manifest.plan.dtype
    plan.unnormKey = manifest.plan.unnormKey
    plan.camera = manifest.plan.camera
    plan.execute = manifest.plan.execute
    plan.imageSize = manifest.plan.imageSize
    self.plan = plan
  }
}

extension MethodDescription {
  /// Whether it needs no network.
  var isScript: Bool { layerCount == 0 }

  /// What it is called without its amount.
  var kind: String {
    if case .text(let kind) = parameters["kind"], !isScript { return kind }
    return String(name.prefix { $0 != ":" })
  }

  /// What it keeps, in few letters: as its name says, else as a number of layers.
  var amount: String? {
    let parts = name.split(separator: ":", maxSplits: 1)
    if parts.count == 2 { return String(parts[1]) }
    guard case .number(let layers) = parameters["layers"] else { return nil }
    return Table.plainText(layers)
  }
}

extension RunManifest {
  fileprivate var networkMethods: [MethodDescription] { methods.filter { !$0.isScript } }
}

extension EvaluationPlan {
  fileprivate var wording: RunWording {
    if perturbations.contains(.instruction) { return .perturbed }
    return switch instruction {
    case .default: .default
    case .longest: .longest
    }
  }
}

extension Array {
  /// Each two of the elements, once, in order.
  var pairs: [(Element, Element)] {
    indices.flatMap { i in (0..<i).map { (self[$0], self[i]) } }
  }
}
