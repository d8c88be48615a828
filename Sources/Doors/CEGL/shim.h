// EGL with its extensions' functions, which are found at run time.
#ifndef MOLE_CEGL_SHIM_H
#define MOLE_CEGL_SHIM_H

#include <EGL/egl.h>
#include <EGL/eglext.h>

#endif
