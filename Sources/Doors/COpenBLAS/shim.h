#include <cblas.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/// OpenBLAS knows processors by their numbers, and a processor that is younger than it gets code for
/// one of 2004, several times slower. Has it choose again, the newest code for which the processor has
/// the instructions. Must come before any product; what the environment says is left alone.
static inline void mole_openblas_suit_processor(void) {
#if defined(__x86_64__)
  if (strcmp(openblas_get_corename(), "Prescott") != 0) return;
  __builtin_cpu_init();
  const char *code = __builtin_cpu_supports("avx512vl") ? "SkylakeX"
                     : __builtin_cpu_supports("avx2")   ? "Haswell"
                                                        : NULL;
  void *self = dlopen(NULL, RTLD_LAZY);
  if (code == NULL || self == NULL || setenv("OPENBLAS_CORETYPE", code, 0) != 0) return;
  // A build for one processor alone has neither.
  void (*quit)(void) = (void (*)(void))dlsym(self, "gotoblas_dynamic_quit");
  void (*init)(void) = (void (*)(void))dlsym(self, "gotoblas_dynamic_init");
  if (quit == NULL || init == NULL) return;
  quit();
  init();
#endif
}
