internal import Foundation
internal import Images
internal import Manipulation

/// The pictures of one camera and kind in an episode: `<camera>_<kind>/<frame>.png`.
struct RLBenchPictures {
  private let folder: URL

  /// - Parameters:
  ///   - name: The folder's name, such as `front_rgb`.
  ///   - frameCount: The number of frames of the pickle, which the pictures must match.
  init(_ name: String, episode: URL, frameCount: Int) throws {
    folder = episode.appendingPathComponent(name)
    guard ImportFile.isFolder(folder) else {
      throw ImportError.missing(folder.path, expected: "the camera's folder of pictures")
    }
    let names = Set(ImportFile.names(in: folder).filter { $0.hasSuffix(".png") })
    guard names.count == frameCount else {
      throw ImportError.badEpisode(
        episode.path, .pictureCount(folder: name, found: names.count, expected: frameCount))
    }
    for frame in 0..<frameCount where !names.contains("\(frame).png") {
      throw ImportError.badEpisode(episode.path, .missingPicture("\(name)/\(frame).png"))
    }
  }

  func rgb(_ frame: Int) throws -> RGBImage {
    try PNGFile.read(folder.appendingPathComponent("\(frame).png"))
  }

  /// The depth picture of a frame in metres, row by row.
  func depth(_ frame: Int, near: Double, far: Double) throws -> DepthImage {
    let picture = try rgb(frame)
    let metres = stride(from: 0, to: picture.pixels.count, by: 3).map { start in
      let p = picture.pixels[start..<start + 3]
      return Float(near + RLBenchPictures.depthShare(p) * (far - near))
    }
    return DepthImage(width: picture.width, height: picture.height, metres: metres)
  }

  /// RLBench spreads the share of the way from the near to the far plane over 24 bits, red highest.
  private static func depthShare(_ pixel: ArraySlice<UInt8>) -> Double {
    let code = pixel.reduce(0) { $0 << 8 | Int($1) }
    return Double(code) / Double(1 << 24 - 1)
  }
}
