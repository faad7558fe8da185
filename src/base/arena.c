#include "signpost/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE_FIRST (4u << 10)
#define BLOCK_SIZE_MAX   (1u << 20)
#define PIECE_SIZE_MAX   ((size_t)1 << 36) /* more than any input here can ask for honestly */
#define ALIGNMENT        _Alignof(max_align_t)

struct block {
    struct block *next;
    _Alignas(max_align_t) uint8_t data[];
};

struct arena {
    struct block *blocks;
    struct block *current; /* among them: where pieces come from; NULL before the first */
    size_t current_size;
    uint8_t *free; /* in the current block */
    size_t free_size;
    size_t block_size; /* of the next block; doubles up to the maximum */
};

struct arena *arena_create(void)
{
    struct arena *arena = calloc(1, sizeof *arena);
    if (arena != NULL)
        arena->block_size = BLOCK_SIZE_FIRST;
    return arena;
}

void arena_destroy(struct arena *arena)
{
    if (arena == NULL)
        return;
    while (arena->blocks != NULL) {
        struct block *next = arena->blocks->next;
        free(arena->blocks);
        arena->blocks = next;
    }
    free(arena);
}

void arena_clear(struct arena *arena)
{
    struct block *current = arena->current, *next;
    for (struct block *block = arena->blocks; block != NULL; block = next) {
        next = block->next;
        if (block != current)
            free(block);
    }
    arena->blocks = current;
    if (current == NULL)
        return;
    current->next = NULL;
    arena->free = current->data;
    arena->free_size = arena->current_size;
}

static struct block *add_block(struct arena *arena, size_t data_size)
{
    struct block *block = malloc(sizeof *block + data_size);
    if (block == NULL)
        return NULL;
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    if (size > PIECE_SIZE_MAX)
        return NULL;
    size = size == 0 ? ALIGNMENT : (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    if (size > arena->free_size) {
        if (size > BLOCK_SIZE_MAX / 4) { /* a block of its own; the current one stays in use */
            struct block *own = add_block(arena, size);
            return own == NULL ? NULL : memset(own->data, 0, size);
        }
        size_t block_size = arena->block_size < size ? size : arena->block_size;
        struct block *block = add_block(arena, block_size);
        if (block == NULL)
            return NULL;
        arena->current = block;
        arena->current_size = block_size;
        arena->free = block->data;
        arena->free_size = block_size;
        if (arena->block_size < BLOCK_SIZE_MAX)
            arena->block_size *= 2;
    }
    void *piece = arena->free;
    arena->free += size;
    arena->free_size -= size;
    return memset(piece, 0, size);
}

void *arena_copy(struct arena *arena, const void *data, size_t size)
{
    void *piece = arena_alloc(arena, size);
    if (piece != NULL && size > 0)
        memcpy(piece, data, size);
    return piece;
}

char *arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        return NULL;
    char *text = arena_alloc(arena, (size_t)length + 1);
    if (text == NULL)
        return NULL;
    va_start(arguments, format);
    vsnprintf(text, (size_t)length + 1, format, arguments);
    va_end(arguments);
    return text;
}
