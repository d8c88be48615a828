import Pickles
import Testing

struct PickleValueTests {
  static let samples = ["numpy1", "numpy2"].flatMap { version in
    (0...5).map { "sample_\(version)_p\($0).pkl" }
  }

  private static let expected: [String: String] = [
    "none": "None",
    "truths": "[True, False]",
    "ints": "[0, 1, -1, 255, 256, -129, 65536, 2147483648, -2147483648, 9223372036854775807, "
      + "-9223372036854775808]",
    "huge": "[~1.2089258196146292e+24, ~-1.2089258196146292e+24]",
    "floats": "[0.0, -1.5, 1e+300, 0.1]",
    "text": "['', 'plain', 'Grüße, 世界 🤖', 'a\nb\\c\tu\\u0041', '"
      + String(repeating: "x", count: 300) + "']",
    "bytes": "[bytes[], bytes[0, 255, 10, 39, 34, 92], bytes\((0..<512).map { $0 % 256 })]",
    "bytearray": "bytes[97, 98, 99, 254]",
    "tuples": "[(), (1), (1, 2), (1, 2, 3), (1, 2, 3, 4)]",
    "set": "{7}",
    "frozenset": "{8}",
    "ordered": "{'b': 1, 'a': 2}",
    "shared": "[[1, 2], [1, 2]]",
    "f8": "array[2, 3][0.0, 0.25, 0.5, 0.75, 1.0, 1.25]",
    "f4": "array[2, 3][0.0, 0.25, 0.5, 0.75, 1.0, 1.25]",
    "f2": "array[2, 3][0.0, 0.25, 0.5, 0.75, 1.0, 1.25]",
    "big": "array[2, 3][0.0, 0.25, 0.5, 0.75, 1.0, 1.25]",
    "big_i2": "array[2][-2.0, 300.0]",
    "fortran": "array[2, 3][0.0, 0.25, 0.5, 0.75, 1.0, 1.25]",
    "cube": "array[2, 3, 4]\((0..<24).map(Double.init))",
    "i1": "array[2][-128.0, 127.0]",
    "u8": "array[2][0.0, 1099511627776.0]",
    "bool": "array[3][1.0, 0.0, 1.0]",
    "empty": "array[0, 3][]",
    "zero_d": "array[][2.5]",
    "scalar_f8": "0.25",
    "scalar_f4": "0.5",
    "scalar_i8": "-9",
    "scalar_bool": "True",
    "frozen": "array[2, 3][0.0, 0.25, 0.5, 0.75, 1.0, 1.25]",
    "noncontiguous": "array[2, 2][0.0, 0.5, 0.75, 1.25]",
  ]

  @Test("every protocol and both of NumPy's module names give Python's values", arguments: samples)
  func values(name: String) throws {
    let value = try Unpickler.load(pickle("\(name)"))
    for (key, shown) in PickleValueTests.expected {
      #expect(value[key]?.shown == shown, "\(key)")
    }
    guard case .dict(let entries) = value else {
      Issue.record("the sample is no dictionary")
      return
    }
    #expect(entries.count == PickleValueTests.expected.count)
  }

  @Test("a pickle that would run something is refused by the name of what it would run")
  func forbidden() throws {
    let cases = [
      ("system_p0", "posix", "system"), ("system_p2", "posix", "system"),
      ("system_p4", "posix", "system"), ("instance", "os", "system"),
      ("eval", "builtins", "eval"), ("getattr", "__builtin__", "getattr"),
    ]
    for (file, module, name) in cases {
      let bytes = try pickle("\(file).pkl")
      let fault = #expect(throws: PickleFault.self) { try Unpickler.load(bytes) }
      #expect(fault?.forbiddenName == "\(module).\(name)", "\(file)")
    }
  }

  /// BINPERSID of a text, and of PyTorch's symbol and record.
  @Test("what lies outside, symbols and records are read where the reader allows them, never else")
  func vocabulary() throws {
    let outside = Array("X\u{1}\0\0\0aQ.".utf8)
    let words = PickleVocabulary.numPy.allowingExternalValues()
      .allowing(symbols: ["float32"], of: "torch").allowing(records: ["device"], of: "torch")
      .allowing(tuple: "Size", of: "torch")
    #expect(try Unpickler.load(outside, vocabulary: words).shown == "<'a'>")
    #expect(throws: PickleFault.unsupported("the instruction 'binpersid'")) {
      try Unpickler.load(outside)
    }
    let symbol = Array("ctorch\nfloat32\n.".utf8)
    #expect(try Unpickler.load(symbol, vocabulary: words).shown == "torch.float32")
    #expect(throws: PickleFault.self) { try Unpickler.load(symbol) }
    let called = Array("ctorch\nfloat32\n)R.".utf8)
    #expect(throws: PickleFault.wrongOperand("the call of 'torch.float32'")) {
      try Unpickler.load(called, vocabulary: words)
    }
    let size = Array("ctorch\nSize\n(K\u{2}K\u{3}t\u{85}R.".unicodeScalars.map { UInt8($0.value) })
    #expect(try Unpickler.load(size, vocabulary: words).shown == "(2, 3)")
    let device = Array("ctorch\ndevice\n(X\u{1}\0\0\0atR.".utf8)
    guard case .object(let object) = try Unpickler.load(device, vocabulary: words) else {
      Issue.record("a record is no object")
      return
    }
    #expect(object.arguments.map(\.shown) == ["'a'"])
  }

  @Test("attributes of an ordered dictionary, as PyTorch's, leave its content alone")
  func attributes() throws {
    let text = "ccollections\nOrderedDict\n)RX\u{1}\0\0\0aK\u{1}s}X\u{1}\0\0\0bK\u{2}sb."
    #expect(try Unpickler.load(Array(text.utf8)).shown == "{'a': 1}")
  }

  @Test("cycles, exponential sharing and arrays of objects are refused")
  func unbounded() throws {
    #expect(throws: PickleFault.selfReference) {
      try Unpickler.load(pickle("cycle.pkl"))
    }
    #expect(throws: PickleFault.tooManyValues(limit: 50_000_000)) {
      try Unpickler.load(pickle("laughs.pkl"))
    }
    #expect(throws: PickleFault.unsupported("NumPy's element type '|O8'")) {
      try Unpickler.load(pickle("objects.pkl"))
    }
  }
}

extension PickleFault {
  var forbiddenName: String? {
    if case .forbidden(let global) = self { global.description } else { nil }
  }
}
