import Foundation
import Testing

@Suite("mole help")
struct HelpTests {
  @Test("says what the program is, its commands and its exit codes")
  func root() throws {
    try withWorkplace { place in
      let help = try place.expectFine(["help"])
      #expect(help == (try place.expectFine(["--help"])))
      for word in [
        "eval ", "report ", "demos ", "checkpoint ", "stats ", "65 bad data", "130 interrupted",
      ] {
        #expect(help.contains(word), "\(word)")
      }
      #expect(try place.expectFine(["--version"]).hasPrefix("mole "))
    }
  }

  @Test(
    "of 'eval' shows the flags of a run",
    arguments: [["help", "eval"], ["eval", "--help"], ["eval", "-h"]])
  func eval(arguments: [String]) throws {
    try withWorkplace { place in
      let help = try place.expectFine(arguments)
      for word in ["--demos", "--keep", "(default: 0.5)", "--resume", "eval merge", "mod:0.5"] {
        #expect(help.contains(word), "\(word)")
      }
    }
  }

  @Test(
    "wrong usage is one sentence that names where to find help",
    arguments: [
      (["fly"], "mole: Unexpected argument 'fly'; see 'mole --help'."),
      (
        ["demos", "inspect"],
        "mole: Missing expected argument '<file>'; see 'mole demos inspect --help'."
      ),
      (["--fast"], "mole: Unknown option '--fast'; see 'mole --help'."),
      (
        ["checkpoint", "init", "--preset", "tiny", "--dtype", "f8", "-o", "x"],
        "mole: The value 'f8' is invalid for '--dtype <dtype>'. Please provide one of 'f32', 'f16'"
          + " or 'bf16'; see 'mole checkpoint init --help'."
      ),
      (
        ["demos", "sample", "-o", "x", "--episodes", "0"],
        "mole: '--episodes' must be in 1...10000, but is 0; see 'mole demos sample --help'."
      ),
      (
        [
          "checkpoint", "trace", "x", "--image", "y", "--instruction", "z", "--keep", "7", "-o",
          "w",
        ],
        "mole: '--keep' must be in (0, 1], but is 7.0; see 'mole checkpoint trace --help'."
      ),
    ])
  func usage(arguments: [String], sentence: String) throws {
    try withWorkplace { place in
      let result = try place.run(arguments)
      #expect(result.exitCode == 64)
      #expect(result.messages == sentence + "\n")
      #expect(result.output.isEmpty)
    }
  }
}
