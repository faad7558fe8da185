#include "signpost/control/access_keys.h"

#include "internal.h"

#include "signpost/base/clock.h"

int control_create_access_key(struct control *control, struct access_key *key,
                              struct problem *out_problem)
{
    access_key_draw(key);
    key->created_ms = clock_unix_ms();
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = control__commit(control, store_add_access_key(control->store, key, out_problem),
                             out_problem);
    return rc;
}

int control_delete_access_key(struct control *control, const char *id, struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = control__commit(control, store_remove_access_key(control->store, id, out_problem),
                             out_problem);
    if (rc == SP_ENOENT)
        return problem_set(out_problem, SP_ENOENT, "there is no access key %.100s", id);
    return rc;
}

int control_find_access_key(struct control *control, const char *id, struct access_key *out_key,
                            struct problem *out_problem)
{
    return store_find_access_key(control->store, id, out_key, out_problem);
}

int control_visit_access_keys(struct control *control,
                              int (*visit)(void *context, const struct access_key *key),
                              void *context, struct problem *out_problem)
{
    return store_visit_access_keys(control->store, visit, context, out_problem);
}
