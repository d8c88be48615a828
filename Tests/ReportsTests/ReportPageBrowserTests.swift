import Foundation
import Images
import Manipulation
import Outcomes
import Reports
import Testing

@Suite(
  "The page in a browser",
  .enabled(if: Chromium.path != nil, "no Chromium on the path, nor in MOLE_CHROMIUM"))
struct ReportPageBrowserTests {
  private static let side = 24

  /// Rollout and replay, with pictures, and texts that try to be markup.
  private func page(in folder: URL) throws -> PageFixture {
    var manifest = RunManifest.rollout()
    manifest.plan.imageSize = Self.side
    var outcomes = TinyRollout.outcomes
    outcomes[0].instruction = "</script><script>console.error('hostile')</script>"
    let rollout = try RunFixture(manifest: manifest, outcomes: outcomes)
    let replay = try TinyRun.fixture()
    let strips = folder.appending(path: "strips")
    for outcome in outcomes {
      try StripFixture.write(
        outcome, pictures: outcome.queries.count + 1, side: Self.side, in: strips)
    }
    return try PageFixture(
      [rollout, replay],
      options: PageOptions(pictures: [0: .strips(in: strips, plan: manifest.plan)]))
  }

  private func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  /// What a reader does, and what comes of it, noted in attributes of the page's body.
  private static let reader = """
    <script>
    const note = (key, value) => { document.body.dataset[key] = value; };
    const texts = (selector) =>
      Array.from(document.querySelectorAll(selector), (one) => one.textContent).join("|");
    const viewer = document.getElementById("viewer");
    const press = (key) => viewer.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    const step = () => viewer.querySelector("output").textContent;
    note("start", step());
    press("ArrowRight");
    note("second", step());
    press("End");
    note("end", step());
    press("ArrowRight");
    press("ArrowLeft");
    note("back", step());
    note("cells", viewer.querySelectorAll("table.layers tr.now .cell").length);
    note("pictures", viewer.querySelectorAll(".film img").length);
    note("said", viewer.querySelector(".told q").textContent);
    const heading = document.querySelectorAll("#answer-rollout thead th")[1];
    heading.querySelector("button").click();
    note("sort", heading.getAttribute("aria-sort"));
    note("down", texts("#answer-rollout tbody .method"));
    heading.querySelector("button").click();
    note("up", texts("#answer-rollout tbody .method"));
    const filter = document.getElementById("task-filter");
    filter.value = "push";
    filter.dispatchEvent(new Event("change"));
    note("tasks", texts("#tasks-rollout tbody tr:not([hidden]) th"));
    note("chosen", document.getElementById("viewer-task").value);
    note("wide", document.documentElement.scrollWidth > innerWidth);
    </script>
    """

  /// The notes that `reader` left, by name.
  private func notes(in document: String) throws -> [String: String] {
    let body = try #require(document.firstMatch(of: /<body([^>]*)>/)?.output.1)
    let pairs = body.matches(of: /data-([a-z]+)="([^"]*)"/).map {
      (String($0.output.1), String($0.output.2))
    }
    return Dictionary(pairs, uniquingKeysWith: { $1 })
  }

  @Test(arguments: ["1280,900", "390,844"])
  func `it loads without a word on the console, and does what a reader asks`(
    size: String
  ) throws {
    try withFolder { folder in
      let page = try page(in: folder)
      let html = page.html.replacing("</body>", with: Self.reader + "</body>")
      let (document, messages) = try Chromium.open(
        html, ["--dump-dom", "--window-size=\(size)"], in: folder)
      #expect(!messages.contains("CONSOLE"), "\(messages)")
      for landmark in ["<header", "<nav", "<main", "<footer"] {
        #expect(document.contains(landmark))
      }
      let notes = try notes(in: document)
      #expect(notes["start"] == "step 1 of 2" && notes["second"] == "step 2 of 2")
      #expect(notes["end"] == "the end" && notes["back"] == "step 2 of 2")
      #expect(notes["cells"] == "4" && notes["pictures"] == "3")
      #expect(notes["said"]?.contains("/script") == true)
      #expect(notes["sort"] == "descending")
      #expect(notes["down"] == "dense|mole|home" && notes["up"] == "home|mole|dense")
      #expect(notes["tasks"] == "push" && notes["chosen"] == "push")
      // The page itself never scrolls sideways; wide tables do within their frames.
      #expect(notes["wide"] == "false")
    }
  }

  @Test func `the browser would tell of an error`() throws {
    try withFolder { folder in
      let (_, messages) = try Chromium.open(
        "<script>nothing.here();</script>", ["--dump-dom"], in: folder)
      #expect(messages.contains("CONSOLE") && messages.contains("nothing is not defined"))
    }
  }

  @Test func `a picture of it is not blank, and dark is dark`() throws {
    try withFolder { folder in
      let html = try page(in: folder).html
      let light = try look(at: html, in: folder)
      let dark = try look(
        at: html.replacing("<html lang=\"en\">", with: "<html lang=\"en\" data-theme=\"dark\">")
          .replacing("applyTheme(theme.value);", with: ""), in: folder)
      for image in [light, dark] {
        #expect(image.width == 1000 && image.height == 800)
        #expect(colors(of: image) > 50)
      }
      #expect(brightness(of: light) > 200 && brightness(of: dark) < 70)
    }
  }

  private func look(at html: String, in folder: URL) throws -> RGBImage {
    let file = folder.appending(path: "picture.png")
    _ = try Chromium.open(
      html, ["--screenshot=\(file.path)", "--window-size=1000,800"], in: folder)
    return try PNGFile.read(file)
  }

  private func colors(of image: RGBImage) -> Int {
    Set(
      stride(from: 0, to: image.pixels.count, by: 3).map {
        [image.pixels[$0], image.pixels[$0 + 1], image.pixels[$0 + 2]]
      }
    ).count
  }

  /// The mean of all bytes.
  private func brightness(of image: RGBImage) -> Double {
    Double(image.pixels.reduce(0) { $0 + Int($1) }) / Double(image.pixels.count)
  }
}
