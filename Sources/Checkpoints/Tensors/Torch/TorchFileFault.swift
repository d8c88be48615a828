package import Pickles

/// Why a PyTorch file cannot be read; each text also says what to do.
package enum TorchFileFault: Error, Equatable, Sendable {
  case noDirectory
  case badDirectory(String)
  case severalDisks
  case compressed(entry: String)
  case overlap(entry: String)
  case pastEnd(entry: String)
  case duplicateEntry(String)
  /// Written by PyTorch before 1.6, or with `_use_new_zipfile_serialization=False`.
  case oldFormat
  case torchScript
  case noPickle
  case bigEndian
  case pickleTooLong(byteCount: Int, limit: Int)
  case pickle(PickleFault)
  case noDictionary
  case noTensors
  case duplicateTensor(String)
  /// What stands for the tensor is not what PyTorch writes.
  case badTensor(String, reason: String)
  case unsupported(String, UnsupportedTensor)

  /// A kind of tensor that PyTorch writes and that is not read.
  package enum UnsupportedTensor: Equatable, Sendable {
    case sparse, quantized, complex, notContiguous, withoutValues
    case elementType(String)
    case key
  }
}

extension TorchFileFault: CustomStringConvertible {
  package var description: String { directorySentence ?? contentSentence ?? tensorSentence }

  private var directorySentence: String? {
    let again = "copy or download it again"
    return switch self {
    case .noDirectory: "it does not end with a zip file's directory; \(again)"
    case .badDirectory(let problem): "its zip directory is damaged (\(problem)); \(again)"
    case .severalDisks: "it is a part of a zip file over several disks; join the parts first"
    case .overlap(let entry): "its entry '\(entry)' lies over another; \(again)"
    case .pastEnd(let entry): "its entry '\(entry)' reaches beyond its end; \(again)"
    case .duplicateEntry(let entry): "it has two entries '\(entry)'; \(again)"
    case .compressed(let entry):
      "its entry '\(entry)' is compressed or encrypted; save it again with 'torch.save', which"
        + " stores tensors as they are"
    default: nil
    }
  }

  private var contentSentence: String? {
    switch self {
    case .oldFormat:
      "it has the format before PyTorch 1.6; load it and save it again with a current 'torch.save'"
    case .torchScript:
      "it is a TorchScript program; save the weights alone with"
        + " 'torch.save(model.state_dict(), path)'"
    case .noPickle:
      "it is a zip file without the one 'data.pkl' of 'torch.save'; give it a checkpoint that"
        + " 'torch.save' wrote"
    case .bigEndian: "its numbers are big-endian; save it again on a little-endian machine"
    case .pickleTooLong(let count, let limit):
      "its 'data.pkl' has \(count) bytes, more than the \(limit) that are read; save the weights"
        + " alone"
    case .pickle(let fault):
      "its 'data.pkl' \(fault.explanation); save the weights alone with"
        + " 'torch.save(model.state_dict(), path)'"
    case .noDictionary:
      "it does not hold a dictionary of tensors; save one, as 'model.state_dict()' gives it"
    case .noTensors: "it holds no tensor; save a dictionary of tensors"
    case .duplicateTensor(let name): "it holds two tensors '\(name)'; name them differently"
    default: nil
    }
  }

  private var tensorSentence: String {
    switch self {
    case .badTensor(let name, let reason):
      "its tensor '\(name)' \(reason); copy or download it again"
    case .unsupported(let name, let kind): "its tensor '\(name)' \(kind.sentence)"
    default: "it is not usable"
    }
  }
}

extension TorchFileFault.UnsupportedTensor {
  fileprivate var sentence: String {
    switch self {
    case .sparse: "is sparse; save it again as 'tensor.to_dense()'"
    case .quantized: "is quantized; save it again as 'tensor.dequantize()'"
    case .complex: "is complex; save it again as 'torch.view_as_real(tensor)'"
    case .notContiguous:
      "is a view whose elements do not lie one after another; save it again as"
        + " 'tensor.contiguous()'"
    case .withoutValues: "has no values (it is on the device 'meta'); save it after loading them"
    case .elementType(let name):
      "has elements of the type '\(name)', which is not read; save it again as 'tensor.float()'"
    case .key: "lies under a key that is neither text nor a number; save it under a name"
    }
  }
}
