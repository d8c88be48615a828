/// What the picture is made into before the towers see it.
package struct ImageConfiguration: Codable, Equatable, Sendable {
  /// Pixels along each side of the square picture that the towers see.
  package var size: Int
  package var resize: ResizeStrategy
  /// The camera that is asked for: `front`, `wrist`, …
  package var camera: String
  /// The share of the area in the middle that is kept before resizing, in (0, 1].
  ///
  /// OpenVLA policies that were fine-tuned with random crops are evaluated at 0.9.
  package var centerCrop: Double
  package var statistics: ChannelStatistics

  package init(
    size: Int, resize: ResizeStrategy, camera: String, centerCrop: Double = 1,
    statistics: ChannelStatistics = .exact
  ) {
    self.size = size
    self.resize = resize
    self.camera = camera
    self.centerCrop = centerCrop
    self.statistics = statistics
  }

  private enum CodingKeys: String, CodingKey {
    case size
    case resize
    case camera
    case centerCrop = "center_crop"
    case statistics
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      size: try values.decode(Int.self, forKey: .size),
      resize: try values.decode(ResizeStrategy.self, forKey: .resize),
      camera: try values.decode(String.self, forKey: .camera),
      centerCrop: try values.decodeIfPresent(Double.self, forKey: .centerCrop) ?? 1,
      statistics: try values.decodeIfPresent(ChannelStatistics.self, forKey: .statistics)
        ?? .exact)
  }
}

/// How a picture of any shape becomes a square, by OpenVLA's names.
package enum ResizeStrategy: String, CaseIterable, Codable, Sendable {
  /// Bicubic, straight to the square, whatever the aspect (`resize-naive`).
  case naive
  /// Padded to a square with the mean colour first.
  case letterbox
}

/// The precision of the towers' channel means and deviations.
package enum ChannelStatistics: String, CaseIterable, Codable, Sendable {
  /// As the towers have them.
  case exact
  /// Rounded to bfloat16, as OpenVLA's export wrote them into preprocessor_config.json.
  case bf16

  /// - Returns: The values that pictures are normalised with.
  package func callAsFunction(_ values: [Float]) -> [Float] {
    switch self {
    case .exact: values
    case .bf16: values.map(\.roundedToBFloat16)
    }
  }
}

extension Float {
  /// The nearest number with eight significant bits, ties to even.
  fileprivate var roundedToBFloat16: Float {
    let bits = bitPattern
    let rounded = bits &+ 0x7FFF &+ (bits >> 16 & 1)
    return Float(bitPattern: rounded & 0xFFFF_0000)
  }
}
