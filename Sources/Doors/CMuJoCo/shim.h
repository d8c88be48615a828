// MuJoCo's C library. Calls of it that can fail go through CMuJoCoGuard.
#ifndef MOLE_CMUJOCO_SHIM_H
#define MOLE_CMUJOCO_SHIM_H

#include <mujoco/mujoco.h>

static inline int mole_mj_warning_count(const mjData *d, int warning) {
  return d->warning[warning].number;
}

#endif
