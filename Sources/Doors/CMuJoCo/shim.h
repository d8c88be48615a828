// What Swift cannot do with MuJoCo: catch its fatal errors, which may not return. A call that can
// fail runs between setjmp and the handler's longjmp; the message waits in memory of its thread.
#ifndef MOLE_CMUJOCO_SHIM_H
#define MOLE_CMUJOCO_SHIM_H

#include <mujoco/mujoco.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOLE_MJ_MESSAGE = 1000 };

static _Thread_local jmp_buf mole_mj_return;
static _Thread_local int mole_mj_armed = 0;
static _Thread_local char mole_mj_error_text[MOLE_MJ_MESSAGE];
static _Thread_local char mole_mj_warning_text[MOLE_MJ_MESSAGE];

static void mole_mj_on_error(const char *message) {
  snprintf(mole_mj_error_text, MOLE_MJ_MESSAGE, "%s", message);
  if (mole_mj_armed) longjmp(mole_mj_return, 1);
  // Outside of a guarded call there is no way back, and the engine's state is unknown.
  fprintf(stderr, "MuJoCo failed: %s\n", message);
  _Exit(70);
}

static void mole_mj_on_warning(const char *message) {
  snprintf(mole_mj_warning_text, MOLE_MJ_MESSAGE, "%s", message);
}

static inline void mole_mj_install_handlers(void) {
  mju_user_error = mole_mj_on_error;
  mju_user_warning = mole_mj_on_warning;
}

// The last error or warning of this thread; empty when there was none since it was cleared.
static inline const char *mole_mj_error(void) { return mole_mj_error_text; }
static inline const char *mole_mj_warning(void) { return mole_mj_warning_text; }
static inline void mole_mj_clear(void) { mole_mj_error_text[0] = mole_mj_warning_text[0] = 0; }

// Runs `call`; false when MuJoCo raised an error.
#define MOLE_MJ_GUARDED(call)             \
  if (setjmp(mole_mj_return)) {           \
    mole_mj_armed = 0;                    \
    return 0;                             \
  }                                       \
  mole_mj_armed = 1;                      \
  call;                                   \
  mole_mj_armed = 0;                      \
  return 1;

static inline int mole_mj_step(const mjModel *m, mjData *d, int count) {
  MOLE_MJ_GUARDED(for (int i = 0; i < count; i++) mj_step(m, d))
}
static inline int mole_mj_forward(const mjModel *m, mjData *d) { MOLE_MJ_GUARDED(mj_forward(m, d)) }
static inline int mole_mj_kinematics(const mjModel *m, mjData *d) {
  MOLE_MJ_GUARDED(mj_kinematics(m, d))
}
static inline int mole_mj_make_data(const mjModel *m, mjData **d) {
  MOLE_MJ_GUARDED(*d = mj_makeData(m))
}
static inline int mole_mj_compile(mjSpec *s, const mjVFS *vfs, mjModel **m) {
  MOLE_MJ_GUARDED(*m = mj_compile(s, vfs))
}
static inline int mole_mj_parse(
    const char *xml, const mjVFS *vfs, char *error, int size, mjSpec **s) {
  MOLE_MJ_GUARDED(*s = mj_parseXMLString(xml, vfs, error, size))
}
static inline int mole_mj_make_context(const mjModel *m, mjrContext *c, int font) {
  MOLE_MJ_GUARDED(mjr_makeContext(m, c, font))
}
static inline int mole_mj_render(mjrRect viewport, mjvScene *scene, const mjrContext *c) {
  MOLE_MJ_GUARDED(mjr_render(viewport, scene, c))
}

#endif
