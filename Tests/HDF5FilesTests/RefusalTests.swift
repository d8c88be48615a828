import Failures
import Foundation
import HDF5Files
import Testing

@Suite("Refusing what is not, or not only, a file of numbers")
struct RefusalTests {
  @Test(
    "nothing outside the file is read", arguments: ["link", "through", "external", "virtual"])
  func outside(path: String) throws {
    let file = try HDF5File(reading: fixture("outside.h5"))
    let error = explainedError { _ = try file.read(path, as: Double.self) }
    #expect(error?.kind == .badData)
    switch error as? HDF5Error {
    case .refusedLink, .refusedStorage: break
    default: Issue.record("\(String(describing: error))")
    }
  }

  @Test("links that lead through each other are given up soon", .timeLimit(.minutes(10)))
  func tangledLinks() throws {
    let file = try HDF5File(reading: fixture("links.h5"))
    #expect(try file.read("short", as: Double.self) == [0, 1, 2, 3])
    #expect(try file.read("tangle0/data", as: Double.self) == [0, 1, 2, 3])
    let error = explainedError { _ = try file.read("tangle7/data", as: Double.self) }
    guard case .refusedLink = error as? HDF5Error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("a claimed size is compared before memory is reserved")
  func greedy() throws {
    let file = try HDF5File(reading: fixture("greedy.h5"))
    for path in ["rows", "overflow", "chunk"] {
      let rows = path == "chunk" ? [0] : nil
      let error = explainedError { _ = try file.read(path, as: Double.self, rows: rows) }
      guard case .tooLarge = error as? HDF5Error else {
        Issue.record("\(path): \(String(describing: error))")
        continue
      }
    }
    #expect(try file.read("rows", as: Double.self, rows: [7], limit: 1 << 24).count == 1 << 20)
  }

  @Test("a filter that we do not know is named")
  func filter() throws {
    let file = try HDF5File(reading: fixture("greedy.h5"))
    let error = explainedError { _ = try file.read("filter", as: Float.self) }
    #expect(error?.description.contains("lzf") == true)
  }

  @Test("records, groups and rows that are not there are refused")
  func wrongKinds() throws {
    let file = try HDF5File(reading: fixture("types_earliest.h5"))
    for path in ["records", "deep", "nothing", "texts/fixed"] {
      let error = explainedError { _ = try file.read(path, as: Double.self) }
      #expect(error?.kind == .badData)
      #expect(error.map(isOneSentence) == true)
    }
    #expect(throws: HDF5Error.self) { try file.names(in: "numbers/scalar") }
    #expect(throws: HDF5Error.self) { try file.read("numbers/scalar", as: Float.self, rows: [0]) }
    #expect(throws: HDF5Error.self) {
      try file.read("numbers/little/f4", as: Float.self, rows: [5, 6])
    }
  }

  @Test("what is no HDF5 file is called so")
  func notHDF5() throws {
    try withTemporaryFolder { folder in
      let missing = folder.appendingPathComponent("none.h5")
      #expect(explainedError { _ = try HDF5File(reading: missing) }?.kind == .missingInput)
      #expect(explainedError { _ = try HDF5File(reading: folder) }?.kind == .missingInput)
      for (name, text) in [("empty.h5", ""), ("text.h5", "this is no HDF5 file")] {
        let url = folder.appendingPathComponent(name)
        try Data(text.utf8).write(to: url)
        let error = explainedError { _ = try HDF5File(reading: url) }
        #expect(error?.kind == .badData)
        #expect(error.map(isOneSentence) == true)
      }
    }
  }

  @Test("a folder that is not there cannot be written into")
  func cannotWrite() throws {
    let url = URL(fileURLWithPath: "/nonexistent/folder/a.h5")
    #expect(explainedError { _ = try HDF5File(creating: url) }?.kind == .cannotWrite)
  }
}
