internal import CProcessor

/// The processor that the program runs on.
package enum Processor {
  /// Whether it has the instructions that this room is built for: AVX2 and FMA on x86-64.
  package static var suffices: Bool { mole_processor_suffices() != 0 }

  /// Whether it multiplies bfloat16 numbers itself (AVX-512-BF16).
  package static var multipliesBFloat16: Bool { mole_processor_has_bfloat16() != 0 }

  /// Whether it sums products of bytes exactly (AVX-512-VNNI).
  package static var multipliesBytes: Bool { mole_processor_has_byte_products() != 0 }
}
