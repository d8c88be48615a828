internal import Outcomes

/// One point of a figure of rates against compute.
struct RateMark {
  /// For the hint, and for the legend where it is alone.
  var name: String
  /// What a line joins.
  var series: String
  /// Beside the mark, where there are several of a series.
  var amount: String?
  /// Of router and language layers, executed, mean per query.
  var macs: Double
  var rate: Proportion
  /// The rates of training seeds.
  var seedRates: [Double] = []
  /// Its place among all in rate and compute, where that is known.
  var frontier: FrontierPlace?

  /// `nil` where there is nothing to show.
  init?(_ method: MethodSummary, rate: Proportion?) {
    guard let rate, let macs = method.pooled.executed?.languageModel else { return nil }
    let parts = method.name.split(separator: ":", maxSplits: 1).map(String.init)
    self.init(
      name: method.name, series: parts.first ?? method.name,
      amount: parts.count == 2 ? parts[1] : nil, macs: macs, rate: rate)
  }

  init?(_ row: PolicyRow) {
    guard let macs = row.group.executed?.languageModel else { return nil }
    self.init(
      name: row.shownName, series: row.family, amount: row.amount, macs: macs, rate: row.success,
      seedRates: row.seeds.map(\.rate))
    frontier = row.frontier
  }

  private init(
    name: String, series: String, amount: String?, macs: Double, rate: Proportion,
    seedRates: [Double] = []
  ) {
    (self.name, self.series, self.amount) = (name, series, amount)
    (self.macs, self.rate, self.seedRates) = (macs, rate, seedRates)
  }
}

/// The marks that a line joins.
struct RateSeries {
  let name: String
  /// Places of its marks, from the least compute to the most.
  let marks: [Int]

  /// In the order in which they first appear.
  static func series(of marks: [RateMark]) -> [RateSeries] {
    let places = Dictionary(grouping: marks.indices) { marks[$0].series }
    return marks.map(\.series).inOrder.map { name in
      RateSeries(
        name: name, marks: places[name, default: []].sorted { marks[$0].macs < marks[$1].macs })
    }
  }
}
