/*
 * base/arena.h - memory that is freed all at once: one request, one arena.
 *
 * Pieces are aligned for any type and are never freed one by one.  One thread at a time.
 */
#ifndef SIGNPOST_BASE_ARENA_H
#define SIGNPOST_BASE_ARENA_H

#include <stddef.h>

struct arena;

struct arena *arena_create(void);        /* NULL: no memory */
void arena_destroy(struct arena *arena); /* frees every piece; NULL is fine */

void arena_clear(struct arena *arena); /* frees every piece, keeps some memory for the next */

/* A zeroed piece of size octets, NULL when there is no memory. */
void *arena_alloc(struct arena *arena, size_t size);

/* A copy of size octets at data.  NULL: no memory. */
void *arena_copy(struct arena *arena, const void *data, size_t size);

/* As sprintf, into a piece of its own.  NULL: no memory. */
char *arena_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
