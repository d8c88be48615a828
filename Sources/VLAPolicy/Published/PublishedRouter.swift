internal import Checkpoints

extension PublishedFolder {
  /// STAR as MoLe-VLA's public code trained it, where the checkpoint holds its tensors; its other
  /// routers have other tensors.
  ///
  /// The public code feeds the normed embeddings to the router and to the first layer, and that is
  /// what such weights were trained with.
  mutating func publishedRouter(
    layout: CheckpointLayout, depth: Int
  ) throws -> RouterConfiguration? {
    let source = "MoLe-VLA's code"
    let projection = layout.routerPrefix + "base_proj.weight"
    guard archive.contains(projection) else { return nil }
    let hidden = layout.routerPrefix + "spatial_router.0.weight"
    let expand = layout.routerPrefix + "temporal_router.layers.0.linear1.weight"
    return RouterConfiguration(
      width: log.take(
        "router.width", try archive.requiredSide(0, of: projection, dimensions: 2)),
      spatialWidth: log.take(
        "router.spatial_width", try archive.requiredSide(0, of: hidden, dimensions: 2)),
      heads: log.take("router.heads", .standard(8, of: source)),
      feedForwardWidth: log.take(
        "router.feed_forward_width", try archive.requiredSide(0, of: expand, dimensions: 2)),
      keep: log.take("router.keep", .standard(max(1, depth / 2), of: source)),
      input: log.take("router.input", .standard(.public, of: source)),
      sharpnessToken: log.take("router.sharpness_token", .standard(.first, of: source)))
  }
}
