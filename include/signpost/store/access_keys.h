/*
 * store/access_keys.h - access keys and the audit, as they are stored.  Control thread only.
 */
#ifndef SIGNPOST_STORE_ACCESS_KEYS_H
#define SIGNPOST_STORE_ACCESS_KEYS_H

#include "signpost/model/access_key.h"
#include "signpost/model/audit.h"
#include "signpost/store/store.h"

#include <stdbool.h>

/* ---- access keys ---- */

/* Inside a transaction, which goes on.  SP_EEXIST without words: that id is taken; SP_ELIMIT.  On
 * an error the caller rolls back. */
int store_add_access_key(struct store *store, const struct access_key *key,
                         struct problem *out_problem);

/* Inside a transaction, which goes on.  SP_ENOENT without words. */
int store_remove_access_key(struct store *store, const char *id, struct problem *out_problem);

/* With its secret.  SP_ENOENT without words. */
int store_find_access_key(struct store *store, const char *id, struct access_key *out_key,
                          struct problem *out_problem);

/* Oldest first; the visited key is the callee's for the call only.  A callback that returns other
 * than 0 ends the reading with that status. */
int store_visit_access_keys(struct store *store,
                            int (*visit)(void *context, const struct access_key *key),
                            void *context, struct problem *out_problem);

/* ---- the audit ---- */

/* The next transaction that is committed takes this row along, so that there is no change without
 * its row, nor a row without its change.  A zone that the entry does not name is filled in where a
 * zone is written.  The oldest rows go when there are too many.  NULL: none, whatever was set
 * before.  The entry is copied. */
void store_set_audit(struct store *store, const struct audit_entry *entry);

/* Whether what was set is still to be taken along. */
bool store_awaits_audit(const struct store *store);

/* A row without a change.  It waits for the next transaction that is committed, whatever that is
 * for; how many wait.  SP_ELIMIT: there is no room for one more. */
int store_gather_audit(struct store *store, const struct audit_entry *entry);
unsigned store_gathered_audit(const struct store *store);

/* Which rows, newest first. */
struct audit_query {
    int64_t after;    /* only those older than the row of that id; 0: from the newest */
    unsigned limit;   /* so many at most */
    const char *zone; /* NULL: of every zone, and of none */
    const char *key;  /* NULL: of every key, and of none */
};
int store_visit_audit(struct store *store, const struct audit_query *query,
                      int (*visit)(void *context, const struct audit_entry *entry), void *context,
                      struct problem *out_problem);

#endif
