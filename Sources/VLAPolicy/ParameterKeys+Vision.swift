internal import Manipulation

/// The tensors of one vision tower, by timm's names.
struct TowerKeys: Sendable {
  let classToken: TensorKey?
  let registers: TensorKey?
  let positions: TensorKey
  let patches: LinearKey
  let blocks: [VisionBlockKeys]

  init(_ tower: TowerConfiguration, imageSize: Int, layout: CheckpointLayout) {
    let prefix = layout.towerPrefix(tower.name)
    let small = Parameter.Start.normal(0.02)
    classToken =
      tower.classToken
      ? TensorKey(name: prefix + "cls_token", shape: [1, 1, tower.width], start: small) : nil
    registers =
      tower.registerCount > 0
      ? TensorKey(
        name: prefix + "reg_token", shape: [1, tower.registerCount, tower.width], start: small)
      : nil
    positions = TensorKey(
      name: prefix + "pos_embed",
      shape: [1, tower.positionCount(imageSize: imageSize), tower.width], start: .normal(0.2))
    patches = LinearKey(
      name: prefix + "patch_embed.proj", outputWidth: tower.width,
      inputWidth: 3 * tower.patchSize * tower.patchSize,
      weightShape: [tower.width, 3, tower.patchSize, tower.patchSize])
    blocks = (0...tower.featureBlock).map {
      VisionBlockKeys(tower, prefix: "\(prefix)blocks.\($0).", layout: layout)
    }
  }

  var parameters: [Parameter] {
    [classToken, registers, positions].compactMap { $0?.parameters(of: .vision) }.joined()
      + patches.parameters(of: .vision) + blocks.flatMap(\.parameters)
  }
}

struct VisionBlockKeys: Sendable {
  let attentionNorm: NormKey
  let jointProjection: LinearKey
  let outputProjection: LinearKey
  let attentionScale: TensorKey?
  let feedForwardNorm: NormKey
  let expand: LinearKey
  let contract: LinearKey
  let feedForwardScale: TensorKey?

  init(_ tower: TowerConfiguration, prefix: String, layout: CheckpointLayout) {
    let (width, mlpWidth) = (tower.width, tower.mlpWidth)
    func scale(_ name: String) -> TensorKey? {
      guard tower.layerScale else { return nil }
      return TensorKey(
        name: "\(prefix)\(name).\(layout.layerScaleName)", shape: [width], start: .constant(1))
    }
    attentionNorm = NormKey(name: prefix + "norm1", width: width)
    jointProjection = LinearKey(
      name: prefix + "attn.qkv", outputWidth: 3 * width, inputWidth: width)
    outputProjection = LinearKey(name: prefix + "attn.proj", outputWidth: width, inputWidth: width)
    attentionScale = scale("ls1")
    feedForwardNorm = NormKey(name: prefix + "norm2", width: width)
    expand = LinearKey(name: prefix + "mlp.fc1", outputWidth: mlpWidth, inputWidth: width)
    contract = LinearKey(name: prefix + "mlp.fc2", outputWidth: width, inputWidth: mlpWidth)
    feedForwardScale = scale("ls2")
  }

  var parameters: [Parameter] {
    attentionNorm.parameters(of: .vision) + jointProjection.parameters(of: .vision)
      + outputProjection.parameters(of: .vision)
      + (attentionScale?.parameters(of: .vision) ?? [])
      + feedForwardNorm.parameters(of: .vision) + expand.parameters(of: .vision)
      + contract.parameters(of: .vision) + (feedForwardScale?.parameters(of: .vision) ?? [])
  }
}

/// The three linear maps from the towers' channels to the language model's width.
struct ProjectorKeys: Sendable {
  let layers: [LinearKey]

  init(_ configuration: Configuration) {
    let visionWidth = configuration.towers.reduce(0) { $0 + $1.width }
    let hidden = configuration.projector.hiddenWidth
    let width = configuration.language.width
    let shapes = [(hidden, visionWidth), (width, hidden), (width, width)]
    layers = zip(configuration.layout.projectorNames, shapes).map { name, shape in
      LinearKey(name: name, outputWidth: shape.0, inputWidth: shape.1)
    }
  }

  var parameters: [Parameter] { layers.flatMap { $0.parameters(of: .projector) } }
}
