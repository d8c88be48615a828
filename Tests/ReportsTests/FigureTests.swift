import Foundation
import FoundationXML
import Images
import Manipulation
import Outcomes
import Reports
import Testing

@Suite("Figures")
struct FigureTests {
  /// The text of every element of a well-formed document; `nil` for another.
  private func texts(ofXML text: String) -> [String]? {
    let reader = TextReader()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = reader
    return parser.parse() ? reader.words : nil
  }

  private final class TextReader: NSObject, XMLParserDelegate {
    var words: [String] = []
    private var current = ""

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) { current = "" }

    func parser(_ parser: XMLParser, foundCharacters string: String) { current += string }

    func parser(
      _ parser: XMLParser, didEndElement name: String, namespaceURI: String?,
      qualifiedName: String?
    ) {
      if !current.isEmpty { words.append(current) }
      current = ""
    }
  }

  @Test("a run has a heat map and a histogram for each method, and one comparison")
  func drawsAllFigures() throws {
    let figures = try TinyRun.fixture().summary().figures
    #expect(
      figures.map(\.name) == [
        "match_vs_compute", "layer_usage_dense", "layer_histogram_dense", "layer_usage_mole",
        "layer_histogram_mole",
      ])
    for figure in figures {
      let words = try #require(texts(ofXML: figure.svg), "\(figure.name)")
      #expect(!words.isEmpty)
      let png = try SVGRenderer.png(svg: figure.svg)
      #expect(png.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
    }
  }

  @Test("the heat map shows each share, the tasks and the mean")
  func drawsHeatmap() throws {
    let figures = try TinyRun.fixture().summary().figures
    let figure = try #require(figures.first { $0.name == "layer_usage_mole" })
    let words = try #require(texts(ofXML: figure.svg))
    for expected in ["pour", "push", "mean over tasks", "33", "50", "100", "executed, %"] {
      #expect(words.contains(expected), "\(expected)")
    }
  }

  @Test("a hostile name is text in every figure and every table, and no path")
  func escapesHostileNames() throws {
    let task = "<script>alert('x')</script>&\"]]>\u{0}\u{1B}"
    let method = "../../<b>&\""
    var outcomes = Array(TinyRun.outcomes[3...])
    for index in outcomes.indices {
      outcomes[index].method = method
      outcomes[index].episode.task = task
      outcomes[index].episode.name += "-\(index)"
    }
    let run = try RunFixture(
      manifest: .sample(methods: [method], tasks: [task]), outcomes: outcomes)
    let summary = try run.summary()
    for figure in summary.figures {
      let words = try #require(texts(ofXML: figure.svg), "\(figure.name)")
      #expect(!figure.svg.contains("<script") && !figure.svg.contains("<b>"))
      #expect(!figure.name.contains("/") && !figure.name.contains("<"))
      #expect(!words.contains("alert('x')"))
      #expect(try SVGRenderer.png(svg: figure.svg).count > 1000)
    }
    let markdown = MainTable.table(summary).markdown()
    #expect(!markdown.contains("<script") && markdown.contains("&lt;script&gt;"))
  }

  @Test("methods whose names differ in signs alone have a file each")
  func separatesFileNames() throws {
    let run = try RunFixture(
      manifest: .sample(methods: ["mod:0.5", "mod/0.5", "MOD-0.5"]), outcomes: [])
    let names = try run.summary().figures.map(\.name)
    #expect(Set(names.map { $0.lowercased() }).count == names.count)
  }

  @Test("a figure of very many tasks has a smaller picture instead of none")
  func shrinksHugeFigures() throws {
    let run = try RunFixture(
      manifest: .sample(methods: ["mole"], tasks: (0..<300).map { "task_\($0)" }), outcomes: [])
    let figures = try run.summary().figures
    let histogram = try #require(figures.first { $0.name == "layer_histogram_mole" })
    #expect(histogram.height * 2 > Double(SVGRenderer.largestSide))
    #expect(try SVGRenderer.png(svg: histogram.svg, scale: histogram.pictureScale).count > 1000)
    #expect(figures.first?.pictureScale == 2)
  }

  @Test(
    "a run of any size is drawn",
    arguments: [(0, 0, 0), (1, 0, 4), (1, 1, 1), (6, 10, 32), (2, 25, 80)])
  func drawsAnySize(methodCount: Int, taskCount: Int, layerCount: Int) throws {
    let methods = (0..<methodCount).map { "method-\($0)" }
    let tasks = (0..<taskCount).map { "take_umbrella_out_of_umbrella_stand_\($0)" }
    let outcomes = methods.flatMap { method in
      tasks.map { task in
        EpisodeOutcome.sample(
          method, task, 0,
          [
            .sample(
              match: true, position: 0, rotation: 0, gripper: true,
              layers: [Float](repeating: 0.3, count: layerCount))
          ])
      }
    }
    let run = try RunFixture(
      manifest: .sample(methods: methods, tasks: tasks, layerCount: layerCount),
      outcomes: outcomes)
    for figure in try run.summary().figures {
      #expect(texts(ofXML: figure.svg) != nil, "\(figure.name)")
      #expect(try SVGRenderer.png(svg: figure.svg).count > 1000)
    }
  }
}
