#include "signpost/control/collections.h"

#include "internal.h"

#include "signpost/base/clock.h"

#include <stdlib.h>
#include <string.h>

/* ---- compiling ---- */

static int compile(const struct cidr_collection *collection, struct collection **out_compiled)
{
    size_t count = collection->block_count;
    struct collection_block *blocks = calloc(count + 1, sizeof *blocks);
    if (blocks == NULL)
        return SP_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        blocks[i].prefix = collection->blocks[i].prefix;
        strcpy(blocks[i].location, collection->blocks[i].location);
    }
    int rc = collection_create(collection->id, blocks, count, out_compiled);
    free(blocks);
    return rc;
}

static int put_into(struct snapshot *snapshot, const struct cidr_collection *collection)
{
    struct collection *compiled = NULL;
    int rc = compile(collection, &compiled);
    if (rc == 0)
        rc = snapshot_put_collection(snapshot, compiled);
    if (rc != 0)
        collection_unref(compiled);
    return rc;
}

static int load_collection(void *context, const struct cidr_collection *collection)
{
    return put_into(context, collection);
}

int control__load_collections(struct control *control, struct snapshot *first,
                              struct problem *out_problem)
{
    struct store_object_visitor visitor = { .collection = load_collection, .context = first };
    return store_visit_collections(control->store, &visitor, out_problem);
}

/* ---- changing ---- */

/* The last steps of every change, inside a transaction: what cannot be compiled is never stored. */
static int store_and_publish(struct control *control, const struct cidr_collection *collection,
                             struct problem *out_problem)
{
    struct snapshot *next = snapshot_copy(control->published);
    int rc = next == NULL ? SP_ENOMEM : put_into(next, collection);
    if (rc != 0)
        control__no_memory(out_problem);
    if (rc == 0)
        rc = store_commit_collection(control->store, collection, out_problem);
    if (rc == 0)
        control__publish(control, next);
    else
        snapshot_unref(next);
    return rc;
}

static int find(struct control *control, const char *key, struct cidr_collection *out_collection,
                struct problem *out_problem)
{
    int rc = store_find_collection(control->store, key, out_collection, out_problem);
    if (rc != SP_ENOENT)
        return rc;
    return problem_set(out_problem, rc,
                       "there is no collection \"%.80s\": \"signpost collection list\" shows those "
                       "that are there",
                       key);
}

static int check_free(struct control *control, const char *name, struct problem *out_problem)
{
    struct cidr_collection there;
    int rc = store_find_collection(control->store, name, &there, out_problem);
    if (rc == SP_ENOENT)
        return 0;
    return rc != 0 ? rc
                   : problem_set(out_problem, SP_EEXIST,
                                 "the collection %s exists already: \"signpost collection put\" "
                                 "adds blocks to it",
                                 name);
}

/* Seeded dice roll the same after a restart, so an id that is drawn may be taken. */
static int draw_id(struct control *control, char out[UUID_TEXT_SIZE], struct problem *out_problem)
{
    struct cidr_collection there;
    int rc;
    do {
        uuid_draw(out, &control->dice);
        rc = store_find_collection(control->store, out, &there, out_problem);
    } while (rc == 0);
    return rc == SP_ENOENT ? 0 : rc;
}

static int check_quota(struct control *control, struct problem *out_problem)
{
    struct store_object_counts counts;
    int rc = store_count_objects(control->store, &counts, out_problem);
    if (rc == 0 && counts.collections >= control->quotas.cidr_collections)
        rc = problem_set(out_problem, SP_ELIMIT, "there are %u collections already",
                         control->quotas.cidr_collections);
    return rc;
}

static int create(struct control *control, struct cidr_collection *collection,
                  struct problem *out_problem)
{
    int rc = check_free(control, collection->name, out_problem);
    if (rc == 0)
        rc = check_quota(control, out_problem);
    if (rc == 0)
        rc = draw_id(control, collection->id, out_problem);
    return rc == 0 ? store_and_publish(control, collection, out_problem) : rc;
}

/* name and reference fit. */
static int create_named(struct control *control, const char *name, const char *reference,
                        struct cidr_collection *out_collection, struct problem *out_problem)
{
    struct cidr_collection collection = { .version = 1, .created_at = clock_unix_s() };
    strcpy(collection.name, name);
    strcpy(collection.caller_reference, reference);
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = create(control, &collection, out_problem);
    if (rc == 0)
        *out_collection = collection;
    else
        store_rollback(control->store);
    return rc;
}

int control_create_collection(struct control *control, const char *name,
                              struct cidr_collection *out_collection, struct problem *out_problem)
{
    int rc = cidr_name_check(name, out_problem);
    return rc == 0 ? create_named(control, name, "", out_collection, out_problem) : rc;
}

