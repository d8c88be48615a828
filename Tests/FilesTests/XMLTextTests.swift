import Files
import Testing

@Suite("Text in XML")
struct XMLTextTests {
  @Test(
    "what XML takes for structure is escaped",
    arguments: [
      ("a < b & \"c\" > d", "a &lt; b &amp; &quot;c&quot; &gt; d"), ("", ""), ("Käse", "Käse"),
    ])
  func escapes(text: String, expected: String) {
    #expect(XMLText.escaped(text) == expected)
  }

  @Test("an accent on a quote or a bracket does not hide it", arguments: ["\"", "<", "&", ">"])
  func combining(mark: String) {
    let escaped = XMLText.escaped(mark + "\u{301} x")
    #expect(!escaped.unicodeScalars.contains { $0 == "\"" || $0 == "<" || $0 == ">" })
    #expect(escaped.unicodeScalars.contains(";"))
  }
}
