internal import Manipulation

/// The tensors of CogACT's diffusion head.
struct DiffusionHeadKeys: Sendable {
  let positions: TensorKey
  let actionEmbedding: LinearKey
  let timeExpand: LinearKey
  let timeContract: LinearKey
  let uncondition: TensorKey
  let conditionEmbedding: LinearKey
  let blocks: [DiffusionBlockKeys]
  let output: LinearKey

  static let timeChannels = 256

  init(_ head: DiffusionConfiguration, configuration: Configuration) {
    let prefix = configuration.layout.actionHeadPrefix
    let width = head.width
    func linear(_ name: String, _ output: Int, _ input: Int, gain: Float = 1) -> LinearKey {
      LinearKey(name: prefix + name, outputWidth: output, inputWidth: input, gain: gain)
    }
    positions = TensorKey(
      name: prefix + "positional_embedding", shape: [head.chunk + 1, width],
      start: .normal(1 / Float(width).squareRoot()))
    actionEmbedding = linear("x_embedder.linear", width, ActionHead.actionWidth)
    timeExpand = linear("t_embedder.mlp.0", width, DiffusionHeadKeys.timeChannels)
    timeContract = linear("t_embedder.mlp.2", width, width)
    uncondition = TensorKey(
      name: prefix + "z_embedder.uncondition", shape: [1, configuration.language.width],
      start: .normal(0.02))
    conditionEmbedding = linear("z_embedder.linear", width, configuration.language.width)
    blocks = (0..<head.depth).map {
      DiffusionBlockKeys(width: width, prefix: "\(prefix)blocks.\($0).")
    }
    output = linear("final_layer.linear", ActionHead.actionWidth, width, gain: 0.1)
  }

  var parameters: [Parameter] {
    positions.parameters(of: .actionHead)
      + [actionEmbedding, timeExpand, timeContract].flatMap { $0.parameters(of: .actionHead) }
      + uncondition.parameters(of: .actionHead)
      + conditionEmbedding.parameters(of: .actionHead) + blocks.flatMap(\.parameters)
      + output.parameters(of: .actionHead)
  }
}

struct DiffusionBlockKeys: Sendable {
  let jointProjection: LinearKey
  let outputProjection: LinearKey
  let expand: LinearKey
  let contract: LinearKey

  init(width: Int, prefix: String) {
    jointProjection = LinearKey(
      name: prefix + "attn.qkv", outputWidth: 3 * width, inputWidth: width)
    outputProjection = LinearKey(name: prefix + "attn.proj", outputWidth: width, inputWidth: width)
    expand = LinearKey(name: prefix + "mlp.fc1", outputWidth: 4 * width, inputWidth: width)
    contract = LinearKey(name: prefix + "mlp.fc2", outputWidth: width, inputWidth: 4 * width)
  }

  var parameters: [Parameter] {
    [jointProjection, outputProjection, expand, contract]
      .flatMap { $0.parameters(of: .actionHead) }
  }
}

extension Configuration {
  /// Every tensor that the policy reads, in checkpoint order.
  package var parameters: [Parameter] {
    var all = towers.flatMap {
      TowerKeys($0, imageSize: image.size, layout: layout).parameters
    }
    all += ProjectorKeys(self).parameters + DecoderKeys(self).parameters
    all += gripperProjector?.parameters ?? []
    switch router?.kind {
    case .star: all += router.map { RouterKeys($0, configuration: self).parameters } ?? []
    case .linear: all += LinearRouterKeys(self).parameters
    case nil: break
    }
    if mixtureOfDepths != nil { all += DepthRouterKeys(self).parameters }
    if case .diffusion(let head) = actionHead {
      all += DiffusionHeadKeys(head, configuration: self).parameters
    }
    return all
  }
}
