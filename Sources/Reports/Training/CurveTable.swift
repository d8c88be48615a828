internal import Files
internal import Foundation

/// The numbers of a CSV file that a training writes: a row an update, columns by name.
struct CurveTable {
  private let columns: [String: [Double?]]
  let rowCount: Int

  /// Five million updates with ten numbers each.
  private static let largestFile = 1 << 30

  /// - Returns: `nil` where there is no such file.
  /// - Throws: `ReportError.unreadable`.
  static func read(_ url: URL) throws -> CurveTable? {
    do {
      let bytes = try RegularFile.bytes(of: url.path, limit: largestFile)
      return CurveTable(String(decoding: bytes, as: UTF8.self))
    } catch FileFault.missing {
      return nil
    } catch {
      throw ReportError(error, file: url.path)
    }
  }

  /// Reads text; a field that is no number has no value.
  init(_ text: String) {
    var lines = text.split(separator: "\n").makeIterator()
    let names = (lines.next() ?? "").split(separator: ",").map(String.init)
    var values = [[Double?]](repeating: [], count: names.count)
    var count = 0
    while let line = lines.next() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      for index in names.indices {
        let number = index < fields.count ? Double(fields[index]) : nil
        values[index].append(number.flatMap { $0.isFinite ? $0 : nil })
      }
      count += 1
    }
    columns = Dictionary(zip(names, values)) { first, _ in first }
    rowCount = count
  }

  /// The points of a column over the column `update`; none where it is not there.
  func points(_ name: String) -> [CurvePoint] {
    guard let updates = columns["update"], let values = columns[name] else { return [] }
    return zip(updates, values).compactMap { update, value in
      guard let update, let value else { return nil }
      return CurvePoint(update: update, value: value)
    }
  }
}

/// A number after so many updates.
struct CurvePoint: Equatable {
  var update: Double
  var value: Double
}

extension [CurvePoint] {
  /// The mean over a window of updates that ends at each point; at first over a quarter of what
  /// there is, so that a steep beginning stays where it is.
  func smoothed(over window: Int) -> [CurvePoint] {
    var sums = [0.0]
    for point in self { sums.append(sums[sums.count - 1] + point.value) }
    return indices.map { index in
      let width = Swift.min(window, 1 + index / 4)
      let sum = sums[index + 1] - sums[index + 1 - width]
      return CurvePoint(update: self[index].update, value: sum / Double(width))
    }
  }

  /// At most about `count` points: of each stretch the smallest and the largest.
  func thinned(to count: Int) -> [CurvePoint] {
    guard self.count > count, count >= 2 else { return self }
    let stretch = (2 * self.count + count - 1) / count
    return stride(from: 0, to: self.count, by: stretch).flatMap { start in
      let part = self[start..<Swift.min(start + stretch, self.count)]
      let ends = [part.min { $0.value < $1.value }, part.max { $0.value < $1.value }]
      return ends.compactMap(\.self).sorted { $0.update < $1.update }
    }
  }
}
