/// What a run ran on.
package struct RunEnvironment: Codable, Equatable, Sendable {
  /// The version of the program's own source; absent when it does not run from a checkout.
  package var commit: String?
  /// Whether that checkout had changes that no commit holds.
  package var uncommittedChanges: Bool?
  package var compiler: String
  /// Whether the program was compiled with optimization.
  package var optimized: Bool
  /// Library versions by name.
  package var libraries: [String: String]
  package var processor: String
  package var processorCount: Int
  /// Threads of the matrix library.
  package var threads: Int
  package var operatingSystem: String

  package enum CodingKeys: String, CodingKey {
    case commit
    case uncommittedChanges = "uncommitted_changes"
    case compiler
    case optimized
    case libraries
    case processor
    case processorCount = "processor_count"
    case threads
    case operatingSystem = "operating_system"
  }

  package init(
    commit: String?, uncommittedChanges: Bool?, compiler: String, optimized: Bool,
    libraries: [String: String], processor: String, processorCount: Int, threads: Int,
    operatingSystem: String
  ) {
    self.commit = commit
    self.uncommittedChanges = uncommittedChanges
    self.compiler = compiler
    self.optimized = optimized
    self.libraries = libraries
    self.processor = processor
    self.processorCount = processorCount
    self.threads = threads
    self.operatingSystem = operatingSystem
  }
}
