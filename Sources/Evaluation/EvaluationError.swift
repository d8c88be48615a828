package import Failures
import Foundation
import Outcomes

/// What can go wrong with a run, its plan and its directory.
package enum EvaluationError: ExplainedError, Equatable {
  // The plan
  case planNotReadable(path: String, reason: String)
  case planTooLarge(path: String, bytes: Int, limit: Int)
  case planSyntax(path: String, line: Int, problem: String)
  case unknownPlanKey(path: String, line: Int, key: String, known: [String])
  case wrongPlanValue(path: String, line: Int, key: String, problem: String)
  case planField(String, value: String, expected: String)
  case planDiffers(run: String, fields: [String])

  // Inputs
  case inputMissing(path: String, reason: String)
  case duplicateTask(String, files: [String])
  case nothingToEvaluate(files: [String], split: String)
  case noEpisodes(tasks: [String], shard: String?)
  case noCalibration(method: String)
  case noGripperPose(method: String)
  case duplicateMethod(String)
  case noArrayShare(problem: String)
  case missingSplit(String, file: String)
  case invalidDemonstration(episode: String, task: String, frame: Int)

  // The run directory
  case directoryInUse(path: String, by: String)
  case directoryHoldsRun(path: String)
  case noRun(path: String)
  case notARun(path: String, reason: String)
  case cannotWrite(path: String, reason: String)
  case damagedJournal(path: String, line: Int, problem: String)
  case changedSinceStart(path: String, what: String)
  case changedWhileRunning(path: String, file: String)

  // Merging
  case cannotMerge(directory: String, problem: String)

  // Submitting
  case cannotSubmit(reason: String)
  case otherSubmission(folder: String)

  // Answers
  case unusableAnswer(method: String, episode: String, step: Int, problem: String)

  package var kind: FailureKind {
    switch self {
    case .planSyntax, .unknownPlanKey, .wrongPlanValue, .planField, .planTooLarge, .planDiffers,
      .duplicateTask, .duplicateMethod, .missingSplit, .nothingToEvaluate, .noEpisodes,
      .noCalibration, .noArrayShare, .directoryInUse, .directoryHoldsRun, .cannotSubmit,
      .otherSubmission:
      .usage
    case .planNotReadable, .inputMissing, .noRun: .missingInput
    case .notARun, .damagedJournal, .changedSinceStart, .changedWhileRunning, .cannotMerge,
      .invalidDemonstration,
      .noGripperPose:
      .badData
    case .cannotWrite: .cannotWrite
    case .unusableAnswer: .internalFault
    }
  }
}

