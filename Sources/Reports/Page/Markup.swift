internal import Files

/// A piece of an HTML document; what comes from outside gets into it as escaped text alone.
struct Markup {
  private(set) var html: String

  /// Nothing.
  static let none = Markup(trusted: "")

  /// Text as it is read, on one line.
  init(_ text: String) { html = XMLText.escaped(text.visible) }

  /// What we wrote ourselves.
  init(literal: StaticString) { html = literal.description }

  /// What we made and escaped elsewhere, such as a drawing.
  init(trusted html: String) { self.html = html }

  /// An element with its attributes, in order, and what is in it.
  init(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>, _ content: [Markup]
  ) {
    let written = attributes.map { " \($0.key)=\"\(XMLText.escaped($0.value.visible))\"" }.joined()
    html = "<\(name)\(written)>" + content.map(\.html).joined() + "</\(name)>"
  }

  init(_ name: StaticString, _ content: [Markup]) { self.init(name, [:], content) }

  /// An element that holds text.
  init(
    _ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>, _ text: String
  ) {
    self.init(name, attributes, [Markup(text)])
  }

  init(_ name: StaticString, _ text: String) { self.init(name, [:], [Markup(text)]) }

  static func + (left: Markup, right: Markup) -> Markup {
    Markup(trusted: left.html + right.html)
  }

  /// A list with bullets; nothing where there are no entries.
  static func list(_ entries: [Markup], class name: String) -> Markup {
    entries.isEmpty ? .none : Markup("ul", ["class": name], entries.map { Markup("li", [$0]) })
  }
}

extension [Markup] {
  /// One after the other, each on a line of its own.
  var joined: Markup { Markup(trusted: map(\.html).joined(separator: "\n")) }
}
