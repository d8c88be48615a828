internal import Manipulation

/// A vision tower alone, with its final norm (timm's `VisionTransformer`).
package struct VisionModelConfiguration: ModelConfiguration, Equatable {
  package var image: ImageConfiguration
  package var tower: TowerConfiguration

  var keys: TowerKeys { TowerKeys(tower, imageSize: image.size, layout: .timm) }
  var norm: NormKey { NormKey(name: "norm", width: tower.width) }

  package var parameters: [Parameter] { keys.parameters + norm.parameters(of: .vision) }

  package func validate(file: String) throws {
    let check = ConfigurationCheck(file: file)
    try image.validate(check)
    try tower.validate(imageSize: image.size, check)
  }

  package func isUnused(_ tensor: String) -> Bool {
    ["head.", "fc_norm.", "attn_pool.", "mask_token"].contains { tensor.hasPrefix($0) }
      || (tower.featureBlock + 1..<tower.depth).contains { tensor.hasPrefix("blocks.\($0).") }
  }

  package func partCosts(textTokenCount: Int) -> [PartCost] {
    var macs = MACCount()
    macs[.vision] = tower.visionMACs(imageSize: image.size)
    return partCosts(macs)
  }
}
