// What Swift cannot do with MuJoCo: catch its fatal errors, which may not return. A call that can
// fail runs between setjmp and the error handler's longjmp; the message waits in memory of its
// thread. Each call returns 0 when MuJoCo raised an error.
#ifndef MOLE_CMUJOCO_GUARD_H
#define MOLE_CMUJOCO_GUARD_H

// Through the other door's header, so that MuJoCo's declarations belong to one module.
#include "../../CMuJoCo/shim.h"

// Must come before any other call.
void mole_mj_install_handlers(void);

// The last error of this thread; empty when there was none since it was cleared.
const char *mole_mj_error(void);
void mole_mj_clear(void);

int mole_mj_parse(const char *xml, const mjVFS *vfs, char *error, int size, mjSpec **s);
int mole_mj_compile(mjSpec *s, const mjVFS *vfs, mjModel **m);
int mole_mj_make_data(const mjModel *m, mjData **d);
int mole_mj_forward(const mjModel *m, mjData *d);
int mole_mj_step(const mjModel *m, mjData *d, int count);
// Brings poses of bodies, geoms, sites, cameras and lights up to date; changes no state.
int mole_mj_update_poses(const mjModel *m, mjData *d);
int mole_mj_make_context(const mjModel *m, mjrContext *c, int font);
int mole_mj_update_scene(
    const mjModel *m, mjData *d, const mjvOption *option, mjvCamera *camera, mjvScene *scene);
int mole_mj_render(mjrRect viewport, mjvScene *scene, const mjrContext *c);
// Rows come from the bottom; either of `rgb` and `depth` may be null.
int mole_mj_read_pixels(unsigned char *rgb, float *depth, mjrRect viewport, const mjrContext *c);

#endif