int control_request_collection(struct control *control, const char *name, const char *reference,
                               struct cidr_collection *out_collection, struct problem *out_problem)
{
    struct cidr_collection there;
    int rc = cidr_name_check(name, out_problem);
    if (rc == 0 && (reference[0] == '\0' || strlen(reference) >= CIDR_REFERENCE_SIZE))
        rc = problem_set(out_problem, SP_EINVAL, "a caller reference has 1 to %d characters",
                         CIDR_REFERENCE_SIZE - 1);
    if (rc == 0)
        rc = store_find_collection(control->store, name, &there, out_problem);
    if (rc == 0 && strcmp(there.name, name) == 0 &&
        strcmp(there.caller_reference, reference) == 0) {
        *out_collection = there;
        return 0;
    }
    return rc == 0 || rc == SP_ENOENT
               ? create_named(control, name, reference, out_collection, out_problem)
               : rc;
}

/* A location that loses its last block is gone, and must not be one that record sets name. */
static int check_locations(struct control *control, const struct cidr_collection *before,
                           const struct cidr_collection *after, struct problem *out_problem)
{
    uint64_t users = 0;
    for (uint32_t at = 0; at < before->block_count; at += cidr_location_size(before, at)) {
        const char *location = before->blocks[at].location;
        if (cidr_collection_has_location(after, location))
            continue;
        int rc =
            store_count_location_users(control->store, before->id, location, &users, out_problem);
        if (rc != 0)
            return rc;
        if (users > 0)
            return problem_set(out_problem, SP_ECONFLICT,
                               "location %s of collection %s would have no block left, but record "
                               "sets name it (%llu of them): change these first",
                               location, before->name, (unsigned long long)users);
    }
    return 0;
}

static int check_size(struct control *control, const struct cidr_collection *before,
                      const struct cidr_collection *after, struct problem *out_problem)
{
    unsigned most = control->quotas.cidr_blocks_per_collection;
    if (after->block_count <= most || after->block_count <= before->block_count)
        return 0;
    return problem_set(out_problem, SP_ELIMIT, "a collection holds at most %u blocks", most);
}

static int change(struct control *control, const char *key, const struct cidr_batch *batch,
                  struct cidr_collection *out_collection, struct problem *out_problem)
{
    struct cidr_collection before;
    int rc = find(control, key, &before, out_problem);
    if (rc != 0)
        return rc;
    *out_collection = before;
    rc = cidr_collection_apply(out_collection, batch, out_problem);
    if (rc == 0)
        rc = check_locations(control, &before, out_collection, out_problem);
    if (rc == 0)
        rc = check_size(control, &before, out_collection, out_problem);
    return rc == 0 ? store_and_publish(control, out_collection, out_problem) : rc;
}

int control_change_collection(struct control *control, const char *key,
                              const struct cidr_batch *batch,
                              struct cidr_collection *out_collection, struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = change(control, key, batch, out_collection, out_problem);
    if (rc != 0)
        store_rollback(control->store);
    return rc;
}

/* ---- deleting ---- */

static int check_unused(struct control *control, const struct cidr_collection *collection,
                        struct problem *out_problem)
{
    uint64_t users = 0;
    int rc = store_count_location_users(control->store, collection->id, NULL, &users, out_problem);
    if (rc != 0 || users == 0)
        return rc;
    return problem_set(out_problem, SP_ECONFLICT,
                       "the collection %s is named by record sets (%llu of them): change these "
                       "first",
                       collection->name, (unsigned long long)users);
}

static int delete_and_publish(struct control *control, const char *id, struct problem *out_problem)
{
    struct snapshot *next = snapshot_copy(control->published);
    int rc = next == NULL ? SP_ENOMEM : snapshot_remove_collection(next, id);
    if (rc != 0)
        control__no_memory(out_problem);
    if (rc == 0)
        rc = store_commit_delete_collection(control->store, id, out_problem);
    if (rc == 0)
        control__publish(control, next);
    else
        snapshot_unref(next);
    return rc;
}

int control_delete_collection(struct control *control, const char *key, struct problem *out_problem)
{
    struct cidr_collection collection;
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = find(control, key, &collection, out_problem);
    if (rc == 0)
        rc = check_unused(control, &collection, out_problem);
    if (rc == 0)
        rc = delete_and_publish(control, collection.id, out_problem);
    if (rc != 0)
        store_rollback(control->store);
    return rc;
}

/* ---- reading ---- */

int control_read_collection(struct control *control, const char *key,
                            struct cidr_collection *out_collection, struct problem *out_problem)
{
    return find(control, key, out_collection, out_problem);
}

int control_list_collections(struct control *control, const struct store_object_visitor *visitor,
                             struct problem *out_problem)
{
    return store_visit_collections(control->store, visitor, out_problem);
}

int control_count_location_users(struct control *control, const char *id, const char *location,
                                 uint64_t *out_count, struct problem *out_problem)
{
    return store_count_location_users(control->store, id, location, out_count, out_problem);
}

bool control_has_collection(const struct control *control, const char *id)
{
    return snapshot_collection(control->published, id, collection_hash(id)) != NULL;
}

bool control_has_location(const struct control *control, const char *id, const char *location)
{
    const struct collection *collection =
        snapshot_collection(control->published, id, collection_hash(id));
    if (collection == NULL)
        return false;
    for (uint32_t i = 0; i < collection->location_count; i++)
        if (strcmp(collection->locations[i], location) == 0)
            return true;
    return strcmp(location, "*") == 0;
}
