internal import Files

/// A part of the page under a heading.
struct PageSection {
  /// Unique in the page: letters, digits and hyphens.
  var id: String
  var title: String
  var content: [Markup]

  var markup: Markup {
    Markup(
      "section", ["id": id, "aria-labelledby": "\(id)-title"],
      [[Markup("h2", ["id": "\(id)-title"], title)], content].flatMap(\.self).map {
        $0 + Markup(literal: "\n")
      })
  }
}

/// The document around the sections: head, landmarks, style and script.
struct PageFrame {
  var title: String
  var subtitle: String
  var sections: [PageSection]
  var tasks: [String]

  private static let style = String(decoding: PackageResources.page_css, as: UTF8.self)
  private static let script = String(decoding: PackageResources.page_js, as: UTF8.self)

  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="\(PageFrame.policy)">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="generator" content="mole report">
    \(Markup("title", title).html)
    <link rel="icon" href="data:,">
    <style>
    \(PageFrame.style)</style>
    </head>
    <body>
    <a class="skip" href="#answer">Skip to the answer</a>
    \(header.html)
    \(navigation.html)
    <main>
    \(sections.map(\.markup.html).joined(separator: "\n"))
    </main>
    <footer><p>Written by <code>mole report</code>. One file; it loads nothing.</p></footer>
    <script>
    \(PageFrame.script)</script>
    </body>
    </html>

    """
  }

  /// Nothing is fetched, whatever a run's texts try.
  private static let policy =
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline';"
    + " base-uri 'none'; form-action 'none'"

  private var header: Markup {
    Markup(
      "header",
      [
        Markup("h1", title), Markup("p", subtitle),
        // The script shows them where it runs.
        Markup("div", ["id": "controls", "class": "controls", "hidden": ""], [filter, theme]),
      ])
  }

  private var filter: Markup {
    let options = tasks.map { Markup("option", ["value": $0], $0) }
    return Markup(
      "label",
      [
        Markup("Task "),
        Markup(
          "select", ["id": "task-filter"],
          [Markup("option", ["value": ""], "all tasks")] + options),
      ])
  }

  private var theme: Markup {
    Markup(
      "label",
      [
        Markup("Colours "),
        Markup(
          "select", ["id": "theme"],
          [("", "as the system"), ("light", "light"), ("dark", "dark")].map {
            Markup("option", ["value": $0.0], $0.1)
          }),
      ])
  }

  private var navigation: Markup {
    Markup(
      "nav", ["aria-label": "Contents"],
      [
        Markup(
          "ul",
          sections.map { Markup("li", [Markup("a", ["href": "#\($0.id)"], $0.title)]) })
      ])
  }
}
