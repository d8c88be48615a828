package import Outcomes

/// Two runs, their methods matched and their episodes paired.
package struct RunComparison: Sendable {
  package let base: RunManifest
  package let candidate: RunManifest
  package let baseName: String
  package let candidateName: String
  package let methods: [PairedMethod]
  /// What the whole runs, or whole tasks, did not see alike.
  package let faults: [PairingFault]

  /// A pair of methods and the episodes that both took.
  package struct PairedMethod: Sendable {
    package let methods: MethodPair
    package let pairing: EpisodePairing
    /// Layers of either side's language model; 0 for a script.
    package let layerCounts: [Int]
  }

  /// Pairs the episodes of two runs.
  ///
  /// - Parameter tasks: The tasks to compare; `nil` means all of either run.
  /// - Throws: `GateError.noSuchTask`.
  package init(
    base: RunSide, candidate: RunSide, methods pairs: [MethodPair], tasks asked: [String]? = nil
  ) throws(GateError) {
    self.base = base.manifest
    self.candidate = candidate.manifest
    (baseName, candidateName) = (base.name, candidate.name)
    let names = try RunComparison.tasks(base.manifest, candidate.manifest, asked: asked)
    methods = pairs.map { pair in
      PairedMethod(
        methods: pair,
        pairing: EpisodePairing(
          base: base.records[pair.base] ?? [],
          candidate: candidate.records[pair.candidate] ?? [], tasks: names),
        layerCounts: [base.layerCount(of: pair.base), candidate.layerCount(of: pair.candidate)])
    }
    faults = RunFacts(base: base.manifest, candidate: candidate.manifest).faults.filter {
      $0.task.map(names.contains) ?? true
    }
  }

  /// Everything that differs although it must not, run by run and episode by episode, once each.
  package var allFaults: [PairingFault] {
    let ofEpisodes = methods.flatMap(\.pairing.faults)
    // What a whole run differs in need not be said again of each of its episodes.
    let said = Set(faults.filter { $0.task == nil }.map(\.fact.rawValue))
    return faults + ofEpisodes.filter { !said.contains($0.fact.rawValue) }.inOrder
  }

  /// The episodes that only one side has, once each.
  package var missing: [MissingEpisode] { methods.flatMap(\.pairing.missing).inOrder }

  /// Checks that the runs may be compared pair by pair.
  ///
  /// - Parameter allowPartial: Whether episodes that only one side has are left aside.
  /// - Throws: `GateError` that names what broke the pairing.
  package func check(allowPartial: Bool) throws(GateError) {
    let faults = allFaults
    guard faults.isEmpty else { throw .notPaired(faults) }
    guard methods.contains(where: { $0.pairing.pairCount > 0 }) else { throw .noPairs }
    guard allowPartial || missing.isEmpty else { throw .partial(missing) }
    let unfinished = [(base, baseName), (candidate, candidateName)].filter {
      $0.0.status != .complete
    }
    guard allowPartial || unfinished.isEmpty else {
      throw .unfinished(runs: unfinished.map(\.1))
    }
  }

  private static func tasks(
    _ base: RunManifest, _ candidate: RunManifest, asked: [String]?
  ) throws(GateError) -> [String] {
    let names = (base.tasks + candidate.tasks).map(\.name).inOrder
    guard let asked else { return names }
    if let lost = asked.first(where: { !names.contains($0) }) {
      throw .noSuchTask(lost, tasks: names)
    }
    return names.filter(asked.contains)
  }
}

extension Sequence where Element: Hashable {
  /// The elements, each where it comes first.
  var inOrder: [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
