internal import Dispatch
internal import Foundation
internal import Outcomes
internal import Synchronization

/// Decodes lines of a journal on all processors.
enum JournalDecoder {
  /// What a line holds.
  enum Line: Sendable {
    case outcome(EpisodeOutcome)
    /// It is none; why, as half a sentence.
    case unreadable(reason: String)
  }

  /// The lines' outcomes in the lines' order.
  static func decode(_ lines: [Data]) -> [Line] {
    let workers = max(1, ProcessInfo.processInfo.activeProcessorCount)
    let share = (lines.count + workers - 1) / workers
    guard lines.count > 1, share > 0 else { return lines.map(decode) }
    let starts = Array(stride(from: 0, to: lines.count, by: share))
    let parts = Mutex([Int: [Line]]())
    DispatchQueue.concurrentPerform(iterations: starts.count) { index in
      let start = starts[index]
      let decoded = lines[start..<min(start + share, lines.count)].map(decode)
      parts.withLock { $0[index] = decoded }
    }
    return parts.withLock { parts in starts.indices.flatMap { parts[$0] ?? [] } }
  }

  private static func decode(_ line: Data) -> Line {
    do {
      return .outcome(try OutcomeCoding.outcome(line: line))
    } catch {
      return .unreadable(reason: describe(decodingFailure: error))
    }
  }
}

/// The decoder's complaint as half a sentence.
func describe(decodingFailure error: any Error) -> String {
  func place(_ path: [any CodingKey]) -> String {
    path.isEmpty ? "the whole" : "'" + path.map(\.stringValue).joined(separator: ".") + "'"
  }
  return switch error as? DecodingError {
  case .keyNotFound(let key, let context):
    "\(place(context.codingPath)) has no '\(key.stringValue)'"
  case .typeMismatch(_, let context), .valueNotFound(_, let context):
    "\(place(context.codingPath)) has another type than expected"
  case .dataCorrupted(let context):
    "\(place(context.codingPath)) is damaged: \(context.debugDescription)"
  default: "it cannot be decoded"
  }
}
