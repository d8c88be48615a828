internal import Outcomes

/// What two runs differ in without ceasing to be comparable.
struct Remarks {
  let comparison: RunComparison

  init(_ comparison: RunComparison) {
    self.comparison = comparison
  }

  var texts: [String] { [programs, libraries, leftAside].compactMap(\.self) + unfinished }

  private var programs: String? {
    let commits = [comparison.base, comparison.candidate].map(\.environment.commit)
    guard commits[0] != commits[1] else { return nil }
    let names = commits.map { $0.map { String($0.prefix(12)) } ?? "an unknown version" }
    return "the runs are by different versions of the program (\(names[0]) and \(names[1])):"
      + " a difference may be the program's"
  }

  /// Such as another simulator, or another library of matrix products.
  private var libraries: String? {
    let (base, candidate) = (
      comparison.base.environment.libraries, comparison.candidate.environment.libraries
    )
    let changed = Set(base.keys).union(candidate.keys).filter { base[$0] != candidate[$0] }
    guard !changed.isEmpty else { return nil }
    let texts = changed.sorted().map {
      "\($0) \(base[$0] ?? "none") and \(candidate[$0] ?? "none")"
    }
    return "the runs used different libraries (\(texts.joined(separator: "; ")))"
  }

  private var leftAside: String? {
    let count = comparison.missing.count
    guard count > 0 else { return nil }
    return "\(count) \(count == 1 ? "episode" : "episodes") of one run only left aside"
  }

  private var unfinished: [String] {
    [(comparison.base, comparison.baseName), (comparison.candidate, comparison.candidateName)]
      .filter { $0.0.status != .complete }.map { "'\($0.1)' is not complete" }
  }
}
