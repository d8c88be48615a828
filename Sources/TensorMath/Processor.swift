internal import CProcessor

/// The processor that the program runs on.
package enum Processor {
  /// Whether it has the instructions that this room is built for: AVX2 and FMA on x86-64.
  package static var suffices: Bool { mole_processor_suffices() != 0 }
}
