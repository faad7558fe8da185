/*
 * compile/compiler.c - start-up: everything that is stored, in the order in which it is stored.
 *
 * Sets of one owner come in a row, so a name is put together from the sets gathered since the owner
 * last changed.  Their values are the caller's for the call only and are kept in a buffer.
 */
#include "signpost/compile/compile.h"

#include "signpost/base/status.h"

#include <stdlib.h>
#include <string.h>

struct gathered {
    size_t values_at; /* in the buffer: it may move while it grows */
    struct rrset_source source;
};

struct compiler {
    struct snapshot *snapshot;
    struct zone *zone; /* NULL before the first, and after one whose name was taken */
    uint8_t owner[DNS_NAME_SIZE_MAX];
    unsigned set_count;
    struct gathered sets[DNS_TYPE_COUNT];
    uint8_t *buffer;
    size_t buffer_size;
    size_t buffer_room;
};

struct compiler *compiler_create(void)
{
    struct compiler *compiler = calloc(1, sizeof *compiler);
    if (compiler != NULL && (compiler->snapshot = snapshot_create()) == NULL) {
        free(compiler);
        return NULL;
    }
    return compiler;
}

void compiler_destroy(struct compiler *compiler)
{
    if (compiler == NULL)
        return;
    zone_unref(compiler->zone);
    snapshot_unref(compiler->snapshot);
    free(compiler->buffer);
    free(compiler);
}

/* The store has a name's sets in the order of their types' names; a compiled name wants the codes'.
 */
static void sort_sources(const struct compiler *compiler, struct rrset_source *out_sources)
{
    for (unsigned i = 0; i < compiler->set_count; i++) {
        struct rrset_source source = compiler->sets[i].source;
        source.values.data = compiler->buffer + compiler->sets[i].values_at;
        unsigned at = i;
        for (; at > 0 && out_sources[at - 1].type > source.type; at--)
            out_sources[at] = out_sources[at - 1];
        out_sources[at] = source;
    }
}

static int finish_name(struct compiler *compiler)
{
    struct rrset_source sources[DNS_TYPE_COUNT];
    if (compiler->set_count == 0)
        return 0;
    sort_sources(compiler, sources);
    struct zone_name *name =
        zone_name_create(compiler->zone, compiler->owner, sources, compiler->set_count);
    compiler->set_count = 0;
    compiler->buffer_size = 0;
    return name == NULL ? SP_ENOMEM : zone_put_name(compiler->zone, name);
}

static int finish_zone(struct compiler *compiler)
{
    if (compiler->zone == NULL)
        return 0;
    int rc = finish_name(compiler);
    if (rc != 0)
        return rc;
    zone_finish(compiler->zone);
    rc = snapshot_put_zone(compiler->snapshot, compiler->zone);
    if (rc == 0)
        compiler->zone = NULL;
    return rc;
}

int compiler_add_zone(struct compiler *compiler, const struct hosted_zone *zone)
{
    int rc = finish_zone(compiler);
    if (rc != 0)
        return rc;
    /* Among zones of equal name the oldest answers (R-ZON-11), and the oldest comes first. */
    if (snapshot_zone(compiler->snapshot, zone->name) != NULL)
        return 0;
    compiler->zone = zone_create(zone->name);
    return compiler->zone == NULL ? SP_ENOMEM : 0;
}

static int keep_values(struct compiler *compiler, struct span values)
{
    if (compiler->buffer_room - compiler->buffer_size < values.size) {
        size_t room = 2 * (compiler->buffer_size + values.size);
        uint8_t *buffer = realloc(compiler->buffer, room);
        if (buffer == NULL)
            return SP_ENOMEM;
        compiler->buffer = buffer;
        compiler->buffer_room = room;
    }
    memcpy(compiler->buffer + compiler->buffer_size, values.data, values.size);
    compiler->buffer_size += values.size;
    return 0;
}

int compiler_add_set(struct compiler *compiler, const uint8_t *owner, const struct record_set *set)
{
    if (compiler->zone == NULL)
        return 0;
    size_t owner_size = dns_name_size(owner);
    if (memcmp(compiler->owner, owner, owner_size) != 0) {
        int rc = finish_name(compiler);
        if (rc != 0)
            return rc;
        memcpy(compiler->owner, owner, owner_size);
    }
    if (compiler->set_count == DNS_TYPE_COUNT)
        return SP_EDAMAGED;
    struct gathered *gathered = &compiler->sets[compiler->set_count++];
    gathered->values_at = compiler->buffer_size;
    gathered->source = (struct rrset_source){
        .type = set->type,
        .ttl_s = set->ttl_s,
        .value_count = set->value_count,
        .values = set->values,
    };
    return keep_values(compiler, set->values);
}

int compiler_finish(struct compiler *compiler, struct snapshot **out_snapshot)
{
    int rc = finish_zone(compiler);
    if (rc == 0) {
        *out_snapshot = compiler->snapshot;
        compiler->snapshot = NULL;
    }
    return rc;
}
