/*
 * store/delegation_sets.h - reusable delegation sets (A-DEL).  Ids are public ones, bare.
 *
 * Deleted sets are not found, but what they were called is never free again.  Control thread only.
 */
#ifndef SIGNPOST_STORE_DELEGATION_SETS_H
#define SIGNPOST_STORE_DELEGATION_SETS_H

#include "signpost/model/delegation_set.h"
#include "signpost/store/store.h"

/* What is visited is the callee's for the call only; other than 0 ends the reading with that
 * status. */
struct delegation_set_visitor {
    int (*set)(void *context, const struct delegation_set *set);
    void *context;
};

/* At most `count`, in order of their ids, from that one on, which need not exist. */
int store_visit_delegation_sets(struct store *store, const char *from_id, unsigned count,
                                const struct delegation_set_visitor *visitor,
                                struct problem *out_problem);
int store_count_delegation_sets(struct store *store, uint64_t *out_count,
                                struct problem *out_problem);

/* SP_ENOENT without words. */
int store_find_delegation_set(struct store *store, const char *id, struct delegation_set *out_set,
                              struct problem *out_problem);

/* Whether any set, deleted or not, has that id or that caller reference; "" is nobody's. */
int store_is_delegation_set_known(struct store *store, const char *id, const char *reference,
                                  bool *out_known, struct problem *out_problem);

/* Zones that use it. */
int store_count_delegation_set_users(struct store *store, const char *id, uint64_t *out_count,
                                     struct problem *out_problem);

/* Inside a transaction, which goes on; neither the id nor the caller reference may be taken. */
int store_add_delegation_set(struct store *store, const struct delegation_set *set,
                             struct problem *out_problem);

/* Inside a transaction, which goes on.  SP_ENOENT without words. */
int store_remove_delegation_set(struct store *store, const char *id, int64_t now_s,
                                struct problem *out_problem);

#endif
