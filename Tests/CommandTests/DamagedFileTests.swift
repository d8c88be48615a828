import Foundation
import Testing

@Suite("Damaged files")
struct DamagedFileTests {
  @Test(
    "are refused with one sentence and the right exit code, and nothing is left",
    arguments: FileReader.demonstrations + FileReader.imports)
  func demonstrations(reader: FileReader) throws {
    try damage(reader)
  }

  @Test(
    "of a checkpoint are refused with one sentence and the right exit code",
    arguments: FileReader.checkpoints)
  func checkpoints(reader: FileReader) throws {
    try damage(reader)
  }

  @Test(
    "of a plan or a run are refused with one sentence and the right exit code",
    arguments: FileReader.runs)
  func runs(reader: FileReader) throws {
    try damage(reader)
  }

  /// Every kind of damage to one kind of file.
  private func damage(_ reader: FileReader) throws {
    try withWorkplace { place in
      try reader.prepare(place)
      let sound = try Data(contentsOf: place.url(reader.path))
      for damage in Damage.allCases {
        try damage.strike(place.url(reader.path))
        if !reader.harmless.contains(damage) {
          try place.expectRefusal(
            reader.arguments, exitCode: reader.exceptions[damage] ?? damage.exitCode,
            "\(reader.kind), \(damage)")
        }
        try? FileManager.default.removeItem(at: place.url(reader.path))
        try sound.write(to: place.url(reader.path))
      }
    }
  }
}
