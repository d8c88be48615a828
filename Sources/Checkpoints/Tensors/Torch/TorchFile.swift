internal import Foundation
internal import Pickles

/// Reads what describes the tensors of a file that `torch.save` wrote (PyTorch 1.6 and later): a
/// zip file with a pickle `data.pkl` and one stored entry `data/<key>` a storage. Nothing in the
/// pickle is executed; see `Unpickler`.
enum TorchFile {
  private static let extensions = ["pt", "pth", "ckpt", "bin"]
  private static let zipMark: [UInt8] = [0x50, 0x4B, 3, 4]
  /// A pickle of PyTorch's magic number, with which files before 1.6 begin.
  private static let oldMark: [UInt8] = [0x80, 2, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9]
  /// A description of a few hundred bytes a tensor.
  private static let pickleByteLimit = 64 << 20

  /// Whether a file is PyTorch's, by its first bytes or, where they say nothing, by its name.
  static func recognizes(_ file: MappedFile, extension name: String) -> Bool {
    let start = file.bytes(0..<min(oldMark.count, file.byteCount))
    return start.starts(with: zipMark) || start == oldMark || extensions.contains(name.lowercased())
  }

  /// The one `.pt` of a checkpoint's folder, in `checkpoints` or beside it.
  ///
  /// - Throws: `CheckpointError.severalTorchFiles`.
  static func only(in directory: URL) throws -> URL? {
    for folder in [directory.appendingPathComponent("checkpoints"), directory] {
      let all = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      let names = all.filter { $0.hasSuffix(".pt") && !$0.hasPrefix(".") }.sorted()
      guard names.count <= 1 else {
        throw CheckpointError.severalTorchFiles(directory: folder.path, names: names)
      }
      if let name = names.first { return folder.appendingPathComponent(name) }
    }
    return nil
  }

  /// The tensors in the order of the pickle, with ranges of the whole file.
  static func entries(of file: MappedFile) throws(TorchFileFault) -> [TensorEntry] {
    try refuseOldFormats(file)
    let zip = try ZipDirectory(of: file)
    let root = try root(of: zip)
    guard zip.places[ByteString(root + "constants.pkl")] == nil else { throw .torchScript }
    if let order = zip.places[ByteString(root + "byteorder")], order.count <= 16 {
      guard file.bytes(order).starts(with: "little".utf8) else { throw .bigEndian }
    }
    var names: Set<ByteString> = []
    var entries: [TensorEntry] = []
    for tensor in try TorchState(try pickle(of: zip, root: root, in: file)).tensors {
      guard names.insert(ByteString(tensor.name)).inserted else {
        throw .duplicateTensor(tensor.name)
      }
      entries.append(try entry(tensor, in: zip, root: root))
    }
    guard !entries.isEmpty else { throw .noTensors }
    return entries
  }

  private static func refuseOldFormats(_ file: MappedFile) throws(TorchFileFault) {
    let start = file.bytes(0..<min(512, file.byteCount))
    let isTar = start.count == 512 && start[257..<262].elementsEqual("ustar".utf8)
    guard !start.starts(with: oldMark), !isTar || start.starts(with: zipMark) else {
      throw .oldFormat
    }
  }

  /// The folder that all entries share, which PyTorch names after the file.
  private static func root(of zip: ZipDirectory) throws(TorchFileFault) -> String {
    let pickles = zip.places.keys.map(\.string).filter {
      $0.hasSuffix("/data.pkl") && $0.utf8.count(where: { $0 == UInt8(ascii: "/") }) == 1
    }
    guard pickles.count == 1, let pickle = pickles.first else { throw .noPickle }
    return String(pickle.dropLast("data.pkl".count))
  }

  private static func pickle(
    of zip: ZipDirectory, root: String, in file: MappedFile
  ) throws(TorchFileFault) -> PickleValue {
    guard let place = zip.places[ByteString(root + "data.pkl")] else { throw .noPickle }
    guard place.count <= pickleByteLimit else {
      throw .pickleTooLong(byteCount: place.count, limit: pickleByteLimit)
    }
    do {
      return try Unpickler.load(file.bytes(place), vocabulary: .torch)
    } catch {
      throw .pickle(error)
    }
  }

  private static func entry(
    _ tensor: TorchTensor, in zip: ZipDirectory, root: String
  ) throws(TorchFileFault) -> TensorEntry {
    guard let place = zip.places[ByteString("\(root)data/\(tensor.storage)")] else {
      throw .badTensor(
        tensor.name, reason: "refers to the storage '\(tensor.storage)', which is not there")
    }
    guard place.count == tensor.storageByteCount else {
      throw .badTensor(
        tensor.name,
        reason: "expects \(tensor.storageByteCount) bytes in the storage '\(tensor.storage)', which"
          + " has \(place.count)")
    }
    return TensorEntry(
      name: tensor.name, elementType: tensor.elementType, shape: tensor.shape,
      range: place.lowerBound + tensor.range.lowerBound..<place.lowerBound
        + tensor.range.upperBound)
  }
}
