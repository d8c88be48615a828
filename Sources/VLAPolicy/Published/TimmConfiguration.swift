internal import Checkpoints

/// A vision transformer alone, as timm's hub has it: config.json with `architecture` and
/// `pretrained_cfg`, and model.safetensors with timm's names.
enum TimmConfiguration {
  private static let source = "timm"

  /// The keys of config.json that are read, each once.
  enum Key {
    static let architecture = "architecture"
    static let pretrained = "pretrained_cfg"
    static let arguments = "model_args"
    static let mean = "mean"
    static let std = "std"
    static let inputSize = "input_size"
    static let interpolation = "interpolation"
    static let headCount = "num_heads"
  }

  static func translate(_ folder: inout PublishedFolder) throws -> VisionModelConfiguration {
    let fields = folder.fields
    let pretrained =
      try fields.nested(Key.pretrained)
      ?? PublishedFields(object: JSONObject(), path: fields.path, prefix: "\(Key.pretrained).")
    try pretrained.require(Key.interpolation, among: ["bicubic"])
    let input = try pretrained.integers(Key.inputSize) ?? .standard([3, 224, 224], of: source)
    guard input.value.count == 3, input.value[0] == 3, input.value[1] == input.value[2] else {
      throw pretrained.unsupported(Key.inputSize, expected: "[3, size, size]")
    }
    let image = ImageConfiguration(
      size: folder.log.take("image.size", input.map { $0[1] }), resize: .naive, camera: "front")
    let tower = try folder.tower(
      TowerPlace(name: "tower", layout: .timm, detail: "tower"),
      heads: try headCount(fields),
      mean: try pretrained.floats(Key.mean)
        ?? .standard(PublishedTower.imageNetMean, of: source),
      std: try pretrained.floats(Key.std) ?? .standard(PublishedTower.imageNetStd, of: source),
      imageSize: image.size, usesLastBlock: true)
    return VisionModelConfiguration(image: image, tower: tower)
  }

  /// The heads of an architecture by its size, such as `vit_small_patch14_dinov2`.
  private static func headCount(_ fields: PublishedFields) throws -> Found<Int> {
    if let given = try fields.nested(Key.arguments)?.integer(Key.headCount) { return given }
    let words = try fields.string(Key.architecture).map { found in
      found.map { $0.split(whereSeparator: { $0 == "_" || $0 == "." }).map(String.init) }
    }
    let count =
      words?.value.first == "vit"
      ? words?.value.compactMap { PublishedTower.headsBySize[$0] }.first : nil
    guard let words, let count else {
      throw fields.unsupported(
        Key.architecture,
        expected: "a vision transformer, 'vit_small_…', 'vit_base_…' or 'vit_large_…',")
    }
    return Found(value: count, origin: words.origin)
  }
}
