// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .treatAllWarnings(as: .error),
]

/// Rooms that touch memory through pointers.
let guarded = strict + [.strictMemorySafety()]

/// The numeric room: AVX2 and FMA where the processor is x86-64.
#if arch(x86_64)
  let fast =
    guarded + [.unsafeFlags(["-Xcc", "-mavx2", "-Xcc", "-mfma"], .when(configuration: .release))]
#else
  let fast = guarded
#endif

func door(_ name: String, pkgConfig: String? = nil, apt: String) -> Target {
  .systemLibrary(
    name: name, path: "Sources/Doors/\(name)", pkgConfig: pkgConfig, providers: [.apt([apt])])
}

func room(
  _ name: String, _ rooms: [String] = [], products: [Target.Dependency] = [],
  resources: [Resource] = [], settings: [SwiftSetting] = strict, linking: [LinkerSetting] = []
) -> Target {
  .target(
    name: name, dependencies: rooms.map { .init(stringLiteral: $0) } + products,
    resources: resources, swiftSettings: settings, linkerSettings: linking)
}

func tests(_ name: String, _ rooms: [String], fixtures: Bool = false) -> Target {
  .testTarget(
    name: name, dependencies: rooms.map { .init(stringLiteral: $0) },
    resources: fixtures ? [.copy("Fixtures")] : [], swiftSettings: strict)
}

/// Where `Scripts/setup` puts MuJoCo when it may not write to the system's own prefix.
let ownPrefix = LinkerSetting.unsafeFlags(
  ["-Xlinker", "-rpath", "-Xlinker", "\(Context.packageDirectory)/.deps/mujoco/lib"])

