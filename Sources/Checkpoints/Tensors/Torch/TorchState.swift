internal import Pickles

/// A tensor as PyTorch pickles it: a view of a storage, whose bytes lie outside of the pickle.
struct TorchTensor {
  var name: String
  var elementType: ElementType
  var shape: [Int]
  /// The name of the storage's entry.
  var storage: String
  /// What the storage should have.
  var storageByteCount: Int
  /// Bytes within the storage.
  var range: Range<Int>
}

extension PickleVocabulary {
  /// What a dictionary of tensors may name.
  static let torch = PickleVocabulary.numPy
    .allowing(
      records: [
        "_rebuild_tensor_v2", "_rebuild_tensor_v3", "_rebuild_parameter",
        "_rebuild_parameter_with_state", "_rebuild_sparse_tensor", "_rebuild_qtensor",
        "_rebuild_meta_tensor_no_storage",
      ], of: "torch._utils"
    )
    .allowing(records: ["_get_layout"], of: "torch.serialization")
    .allowing(records: ["device"], of: "torch")
    .allowing(tuple: "Size", of: "torch")
    .allowing(symbols: ["UntypedStorage"], of: "torch.storage")
    .allowing(
      symbols: TorchStorage.types.keys.sorted() + TorchStorage.unsupportedTypes
        + TorchStorage.elementTypes.keys.sorted() + TorchStorage.unsupportedElementTypes
        + TorchStorage.quantizationSchemes, of: "torch"
    )
    .allowingExternalValues()
}

/// The named tensors of what `torch.save` wrote.
struct TorchState {
  private(set) var tensors: [TorchTensor] = []

  /// Finds the tensors in dictionaries and lists; their names are joined by dots. Where the
  /// outermost dictionary holds another under `model` or `state_dict`, that one is taken, and the
  /// state of training beside it is left out.
  init(_ value: PickleValue) throws(TorchFileFault) {
    guard case .dict(let entries) = value else { throw .noDictionary }
    var state = entries
    for name in ["model", "state_dict"] {
      guard case .dict(let inner)? = value[name] else { continue }
      state = inner
      break
    }
    try collect(.dict(state), name: "")
  }

  private mutating func collect(_ value: PickleValue, name: String) throws(TorchFileFault) {
    switch value {
    case .dict(let entries):
      for entry in entries {
        guard let part = entry.key.string ?? entry.key.int.map({ String($0) }) else {
          if entry.value.isSideData { continue }
          throw .unsupported(name, .key)
        }
        try collect(entry.value, name: name.isEmpty ? part : "\(name).\(part)")
      }
    case .list(let items), .tuple(let items), .set(let items):
      for (index, item) in items.enumerated() { try collect(item, name: "\(name).\(index)") }
    case .object(let object):
      try add(object, name: name)
    // Numbers, texts and arrays beside the weights.
    default: break
    }
  }

  private mutating func add(_ object: PickleObject, name: String) throws(TorchFileFault) {
    switch object.type.name {
    case "_rebuild_tensor_v2", "_rebuild_tensor_v3":
      tensors.append(try TorchTensor(object.arguments, name: name))
    case "_rebuild_parameter", "_rebuild_parameter_with_state":
      guard let data = object.arguments.first, case .object = data else {
        throw .badTensor(name, reason: "is a parameter without a tensor")
      }
      try collect(data, name: name)
    case "_rebuild_sparse_tensor": throw .unsupported(name, .sparse)
    case "_rebuild_qtensor": throw .unsupported(name, .quantized)
    case "_rebuild_meta_tensor_no_storage": throw .unsupported(name, .withoutValues)
    // A device or a layout.
    default: break
    }
  }
}

extension PickleValue {
  /// Whether it holds no other values, so that no tensor can be in it.
  fileprivate var isSideData: Bool {
    switch self {
    case .list, .tuple, .set, .dict, .object: false
    default: true
    }
  }
}
