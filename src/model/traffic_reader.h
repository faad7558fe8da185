/*
 * model/traffic_reader.h - members of JSON objects read strictly, each fault with its place.
 *
 * Paths are texts such as "Rules.geo-1.Locations[2]".  A member that is an empty text counts as not
 * given.  Booleans and numbers may be texts (R-TPF-8).  No memory is remembered in `rc`.
 */
#ifndef MODEL_TRAFFIC_READER_H
#define MODEL_TRAFFIC_READER_H

#include "faults.h"

#include "signpost/base/arena.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct traffic_reader {
    struct arena *arena;
    struct faults faults;
    int rc; /* SP_ENOMEM once there was no memory */
};

void traffic__fault(struct traffic_reader *reader, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* ---- memory: NULL, or "" for texts, when there is none ---- */

void *traffic__alloc(struct traffic_reader *reader, size_t size);
void *traffic__keep(struct traffic_reader *reader, const void *data, size_t size);
const char *traffic__format(struct traffic_reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "path.key"; an empty path is left out. */
const char *traffic__below(struct traffic_reader *reader, const char *path, const char *key);

/* A text of the user's as messages show it: printable, cut short. */
const char *traffic__show(struct traffic_reader *reader, const char *text);

/* The path of an entry that the user has named.  The name must be one that can be shown: a fault
 * says so when it is not. */
const char *traffic__entry(struct traffic_reader *reader, const char *path, const char *id);

/* ---- members ---- */

/* Whether it is an object; each of its keys must be one of the list, which ends with NULL. */
bool traffic__keys(struct traffic_reader *reader, const json_t *object, const char *path,
                   const char *const *keys);

/* NULL: not given, or of a wrong type.  need: a fault says when it is not given. */
const char *traffic__text(struct traffic_reader *reader, const json_t *object, const char *path,
                          const char *key);
const char *traffic__need(struct traffic_reader *reader, const json_t *object, const char *path,
                          const char *key);

/* The others leave *out as it is when the member is not given or wrong. */
void traffic__boolean(struct traffic_reader *reader, const json_t *object, const char *path,
                      const char *key, bool *out);
void traffic__integer(struct traffic_reader *reader, const json_t *object, const char *path,
                      const char *key, int least, int most, int *out);

/* Degrees with at most two decimals (R-TPF-10), written as "-122.33". */
#define TRAFFIC_COORDINATE_SIZE 8
void traffic__coordinate(struct traffic_reader *reader, const json_t *object, const char *path,
                         const char *key, int most, char out[TRAFFIC_COORDINATE_SIZE]);

#endif