extension EvaluationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .planNotReadable, .planTooLarge, .planSyntax, .unknownPlanKey, .wrongPlanValue,
      .planField, .planDiffers:
      planDescription
    case .inputMissing, .duplicateTask, .nothingToEvaluate, .duplicateMethod, .invalidDemonstration,
      .missingSplit, .noEpisodes, .noCalibration, .noGripperPose, .noArrayShare:
      inputDescription
    default: runDescription
    }
  }

  private var planDescription: String {
    switch self {
    case .planNotReadable(let path, let reason):
      "The plan '\(path)' cannot be read (\(reason)); name a YAML file with '--plan'."
    case .planTooLarge(let path, let bytes, let limit):
      "The plan '\(path)' has \(bytes) bytes, more than the \(limit) that a plan may have;"
        + " is it the right file?"
    case .planSyntax(let path, let line, let problem):
      "The plan '\(path)' is no plain YAML mapping at line \(line): \(problem)."
    case .unknownPlanKey(let path, let line, let key, let known):
      "The plan '\(path)' has the unknown key '\(key)' in line \(line); a plan knows"
        + " \(known.joined(separator: ", "))."
    case .wrongPlanValue(let path, let line, let key, let problem):
      "The plan '\(path)' has a wrong value for '\(key)' in line \(line): \(problem)."
    case .planField(let field, let value, let expected):
      "The plan's '\(field)' is \(value), but must be \(expected)."
    case .planDiffers(let run, let fields):
      "The run '\(run)' was started with other values of \(quoted(fields)) than are asked for now;"
        + " leave these flags away, or start a new run with '--out'."
    default: ""
    }
  }

  private var inputDescription: String {
    switch self {
    case .inputMissing(let path, let reason):
      "'\(path)' cannot be read (\(reason)); name an existing file or folder."
    case .duplicateTask(let task, let files):
      "The files \(quoted(files)) both hold the task '\(task)', so their episodes could not be"
        + " told apart; give one file a task."
    case .nothingToEvaluate(let files, let split):
      "The files \(quoted(files)) hold no episode of the split '\(split)' for this plan; choose"
        + " another '--split', '--shard' or '--episodes'."
    case .noEpisodes(let tasks, let shard):
      "There is no episode of \(quoted(tasks)) for this plan"
        + (shard.map { " in the shard \($0)" } ?? "")
        + "; choose other '--tasks', '--episodes' or '--shard'."
    case .noCalibration(let method):
      "The method '\(method)' must be calibrated on demonstrations, but there are none; name files"
        + " with '--calibration-demos'."
    case .noGripperPose(let method):
      "The method '\(method)' needs the gripper's pose, which the observations do not hold; use"
        + " recordings with 'obs/gripper_pose', or leave the method out."
    case .duplicateMethod(let name):
      "The method '\(name)' is asked for twice; name each method once in '--methods'."
    case .noArrayShare(let problem):
      "'--shard auto' cannot tell which share of the run this is, as \(problem); give the share itself,"
        + " such as '--shard 2/4'."
    case .missingSplit(let split, let file):
      "'\(file)' has no mask '\(split)' that says which episodes belong to this split; use '--split"
        + " all', or write 'mask/\(split)' into the file."
    case .invalidDemonstration(let episode, let task, let frame):
      "The episode '\(episode)' of '\(task)' demonstrates an action that is not finite at frame"
        + " \(frame); check its file with 'mole demos doctor'."
    default: ""
    }
  }

  private var runDescription: String {
    switch self {
    case .directoryInUse(let path, let by):
      "The run directory of '\(path)' is in use by \(by); wait for it, or choose another '--out'."
    case .directoryHoldsRun(let path):
      "'\(path)' already holds a run; go on with it by '--resume \(path)', or choose another"
        + " '--out'."
    case .noRun(let path):
      "'\(path)' has no file '\(RunFile.manifest)' and so is no run directory; name a folder that"
        + " 'mole eval --out' wrote."
    case .notARun(let path, let reason):
      "'\(path)' is no run directory that can be used (\(reason)); expected one that 'mole eval'"
        + " wrote."
    case .cannotWrite(let path, let reason):
      "'\(path)' cannot be written (\(reason)); check the permissions and the space left."
    case .damagedJournal(let path, let line, let problem):
      "The journal '\(path)' is damaged in line \(line): \(problem); start the run anew in another"
        + " directory."
    case .changedSinceStart(let path, let what):
      "The run '\(path)' cannot be resumed or repeated, because \(what) since it started; restore it,"
        + " or start anew in another directory."
    case .changedWhileRunning(let path, let file):
      "'\(file)' changed while the run '\(path)' read it, so that nobody can say which of its content"
        + " the lines are of; start anew in another directory, and leave the file alone."
    case .cannotMerge(let directory, let problem):
      "'\(directory)' cannot be merged: \(problem)."
    case .cannotSubmit(let reason):
      "Slurm has not taken the run (\(reason)); check its options with '--dry-run'."
    case .otherSubmission(let folder):
      "'\(folder)' holds the scripts of another submission; submit as then, remove the folder, or"
        + " choose another '--out'."
    case .unusableAnswer(let method, let episode, let step, let problem):
      "The policy '\(method)' answered step \(step) of '\(episode)' with \(problem); this is a"
        + " fault of the policy's code, please report it."
    default: ""
    }
  }

  private func quoted(_ names: [String]) -> String {
    names.map { "'\($0)'" }.joined(separator: ", ")
  }
}

/// The operating system's words for the last failed call.
func systemReason(_ code: Int32 = errno) -> String {
  String(cString: strerror(code))
}
