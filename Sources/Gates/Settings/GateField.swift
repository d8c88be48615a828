internal import Yams

/// A key of a gate file: how it is read, written and explained.
struct GateField {
  /// The key, after its section and a dot where it is in one.
  let path: String
  /// What it means, for the reader of a file.
  let comment: String
  /// What its values are.
  let expected: String
  /// Takes a value over; `false` when it is none.
  let read: (Node, inout GateSettings) -> Bool
  let text: (GateSettings) -> String

  var section: String? {
    let parts = path.split(separator: ".")
    return parts.count == 2 ? String(parts[0]) : nil
  }

  var key: String { path.split(separator: ".").last.map(String.init) ?? path }

  private static func number(
    _ path: String, _ field: WritableKeyPath<GateSettings, Double>, in range: ClosedRange<Double>,
    _ comment: String
  ) -> GateField {
    GateField(
      path: path, comment: comment,
      expected: "a number from \(range.lowerBound) to \(range.upperBound)"
    ) { node, settings in
      guard let value = node.float, range.contains(value) else { return false }
      settings[keyPath: field] = value
      return true
    } text: {
      "\($0[keyPath: field])"
    }
  }

  private static func flag(
    _ path: String, _ field: WritableKeyPath<GateSettings, Bool>, _ comment: String
  ) -> GateField {
    GateField(path: path, comment: comment, expected: "true or false") { node, settings in
      guard let value = node.bool else { return false }
      settings[keyPath: field] = value
      return true
    } text: {
      "\($0[keyPath: field])"
    }
  }

  private static func choice<Value: CaseIterable & RawRepresentable<String>>(
    _ path: String, _ field: WritableKeyPath<GateSettings, Value>, _ comment: String
  ) -> GateField {
    GateField(
      path: path, comment: comment,
      expected: Value.allCases.map(\.rawValue).joined(separator: " or ")
    ) { node, settings in
      guard let text = node.scalar?.string, let value = Value(rawValue: text) else { return false }
      settings[keyPath: field] = value
      return true
    } text: {
      $0[keyPath: field].rawValue
    }
  }

  private static func integer<Value: FixedWidthInteger>(
    _ path: String, _ field: WritableKeyPath<GateSettings, Value>, in range: ClosedRange<Value>,
    _ comment: String
  ) -> GateField {
    GateField(
      path: path, comment: comment,
      expected: "a whole number from \(range.lowerBound) to \(range.upperBound)"
    ) { node, settings in
      guard let text = node.scalar?.string, let value = Value(text), range.contains(value)
      else { return false }
      settings[keyPath: field] = value
      return true
    } text: {
      "\($0[keyPath: field])"
    }
  }

  /// Margins of whatever unit.
  private static let anyMargin = 0...1e6

  /// Every key, in the order in which they are written.
  static var all: [GateField] { general + ofSuccess + ofReplay + ofCosts + ofDraws }

  private static var general: [GateField] {
    [
      number(
        "alpha", \.alpha, in: 1e-6...0.5, "level of two-sided tests; intervals cover 1 - alpha"),
      choice("cannot_tell", \.cannotTell, "'cannot tell' over all tasks: fail (exit 2) or pass"),
      choice("tasks_cannot_tell", \.tasksCannotTell, "the same of a single task"),
    ]
  }

  private static var ofSuccess: [GateField] {
    [
      flag("success.check", \.success.check, "rollouts: share of solved episodes"),
      choice("success.measure", \.success.measure, "solved at_end, or once at any time"),
      number("success.margin", \.success.margin, in: 0...1, "tolerated loss over all tasks"),
      number(
        "success.task_margin", \.success.taskMargin, in: 0...1, "tolerated loss in a single task"),
    ]
  }

  private static var ofReplay: [GateField] {
    [
      flag("replay.check", \.replay.check, "replays: nearness to the demonstrations"),
      choice("replay.measure", \.replay.measure, "a share of key frames, or a mean error"),
      number(
        "replay.margin", \.replay.margin, in: anyMargin,
        "tolerated loss: a share, metres or degrees"),
      number(
        "replay.task_margin", \.replay.taskMargin, in: anyMargin, "the same in a single task"),
    ]
  }

  private static var ofCosts: [GateField] {
    [
      flag("executed_macs.check", \.executedMACs.check, "executed MACs of a query"),
      number("executed_macs.margin", \.executedMACs.margin, in: anyMargin, "tolerated growth"),
      flag("latency.check", \.latency.check, "seconds of a query, on one kind of machine"),
      number("latency.margin", \.latency.margin, in: anyMargin, "tolerated growth"),
      flag("layer_usage.check", \.layerUsage.check, "which layers run, for methods of one name"),
      number(
        "layer_usage.margin", \.layerUsage.margin, in: 0...1,
        "tolerated total variation distance"),
    ]
  }

  private static var ofDraws: [GateField] {
    [
      integer("bootstrap.draws", \.bootstrap.draws, in: 100...100_000, "draws of an interval"),
      integer("bootstrap.seed", \.bootstrap.seed, in: 0...UInt64.max, "where the draws come from"),
    ]
  }
}
