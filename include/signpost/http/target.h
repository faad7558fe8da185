/*
 * http/target.h - the request target taken apart: path segments and query arguments.
 *
 * The path is split at its slashes before escapes are undone, so a segment may hold "%2F" (RFC 3986
 * §2.2): zone names such as 0/25.2.0.192.in-addr.arpa need it.  A plus is a plus everywhere: that
 * is how the query of a signed request was signed (A-SIG-6).
 */
#ifndef SIGNPOST_HTTP_TARGET_H
#define SIGNPOST_HTTP_TARGET_H

#include "signpost/base/arena.h"
#include "signpost/base/limits.h"

struct http_argument {
    const char *name;
    const char *value; /* "" when there was none */
};

struct http_target {
    const char *segments[HTTP_PATH_SEGMENTS_MAX]; /* escapes undone */
    unsigned segment_count;
    struct http_argument arguments[HTTP_ARGUMENTS_MAX];
    unsigned argument_count;
};

/* Everything in out_target lives in the arena.  NULL when it went well, else why not (a constant):
 * no "/" in front, a bad escape, "%00", too many parts. */
const char *http_target_parse(struct arena *arena, const char *target,
                              struct http_target *out_target);

/* The value of an argument, NULL when it is not there. */
const char *http_target_argument(const struct http_target *target, const char *name);

#endif
