/// Tasks × layers of one method.
enum LayerUsageHeatmap {
  static func figure(_ method: MethodSummary, of summary: RunSummary, name: String) -> Figure {
    let title = "Layer usage of \(method.name) by task"
    let text =
      "Share of the queries in '\(summary.suite)' that ran each layer of the language model;"
      + " where a layer sees only some tokens, the share of the tokens. Right: layers run per"
      + " query, mean."
    var rows = method.tasks.map { row($0) }
    if rows.count > 1 { rows.append(row(method.meanOverTasks, isApart: true)) }
    let map = LayerHeatmap(rows: rows, layerCount: method.layerCount, title: title, text: text)
    return Figure(name: name, drawing: map.drawn(), title: title, summary: text)
  }

  private static func row(_ group: GroupSummary, isApart: Bool = false) -> LayerHeatmap.Row {
    LayerHeatmap.Row(
      label: group.name, usage: group.layerUsage, layersExecuted: group.layersExecuted,
      isApart: isApart)
  }
}

/// Layers by what the policy saw of the gripper.
enum GripperHeatmap {
  /// The tasks of one method, and all of them.
  ///
  /// - Returns: `nil` where no query says what it showed.
  static func figure(
    _ method: MethodSummary, of summary: RunSummary, name: String
  ) -> Figure? {
    guard method.pooled.layerUsageByGripper != nil else { return nil }
    let groups = (method.tasks.count > 1 ? method.tasks : []) + [method.pooled]
    let rows = groups.flatMap { phases($0.layerUsageByGripper, label: $0.name) }
    return figure(
      rows, layerCount: method.layerCount, title: "Layer usage of \(method.name) by gripper",
      suite: summary.suite, name: name)
  }

  /// The policies whose choice of layers depends on the query and is not left to chance, seeds as
  /// their mean.
  ///
  /// - Returns: `nil` where there are none, or nobody knows what they saw.
  static func figure(_ sideBySide: SideBySide) -> Figure? {
    let choosing = sideBySide.figureRows.filter {
      $0.choosesLayers && $0.kind != "random" && $0.group.layerUsageByGripper != nil
    }
    guard !choosing.isEmpty else { return nil }
    let rows = choosing.flatMap { row in
      phases(row.group.layerUsageByGripper, label: row.shownName)
    }
    return figure(
      rows, layerCount: choosing.map(\.layerCount).max() ?? 0,
      title: "Layer usage by policy and gripper", suite: sideBySide.suite,
      name: "layer_usage_by_policy_and_gripper")
  }

  private static func figure(
    _ rows: [LayerHeatmap.Row], layerCount: Int, title: String, suite: String, name: String
  ) -> Figure {
    let text =
      "Share of the queries in '\(suite)' that ran each layer of the language model, apart for"
      + " observations with an open and with a closed gripper. Right: layers run per query, mean."
    let map = LayerHeatmap(rows: rows, layerCount: layerCount, title: title, text: text)
    return Figure(name: name, drawing: map.drawn(), title: title, summary: text)
  }

  private static func phases(
    _ usage: GripperLayerUsage?, label: String
  ) -> [LayerHeatmap.Row] {
    guard let usage else { return [] }
    return [("open", usage.open), ("closed", usage.closed)].map { phase, usage in
      LayerHeatmap.Row(
        label: "\(label), \(phase)", usage: usage.shares, layersExecuted: usage.layersExecuted,
        isApart: phase == "open")
    }
  }
}

/// Layers by whether the episode was solved: the difference.
enum LayerDifferenceHeatmap {
  /// The tasks of one method, and all of them.
  ///
  /// - Returns: `nil` where its choice of layers does not vary between judged episodes.
  static func figure(
    _ method: MethodSummary, of summary: RunSummary, name: String
  ) -> Figure? {
    guard let differences = method.layerDifferences, let pooled = differences.last else {
      return nil
    }
    let tasks = differences.dropLast()
    let rows = (tasks.count > 1 ? tasks.map { row($0) } : []) + [row(pooled, isApart: true)]
    let title = "Layer usage of \(method.name), solved less unsolved episodes"
    let text =
      "Share of the queries in '\(summary.suite)' that ran each layer, in solved less in unsolved"
      + " episodes; bold: the 95 % interval of a bootstrap over episodes leaves out zero, which one"
      + " layer in twenty does by chance. Right: difference of the layers run per query."
    let map = LayerHeatmap(
      rows: rows, layerCount: method.layerCount, title: title, text: text, scale: .difference)
    return Figure(name: name, drawing: map.drawn(), title: title, summary: text)
  }

  private static func row(
    _ difference: LayerDifference, isApart: Bool = false
  ) -> LayerHeatmap.Row {
    var row = LayerHeatmap.Row(
      label: difference.name, usage: difference.layers.map(\.value),
      layersExecuted: difference.layersExecuted?.value, isApart: isApart)
    row.boldLayers = Set(
      difference.layers.indices.filter { difference.layers[$0].excludesZero })
    row.emptyText = difference.missing ?? row.emptyText
    return row
  }
}
