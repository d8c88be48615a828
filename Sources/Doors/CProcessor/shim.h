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
