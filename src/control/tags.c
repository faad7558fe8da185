#include "signpost/control/tags.h"

#include "internal.h"

#include "signpost/control/checks.h"
#include "signpost/store/tags.h"

static int find_owner(struct control *control, enum tagged tagged, const char *id,
                      struct problem *out_problem)
{
    struct hosted_zone zone;
    if (tagged == TAGGED_HEALTH_CHECK)
        return control_has_check(control, id) ? 0 : SP_ENOENT;
    return control_find_zone_id(control, id, &zone, out_problem);
}

int control_list_tags(struct control *control, enum tagged tagged, const char *id,
                      int (*visit)(void *context, const struct tag *tag), void *context,
                      struct problem *out_problem)
{
    int rc = find_owner(control, tagged, id, out_problem);
    return rc == 0 ? store_visit_tags(control->store, tagged, id, visit, context, out_problem) : rc;
}

static int count(void *context, const struct tag *tag)
{
    (void)tag;
    ++*(unsigned *)context;
    return 0;
}

static int check_count(struct control *control, enum tagged tagged, const char *id,
                       struct problem *out_problem)
{
    unsigned tag_count = 0;
    int rc = store_visit_tags(control->store, tagged, id, count, &tag_count, out_problem);
    if (rc == 0 && tag_count > TAGS_PER_RESOURCE_MAX)
        rc = problem_set(out_problem, SP_ELIMIT, "%s would have %u tags: a resource has at most %d",
                         id, tag_count, TAGS_PER_RESOURCE_MAX);
    return rc;
}

/* Inside a transaction. */
static int change_stored(struct control *control, enum tagged tagged, const char *id,
                         const struct tag_change *change, struct problem *out_problem)
{
    struct store *store = control->store;
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < change->removed_count; i++)
        rc = store_remove_tag(store, tagged, id, change->removed[i], out_problem);
    for (unsigned i = 0; rc == 0 && i < change->added_count; i++)
        rc = store_put_tag(store, tagged, id, &change->added[i], out_problem);
    return rc == 0 ? check_count(control, tagged, id, out_problem) : rc;
}

int control_change_tags(struct control *control, enum tagged tagged, const char *id,
                        const struct tag_change *change, struct problem *out_problem)
{
    int rc = find_owner(control, tagged, id, out_problem);
    for (unsigned i = 0; rc == 0 && i < change->added_count; i++)
        rc = tag_check(&change->added[i], out_problem);
    if (rc == 0)
        rc = store_begin(control->store, out_problem);
    if (rc != 0)
        return rc;
    rc = change_stored(control, tagged, id, change, out_problem);
    if (rc == 0)
        rc = store_commit_transaction(control->store, out_problem);
    if (rc != 0)
        store_rollback(control->store);
    return rc;
}
