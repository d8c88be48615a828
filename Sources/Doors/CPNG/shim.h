#include <png.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// libpng reports an error by longjmp. These functions keep the jump inside C, so that it never
// crosses a Swift frame.

/// What a PNG says of itself, and libpng's message after a failure.
typedef struct {
  uint32_t width;
  uint32_t height;
  uint32_t bit_depth;
  uint32_t channel_count;
  char message[128];
} mole_png_report;

typedef struct {
  const uint8_t *bytes;
  size_t count;
  size_t offset;
} mole_png_source;

static inline void mole_png_fail(png_structp png, png_const_charp message) {
  mole_png_report *report = (mole_png_report *)png_get_error_ptr(png);
  strncpy(report->message, message, sizeof(report->message) - 1);
  png_longjmp(png, 1);
}

static inline void mole_png_ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}

static inline void mole_png_pull(png_structp png, png_bytep out, size_t count) {
  mole_png_source *source = (mole_png_source *)png_get_io_ptr(png);
  if (count > source->count - source->offset) png_error(png, "the data end too early");
  memcpy(out, source->bytes + source->offset, count);
  source->offset += count;
}

// Gray, palette, transparent and 16-bit pictures become 8-bit RGB: high byte, alpha dropped.
static inline void mole_png_ask_for_rgb(png_structp png) {
  png_set_expand(png);
  png_set_strip_16(png);
  png_set_gray_to_rgb(png);
  png_set_strip_alpha(png);
}

static inline void mole_png_read_rows(png_structp png, png_infop info, uint8_t *pixels,
                                      size_t capacity) {
  mole_png_ask_for_rgb(png);
  int pass_count = png_set_interlace_handling(png);
  png_read_update_info(png, info);
  size_t stride = png_get_rowbytes(png, info);
  size_t height = png_get_image_height(png, info);
  if (stride != (size_t)png_get_image_width(png, info) * 3 || stride * height != capacity)
    png_error(png, "the pixels have an unexpected form");
  for (int pass = 0; pass < pass_count; pass++)
    for (size_t y = 0; y < height; y++) png_read_row(png, pixels + y * stride, NULL);
  png_read_end(png, NULL);
}

/// Reads the header of a PNG in memory and, where `pixels` is not null, its pixels as 8-bit RGB.
///
/// Returns 1, or 0 with libpng's reason in `report->message`. `capacity` is width * height * 3.
static inline int mole_png_read(const uint8_t *bytes, size_t count, uint32_t side_limit,
                                mole_png_report *report, uint8_t *pixels, size_t capacity) {
  mole_png_source source = {bytes, count, 0};
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, report, mole_png_fail,
                                           mole_png_ignore);
  if (!png) return 0;
  png_infop info = png_create_info_struct(png);
  if (!info || setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, &info, NULL);
    return 0;
  }
  png_set_user_limits(png, side_limit, side_limit);
  png_set_read_fn(png, &source, mole_png_pull);
  png_read_info(png, info);
  report->width = png_get_image_width(png, info);
  report->height = png_get_image_height(png, info);
  report->bit_depth = png_get_bit_depth(png, info);
  report->channel_count = png_get_channels(png, info);
  if (pixels) mole_png_read_rows(png, info, pixels, capacity);
  png_destroy_read_struct(&png, &info, NULL);
  return 1;
}

static inline png_image mole_png_rgb_image(uint32_t width, uint32_t height) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.width = width;
  image.height = height;
  image.format = PNG_FORMAT_RGB;
  return image;
}

/// The most bytes that a PNG of an 8-bit RGB picture can need.
static inline size_t mole_png_size_bound(uint32_t width, uint32_t height) {
  png_image image = mole_png_rgb_image(width, height);
  return PNG_IMAGE_PNG_SIZE_MAX(image);
}

/// Encodes 8-bit RGB into `out`, which holds `capacity` bytes.
///
/// Returns the number of bytes written, or 0 with libpng's reason in `report->message`.
static inline size_t mole_png_write(const uint8_t *pixels, uint32_t width, uint32_t height,
                                    uint8_t *out, size_t capacity, mole_png_report *report) {
  png_image image = mole_png_rgb_image(width, height);
  png_alloc_size_t count = capacity;
  int done = png_image_write_to_memory(&image, out, &count, 0, pixels, 0, NULL);
  if (!done) strncpy(report->message, image.message, sizeof(report->message) - 1);
  png_image_free(&image);
  return done ? count : 0;
}

static inline const char *mole_png_message(const mole_png_report *report) {
  return report->message;
}
