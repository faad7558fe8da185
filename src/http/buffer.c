#include "signpost/http/buffer.h"

#include <stdlib.h>
#include <string.h>

static bool make_room(struct http_buffer *buffer, size_t size)
{
    if (buffer->room - buffer->size >= size)
        return true;
    size_t room = buffer->room == 0 ? 512 : buffer->room;
    while (room - buffer->size < size && room <= SIZE_MAX / 2)
        room *= 2;
    char *data = room - buffer->size < size ? NULL : realloc(buffer->data, room);
    if (data == NULL)
        return false;
    buffer->data = data;
    buffer->room = room;
    return true;
}

void http_buffer_add(struct http_buffer *buffer, const void *data, size_t size)
{
    if (buffer->failed || size == 0)
        return;
    if (!make_room(buffer, size)) {
        buffer->failed = true;
        return;
    }
    memcpy(buffer->data + buffer->size, data, size);
    buffer->size += size;
}

void http_buffer_add_text(struct http_buffer *buffer, const char *text)
{
    http_buffer_add(buffer, text, strlen(text));
}

void http_buffer_finish(struct http_buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct http_buffer){ 0 };
}
