internal import NeuralLayers
internal import TensorMath

/// Neurons in clusters of equal size: balanced k-means on what all three weights of a neuron say.
///
/// One clustering for gate, up and down. Clustering each for itself would give a neuron's three parts
/// to different experts, whose answers would no longer add up to the dense block's.
struct NeuronClustering {
  /// The neurons cluster by cluster, ascending within each.
  let permutation: [Int]

  private static let rounds = 8

  init(_ block: DenseBlock, count: Int, using generator: inout some RandomNumberGenerator) {
    let features = NeuronClustering.features(of: block)
    let neurons = features.rows
    guard count > 1, count < neurons else {
      permutation = Array(0..<neurons)
      return
    }
    var centres = features.gathering(
      Array((0..<neurons).shuffled(using: &generator).prefix(count)))
    var clusters: [Int] = []
    for _ in 0..<Self.rounds {
      let next = NeuronClustering.assignment(features, centres)
      if next == clusters { break }
      clusters = next
      centres = NeuronClustering.centres(features, clusters, count: count)
    }
    permutation = (0..<count).flatMap { cluster in
      clusters.indices.filter { clusters[$0] == cluster }
    }
  }

  /// A neuron's row of gate, row of up and column of down, each of length 1, side by side.
  private static func features(of block: DenseBlock) -> Matrix {
    let (neurons, width) = (block.gate.rows, block.gate.columns)
    var features = Matrix(rows: neurons, columns: 3 * width)
    for neuron in 0..<neurons {
      let down = (0..<width).map { block.down.elements[$0 * neurons + neuron] }
      let parts = [block.gate.row(neuron), block.up.row(neuron), down]
      for (number, part) in parts.enumerated() {
        let length = dot(part.span, part.span).squareRoot()
        for column in 0..<width {
          features.elements[(3 * neuron + number) * width + column] =
            length > 0 ? part[column] / length : 0
        }
      }
    }
    return features
  }

  /// The cluster of each neuron: the nearest that has room, those pairs first that are nearest.
  private static func assignment(_ features: Matrix, _ centres: Matrix) -> [Int] {
    let (neurons, count) = (features.rows, centres.rows)
    var pairs: [(nearness: Float, neuron: Int, cluster: Int)] = []
    pairs.reserveCapacity(neurons * count)
    let width = features.columns
    for neuron in 0..<neurons {
      let own = features.elements.span.extracting(neuron * width..<(neuron + 1) * width)
      for cluster in 0..<count {
        let nearness = dot(
          own, centres.elements.span.extracting(cluster * width..<(cluster + 1) * width))
        pairs.append((nearness, neuron, cluster))
      }
    }
    pairs.sort {
      ($1.nearness, $0.neuron, $0.cluster) < ($0.nearness, $1.neuron, $1.cluster)
    }
    var clusters = [Int](repeating: -1, count: neurons)
    var room = [Int](repeating: neurons / count, count: count)
    for pair in pairs where clusters[pair.neuron] < 0 && room[pair.cluster] > 0 {
      clusters[pair.neuron] = pair.cluster
      room[pair.cluster] -= 1
    }
    return clusters
  }

  /// The mean of each cluster, of length 1.
  private static func centres(_ features: Matrix, _ clusters: [Int], count: Int) -> Matrix {
    var centres = Matrix(rows: count, columns: features.columns)
    for (neuron, cluster) in clusters.enumerated() {
      for column in 0..<features.columns {
        centres.elements[cluster * features.columns + column] +=
          features.elements[neuron * features.columns + column]
      }
    }
    for cluster in 0..<count {
      let own = centres.row(cluster)
      let length = dot(own.span, own.span).squareRoot()
      guard length > 0 else { continue }
      for column in own.indices {
        centres.elements[cluster * features.columns + column] = own[column] / length
      }
    }
    return centres
  }
}
