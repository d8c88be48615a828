import Foundation
import HDF5Files
import Testing

@Suite("Writing and reading back")
struct RoundTripTests {
  private func write(_ url: URL) throws {
    let file = try HDF5File(creating: url)
    try file.createGroup("data/demo_0/obs")
    try file.createDataset("data/demo_0/actions", of: .float32, shape: [3, 2])
    try file.write([1, 2, 3, 4, 5, 6] as [Float], to: "data/demo_0/actions")
    try file.createDataset(
      "data/demo_0/obs/rgb", of: .uint8, shape: [3, 2, 2, 3], chunk: [1, 2, 2, 3],
      compression: 4)
    for frame in 0..<3 {
      try file.write(
        [UInt8](repeating: UInt8(frame), count: 12), to: "data/demo_0/obs/rgb", fromRow: frame)
    }
    try file.writeStrings(["demo_0", "demo_10"], to: "mask/train")
    try file.writeStrings([], to: "mask/valid")
    for (name, value) in values { try file.writeAttribute(name, value, to: "data") }
    try file.flush()
  }

  private let values: [String: HDF5Value] = [
    "text": .text("grüße"), "empty": .text(""), "integer": .integer(-5), "real": .real(0.5),
    "seed": .unsigned(.max), "integers": .integers([1, -2]), "reals": .reals([0.5]),
    "texts": .texts(["a", "", "ccc"]),
  ]

  @Test("everything comes back")
  func roundTrip() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("a.h5")
      try write(url)
      let file = try HDF5File(reading: url)
      #expect(try file.read("data/demo_0/actions", as: Float.self) == [1, 2, 3, 4, 5, 6])
      #expect(
        try file.read("data/demo_0/obs/rgb", as: UInt8.self, rows: [2])
          == [UInt8](repeating: 2, count: 12))
      #expect(try file.readStrings("mask/train") == ["demo_0", "demo_10"])
      #expect(try file.readStrings("mask/valid") == [])
      for (name, value) in values {
        #expect(try file.attribute(name, of: "data") == value, "\(name)")
      }
      #expect(try file.dataset(at: "data/demo_0/obs/rgb").filters == ["gzip"])
    }
  }

  @Test("equal content gives equal bytes")
  func determinism() throws {
    try withTemporaryFolder { folder in
      let urls = ["a.h5", "b.h5"].map { folder.appendingPathComponent($0) }
      let orderedFiles = try urls.map { url in
        let file = try HDF5File(creating: url)
        try file.createDataset("data/x", of: .float64, shape: [2], chunk: [1], compression: 1)
        try file.write([1.5, 2.5], to: "data/x")
        try file.writeAttribute("name", .text("x"), to: "data")
        try file.flush()
        return url
      }
      #expect(try Data(contentsOf: orderedFiles[0]) == Data(contentsOf: orderedFiles[1]))
    }
  }

  @Test("rows that do not fit are refused")
  func misfit() throws {
    try withTemporaryFolder { folder in
      let file = try HDF5File(creating: folder.appendingPathComponent("a.h5"))
      try file.createDataset("x", of: .float32, shape: [2, 3])
      #expect(throws: HDF5Error.self) { try file.write([1, 2] as [Float], to: "x") }
      #expect(throws: HDF5Error.self) {
        try file.write([1, 2, 3] as [Float], to: "x", fromRow: 2)
      }
      #expect(throws: HDF5Error.self) { try file.createDataset("x", of: .int8, shape: [1]) }
    }
  }
}
