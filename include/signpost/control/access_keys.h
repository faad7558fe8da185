/*
 * control/access_keys.h - access keys, and the audit of what is done with them.
 *
 * Control thread only.
 */
#ifndef SIGNPOST_CONTROL_ACCESS_KEYS_H
#define SIGNPOST_CONTROL_ACCESS_KEYS_H

#include "signpost/control/control.h"
#include "signpost/store/access_keys.h"

/* ---- keys ---- */

/* Draws id, secret and time of a key whose other members are set, and stores it.  SP_ELIMIT. */
int control_create_access_key(struct control *control, struct access_key *key,
                              struct problem *out_problem);

/* SP_ENOENT. */
int control_delete_access_key(struct control *control, const char *id, struct problem *out_problem);

/* With its secret.  SP_ENOENT without words. */
int control_find_access_key(struct control *control, const char *id, struct access_key *out_key,
                            struct problem *out_problem);

/* As store_visit_access_keys. */
int control_visit_access_keys(struct control *control,
                              int (*visit)(void *context, const struct access_key *key),
                              void *context, struct problem *out_problem);

/* ---- the audit ---- */

/* A row to be stored in the very transaction of the change that comes next, in this turn of the
 * loop.  NULL: none. */
void control_set_audit(struct control *control, const struct audit_entry *entry);

/* Takes back what control_set_audit has set; false: a transaction has taken it along. */
bool control_withdraw_audit(struct control *control);

/* A row without a change.  It is gathered with others and stored by control_tick. */
void control_add_audit(struct control *control, const struct audit_entry *entry);

/* As store_visit_audit; what is gathered is stored first. */
int control_visit_audit(struct control *control, const struct audit_query *query,
                        int (*visit)(void *context, const struct audit_entry *entry), void *context,
                        struct problem *out_problem);

#endif
