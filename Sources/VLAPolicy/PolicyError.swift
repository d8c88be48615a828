package import Failures
package import TensorMath

/// What can go wrong between a checkpoint folder and an action.
package enum PolicyError: ExplainedError, Equatable {
  case badConfiguration(file: String, problem: String)
  /// A published configuration asks for what our layers do not compute.
  case unsupportedDetail(file: String, key: String, value: String, expected: String)
  /// Neither our configuration nor one of the published ones.
  case unknownCheckpoint(file: String)
  case wrongKind(folder: String, found: String, wanted: String)
  case tokenizerNotPublished(folder: String)
  case badSetting(String, problem: String)
  case badMethod(String, problem: String)
  case missingPart(method: String, part: String)
  case badFactorization(folder: String, problem: String)
  case missingCamera(wanted: String, found: [String])
  /// An observation without the gripper's pose or opening, for a policy that is told them.
  case missingGripper
  case missingStatistics(key: String?, found: [String], file: String)
  case badStatistics(file: String, problem: String)
  case needsCalibration(method: String)
  case unknownPreset(String)
  case vocabularyTooSmall(id: Int, vocabularySize: Int)
  case badPrompt(tokenCount: Int, limit: Int)
  /// A NaN or an infinity came out, which must not become an action.
  case answerNotFinite(wanted: String)
  case tooLarge(gigabytes: Int, available: Int, folder: String)
  /// Two weights of a stack of layers that would run in different types.
  case mixedTypes([String], folder: String)

  package var kind: FailureKind {
    switch self {
    case .badConfiguration, .badStatistics, .missingCamera, .vocabularyTooSmall: .badData
    case .missingStatistics, .missingPart, .missingGripper, .badFactorization: .badData
    case .unsupportedDetail, .unknownCheckpoint, .mixedTypes, .answerNotFinite: .badData
    case .tokenizerNotPublished: .missingInput
    case .wrongKind, .badSetting, .badMethod, .needsCalibration, .unknownPreset, .tooLarge,
      .badPrompt:
      .usage
    }
  }

  package var description: String {
    switch self {
    case .badConfiguration(let file, let problem):
      "The configuration '\(file)' cannot be used: \(problem)."
    case .unsupportedDetail(let file, let key, let value, let expected):
      "The configuration '\(file)' has \(key) = \(value), which is not supported; \(expected) was "
        + "expected."
    case .unknownCheckpoint(let file):
      "The configuration '\(file)' belongs to no known kind of checkpoint; model_type 'mole', "
        + "'openvla' or 'llama', CogACT's 'vla', or timm's 'architecture' was expected."
    case .wrongKind(let folder, let found, let wanted):
      "The checkpoint '\(folder)' is \(found), but \(wanted) was expected here."
    case .tokenizerNotPublished(let folder):
      "The folder '\(folder)' holds no tokenizer, and CogACT publishes none; copy Llama-2's "
        + "tokenizer.model or tokenizer.json into it."
    case .badSetting(let text, let problem):
      "The setting '\(text)' cannot be used: \(problem)."
    case .badMethod(let method, let problem):
      "The method '\(method)' cannot be used: \(problem)."
    case .missingPart(let method, let part):
      "The method '\(method)' needs \(part), which this checkpoint does not have; choose another "
        + "method or a checkpoint trained for it."
    case .badFactorization(let folder, let problem):
      "The checkpoint '\(folder)' \(problem); name one of mole's own or Llama's format in floating "
        + "point."
    case .missingCamera(let wanted, let found):
      "The observation has no camera '\(wanted)', only \(list(found)); "
        + "choose one of them with --camera."
    case .missingGripper:
      "The policy is told the gripper's pose and whether it is open, but the observation lacks them; "
        + "use recordings that hold both."
    case .missingStatistics(let key, let found, let file):
      "The statistics '\(file)' "
        + (key.map { "have no data set '\($0)', only \(list(found)); choose one of them." }
          ?? "hold several data sets (\(list(found))); choose one with --unnorm-key.")
    case .badStatistics(let file, let problem):
      "The statistics '\(file)' cannot be used: \(problem)."
    case .needsCalibration(let method):
      "The method '\(method)' needs calibration on demonstrations; run it through 'mole eval', "
        + "which calibrates on the demonstrations, or store the result in config.json."
    case .unknownPreset(let name):
      "There is no preset '\(name)'; choose one of \(list(Preset.allCases.map(\.rawValue)))."
    case .vocabularyTooSmall(let id, let size):
      "The tokenizer gives the id \(id), but the language model has only \(size) embeddings; "
        + "use the tokenizer that belongs to the checkpoint."
    case .badPrompt(let count, let limit):
      "The prompt has \(count) tokens, but 1 to \(limit) are possible; shorten the instruction."
    case .answerNotFinite(let wanted):
      "The network answers with NaN or infinity where \(wanted) were expected; look for the first such "
        + "stage with 'mole checkpoint trace', try '--dtype f32', or convert the checkpoint again."
    case .tooLarge(let gigabytes, let available, let folder):
      "The checkpoint '\(folder)' needs \(gigabytes) GB of memory, but this machine has \(available) GB; "
        + "use '--dtype bf16' or '--dtype int8', a machine with more memory or a smaller checkpoint."
    case .mixedTypes(let names, let folder):
      "The checkpoint '\(folder)' stores \(list(names)) in different types, but layers of a part "
        + "run in one; choose it with '--dtype f32' or '--dtype bf16'."
    }
  }
}

extension PolicyError {
  /// Refuses an answer of a network that holds a NaN or an infinity.
  ///
  /// - Parameter wanted: What the numbers are, in the plural, for the message.
  /// - Throws: `answerNotFinite`.
  package static func check(_ answer: Matrix, as wanted: String) throws {
    guard answer.elements.allSatisfy(\.isFinite) else {
      throw PolicyError.answerNotFinite(wanted: wanted)
    }
  }
}

private func list(_ names: [String]) -> String {
  names.isEmpty ? "none" : names.sorted().map { "'\($0)'" }.joined(separator: ", ")
}
