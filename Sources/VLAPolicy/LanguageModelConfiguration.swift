internal import Manipulation

/// A language model alone (`LlamaForCausalLM`).
package struct LanguageModelConfiguration: ModelConfiguration, Equatable {
  package var language: LanguageConfiguration

  var keys: DecoderKeys {
    DecoderKeys(language, prefix: CheckpointLayout.llama.languagePrefix, scoresTokens: true)
  }

  package var parameters: [Parameter] { keys.parameters }

  package func validate(file: String) throws {
    try language.validate(ConfigurationCheck(file: file))
  }

  package func isUnused(_ tensor: String) -> Bool {
    tensor == "lm_head.weight" || tensor.hasSuffix(".rotary_emb.inv_freq")
      || language.isPermutation(tensor)
  }

  package func partCosts(textTokenCount: Int) -> [PartCost] {
    var macs = MACCount()
    macs[.languageLayers] = language.depth * language.layerMACs(tokenCount: textTokenCount)
    macs[.languageHead] = language.width * language.vocabularySize
    return partCosts(macs)
  }
}
