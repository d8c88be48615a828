internal import Files
internal import Foundation
internal import FoundationXML

/// An element of an XML text, with the line that it stands in.
struct Markup: Equatable, Sendable {
  var name: String
  /// In the file's order.
  var attributes: [Attribute] = []
  var children: [Markup] = []
  var line = 0

  struct Attribute: Equatable, Sendable {
    var name: String
    var value: String
  }

  /// An attribute's value; setting `nil` removes it.
  subscript(_ name: String) -> String? {
    get { attributes.first { $0.name == name }?.value }
    set {
      let index = attributes.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let value?): attributes[index].value = value
      case (let index?, nil): attributes.remove(at: index)
      case (nil, let value?): attributes.append(Attribute(name: name, value: value))
      case (nil, nil): break
      }
    }
  }

  /// This element and all below it.
  var elementCount: Int { children.reduce(1) { $0 + $1.elementCount } }

  /// Calls `body` for this element and all below it, from the top.
  func visit<Problem: Error>(_ body: (Markup) throws(Problem) -> Void) throws(Problem) {
    try body(self)
    for child in children { try child.visit(body) }
  }

  /// Changes this element and all below it, from the top.
  mutating func update(_ body: (inout Markup) -> Void) {
    body(&self)
    for index in children.indices { children[index].update(body) }
  }

  /// The element as XML, two blanks a level.
  func text(depth: Int = 0) -> String {
    let indent = String(repeating: " ", count: 2 * depth)
    let start = attributes.reduce("\(indent)<\(name)") {
      $0 + " \($1.name)=\"\(XMLText.escaped($1.value))\""
    }
    guard !children.isEmpty else { return start + "/>\n" }
    return start + ">\n" + children.map { $0.text(depth: depth + 1) }.joined()
      + "\(indent)</\(name)>\n"
  }

  /// The element whose start is in this line of `text()`, counted from 1, with its ancestors, the
  /// outermost first; empty when there is none.
  func elements(atTextLine number: Int) -> [Markup] {
    var rest = number - 1
    return path(after: &rest) ?? []
  }

  /// - Parameter rest: The lines before the one that is looked for; counts down.
  private func path(after rest: inout Int) -> [Markup]? {
    // A character reference may put line breaks into a value.
    let breaks = attributes.reduce(0) { $0 + $1.value.count(where: \.isNewline) }
    guard rest > breaks else { return [self] }
    rest -= 1 + breaks
    for child in children {
      if let found = child.path(after: &rest) { return [self] + found }
    }
    if !children.isEmpty { rest -= 1 }
    return nil
  }
}

extension Markup {
  /// The most elements of a file, and how deep they may be nested.
  static let elementLimit = 5000
  static let depthLimit = 60

  /// Reads an XML text.
  ///
  /// Document types, entities and processing instructions are refused; MuJoCo gets the text that
  /// is written of this tree, so it sees what was checked.
  static func read(_ text: String, path: String) throws(TaskError) -> Markup {
    for mark in ["<!DOCTYPE", "<!ENTITY", "<![CDATA["] {
      guard let place = text.range(of: mark) else { continue }
      let line = 1 + text[..<place.lowerBound].count(where: \.isNewline)
      throw .refusedScene(path: path, line: line, problem: "'\(mark)' is not allowed")
    }
    let parser = XMLParser(data: Data(text.utf8))
    parser.shouldResolveExternalEntities = false
    let reader = MarkupReader()
    parser.delegate = reader
    let succeeded = parser.parse()
    if let problem = reader.problem {
      throw .refusedScene(path: path, line: parser.lineNumber, problem: problem)
    }
    guard succeeded, let root = reader.root else {
      throw .refusedScene(
        path: path, line: max(1, parser.lineNumber), problem: "it is no well-formed XML")
    }
    return root
  }
}

/// Builds the tree while the text is parsed.
private final class MarkupReader: NSObject, XMLParserDelegate {
  var root: Markup?
  var problem: String?
  private var open: [Markup] = []
  private var count = 0

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String] = [:]
  ) {
    count += 1
    if count > Markup.elementLimit || open.count >= Markup.depthLimit {
      problem = "it has more elements than a scene may have, or they are nested too deeply"
      parser.abortParsing()
      return
    }
    // The parser forgets the order; any fixed one will do.
    let sorted = attributes.sorted { $0.key < $1.key }.map {
      Markup.Attribute(name: $0.key, value: $0.value)
    }
    open.append(Markup(name: name, attributes: sorted, line: parser.lineNumber))
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    guard let element = open.popLast() else { return }
    if open.isEmpty {
      root = element
    } else {
      open[open.count - 1].children.append(element)
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    guard string.contains(where: { !$0.isWhitespace }) else { return }
    problem = "it has text between its elements"
    parser.abortParsing()
  }
}
