package import Statistics

extension SequentialGate {
  /// Takes the pairs of two runs that were compared, of each task one at a time; those that come after
  /// the verdict are not looked at.
  ///
  /// - Returns: The verdict as soon as there is one.
  /// - Throws: `GateError` where the two did not see the same, or were run by several methods.
  @discardableResult
  package mutating func observe(
    _ comparison: RunComparison, measure: GateSettings.Success.Measure
  ) throws(GateError) -> Verdict? {
    try comparison.check(allowPartial: false)
    var settings = GateSettings()
    settings.success.measure = measure
    let success = SuccessCheck(settings: settings)
    for method in comparison.methods.prefix(1) {
      for pair in SequentialCheck.rounds(method.pairing.tasks) where verdict == nil {
        observe(base: success.isSolved(pair.base), candidate: success.isSolved(pair.candidate))
      }
    }
    return verdict
  }

  /// The candidate's success less the base's, by an interval that holds whenever one stops.
  ///
  /// - Returns: `nil` before the first pair.
  package func interval(confidence: Double) -> DifferenceInterval? {
    BettingTest.interval(table, confidence: confidence)
  }
}
