internal import Manipulation
internal import Outcomes

/// How a run came to be: command, commit, machine, and the hashes of what went in.
struct ProvenanceSection {
  let name: String
  let manifest: RunManifest

  var markup: Markup {
    let command = manifest.command.map(ProvenanceSection.quoted).joined(separator: " ")
    return [
      Markup("h3", name), Markup("pre", [Markup("code", command)]),
      facts(about: manifest.environment), methods, files,
    ].joined
  }

  private func facts(about environment: RunEnvironment) -> Markup {
    let plan = manifest.plan
    let libraries = environment.libraries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return ProvenanceSection.definitions([
      ("status", manifest.status.rawValue),
      ("time (UTC)", "\(manifest.startedAt) to \(manifest.finishedAt ?? "–")"),
      ("commit", commit(environment)),
      ("compiler", environment.compiler + (environment.optimized ? "" : ", not optimized")),
      (
        "machine",
        "\(environment.processor), \(environment.processorCount) processors,"
          + " \(environment.threads) used by products; \(environment.operatingSystem)"
      ),
      ("libraries", libraries.joined(separator: ", ")),
      ("suite, seed", "\(plan.suite), \(plan.seed)"),
      ("episodes", manifest.tasks.map { "\($0.name) \($0.episodes)" }.joined(separator: ", ")),
      ("perturbations", plan.perturbations.map(\.rawValue).sorted().joined(separator: ", ")),
      ("wording", plan.instruction.rawValue),
      ("products in", plan.dtype?.rawValue ?? "what suits the stored weights"),
      ("batch", String(plan.batch)),
    ])
  }

  private func commit(_ environment: RunEnvironment) -> String {
    guard let commit = environment.commit else { return "not known" }
    return commit + (environment.uncommittedChanges == true ? ", with uncommitted changes" : "")
  }

  private var methods: Markup {
    let rows = manifest.methods.map { method in
      let parameters = method.parameters.sorted { $0.key < $1.key }
        .map { "\($0.key) = \(ProvenanceSection.text($0.value))" }
      return "\(method.name): "
        + (parameters + ["\(method.warmupQueries) warm-up queries"])
        .joined(separator: ", ")
    }
    return Markup.list(rows.map { Markup($0) }, class: "methods")
  }

  /// What the run read, told by content.
  private var files: Markup {
    let files = manifest.checkpointFiles + manifest.demonstrations + (manifest.taskFiles ?? [])
    guard !files.isEmpty else { return .none }
    let rows = files.map { file in
      Markup(
        "tr",
        [
          Markup("th", ["scope": "row"], file.path),
          Markup("td", ["class": "number"], String(file.bytes)),
          Markup("td", [Markup("code", file.sha256)]),
        ])
    }
    let head = Markup(
      "thead",
      [
        Markup(
          "tr",
          [
            Markup("th", ["scope": "col"], "file"),
            Markup("th", ["scope": "col", "class": "number"], "bytes"),
            Markup("th", ["scope": "col"], "SHA-256"),
          ])
      ])
    let table = Markup(
      "table", [Markup("caption", "Files that '\(name)' read"), head, Markup("tbody", rows)])
    return Markup(
      "details",
      [
        Markup("summary", "\(files.count) files with their hashes"),
        Markup(
          "div",
          [
            "class": "scroll", "role": "region", "tabindex": "0",
            "aria-label": "Files that '\(name)' read",
          ], [table]),
      ])
  }

  /// Without those that say nothing.
  private static func definitions(_ entries: [(String, String)]) -> Markup {
    Markup(
      "dl",
      entries.filter { !$0.1.isEmpty }.flatMap { [Markup("dt", $0.0), Markup("dd", $0.1)] })
  }

  private static func text(_ parameter: MethodParameter) -> String {
    switch parameter {
    case .number(let value): Table.plainText(value)
    case .numbers(let values): values.map(Table.plainText).joined(separator: " ")
    case .text(let text): text
    }
  }

  /// An argument as a shell takes it.
  private static func quoted(_ argument: String) -> String {
    let plain = argument.unicodeScalars.allSatisfy {
      $0.isASCII
        && ($0.properties.isAlphabetic || $0.properties.numericType != nil
          || "-_./:=,+%@".unicodeScalars.contains($0))
    }
    return plain && !argument.isEmpty
      ? argument : "'" + argument.replacing("'", with: "'\\''") + "'"
  }
}
