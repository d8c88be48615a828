internal import Dispatch
internal import Foundation
package import Outcomes
internal import Synchronization

/// Decodes lines of a journal on all processors.
package enum JournalDecoder {
  /// What a line holds.
  enum Line: Sendable {
    case outcome(EpisodeOutcome)
    /// It is none of this run; why, as half a sentence.
    case refused(reason: String)
  }

  /// Begins to decode a block, and to hold its outcomes against the run, on other threads.
  static func start(_ block: LineBlock, check: OutcomeCheck) -> DecodedBlock {
    let decoded = DecodedBlock()
    DispatchQueue.global().async {
      decoded.fulfill(decode(block, check: check))
    }
    return decoded
  }

  /// The lines in their order.
  private static func decode(_ block: LineBlock, check: OutcomeCheck) -> [Line] {
    let workers = max(1, ProcessInfo.processInfo.activeProcessorCount)
    let share = max(1, (block.lines.count + workers - 1) / workers)
    let starts = Array(stride(from: 0, to: block.lines.count, by: share))
    let parts = Mutex([Int: [Line]]())
    DispatchQueue.concurrentPerform(iterations: starts.count) { index in
      let places = starts[index]..<min(starts[index] + share, block.lines.count)
      let lines = block.lines[places].map { decode($0, of: block.bytes, check: check) }
      parts.withLock { $0[index] = lines }
    }
    return parts.withLock { parts in starts.indices.flatMap { parts[$0] ?? [] } }
  }

  private static func decode(
    _ line: Range<Int>, of bytes: [UInt8], check: OutcomeCheck
  ) -> Line {
    do {
      let outcome = try outcome(plain: bytes, in: line) ?? OutcomeCoding.outcome(line: bytes[line])
      return check.objection(to: outcome).map { .refused(reason: $0) } ?? .outcome(outcome)
    } catch {
      return .refused(reason: describe(decodingFailure: error))
    }
  }

  /// The outcome of a line as `mole eval` writes it, many times faster than Foundation's decoder
  /// reads any JSON.
  ///
  /// - Returns: `nil` where the line is damaged, or only unusual: Foundation's decoder must judge it.
  package static func outcome(plain bytes: [UInt8], in line: Range<Int>) -> EpisodeOutcome? {
    var cursor = JSONCursor(bytes, in: line)
    guard let outcome = try? cursor.outcome(), cursor.isAtEnd() else { return nil }
    return outcome
  }
}

/// A block that is being decoded.
final class DecodedBlock: Sendable {
  private let lines = Mutex<[JournalDecoder.Line]>([])
  private let done = DispatchSemaphore(value: 0)

  fileprivate func fulfill(_ decoded: [JournalDecoder.Line]) {
    lines.withLock { $0 = decoded }
    done.signal()
  }

  /// Waits for the lines and hands them out, once.
  func take() -> [JournalDecoder.Line] {
    done.wait()
    return lines.withLock { lines in
      defer { lines = [] }
      return lines
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
