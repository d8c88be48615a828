import Failures
import Foundation
import Manipulation
import Physics
import Testing

/// The choice of the OpenGL library is made once a process, so each test has a process of its own.
@Suite struct RenderingLibraryTests {
  @Test(.enabled(if: RenderingLibraryTests.hasOSMesa))
  func `OSMesa draws nearly the same picture as EGL`() async throws {
    let expected = try RenderingLibraryTests.picture().pixels
    await #expect(processExitsWith: .success) { [expected = expected as [UInt8]] in
      setenv("MOLE_GL", "osmesa", 1)
      let found = try RenderingLibraryTests.picture().pixels
      let differing = zip(found, expected).count { abs(Int($0) - Int($1)) > 4 }
      try #require(differing < expected.count / 100)
    }
  }

  @Test func `a library that is not known is refused by name`() async {
    await #expect(processExitsWith: .success) {
      setenv("MOLE_GL", "vulkan", 1)
      let error = #expect(throws: PhysicsError.badGraphicsChoice("vulkan")) {
        try RenderingLibraryTests.picture()
      }
      try #require(error?.description.contains("'egl' or 'osmesa'") == true)
    }
  }

  @Test func `without any OpenGL the message says what was tried and what to install`() async {
    await #expect(processExitsWith: .success) {
      setenv("MOLE_GL", "egl", 1)
      // The vendor-neutral library then finds no driver.
      setenv("__EGL_VENDOR_LIBRARY_DIRS", "/nonexistent", 1)
      let error = #expect(throws: PhysicsError.self) { try RenderingLibraryTests.picture() }
      try #require(error?.kind == .missingInput)
      try #require(error?.description.contains("surfaceless") == true)
      try #require(error?.description.contains("libegl-mesa0") == true)
    }
  }

  private static let hasOSMesa = dlopen("libOSMesa.so.8", RTLD_LAZY) != nil

  private static func picture() throws -> RGBImage {
    let model = try RenderingScene.model()
    return try SceneRenderer(model: model, width: 64, height: 64).rgb(
      World(model), model.named("side"))
  }
}
