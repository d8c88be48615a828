// EGL with its extensions' functions, which are found at run time. Nothing of X11 is wanted.
#ifndef MOLE_CEGL_SHIM_H
#define MOLE_CEGL_SHIM_H

#define EGL_NO_X11
#include <EGL/egl.h>
#include <EGL/eglext.h>

// Swift cannot call a function that is found by name without knowing its type.
static inline EGLint mole_egl_devices(EGLDeviceEXT *devices, EGLint capacity) {
  PFNEGLQUERYDEVICESEXTPROC query =
      (PFNEGLQUERYDEVICESEXTPROC)eglGetProcAddress("eglQueryDevicesEXT");
  EGLint count = 0;
  return query && query(capacity, devices, &count) ? count : 0;
}

static inline const char *mole_egl_device_extensions(EGLDeviceEXT device) {
  PFNEGLQUERYDEVICESTRINGEXTPROC query =
      (PFNEGLQUERYDEVICESTRINGEXTPROC)eglGetProcAddress("eglQueryDeviceStringEXT");
  return query ? query(device, EGL_EXTENSIONS) : 0;
}

// The device that a display draws with; null when EGL does not say.
static inline EGLDeviceEXT mole_egl_device_of(EGLDisplay display) {
  PFNEGLQUERYDISPLAYATTRIBEXTPROC query =
      (PFNEGLQUERYDISPLAYATTRIBEXTPROC)eglGetProcAddress("eglQueryDisplayAttribEXT");
  EGLAttrib device = 0;
  return query && query(display, EGL_DEVICE_EXT, &device) ? (EGLDeviceEXT)device : 0;
}

#endif
