package import TensorMath

/// Memory that the layers of one stack write to while they run, one after the other: nothing is
/// allocated for a layer once the first has run.
package struct LayerScratch: Sendable {
  /// What the next product reads.
  var input: Activations
  /// The gate of a gated feed-forward block.
  var gate: Activations
  /// The hidden tokens of a feed-forward block.
  var hidden: Activations
  var queries = Matrix(rows: 0, columns: 0)
  var keys = Matrix(rows: 0, columns: 0)
  var values = Matrix(rows: 0, columns: 0)
  /// What attention makes of the values.
  var mixed = Matrix(rows: 0, columns: 0)
  /// A change that is scaled before it is added.
  var change = Matrix(rows: 0, columns: 0)
  var scores: [Float] = []
  var workspace = Workspace()
  /// What factorized feed-forward blocks are asked for, and what they chose.
  package var experts = ExpertRun()

  /// - Parameter precision: That of the stack's weights.
  package init(_ precision: Precision) {
    input = Activations(precision)
    gate = Activations(precision)
    hidden = Activations(precision)
  }
}
