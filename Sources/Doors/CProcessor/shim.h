#pragma once

/// Whether the processor has what the numeric code is built for: AVX2 and FMA on x86-64.
static inline int mole_processor_suffices(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
  return 1;
#endif
}

/// Whether the processor multiplies bfloat16 numbers (AVX-512-BF16).
static inline int mole_processor_has_bfloat16(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512bf16");
#else
  return 0;
#endif
}

/// Whether the processor sums products of bytes without saturating on the way (AVX-512-VNNI).
static inline int mole_processor_has_byte_products(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512vnni");
#else
  return 0;
#endif
}
