import Failures
import Foundation
import Gates
import Outcomes
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("What a gate prints")
struct OutputTests {
  private func report() throws -> GateReport {
    try PlantedPair.rollouts([
      ("bad <\"1\">", [10, 30, 0, 10]), ("good", [10, 0, 30, 10]), ("even", [190, 3, 3, 4]),
    ]).judged()
  }

  @Test("every sentence stands in the table, the Markdown and the JUnit file")
  func sentences() throws {
    let report = try report()
    #expect(report.sentences.count == report.findings.count && report.findings.count == 7)
    let xml = try document(report)
    for sentence in report.sentences {
      #expect(xml.contains(sentence), "\(sentence)")
      let words = try report.rendered(as: .table, width: 1000)
      #expect(words.contains(sentence), "\(sentence)")
    }
    let table = try report.rendered(as: .table, width: 1000)
    let place = { (words: String) in table.range(of: words)?.lowerBound }
    let (first, second) = (
      try #require(place(report.sentences[1])), try #require(place(report.sentences[0]))
    )
    // The task that regressed is named before all tasks together, of which that cannot be told.
    #expect(first < second)
    #expect(try report.rendered(as: .markdown).hasPrefix("### Regressed: 'new' against 'base'"))
  }

  /// All texts of the JUnit file, decoded by an XML parser.
  private func document(_ report: GateReport) throws -> String {
    let reader = XMLReader()
    let parser = XMLParser(data: Data(try report.rendered(as: .junit).utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(parser.parserError.debugDescription)")
    return reader.text
  }

  @Test("JUnit counts what keeps the gate shut")
  func junit() throws {
    let text = try report().rendered(as: .junit)
    #expect(
      text.contains("<testsuites name=\"mole compare\" tests=\"7\" failures=\"2\" errors=\"0\""))
    #expect(
      text.contains("<failure type=\"regressed\" message=\"bad &lt;&quot;1&quot;&gt; regressed"))
    var broken = PlantedPair.alike()
    broken.candidate.outcomes[1].seed = 1
    broken.candidate.outcomes.removeLast()
    let errors = try broken.judged().rendered(as: .junit)
    #expect(errors.contains("tests=\"2\" failures=\"0\" errors=\"2\""))
    #expect(errors.contains("<error type=\"not_paired\""))
  }

  @Test("a refusal that no episode is to blame for is in every format, and an error in JUnit")
  func refusals() throws {
    var pair = PlantedPair.alike()
    pair.base.manifest.status = .running
    let report = try pair.judged()
    #expect(report.outcome == .notPaired && report.faults.isEmpty && report.missing.isEmpty)
    #expect(try report.rendered(as: .junit).contains("tests=\"1\" failures=\"0\" errors=\"1\""))
    for format in GateFormat.allCases {
      #expect(try report.rendered(as: format).contains("is not complete"), "\(format)")
    }
  }

  @Test("JSON holds all of the report and reads back as it")
  func json() throws {
    let report = try report()
    let data = Data(try report.rendered(as: .json).utf8)
    #expect(try JSONDecoder().decode(GateReport.self, from: data) == report)
  }

  @Test("CSV has a row a finding, with numbers in base units")
  func csv() throws {
    let lines = try report().rendered(as: .csv).split(separator: "\r\n")
    #expect(lines.count == 8)
    #expect(lines[0].hasPrefix("check,method,task,pairs,base,candidate,effect,lower,upper,margin"))
    #expect(lines[1].hasPrefix("success_at_end,mole,all,300,0.81") == true, "\(lines[1])")
  }

  @Test("files appear whole, and a step's summary keeps what it had")
  func files() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let report = try report()
    let (file, summary) = (folder.appending(path: "gate.xml"), folder.appending(path: "summary.md"))
    try report.write(to: file.path, as: .junit)
    #expect(
      try String(contentsOf: file, encoding: .utf8) == report.rendered(as: .junit))
    try Data("before\n".utf8).write(to: summary)
    try report.append(toStepSummary: summary.path)
    let text = try String(contentsOf: summary, encoding: .utf8)
    #expect(text.hasPrefix("before\n") && text.contains("### Regressed"))
    let error = #expect(throws: GateError.self) {
      try report.write(to: folder.appending(path: "none/gate.xml").path, as: .junit)
    }
    #expect(error?.kind == .cannotWrite)
  }
}

/// The messages of a JUnit file.
private final class XMLReader: NSObject, XMLParserDelegate {
  var text = ""

  func parser(
    _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    text += (attributes["message"] ?? "") + "\n"
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    text += string
  }
}
