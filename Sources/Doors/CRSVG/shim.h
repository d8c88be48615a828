// The functions of librsvg, cairo and GObject that drawing a figure needs, declared here instead of
// including <librsvg/rsvg.h>: that header needs pkg-config's include paths, and pkg-config answers
// with `-pthread` too, which SwiftPM refuses with a warning on every build. These signatures are
// part of the libraries' stable binary interfaces (librsvg 2.52 or later, cairo 1.0 or later).
#ifndef MOLE_CRSVG_SHIM_H
#define MOLE_CRSVG_SHIM_H

#include <stddef.h>
#include <stdint.h>

typedef struct _RsvgHandle RsvgHandle;
typedef struct _cairo_surface cairo_surface_t;
typedef struct _cairo cairo_t;

typedef struct {
  uint32_t domain;
  int code;
  char *message;
} GError;

typedef struct {
  double x, y, width, height;
} RsvgRectangle;

RsvgHandle *rsvg_handle_new_from_data(const uint8_t *data, size_t length, GError **error);
int rsvg_handle_get_intrinsic_size_in_pixels(RsvgHandle *handle, double *width, double *height);
int rsvg_handle_render_document(
    RsvgHandle *handle, cairo_t *context, const RsvgRectangle *viewport, GError **error);

void g_object_unref(void *object);
void g_error_free(GError *error);

// A cairo_status_t: 0 is success. A cairo_format_t: 1 is CAIRO_FORMAT_RGB24.
typedef int (*cairo_write_func_t)(void *closure, const unsigned char *data, unsigned int length);
cairo_surface_t *cairo_image_surface_create(int format, int width, int height);
int cairo_surface_status(cairo_surface_t *surface);
int cairo_surface_write_to_png_stream(
    cairo_surface_t *surface, cairo_write_func_t write, void *closure);
void cairo_surface_destroy(cairo_surface_t *surface);
cairo_t *cairo_create(cairo_surface_t *surface);
void cairo_set_source_rgb(cairo_t *context, double red, double green, double blue);
void cairo_paint(cairo_t *context);
int cairo_status(cairo_t *context);
void cairo_destroy(cairo_t *context);
const char *cairo_status_to_string(int status);

#endif
