internal import Foundation
internal import Images
internal import Manipulation
internal import Outcomes

/// The episodes of the page's viewer and their pictures, within a size.
struct ViewerData {
  /// The longer side of a picture, in pixels.
  private static let side = 160
  private static let quality = 72

  private(set) var episodes: [ViewerEpisode] = []
  /// As data URIs, each once.
  private var pictures: [String] = []
  private var places: [String: Int] = [:]
  private var room: Int
  /// Episodes that were left out, and those whose pictures were, for want of room.
  private(set) var cut = (episodes: 0, pictures: 0)

  init(byteLimit: Int) { room = byteLimit }

  /// Adds an episode, with its pictures where there are any and there is room.
  mutating func add(_ episode: ViewerEpisode, seen: [RGBImage]?) throws {
    let size = try ViewerData.json(episode).utf8.count
    guard size <= room else {
      cut.episodes += 1
      return
    }
    room -= size
    var episode = episode
    if let seen { episode.pictures = try places(of: seen) }
    episodes.append(episode)
  }

  /// The pictures' numbers; empty where there is no room for all of them.
  private mutating func places(of seen: [RGBImage]) throws -> [Int] {
    let links = try seen.map(ViewerData.link)
    let new = Set(links).subtracting(places.keys)
    let size = new.reduce(0) { $0 + $1.utf8.count }
    guard size <= room else {
      cut.pictures += 1
      return []
    }
    room -= size
    for link in links where places[link] == nil {
      places[link] = pictures.count
      pictures.append(link)
    }
    return links.compactMap { places[$0] }
  }

  private static func link(_ image: RGBImage) throws -> String {
    let longest = max(image.width, image.height, 1)
    func scaled(_ length: Int) -> Int { max(1, length * side / longest) }
    let small =
      longest > side
      ? image.resizedBicubic(width: scaled(image.width), height: scaled(image.height)) : image
    let bytes = try JPEGFile.encode(small, quality: quality)
    return "data:image/jpeg;base64," + Data(bytes).base64EncodedString()
  }

  /// Everything as one JSON object that may stand in a script element.
  func json() throws -> String {
    try ViewerData.json(Document(episodes: episodes, pictures: pictures))
  }

  private struct Document: Encodable {
    var episodes: [ViewerEpisode]
    var pictures: [String]
  }

  /// Without the letters by which HTML could end the script or begin a comment.
  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(value), as: UTF8.self)
    return text.replacing("<", with: "\\u003c").replacing(">", with: "\\u003e")
      .replacing("&", with: "\\u0026")
  }
}
