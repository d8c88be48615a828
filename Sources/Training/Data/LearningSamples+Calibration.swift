package import Manipulation
package import VLAPolicy

extension LearningSamples {
  /// What a network is asked at some of the key frames, as `mole eval` asks it.
  package func queries(_ indices: [Int], camera: String) -> [PolicyQuery] {
    indices.map { index in
      let place = places[index]
      let episode = set.episodes[place.episode]
      var observation = episode.recording.keyframes[place.step].observation
      observation.images = [camera: episode.pictures[place.step]]
      return PolicyQuery(
        observation: observation, instruction: episode.recording.instruction, step: place.step,
        seed: UInt64(index))
    }
  }

  /// The layers of a network from the most influential to the least (ShortGPT), for training and
  /// evaluating `static` on the same ones.
  ///
  /// - Parameters:
  ///   - network: Pictures of this set are of its size already; it must not crop them again.
  ///   - limit: At most so many key frames, tasks evenly.
  package func staticOrder(of network: VLANetwork, limit: Int = 128) throws -> [Int] {
    let method = try LayerMethod("static", keep: 0.5, depth: network.decoder.depth)
    let questions = queries(selection(limit), camera: network.configuration.image.camera)
    return try network.calibrate(method, on: questions).staticOrder ?? []
  }
}
