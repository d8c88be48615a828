internal import Manipulation
internal import Statistics

/// A row's place among all in success and compute.
package struct FrontierPlace: Equatable, Sendable {
  /// Whether no other row does at least as well with at most as much compute, and better in one of
  /// them.
  package var isOn: Bool
  /// In how many of the draws of episodes (and training seeds) it was on the frontier; a share.
  package var probability: Double
  package var draws: Int
}

/// Which rows no other one beats in both success and compute, and how sure that is.
struct ParetoFrontier {
  /// Episodes times policies times draws that may be taken, and the fewest draws.
  private static let work = 50_000_000
  private static let leastDraws = 200

  private let groups: [RowGroup]
  /// How many episodes there are of each task, those that some row saw.
  private let taskSizes: [Int]
  /// Group by group, member by member, what became of each episode.
  private let results: [[[Result?]]]
  private let draws: Int

  /// One episode of one policy.
  private struct Result {
    var solved: Double
    var macs: Double
    var queries: Double
  }

  /// - Parameter groups: Rows of methods with a network; a script computes nothing and would beat all.
  init(groups: [RowGroup], tasks: [String], draws: Int) {
    self.groups = groups
    let members = groups.flatMap(\.members)
    let keys = Set(members.flatMap(\.episodes.keys))
    let byTask = Dictionary(grouping: keys, by: \.task)
    let ordered = tasks.map { byTask[$0, default: []].sorted { $0.precedes($1) } }
    taskSizes = ordered.map(\.count)
    let all = ordered.flatMap(\.self)
    results = groups.map { group in
      group.members.map { member in
        all.map { key in
          member.episodes[key].map {
            Result(solved: $0.isSolved ? 1 : 0, macs: $0.macs, queries: Double($0.queries))
          }
        }
      }
    }
    let work = max(1, all.count * members.count)
    self.draws = min(draws, max(ParetoFrontier.leastDraws, ParetoFrontier.work / work))
  }

  /// By row name; `shown` are the points as tables show them. Each draw takes from every task as many episodes as it has, the same for all rows,
  /// and of a policy's training seeds as many as it has.
  ///
  /// - Precondition: As many points as groups.
  func places(shown: [Point?]) -> [RowName: FrontierPlace] {
    guard taskSizes.contains(where: { $0 > 0 }) else { return [:] }
    let isOn = ParetoFrontier.frontier(shown)
    var counts = groups.map { _ in 0 }
    var generator = SeededGenerator(seed: SeededGenerator.derive(0, ["pareto_frontier"]))
    _ = Bootstrap.intervals(
      groupSizes: groups.map(\.members.count) + taskSizes, draws: draws, using: &generator
    ) { drawn in
      let episodes = self.episodes(Array(drawn.dropFirst(groups.count)))
      let points = points(Array(drawn.prefix(groups.count)), episodes)
      for (group, isOn) in ParetoFrontier.frontier(points).enumerated() where isOn {
        counts[group] += 1
      }
      return []
    }
    let places = groups.indices.map { group in
      FrontierPlace(
        isOn: isOn[group], probability: Double(counts[group]) / Double(draws), draws: draws)
    }
    return Dictionary(zip(groups.map(\.name), places), uniquingKeysWith: { first, _ in first })
  }

  /// The places of drawn episodes among all, task by task.
  private func episodes(_ drawn: [[Int]]) -> [[Int]] {
    var start = 0
    return zip(drawn, taskSizes).map { places, size in
      defer { start += size }
      return places.map { start + $0 }
    }
  }

  /// Success and compute of each group; `nil` where it saw none of the episodes.
  private func points(_ members: [[Int]], _ episodes: [[Int]]) -> [Point?] {
    results.indices.map { group in
      let points = members[group].compactMap { point(results[group][$0], episodes) }
      guard !points.isEmpty else { return nil }
      let count = Double(points.count)
      return Point(
        rate: points.reduce(0) { $0 + $1.rate } / count,
        macs: points.reduce(0) { $0 + $1.macs } / count)
    }
  }

  private func point(_ results: [Result?], _ episodes: [[Int]]) -> Point? {
    var (count, sum) = (0.0, Result(solved: 0, macs: 0, queries: 0))
    for places in episodes {
      for place in places {
        guard let result = results[place] else { continue }
        count += 1
        sum.solved += result.solved
        sum.macs += result.macs
        sum.queries += result.queries
      }
    }
    guard count > 0, sum.queries > 0 else { return nil }
    return Point(rate: sum.solved / count, macs: sum.macs / sum.queries)
  }

  struct Point: Equatable {
    /// Solved at some time.
    var rate: Double
    /// Of router and language layers, executed, mean per query.
    var macs: Double
  }

  /// For each point whether no other is at least as good in both ways and better in one.
  static func frontier(_ points: [Point?]) -> [Bool] {
    points.map { point in
      guard let point else { return false }
      return !points.contains { other in
        guard let other else { return false }
        return other.rate >= point.rate && other.macs <= point.macs
          && (other.rate > point.rate || other.macs < point.macs)
      }
    }
  }
}

extension SideBySide {
  /// Gives the rows of a figure their places; scripts and rows in other words get none.
  mutating func findFrontier(of groups: [RowGroup], tasks: [String], draws: Int) {
    let candidates = rows.isEmpty ? [] : figureRows.filter { $0.layerCount > 0 }
    let groups = candidates.compactMap { row in
      groups.first { $0.name == row.name && $0.isPool == !row.seeds.isEmpty }
    }
    guard groups.count == candidates.count, !groups.isEmpty else { return }
    let places = ParetoFrontier(groups: groups, tasks: tasks, draws: draws).places(
      shown: candidates.map { row in
        row.group.executed.map { .init(rate: row.success.rate, macs: $0.languageModel) }
      })
    for index in rows.indices where !rows[index].isPartOfPool {
      rows[index].frontier = places[rows[index].name]
    }
  }
}
