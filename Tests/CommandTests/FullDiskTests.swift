import Foundation
import Outcomes
import Testing

@Suite(
  "A run survives a disk",
  .enabled(if: SmallDisk.isPossible, "mounting a small disk is not allowed here"),
  .timeLimit(.minutes(10)), .serialized)
struct FullDiskTests {
  /// A replay whose lines are long: three of about 6 kB.
  private static let replay = [
    "eval", "--demos", "close_jar.hdf5", "--methods", "oracle", "--out", "disk/run",
  ]

  private func withLongLines(
    kilobytes: Int, _ body: (Workplace, SmallDisk) throws -> Void
  ) throws {
    try withWorkplace { place in
      try place.writeDemonstrations(seed: 1, keyframes: 12)
      try SmallDisk.with(kilobytes: kilobytes, in: place) { try body(place, $0) }
    }
  }

  @Test("that is full from the beginning: 73, and nothing is left")
  func full() throws {
    try withLongLines(kilobytes: 8) { place, _ in
      try place.write([UInt8](repeating: 1, count: 8 << 10), to: "disk/filler")
      try place.expectRefusal(
        Self.replay, exitCode: 73, containing: "No space left on device", "a full disk")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: place.url("disk").path) == ["filler"])
    }
  }

  @Test("that runs full at any moment: 73, whole lines, and with more room it goes on")
  func fills() throws {
    var whole: [EpisodeOutcome] = []
    try withLongLines(kilobytes: 4096) { place, _ in
      try place.expectFine(Self.replay)
      whole = try place.timelessLines("disk/run")
    }
    #expect(whole.count == 3)
    // From no room for the plan, over no room for a line, to no room for a figure.
    for kilobytes in [4, 8, 12, 16, 20, 24, 28, 36, 44, 64, 96] {
      try withLongLines(kilobytes: kilobytes) { place, disk in
        let result = try place.run(Self.replay)
        #expect(result.exitCode == 73, "\(kilobytes) kB: \(result.messages)")
        #expect(result.messages.contains("No space left on device"), "\(result.messages)")
        let journal = (try? Data(contentsOf: place.file("disk/run", RunFile.journal))) ?? Data()
        #expect(journal.isEmpty || journal.last == UInt8(ascii: "\n"))
        #expect(
          try place.timelessLines("disk/run") == Array(whole.prefix(place.wholeLines("disk/run"))))
        let left = try FileManager.default.subpathsOfDirectory(atPath: place.url("disk").path)
        #expect(!left.contains { $0.hasSuffix(".partial") })
        let isStarted = place.exists("disk/run/run.json")
        #expect(isStarted || left.isEmpty, "\(left)")

        #expect(disk.remount("size=4096k"))
        try place.expectFine(isStarted ? ["eval", "--resume", "disk/run"] : Self.replay)
        #expect(try place.timelessLines("disk/run") == whole)
        #expect(place.exists("disk/run/summary.json"))
      }
    }
  }

  @Test("that can only be read: 73 for whoever writes, and a report elsewhere")
  func readOnly() throws {
    try withLongLines(kilobytes: 4096) { place, disk in
      try place.expectFine(Self.replay)
      try place.cut("disk/run", afterLines: 1, andBytes: 10)
      #expect(disk.remount("ro"))
      for arguments in [
        Self.replay.dropLast() + ["disk/new"], ["eval", "--resume", "disk/run"],
        ["report", "disk/run"],
      ] {
        try place.expectRefusal(
          Array(arguments), exitCode: 73, containing: "Read-only file system", "\(arguments)")
      }
      try place.expectFine(["report", "disk/run", "--out", "report"])
    }
  }
}
