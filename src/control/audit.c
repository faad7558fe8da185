/*
 * Rows of changes that were refused belong to no transaction.  They wait for the next one that
 * comes anyway, or for the next tick, so that a hundred refusals cost one flush of the disk and not
 * a hundred.
 */
#include "signpost/control/access_keys.h"

#include "internal.h"

#include "signpost/base/log.h"

void control_set_audit(struct control *control, const struct audit_entry *entry)
{
    store_set_audit(control->store, entry);
}

bool control_withdraw_audit(struct control *control)
{
    bool awaited = store_awaits_audit(control->store);
    store_set_audit(control->store, NULL);
    return awaited;
}

int control__store_audit(struct control *control, struct problem *out_problem)
{
    if (store_gathered_audit(control->store) == 0)
        return 0;
    int rc = store_begin(control->store, out_problem);
    return rc == 0 ? control__commit(control, 0, out_problem) : rc;
}

/* A row for which there is no room even so, on a full disk, goes into the log alone. */
void control_add_audit(struct control *control, const struct audit_entry *entry)
{
    struct problem problem = { 0 };
    if (store_gather_audit(control->store, entry) == 0)
        return;
    if (control__store_audit(control, &problem) != 0 ||
        store_gather_audit(control->store, entry) != 0)
        log_write(LOG_LEVEL_ERROR, "a row of the audit is lost", "key", entry->key_id, "operation",
                  entry->operation, "result", entry->result, "reason", problem.text, NULL);
}

int control_visit_audit(struct control *control, const struct audit_query *query,
                        int (*visit)(void *context, const struct audit_entry *entry), void *context,
                        struct problem *out_problem)
{
    int rc = control__store_audit(control, out_problem);
    return rc == 0 ? store_visit_audit(control->store, query, visit, context, out_problem) : rc;
}
