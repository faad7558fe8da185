/*
 * http/buffer.h - text that grows: the body of a response while it is being written.
 *
 * Running out of memory is remembered, not reported by every call: whoever hands the text on looks
 * at `failed` once.  One thread at a time.
 */
#ifndef SIGNPOST_HTTP_BUFFER_H
#define SIGNPOST_HTTP_BUFFER_H

#include "signpost/base/span.h"

#include <stdbool.h>
#include <stddef.h>

struct http_buffer {
    char *data; /* NULL while it is empty; not ended by a zero */
    size_t size;
    size_t room;
    bool failed; /* no memory: what is in data is not whole */
};

void http_buffer_add(struct http_buffer *buffer, const void *data, size_t size);
void http_buffer_add_text(struct http_buffer *buffer, const char *text);

/* Empties the buffer, so that something else can be written in its place. */
void http_buffer_finish(struct http_buffer *buffer);

#endif
