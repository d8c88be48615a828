package import Failures

/// What can be wrong with demonstrations beyond the file format.
///
/// `file` is the path on disk, `episode` a name in the file such as `demo_3`.
package enum DemonstrationError: ExplainedError, Equatable {
  case unknownSchema(file: String, found: [String])
  case unsupportedFormat(String, file: String)
  case noEpisodes(file: String)
  case noSuchEpisode(Int, file: String, count: Int)
  case missing(String, episode: String, file: String, remedy: String)
  case noSuchCamera(String, episode: String, file: String, available: [String])
  case wrongShape(String, episode: String, file: String, expected: String, found: [Int])
  case notFinite(String, episode: String, file: String, frame: Int)
  /// `env_args` is not what robomimic's layout has there.
  case badEnvironment(file: String)
  case notARotation(String, episode: String, file: String, frame: Int)
  case noConvention(file: String, schema: String)
  case unknownConvention(String, file: String)
  case unknownKeyframeRule(String)
  case badIndexFile(String, reason: String)
  case unevenFrames(String, episode: String, file: String)
  case tooLarge(String, file: String, limit: Int)
  case noStatistics(file: String, reason: String)
  case cannotWrite(String, reason: String)

  package var kind: FailureKind {
    switch self {
    case .cannotWrite: .cannotWrite
    case .unknownKeyframeRule: .usage
    case .noSuchCamera: .missingInput
    default: .badData
    }
  }

  package var description: String {
    switch self {
    case .unknownSchema(let file, let found):
      "'\(file)' is an HDF5 file but no known demonstration layout: expected 'data/demo_<n>' "
        + "(mole, robomimic, LIBERO, robosuite) or 'traj_<n>' (ManiSkill), found "
        + "\(list(found)); import or convert it first."
    case .unsupportedFormat(let format, let file):
      "'\(file)' has the format '\(format)', but this version reads 'mole-1'; update mole or "
        + "write the file again."
    case .noEpisodes(let file):
      "'\(file)' holds no episodes; record or import some first."
    case .noSuchEpisode(let index, let file, let count):
      "'\(file)' has \(count) episodes, but number \(index) (from 0) was asked for."
    case .missing(let what, let episode, let file, let remedy):
      "'\(episode)' in '\(file)' has no \(what); \(remedy)."
    case .noSuchCamera(let camera, let episode, let file, let available):
      "'\(episode)' in '\(file)' has no camera '\(camera)'; it has \(list(available))."
    default:
      contentDescription
    }
  }

  private var contentDescription: String {
    switch self {
    case .wrongShape(let dataset, let episode, let file, let expected, let found):
      "'\(dataset)' of '\(episode)' in '\(file)' has the shape \(found), but \(expected) was "
        + "expected; check the file with 'mole demos doctor'."
    case .badEnvironment(let file):
      "The attribute 'env_args' of '\(file)' is no JSON object with texts in 'env_kwargs', so it is"
        + " not known how the worlds were perturbed; write it again."
    case .notFinite(let dataset, let episode, let file, let frame):
      "'\(dataset)' of '\(episode)' in '\(file)' is not a finite number at frame \(frame); check "
        + "the file with 'mole demos doctor'."
    case .notARotation(let dataset, let episode, let file, let frame):
      "'\(dataset)' of '\(episode)' in '\(file)' holds a quaternion of length 0 at frame "
        + "\(frame); check the file with 'mole demos doctor'."
    case .noConvention(let file, let schema):
      "'\(file)' (\(schema)) does not say what its actions mean; set the attribute "
        + "'action_convention' of '/data' (ManiSkill: of the root) to a name such as "
        + "'\(ActionConvention.native.name)' or 'delta-position+delta-euler-xyz+gripper-open'."
    case .unknownConvention(let name, let file):
      "'\(file)' declares the action convention '\(name)', but expected was "
        + "<position>+<rotation>+<gripper> of \(ActionConvention.vocabulary)."
    default:
      otherDescription
    }
  }

  private var otherDescription: String {
    switch self {
    case .unknownKeyframeRule(let name):
      "There is no key-frame rule '\(name)'; choose one of "
        + "\(list(KeyframeRule.allCases.map(\.rawValue)))."
    case .badIndexFile(let file, let reason):
      "'\(file)', the index of a ManiSkill file, cannot be read (\(reason)); download it again."
    case .unevenFrames(let what, let episode, let file):
      "'\(episode)' for '\(file)' has frames that differ in \(what), but all frames of an episode "
        + "must have the same; correct the recording."
    case .tooLarge(let what, let file, let limit):
      "\(what) in '\(file)' is larger than \(limit), the most that is read; the file is damaged."
    case .noStatistics(let file, let reason):
      "'\(file)' gives no statistics: \(reason)"
    case .cannotWrite(let file, let reason):
      "'\(file)' cannot be written (\(reason)); check the folder, its permissions and the disk."
    default:
      "A demonstration could not be used."
    }
  }

  private func list(_ names: [String]) -> String {
    guard !names.isEmpty else { return "nothing" }
    let shown = names.prefix(12).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 12 ? shown + ", …" : shown
  }
}
