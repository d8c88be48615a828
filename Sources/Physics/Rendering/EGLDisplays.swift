internal import CEGL
internal import Foundation
internal import Synchronization

/// EGL's displays that draw without a screen and draw alike.
///
/// Mesa's software driver lets one context of a display fill pixels at a time, and before that seems to
/// look into the display's other contexts without a lock: contexts that drew at once ended in a segmentation
/// fault within it now and then (Mesa 22.3). So contexts of such a display take turns, and the machine's software
/// device is a second display with the same driver, so that two threads can draw at once.
@safe struct EGLDisplays: Sendable {
  /// Set once and never terminated: they live as long as the process, and EGL takes a display from
  /// any thread.
  nonisolated(unsafe) let displays: [EGLDisplay]
  /// A lock a display, for contexts that must not draw at once.
  let turns: [NSLock?]
  /// What failed, for the error message.
  let attempts: [String]

  static let shared = EGLDisplays()

  /// How many contexts each display has.
  private static let uses = Mutex<[Int]>([])

  private init() {
    var attempts: [String] = []
    var found: [EGLDisplay] = unsafe []
    for way in Way.allCases {
      guard let display = unsafe way.open(), unsafe EGLDisplays.initialize(display) else {
        attempts.append("EGL's \(way.rawValue) (\(EGLDisplays.lastError()))")
        continue
      }
      unsafe found.append(display)
      break
    }
    if let first = unsafe found.first, unsafe EGLDisplays.isSoftware(first),
      let twin = unsafe EGLDisplays.softwareDevice().flatMap(EGLDisplays.display),
      unsafe twin != first, unsafe EGLDisplays.initialize(twin)
    {
      unsafe found.append(twin)
    }
    unsafe displays = found
    turns = unsafe found.map { unsafe EGLDisplays.isSoftware($0) ? NSLock() : nil }
    self.attempts = attempts
    let unused = unsafe [Int](repeating: 0, count: found.count)
    EGLDisplays.uses.withLock { $0 = unused }
  }

  /// Where a display may come from, the best first.
  private enum Way: String, CaseIterable {
    case surfaceless = "surfaceless platform"
    case device = "first device"
    case standard = "default display"

    func open() -> EGLDisplay? {
      switch self {
      case .surfaceless:
        unsafe eglGetPlatformDisplay(EGLenum(EGL_PLATFORM_SURFACELESS_MESA), nil, nil)
      case .device: unsafe devices().first.flatMap(display)
      case .standard: unsafe eglGetDisplay(nil)
      }
    }
  }

  /// The number of the least used display, which is counted as used once more.
  func take() -> Int {
    EGLDisplays.uses.withLock { uses in
      let index = uses.indices.min { uses[$0] < uses[$1] } ?? 0
      uses[index] += 1
      return index
    }
  }

  func giveBack(_ index: Int) {
    EGLDisplays.uses.withLock { $0[index] -= 1 }
  }

  /// EGL's last error on this thread, in its own numbers.
  static func lastError() -> String {
    "EGL error 0x" + String(eglGetError(), radix: 16)
  }

  private static func initialize(_ display: EGLDisplay) -> Bool {
    unsafe eglInitialize(display, nil, nil) == EGL_TRUE
  }

  private static func devices() -> [EGLDeviceEXT] {
    var devices = unsafe [EGLDeviceEXT?](repeating: nil, count: 16)
    let count = unsafe mole_egl_devices(&devices, EGLint(devices.count))
    return unsafe devices.prefix(Int(count)).compactMap { unsafe $0 }
  }

  private static func display(of device: EGLDeviceEXT) -> EGLDisplay? {
    unsafe eglGetPlatformDisplay(EGLenum(EGL_PLATFORM_DEVICE_EXT), device, nil)
  }

  private static func isSoftware(_ display: EGLDisplay) -> Bool {
    guard let device = unsafe mole_egl_device_of(display) else { return false }
    return unsafe isSoftware(device: device)
  }

  private static func softwareDevice() -> EGLDeviceEXT? {
    unsafe devices().first { unsafe isSoftware(device: $0) }
  }

  private static func isSoftware(device: EGLDeviceEXT) -> Bool {
    guard let extensions = unsafe mole_egl_device_extensions(device) else { return false }
    return unsafe String(cString: extensions).contains("EGL_MESA_device_software")
  }
}
