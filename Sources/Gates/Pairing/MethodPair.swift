/// A method of the base and the one of the candidate that is held against it.
package struct MethodPair: Codable, Equatable, Hashable, Sendable {
  package var base: String
  package var candidate: String

  package init(base: String, candidate: String) {
    self.base = base
    self.candidate = candidate
  }

  /// How the pair is called: by its one name, or by both.
  package var name: String { base == candidate ? base : "\(base) -> \(candidate)" }

  /// Which methods are held against which.
  ///
  /// What is asked for wins. A run of one method offers that; otherwise methods of one name are
  /// paired.
  ///
  /// - Throws: `GateError` when a method is not there, or nothing says which belong together.
  package static func choose(
    base: RunSide, candidate: RunSide, baseMethod: String? = nil, candidateMethod: String? = nil
  ) throws(GateError) -> [MethodPair] {
    let bases = try methods(of: base, asked: baseMethod)
    let candidates = try methods(of: candidate, asked: candidateMethod)
    if bases.count == 1, candidates.count == 1 {
      return [MethodPair(base: bases[0], candidate: candidates[0])]
    }
    let shared = bases.filter(candidates.contains)
    guard !shared.isEmpty else {
      throw .noSharedMethod(base: bases, candidate: candidates)
    }
    return shared.map { MethodPair(base: $0, candidate: $0) }
  }

  private static func methods(of run: RunSide, asked: String?) throws(GateError) -> [String] {
    guard let asked else { return run.methods }
    guard run.methods.contains(asked) else {
      throw .noSuchMethod(asked, run: run.name, methods: run.methods)
    }
    return [asked]
  }
}