let argumentParser = Target.Dependency.product(
  name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let realModule = Target.Dependency.product(name: "RealModule", package: "swift-numerics")

let package = Package(
  name: "mole",
  products: [.executable(name: "mole", targets: ["mole"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C doors
    door("COpenBLAS", pkgConfig: "openblas", apt: "libopenblas-dev"),
    // No pkg-config file in Debian's packages of these two.
    door("COneDNN", apt: "libdnnl-dev"),
    .systemLibrary(name: "COpenMP", path: "Sources/Doors/COpenMP"),
    door("CHDF5", pkgConfig: "hdf5", apt: "libhdf5-dev"),
    door("CPNG", pkgConfig: "libpng", apt: "libpng-dev"),
    door("CTurboJPEG", pkgConfig: "libturbojpeg", apt: "libturbojpeg0-dev"),
    // No pkg-config: its `-pthread` is refused with a warning, and the shim needs no include paths.
    door("CRSVG", apt: "librsvg2-dev"),
    .systemLibrary(name: "CProcessor", path: "Sources/Doors/CProcessor"),
    door("COpenSSL", pkgConfig: "libcrypto", apt: "libssl-dev"),
    // No apt provider: Scripts/setup takes it out of its Python wheel.
    .systemLibrary(name: "CMuJoCo", path: "Sources/Doors/CMuJoCo", pkgConfig: "mujoco"),
    .target(
      name: "CMuJoCoGuard", dependencies: ["CMuJoCo"], path: "Sources/Doors/CMuJoCoGuard"),
    door("CEGL", pkgConfig: "egl", apt: "libegl-dev"),

    // foundations
    room("Failures"),
    room("Files", ["COpenSSL"], settings: guarded),
    room("Manipulation"),
    room("Threads", ["Failures"], settings: guarded),
    room("Statistics"),
    room("Outcomes", ["Manipulation"]),
    room("Pickles", ["Files"]),
    room(
      "TensorMath", ["COpenBLAS", "COneDNN", "COpenMP", "CProcessor"], products: [realModule],
      settings: fast, linking: [.linkedLibrary("m")]),

    // parts
    room("NeuralLayers", ["TensorMath", "Manipulation"], settings: fast),
    room("Checkpoints", ["Pickles", "Files", "Failures"], settings: guarded),
    room("HDF5Files", ["CHDF5", "Failures"], settings: guarded),
    room(
      "Images", ["CPNG", "CTurboJPEG", "CRSVG", "Manipulation", "Files", "Failures"],
      settings: guarded),
    room(
      "Physics", ["CMuJoCo", "CMuJoCoGuard", "CEGL", "Manipulation", "Failures"],
      settings: guarded, linking: [ownPrefix]),
    room("PlainYAML", products: [yams]),

    // assembly
    room(
      "VLAPolicy",
      ["NeuralLayers", "TensorMath", "Checkpoints", "Images", "Manipulation", "Files", "Failures"]),
    room(
      "Demonstrations",
      ["HDF5Files", "Images", "Manipulation", "Pickles", "Files", "Failures"]),
    room(
      "TaskSuite",
      ["Physics", "Images", "PlainYAML", "Manipulation", "Statistics", "Files", "Failures"],
      products: [yams]),

    // experiments
    room(
      "Evaluation",
      [
        "Demonstrations", "Images", "PlainYAML", "Outcomes", "Manipulation", "Files", "Failures",
        "Threads",
      ], products: [yams]),
    room(
      "Training",
      [
        "VLAPolicy", "Demonstrations", "TensorMath", "Checkpoints", "Images", "Manipulation",
        "PlainYAML", "Outcomes", "Statistics", "Files", "Failures",
      ], products: [yams]),
    room("Collection", ["Demonstrations", "Manipulation", "Failures", "Threads"]),
    room(
      "Benchmarks",
      [
        "VLAPolicy", "NeuralLayers", "TensorMath", "Manipulation", "Statistics", "Files",
        "Failures",
      ]),
    room(
      "Reports", ["Outcomes", "Statistics", "Images", "Manipulation", "Files", "Failures"],
      resources: [.embedInCode("Page/page.css"), .embedInCode("Page/page.js")]),
    room(
      "Gates",
      ["Reports", "Outcomes", "Statistics", "PlainYAML", "Manipulation", "Files", "Failures"],
      products: [yams]),

    // program
    .executableTarget(
      name: "mole",
      dependencies: [
        "Benchmarks", "Collection", "Evaluation", "Gates", "Reports", "Training", "VLAPolicy",
        "Demonstrations",
        "TaskSuite", "Checkpoints", "NeuralLayers", "Images", "Outcomes", "Manipulation",
        "TensorMath", "Statistics", "Files", "Failures", argumentParser,
      ],
      swiftSettings: strict),

    tests("FilesTests", ["Files"]),
    tests("ThreadsTests", ["Threads"]),
    tests("ManipulationTests", ["Manipulation"]),
    tests("StatisticsTests", ["Statistics"], fixtures: true),
    tests("PicklesTests", ["Pickles"], fixtures: true),
    tests("TensorMathTests", ["TensorMath"]),
    tests("NeuralLayersTests", ["NeuralLayers", "TensorMath", "Manipulation"]),
    tests("CheckpointsTests", ["Checkpoints", "Failures"], fixtures: true),
    tests("HDF5FilesTests", ["HDF5Files", "Failures"], fixtures: true),
    tests("ImagesTests", ["Images", "Failures", "Manipulation"], fixtures: true),
    tests(
      "VLAPolicyTests",
      [
        "VLAPolicy", "NeuralLayers", "Failures", "TensorMath", "Checkpoints", "Images",
        "Manipulation",
      ], fixtures: true),
    tests(
      "DemonstrationsTests", ["Demonstrations", "Failures", "HDF5Files", "Images", "Manipulation"],
      fixtures: true),
    tests("PhysicsTests", ["Physics", "Failures", "Manipulation"], fixtures: true),
    tests("TaskSuiteTests", ["TaskSuite", "Physics", "Failures", "Manipulation"]),
    tests(
      "EvaluationTests",
      ["Evaluation", "Failures", "Demonstrations", "Images", "Outcomes", "Manipulation"]),
    tests(
      "TrainingTests",
      [
        "Training", "VLAPolicy", "Demonstrations", "TensorMath", "Checkpoints", "Manipulation",
        "Outcomes", "Failures",
      ], fixtures: true),
    tests("CollectionTests", ["Collection", "Demonstrations", "Manipulation"]),
    tests("ReportsTests", ["Reports", "Failures", "Outcomes", "Manipulation", "Images"]),
    tests(
      "GatesTests", ["Gates", "Reports", "Outcomes", "Statistics", "Manipulation", "Failures"]),
    tests(
      "CommandTests", ["Outcomes", "Demonstrations", "Checkpoints", "TensorMath", "Manipulation"]),
  ]
)
