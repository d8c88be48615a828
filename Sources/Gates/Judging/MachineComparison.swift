internal import Outcomes

/// Whether two runs can be held against each other by the clock.
struct MachineComparison {
  let base: RunManifest
  let candidate: RunManifest

  /// In what their machines or their ways of asking differ, as half a sentence; `nil` when times
  /// may be compared.
  var difference: String? {
    let (one, other) = (machines(of: base), machines(of: candidate))
    guard one.count == 1, other.count == 1, let here = one.first, let there = other.first else {
      return "a run was put together from shards on several machines"
    }
    guard here == there else { return "the runs were on different machines (\(here) and \(there))" }
    guard base.plan.batch == candidate.plan.batch else {
      return "they asked \(base.plan.batch) and \(candidate.plan.batch) questions at once"
    }
    return nil
  }

  /// What tells machines apart, as far as a run says it.
  private func machines(of manifest: RunManifest) -> Set<String> {
    let environments = manifest.mergedFrom?.map(\.environment) ?? [manifest.environment]
    return Set(
      environments.map {
        "\($0.processor), \($0.threads) of \($0.processorCount) threads, \($0.operatingSystem)"
          + ($0.optimized ? "" : ", not optimized")
      })
  }
}
