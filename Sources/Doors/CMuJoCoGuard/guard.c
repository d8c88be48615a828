#include "guard.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

static _Thread_local jmp_buf way_back;
static _Thread_local int is_armed = 0;
static _Thread_local char message[1000] = "";

static void on_error(const char *text) {
  snprintf(message, sizeof message, "%s", text);
  if (is_armed) longjmp(way_back, 1);
  // Outside of a guarded call there is no way back, and the engine's state is unknown.
  fprintf(stderr, "MuJoCo failed: %s\n", text);
  _Exit(70);
}

// Warnings of a simulation are counted in its data, and those of the compiler wait in its
// specification; printing them is not the engine's business.
static void on_warning(const char *text) { (void)text; }

void mole_mj_install_handlers(void) {
  mju_user_error = on_error;
  mju_user_warning = on_warning;
}

const char *mole_mj_error(void) { return message; }

void mole_mj_clear(void) { message[0] = 0; }

#define GUARDED(call)    \
  if (setjmp(way_back)) { \
    is_armed = 0;        \
    return 0;            \
  }                      \
  is_armed = 1;          \
  call;                  \
  is_armed = 0;          \
  return 1;

int mole_mj_parse(const char *xml, const mjVFS *vfs, char *error, int size, mjSpec **s) {
  GUARDED(*s = mj_parseXMLString(xml, vfs, error, size))
}

int mole_mj_compile(mjSpec *s, const mjVFS *vfs, mjModel **m) { GUARDED(*m = mj_compile(s, vfs)) }

int mole_mj_make_data(const mjModel *m, mjData **d) { GUARDED(*d = mj_makeData(m)) }

int mole_mj_forward(const mjModel *m, mjData *d) { GUARDED(mj_forward(m, d)) }

int mole_mj_step(const mjModel *m, mjData *d, int count) {
  GUARDED(for (int i = 0; i < count; i++) mj_step(m, d))
}

int mole_mj_update_poses(const mjModel *m, mjData *d) {
  GUARDED(mj_kinematics(m, d); mj_comPos(m, d); mj_camlight(m, d))
}

int mole_mj_make_context(const mjModel *m, mjrContext *c, int font) {
  GUARDED(mjr_makeContext(m, c, font))
}

int mole_mj_render(mjrRect viewport, mjvScene *scene, const mjrContext *c) {
  GUARDED(mjr_render(viewport, scene, c))
}

int mole_mj_update_scene(
    const mjModel *m, mjData *d, const mjvOption *option, mjvCamera *camera, mjvScene *scene) {
  GUARDED(mjv_updateScene(m, d, option, NULL, camera, mjCAT_ALL, scene))
}

int mole_mj_read_pixels(unsigned char *rgb, float *depth, mjrRect viewport, const mjrContext *c) {
  GUARDED(mjr_readPixels(rgb, depth, viewport, c))
}
