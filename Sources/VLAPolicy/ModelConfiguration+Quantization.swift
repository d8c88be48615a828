internal import Manipulation

extension ModelConfiguration {
  /// The weights that an int8 checkpoint holds as I8: those of the linear maps of towers, projector,
  /// decoder and diffusion head. What is looked up, scored or read out once stays as it is:
  /// embeddings, patch embeddings, routers, the language head, norms and biases.
  package var quantizableWeights: [Parameter] {
    parameters.filter { parameter in
      switch parameter.part {
      case .vision, .projector, .languageLayers, .actionHead:
        parameter.shape.count == 2 && parameter.name.hasSuffix(".weight")
          && !parameter.name.hasSuffix("embed_tokens.weight")
      default: false
      }
    }
  }
}
