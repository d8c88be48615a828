/// A JSON object of a tokenizer file, with the way to it for messages.
struct JSONFields {
  let object: JSONObject
  let path: String

  init(_ value: JSONValue?, _ path: String) throws(TokenizerFault) {
    guard let object = value?.object else { throw .badField(path, expected: "an object") }
    self.object = object
    self.path = path
  }

  func path(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  /// The `type` that tells normalizers, models and the rest apart.
  func type() throws(TokenizerFault) -> String { try string("type") }

  func string(_ key: String) throws(TokenizerFault) -> String { try bytes(key).string }

  func bytes(_ key: String) throws(TokenizerFault) -> ByteString {
    guard let bytes = object[key]?.bytes else {
      throw .badField(path(key), expected: "a string")
    }
    return bytes
  }

  func flag(_ key: String, default fallback: Bool) throws(TokenizerFault) -> Bool {
    guard let value = object[key] else { return fallback }
    guard let flag = value.bool else { throw .badField(path(key), expected: "true or false") }
    return flag
  }

  func integer(_ key: String) throws(TokenizerFault) -> Int {
    guard let integer = object[key]?.integer else {
      throw .badField(path(key), expected: "an integer")
    }
    return integer
  }

  func fields(_ key: String) throws(TokenizerFault) -> JSONFields {
    try JSONFields(object[key], path(key))
  }

  /// The objects of a list; none when the key is absent.
  func list(_ key: String) throws(TokenizerFault) -> [JSONFields] {
    guard let value = object[key] else { return [] }
    guard let array = value.array else { throw .badField(path(key), expected: "a list") }
    var list: [JSONFields] = []
    for (i, element) in array.enumerated() {
      list.append(try JSONFields(element, "\(path(key)).\(i)"))
    }
    return list
  }

  /// The text that a `pattern` of kind `String` looks for.
  func textPattern() throws(TokenizerFault) -> [UInt8] {
    let pattern = try fields("pattern")
    guard pattern.object.contains("String") else {
      throw .unsupported("a regular expression at '\(path("pattern"))'")
    }
    return try pattern.bytes("String").utf8
  }
}
