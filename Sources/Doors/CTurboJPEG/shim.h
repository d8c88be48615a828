#include <turbojpeg.h>

// The flags are macros with signed values; functions carry them to Swift.

/// Exact inverse DCT, as Pillow decodes; any corruption ends the decoding; no decompression bombs
/// of hundreds of progressive scans.
static inline int mole_jpeg_decode_flags(void) {
  return TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING | TJFLAG_LIMITSCANS;
}

static inline int mole_jpeg_encode_flags(void) {
  return TJFLAG_ACCURATEDCT | TJFLAG_NOREALLOC;
}

static inline int mole_jpeg_rgb(void) { return TJPF_RGB; }

static inline int mole_jpeg_full_chroma(void) { return TJSAMP_444; }

static inline int mole_jpeg_half_chroma(void) { return TJSAMP_420; }
