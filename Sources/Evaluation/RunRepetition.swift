package import Outcomes

/// Whether a run can be taken again here, and what a difference would mean.
package struct RunRepetition {
  /// What is another than where the run ran, such as `processor`; differences may come of that.
  package let changes: [String]

  /// Holds a run against what was prepared from its plan.
  ///
  /// - Throws: `changedSinceStart` when inputs or methods are not what they were;
  ///   `changedWhileRunning`.
  package init(of recorded: RunManifest, by prepared: RunManifest, at path: String) throws {
    try recorded.checkInputsStayed(path: path)
    try recorded.checkSame(as: prepared, path: path)
    let environments = recorded.mergedFrom?.map(\.environment) ?? [recorded.environment]
    changes = RunEnvironment.parts.filter { part in
      environments.contains { !part.isSame($0, prepared.environment) }
    }.map(\.name)
  }
}

extension RunEnvironment {
  fileprivate struct Part {
    let name: String
    let isSame: (RunEnvironment, RunEnvironment) -> Bool

    init<Value: Equatable>(_ name: String, _ value: @escaping (RunEnvironment) -> Value) {
      self.name = name
      isSame = { value($0) == value($1) }
    }
  }

  fileprivate static var parts: [Part] {
    [
      Part("program version") { $0.commit },
      Part("compiler") { $0.compiler },
      Part("optimization") { $0.optimized },
      Part("libraries") { $0.libraries },
      Part("processor") { $0.processor },
      Part("number of processors") { $0.processorCount },
      Part("threads") { $0.threads },
      Part("operating system") { $0.operatingSystem },
    ]
  }
}
