import Foundation
import HDF5Files
import Synchronization
import Testing

/// Files by h5py in the oldest format and in that of HDF5 1.10.
let typeFiles = ["types_earliest.h5", "types_v110.h5"]

@Suite("Reading what h5py wrote")
struct ReadingTests {
  private let ramp = (0..<24).map(Double.init)

  @Test("numbers of every type and byte order are read as reals", arguments: typeFiles)
  func everyType(name: String) throws {
    let file = try HDF5File(reading: fixture(name))
    for order in ["little", "big"] {
      for kind in ["f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"] {
        let path = "numbers/\(order)/\(kind)"
        #expect(try file.read(path, as: Double.self) == ramp, "\(path)")
        #expect(try file.read(path, as: Float.self) == ramp.map(Float.init), "\(path)")
        #expect(try file.dataset(at: path).shape == [6, 4])
      }
    }
    #expect(try file.read("numbers/half", as: Float.self) == ramp.map { Float($0 / 2) })
  }

  @Test("integers are read as integers that hold them, and only as those", arguments: typeFiles)
  func integers(name: String) throws {
    let file = try HDF5File(reading: fixture(name))
    #expect(try file.read("numbers/big/u2", as: Int32.self) == ramp.map { Int32($0) })
    #expect(try file.read("numbers/negative", as: Int64.self) == [-3, 4])
    #expect(try file.read("numbers/truth", as: UInt8.self) == [1, 0, 1])
    #expect(throws: HDF5Error.self) { try file.read("numbers/negative", as: UInt8.self) }
    #expect(throws: HDF5Error.self) { try file.read("numbers/little/i8", as: UInt8.self) }
    #expect(throws: HDF5Error.self) { try file.read("numbers/little/u8", as: Int64.self) }
    #expect(throws: HDF5Error.self) { try file.read("numbers/little/f4", as: Int64.self) }
  }

  @Test("a scalar has no extents and an empty array no elements", arguments: typeFiles)
  func extremes(name: String) throws {
    let file = try HDF5File(reading: fixture(name))
    #expect(try file.read("numbers/scalar", as: Double.self) == [2.5])
    #expect(try file.dataset(at: "numbers/scalar").shape == [])
    #expect(try file.read("numbers/empty", as: Float.self) == [])
    #expect(try file.dataset(at: "numbers/empty").shape == [0, 4])
  }

  @Test("some rows of packed data are read alone", arguments: typeFiles)
  func packedRows(name: String) throws {
    let file = try HDF5File(reading: fixture(name))
    for path in ["packed/gzip", "packed/gzip_shuffle", "packed/checksum"] {
      #expect(try file.read(path, as: Double.self) == ramp)
      let rows = try file.read(path, as: Double.self, rows: [0, 2, 3, 5])
      #expect(rows == [0, 8, 12, 20].flatMap { start in (0..<4).map { Double(start + $0) } })
      #expect(try file.read(path, as: Double.self, rows: []) == [])
    }
    let facts = try file.dataset(at: "packed/gzip_shuffle")
    #expect(facts.filters == ["shuffle", "gzip"])
    #expect(facts.chunk == [2, 3])
    #expect(facts.type.description == "float32 (big-endian)")
  }

  @Test("texts of fixed and variable length are read", arguments: typeFiles)
  func texts(name: String) throws {
    let file = try HDF5File(reading: fixture(name))
    #expect(try file.readStrings("texts/variable") == ["reach", "", "grüße", "日本"])
    #expect(try file.readStrings("texts/fixed") == ["demo_0", "demo_12"])
    #expect(try file.readStrings("texts/ascii") == ["a", "bc"])
    #expect(try file.readStrings("texts/padded") == ["ab", "abcdef"])
    #expect(throws: HDF5Error.self) { try file.readStrings("numbers/scalar") }
    #expect(throws: HDF5Error.self) { try file.read("texts/fixed", as: Double.self) }
  }

  @Test("attributes are read as what they are", arguments: typeFiles)
  func attributes(name: String) throws {
    let file = try HDF5File(reading: fixture(name))
    let expected: [String: HDF5Value] = [
      "text": .text("grasp the cup"), "bytes": .text("plain"), "integer": .integer(42),
      "negative": .integer(-7), "large": .unsigned(.max), "real": .real(0.25),
      "truth": .integer(1), "reals": .reals([1, 2, 3, 4]), "integers": .integers([1, 2, 3]),
      "texts": .texts(["a", "bb"]),
    ]
    #expect(try file.attributeNames(of: "attributes") == expected.keys.sorted())
    for (name, value) in expected {
      #expect(try file.attribute(name, of: "attributes") == value, "\(name)")
    }
    #expect(try file.attribute("none", of: "attributes") == nil)
  }

  @Test("names, kinds and links within the file are followed", arguments: typeFiles)
  func walking(name: String) throws {
    let file = try HDF5File(reading: fixture(name))
    #expect(try file.names(in: "deep/a") == ["b"])
    #expect(try file.node(at: "deep/a/b") == .group)
    #expect(try file.node(at: "/deep//a/b/c") == .dataset)
    #expect(try file.node(at: "deep/a/z") == nil)
    #expect(try file.node(at: "deep/a/b/c/d") == nil)
    #expect(try file.read("links/inside", as: Double.self) == [2.5])
    #expect(try file.read("links/relative", as: Double.self) == [2.5])
    #expect(try file.node(at: "links/dangling") == nil)
    #expect(throws: HDF5Error.self) { try file.node(at: "links/circle") }
  }

  @Test("several threads may read one file")
  func threads() async throws {
    let file = try HDF5File(reading: fixture(typeFiles[0]))
    let sums = OperationSums()
    DispatchQueue.concurrentPerform(iterations: 64) { _ in
      let values = (try? file.read("packed/gzip", as: Double.self)) ?? []
      sums.add(values.reduce(0, +))
    }
    #expect(sums.values == [Double](repeating: 276, count: 64))
  }
}

/// Collects from several threads.
private final class OperationSums: Sendable {
  private let state = Mutex<[Double]>([])
  var values: [Double] { state.withLock { $0 } }
  func add(_ value: Double) { state.withLock { $0.append(value) } }
}
