#include "signpost/control/traffic_policies.h"

#include "internal.h"

#include <string.h>

static int check_quota(uint64_t count, unsigned quota, const char *what,
                       struct problem *out_problem)
{
    if (count < quota)
        return 0;
    return problem_set(out_problem, SP_ELIMIT, "there are %llu %s already, and there may be %u",
                       (unsigned long long)count, what, quota);
}

/* ---- policies and versions ---- */

/* Seeded dice roll the same after a restart, so an id that is drawn may be taken. */
static int draw_policy_id(struct control *control, char out_id[UUID_TEXT_SIZE],
                          struct problem *out_problem)
{
    struct traffic_policy taken;
    int rc = 0;
    while (rc == 0) {
        uuid_draw(out_id, &control->dice);
        rc = store_find_traffic_policy(control->store, out_id, NULL, &taken, out_problem);
    }
    return rc == SP_ENOENT ? 0 : rc;
}

static int check_new_policy(struct control *control, const char *name, struct problem *out_problem)
{
    bool is_taken = false;
    uint64_t count = 0;
    int rc = store_has_traffic_policy_name(control->store, name, &is_taken, out_problem);
    if (rc == 0 && is_taken)
        rc = problem_set(out_problem, SP_EEXIST, "A traffic policy named %.200s exists already.",
                         name);
    if (rc == 0)
        rc = store_count_traffic_policies(control->store, &count, out_problem);
    if (rc == 0)
        rc = check_quota(count, control->quotas.traffic_policies, "traffic policies", out_problem);
    return rc;
}

/* Inside a transaction. */
static int create_policy(struct control *control, struct traffic_version *version,
                         struct problem *out_problem)
{
    int rc = check_new_policy(control, version->name, out_problem);
    if (rc == 0)
        rc = draw_policy_id(control, version->policy_id, out_problem);
    if (rc == 0)
        rc = store_add_traffic_policy(control->store, version->policy_id, version->name,
                                      out_problem);
    if (rc == 0)
        rc = store_add_traffic_version(control->store, version, out_problem);
    return rc;
}

/* Ends a transaction. */
static int finish(struct control *control, int rc, struct problem *out_problem)
{
    if (rc == 0)
        return store_commit_transaction(control->store, out_problem);
    store_rollback(control->store);
    return rc;
}

int control_create_traffic_policy(struct control *control, struct traffic_version *version,
                                  struct problem *out_problem)
{
    version->version = 1;
    int rc = store_begin(control->store, out_problem);
    return rc == 0 ? finish(control, create_policy(control, version, out_problem), out_problem)
                   : rc;
}

/* R-QTA-16.  No number is used again, so the highest that may be is the last there will be. */
static int check_new_version(struct control *control, const struct traffic_policy *policy,
                             struct problem *out_problem)
{
    if (policy->newest_version >= TRAFFIC_POLICY_VERSIONS_MAX)
        return problem_set(out_problem, SP_ELIMIT,
                           "the policy has had %u versions, and numbers are not used again",
                           policy->newest_version);
    return check_quota(policy->version_count, control->quotas.traffic_policy_versions,
                       "versions of the policy", out_problem);
}

/* Inside a transaction. */
static int add_version(struct control *control, struct traffic_version *version,
                       struct arena *arena, struct problem *out_problem)
{
    struct traffic_policy policy;
    int rc =
        store_find_traffic_policy(control->store, version->policy_id, arena, &policy, out_problem);
    if (rc == 0)
        rc = check_new_version(control, &policy, out_problem);
    if (rc != 0)
        return rc;
    version->name = policy.name;
    version->version = policy.newest_version + 1;
    return store_add_traffic_version(control->store, version, out_problem);
}

int control_add_traffic_version(struct control *control, struct traffic_version *version,
                                struct arena *arena, struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    return rc == 0 ? finish(control, add_version(control, version, arena, out_problem), out_problem)
                   : rc;
}

struct kept_version {
    struct arena *arena;
    uint32_t wanted;
    bool is_found;
    struct traffic_version version;
};

static int keep_version(void *context, const struct traffic_version *version)
{
    struct kept_version *kept = context;
    struct traffic_version copy = *version;
    if (version->version != kept->wanted)
        return 0;
    copy.name = arena_copy(kept->arena, copy.name, strlen(copy.name) + 1);
    copy.document = arena_copy(kept->arena, copy.document, strlen(copy.document) + 1);
    copy.comment = arena_copy(kept->arena, copy.comment, strlen(copy.comment) + 1);
    if (copy.name == NULL || copy.document == NULL || copy.comment == NULL)
        return SP_ENOMEM;
    kept->is_found = true;
    kept->version = copy;
    return 0;
}

int control_read_traffic_version(struct control *control, const char *policy_id, uint32_t version,
                                 struct arena *arena, struct traffic_version *out_version,
                                 struct problem *out_problem)
{
    struct kept_version kept = { .arena = arena, .wanted = version };
    int rc = store_visit_traffic_versions(control->store, policy_id, version, 1, keep_version,
                                          &kept, out_problem);
    if (rc == SP_ENOMEM)
        return control__no_memory(out_problem);
    if (rc == 0 && !kept.is_found)
        rc = SP_ENOENT;
    if (rc == 0)
        *out_version = kept.version;
    return rc;
}

int control_set_traffic_comment(struct control *control, const char *policy_id, uint32_t version,
                                const char *comment, struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc != 0)
        return rc;
    rc = store_set_traffic_comment(control->store, policy_id, version, comment, out_problem);
    return finish(control, rc, out_problem);
}

/* Inside a transaction. */
static int delete_version(struct control *control, const char *policy_id, uint32_t version,
                          struct problem *out_problem)
{
    uint64_t users = 0;
    int rc =
        store_count_instances_of_version(control->store, policy_id, version, &users, out_problem);
    if (rc == 0 && users > 0)
        rc = problem_set(out_problem, SP_ECONFLICT,
                         "Version %u of the traffic policy is used by %llu traffic policy "
                         "instances: delete or update them first.",
                         version, (unsigned long long)users);
    if (rc == 0)
        rc = store_remove_traffic_version(control->store, policy_id, version, out_problem);
    return rc;
}

int control_delete_traffic_version(struct control *control, const char *policy_id, uint32_t version,
                                   struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc != 0)
        return rc;
    return finish(control, delete_version(control, policy_id, version, out_problem), out_problem);
}

int control_visit_traffic_policies(struct control *control, int64_t from, unsigned count,
                                   int (*visit)(void *context, const struct traffic_policy *policy),
                                   void *context, struct problem *out_problem)
{
    return store_visit_traffic_policies(control->store, from, count, visit, context, out_problem);
}

int control_visit_traffic_versions(struct control *control, const char *policy_id, uint32_t from,
                                   unsigned count,
                                   int (*visit)(void *context,
                                                const struct traffic_version *version),
                                   void *context, struct problem *out_problem)
{
    return store_visit_traffic_versions(control->store, policy_id, from, count, visit, context,
                                        out_problem);
}

int control_find_traffic_policy(struct control *control, const char *id,
                                struct traffic_policy *out_policy, struct problem *out_problem)
{
    return store_find_traffic_policy(control->store, id, NULL, out_policy, out_problem);
}

int control_count_traffic_policies(struct control *control, uint64_t *out_count,
                                   struct problem *out_problem)
{
    return store_count_traffic_policies(control->store, out_count, out_problem);
}
