/*
 * store/objects.h - what record sets name, as it is stored: health checks, CIDR collections and the
 * registry of resources.
 *
 * The store_commit_ functions work inside a transaction begun before (store_begin) and commit it;
 * on an error nothing has changed and the transaction is over.  Control thread only.
 */
#ifndef SIGNPOST_STORE_OBJECTS_H
#define SIGNPOST_STORE_OBJECTS_H

#include "signpost/model/cidr.h"
#include "signpost/model/health_status.h"
#include "signpost/model/resource.h"
#include "signpost/store/store.h"

/* What is visited is the callee's for the call only; only the callback of its kind is used.  A
 * callback that returns other than 0 ends the reading with that status. */
struct store_object_visitor {
    int (*check)(void *context, const struct health_check *check);
    int (*collection)(void *context, const struct cidr_collection *collection);
    int (*resource)(void *context, const struct resource_entry *entry);
    void *context;
};

/* ---- health checks ---- */

/* All that are there, deleted ones too, in the order of their ids. */
int store_visit_checks(struct store *store, const struct store_object_visitor *visitor,
                       struct problem *out_problem);

/* SP_ENOENT without words; deleted ones are found too. */
int store_read_check(struct store *store, const char *id, struct health_check *out_check,
                     struct problem *out_problem);

/* A new one, or a deleted one that comes back: without anything of what it was.  SP_EEXIST without
 * words. */
int store_commit_check(struct store *store, const struct health_check *check,
                       struct problem *out_problem);

/* Config and version of one that is there.  SP_ENOENT without words. */
int store_commit_check_config(struct store *store, const struct health_check *check,
                              struct problem *out_problem);

/* Up to `count` checks that are not deleted, oldest first, from that one on (NULL: from the first).
 * One that is deleted marks the place that it had.  SP_ENOENT without words: there never was such a
 * check. */
int store_page_checks(struct store *store, const char *first_id, unsigned count,
                      const struct store_object_visitor *visitor, struct problem *out_problem);

/* The check that was made with that caller reference, "" when it is deleted.  SP_ENOENT without
 * words: none was. */
int store_find_check_reference(struct store *store, const char *caller_reference,
                               char out_id[HEALTH_CHECK_ID_SIZE_MAX + 1],
                               struct problem *out_problem);

/* Marks it as deleted, forgets how it was doing and its tags, and forgets all that are deleted and
 * that no record set names any more; the visitor is told of each of these.  SP_ENOENT without
 * words. */
int store_commit_delete_check(struct store *store, const char *id, int64_t now_s,
                              const struct store_object_visitor *visitor,
                              struct problem *out_problem);

/* The CALCULATED check that has this child, "" when there is none. */
int store_find_parent_check(struct store *store, const char *child_id,
                            char out_id[HEALTH_CHECK_ID_SIZE_MAX + 1], struct problem *out_problem);

/* Whether record sets of that name (wire, lower case) name the check. */
int store_is_check_of_name(struct store *store, const char *id, const uint8_t *name, bool *out_is,
                           struct problem *out_problem);

/* How a check was doing when it was last stored.  SP_ENOENT without words. */
int store_read_check_status(struct store *store, const char *id, struct health_status *out_status,
                            struct problem *out_problem);

/* Inside a transaction, which goes on: several are stored in one.  SP_ENOENT without words; on any
 * other error the caller rolls back.  with_checkers: what each checker thinks is stored too. */
int store_put_check_status(struct store *store, const char *id, const struct health_status *status,
                           bool with_checkers, struct problem *out_problem);
int store_add_check_event(struct store *store, const char *id, const struct health_event *event,
                          struct problem *out_problem);

/* Ends such a transaction; on an error nothing of it has been stored. */
int store_commit_transaction(struct store *store, struct problem *out_problem);

/* Newest first, those after that time. */
int store_visit_check_events(struct store *store, const char *id, uint64_t after_ms,
                             int (*visit)(void *context, const struct health_event *event),
                             void *context, struct problem *out_problem);

/* ---- CIDR collections ---- */

/* In the order of their names. */
int store_visit_collections(struct store *store, const struct store_object_visitor *visitor,
                            struct problem *out_problem);

/* By id, else by name.  SP_ENOENT without words. */
int store_find_collection(struct store *store, const char *key,
                          struct cidr_collection *out_collection, struct problem *out_problem);

/* How many record sets name it and that location; a NULL location: any. */
int store_count_location_users(struct store *store, const char *id, const char *location,
                               uint64_t *out_count, struct problem *out_problem);

/* A new one, or what becomes of the one with that id. */
int store_commit_collection(struct store *store, const struct cidr_collection *collection,
                            struct problem *out_problem);
int store_commit_delete_collection(struct store *store, const char *id,
                                   struct problem *out_problem);

/* ---- resources ---- */

/* In the order of their name keys. */
int store_visit_resources(struct store *store, const struct store_object_visitor *visitor,
                          struct problem *out_problem);

/* name: wire, lower case.  SP_ENOENT without words. */
int store_find_resource(struct store *store, const uint8_t *name, struct resource_entry *out_entry,
                        struct problem *out_problem);
int store_find_resource_kind(struct store *store, const uint8_t *name, enum resource_kind *out_kind,
                             struct problem *out_problem);

/* A new one, or in the place of the one of that name. */
int store_commit_resource(struct store *store, const struct resource_entry *entry,
                          struct problem *out_problem);

/* SP_ENOENT without words. */
int store_commit_delete_resource(struct store *store, const uint8_t *name,
                                 struct problem *out_problem);

/* ---- figures ---- */

struct store_object_counts {
    uint64_t checks_up, checks_down; /* without deleted ones */
    uint64_t collections;
    uint64_t resources;
};
int store_count_objects(struct store *store, struct store_object_counts *out_counts,
                        struct problem *out_problem);

#endif
