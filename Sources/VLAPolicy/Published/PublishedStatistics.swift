package import Checkpoints
internal import Foundation
package import Manipulation

extension CheckpointFolder {
  /// The normalisation statistics by data set, and the file that they stand in.
  ///
  /// `dataset_statistics.json`, which OpenVLA's fine-tuning writes beside config.json, counts more
  /// than the `norm_stats` within it.
  ///
  /// - Throws: `CheckpointError`.
  package func statistics() throws -> (byDataset: [String: DatasetStatistics], file: String) {
    let file = url.appending(path: VLANetwork.statisticsName)
    guard family == .openvla, !FileManager.default.fileExists(atPath: file.path) else {
      return (try JSONFile.decode([String: DatasetStatistics].self, from: file), file.path)
    }
    let configuration = url.appending(path: VLANetwork.configurationName)
    let holder = try JSONFile.decode(StatisticsHolder.self, from: configuration)
    return (holder.statistics, configuration.path)
  }

  /// The tokenizer in the folder.
  ///
  /// - Throws: `CheckpointError`, or `PolicyError.tokenizerNotPublished`.
  package func tokenizer() throws -> Tokenizer {
    do {
      return try Tokenizer.load(from: url)
    } catch CheckpointError.noTokenizer where family == .cogact {
      throw PolicyError.tokenizerNotPublished(folder: url.path)
    }
  }
}

private struct StatisticsHolder: Decodable {
  let statistics: [String: DatasetStatistics]

  enum CodingKeys: String, CodingKey {
    case statistics = "norm_stats"
  }
}
