import Foundation

/// A file system of its own, in memory and with little room, mounted on a folder.
struct SmallDisk {
  private let folder: String

  /// Whether this process may mount one.
  static let isPossible: Bool = {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("mole-disk-\(UUID().uuidString)").path
    guard mkdir(folder, 0o700) == 0 else { return false }
    defer { rmdir(folder) }
    let isMounted = call("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder)
    return isMounted && call("umount", folder)
  }()

  /// Calls `body` with a disk of so many kilobytes in `disk`.
  static func with(
    kilobytes: Int, in place: Workplace, _ body: (SmallDisk) throws -> Void
  ) throws {
    let folder = place.url("disk").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    guard call("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", folder) else {
      throw CocoaError(.fileWriteNoPermission)
    }
    defer { _ = call("umount", "--lazy", folder) }
    try body(SmallDisk(folder: folder))
  }

  /// Gives it another size, or makes it one to read only.
  func remount(_ option: String) -> Bool {
    SmallDisk.call("mount", "-o", "remount,\(option)", folder)
  }

  private static func call(_ command: String...) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
