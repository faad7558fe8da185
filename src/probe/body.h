/*
 * body.h - looks for a string in the beginning of a body, as it arrives.
 *
 * R-HCE-13, R-HCE-14: what is compressed with gzip or deflate is decompressed first, never to more
 * than PROBE_BODY_SEARCHED octets, so a bomb costs nothing; and never more than PROBE_BODY_READ_MAX
 * octets of it are read, so one that yields nothing does not either.  Nothing of the body is kept.
 */
#ifndef PROBE_BODY_H
#define PROBE_BODY_H

#include "signpost/base/limits.h"
#include "signpost/base/span.h"

#include <stdbool.h>

enum body_encoding { BODY_AS_IT_IS, BODY_GZIP, BODY_DEFLATE };

enum body_verdict { BODY_MORE, BODY_FOUND, BODY_MISSING, BODY_NO_MEMORY };

struct body {
    const char *needle;
    size_t needle_size;
    size_t matched;  /* octets of the needle that the text so far ends with */
    size_t searched; /* octets of text so far */
    size_t read;     /* octets of the body so far */
    enum body_encoding encoding;
    struct z_stream_s *stream; /* NULL until there is something to decompress */
    uint8_t lead[2];           /* the first octets of a deflated body, which tell its kind */
    uint8_t border[HEALTH_CHECK_TEXT_SIZE_MAX + 1];
};

/* The needle is not copied; it has at most HEALTH_CHECK_TEXT_SIZE_MAX octets. */
void body__init(struct body *body, enum body_encoding encoding, const char *needle);
void body__finish(struct body *body); /* a zeroed one is fine */

/* The next piece.  Nothing may follow once the verdict is another than BODY_MORE. */
enum body_verdict body__add(struct body *body, struct span piece);

#endif
