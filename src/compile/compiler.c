/*
 * compile/compiler.c - start-up: everything that is stored, in the order in which it is stored.
 *
 * Sets of one owner come in a row, so a name is put together from the sets gathered since the owner
 * last changed.  What a set points to is the caller's for the call only: most sets are plain, and
 * of those just the values are copied, into one buffer.
 */
#include "signpost/compile/compile.h"

#include "signpost/base/status.h"

#include "sources.h"

#include <stdlib.h>
#include <string.h>

struct compiler {
    const struct compile_checks *checks;
    struct snapshot *snapshot;
    struct zone *zone; /* NULL before the first, and after one whose name was taken */
    struct hosted_zone hosted;
    uint8_t owner[DNS_NAME_SIZE_MAX];
    struct sources sources; /* of the owner */
};

struct compiler *compiler_create(const struct compile_checks *checks)
{
    struct compiler *compiler = calloc(1, sizeof *compiler);
    if (compiler == NULL)
        return NULL;
    compiler->checks = checks;
    compiler->snapshot = snapshot_create();
    if (compiler->snapshot == NULL) {
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
    sources__finish(&compiler->sources);
    free(compiler);
}

static int finish_name(struct compiler *compiler)
{
    int rc = 0;
    if (compiler->sources.count > 0)
        rc = sources__put(&compiler->sources, compiler->zone, compiler->owner);
    sources__clear(&compiler->sources);
    return rc;
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
    /* Among public zones of equal name the oldest answers (R-ZON-11), and the oldest comes first.
     */
    if (zone->is_private || snapshot_zone(compiler->snapshot, zone->name) != NULL)
        return 0;
    compiler->hosted = *zone;
    compiler->zone = zone_create(zone->name);
    return compiler->zone == NULL ? SP_ENOMEM : 0;
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
    const struct compile_scope scope = { &compiler->hosted, compiler->checks };
    return sources__add_copy(&compiler->sources, &scope, set);
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
