internal import Manipulation
internal import NeuralLayers
internal import TensorMath

/// `VisionFeatures` on a tape: the towers and the projector.
struct LearnedVision: Sendable {
  private let image: ImageConfiguration
  private let towers: [LearnedTower]
  private let projector: [LinearParameters]

  init(_ configuration: Configuration, layout: ParameterLayout) {
    image = configuration.image
    towers = configuration.towers.map {
      LearnedTower(
        $0,
        keys: TowerKeys($0, imageSize: configuration.image.size, layout: configuration.layout),
        layout: layout)
    }
    projector = ProjectorKeys(configuration).layers.map(layout.linear)
  }

  /// - Returns: `[pictures.count * patchCount, languageWidth]`.
  func callAsFunction(_ pictures: [RGBImage], on tape: Tape) -> Variable {
    let features = towers.map { $0(pictures, image: image, on: tape) }
    let joined = features.count == 1 ? features[0] : tape.joinColumns(features)
    return tape.feedForward(joined, projector, .gelu)
  }
}

/// `VisionTower` on a tape.
struct LearnedTower: Sendable {
  private let configuration: TowerConfiguration
  private let patches: LinearParameters
  private let positions: Range<Int>
  private let prefixes: [Range<Int>]
  private let blocks: [LearnedEncoderBlock]

  init(_ tower: TowerConfiguration, keys: TowerKeys, layout: ParameterLayout) {
    configuration = tower
    patches = layout.linear(keys.patches)
    positions = layout.place(keys.positions)
    prefixes = [keys.classToken, keys.registers].compactMap { $0.map(layout.place) }
    blocks = keys.blocks.map { LearnedEncoderBlock($0, tower: tower, layout: layout) }
  }

  /// - Returns: Patch features, `[pictures.count * patchCount, width]`.
  func callAsFunction(
    _ pictures: [RGBImage], image: ImageConfiguration, on tape: Tape
  ) -> Variable {
    let patchCount = configuration.patchCount(imageSize: image.size)
    let prefixCount = configuration.prefixTokenCount
    var tokens = embed(pictures, image: image, patchCount: patchCount, on: tape)
    let length = prefixCount + patchCount
    let sequences = consecutiveRanges(pictures.map { _ in length })
    for block in blocks { tokens = block(tokens, sequences: sequences, on: tape) }
    guard prefixCount > 0 else { return tokens }
    return tape.gather(
      tokens, rows: sequences.flatMap { $0.lowerBound + prefixCount..<$0.upperBound })
  }

  /// Patches with their positions, behind the class token and the registers.
  private func embed(
    _ pictures: [RGBImage], image: ImageConfiguration, patchCount: Int, on tape: Tape
  ) -> Variable {
    let width = configuration.width
    let pixels = pictures.map { image.normalizedPixels(of: $0, for: configuration) }
    let cut = PatchEmbedding.cut(
      pixels, imageSize: image.size, patchSize: configuration.patchSize)
    let table = tape.parameter(positions, columns: width)
    let all = tape.add(
      tape.linear(tape.constant(cut), patches),
      tape.gather(table, rows: pictures.flatMap { _ in Array(0..<patchCount) }))
    guard !prefixes.isEmpty else { return all }
    let prefix = tape.stack(prefixes.map { tape.parameter($0, columns: width) })
    let rows = pictures.indices.flatMap { picture in
      (0..<prefix.rows).map { all.rows + $0 }
        + (picture * patchCount..<(picture + 1) * patchCount)
    }
    return tape.gather(tape.stack([all, prefix]), rows: rows)
  }
}
