/*
 * One change takes an instance from one tree to another: the draft holds every hidden name of the
 * old one, now without sets, the hidden names of the new one, which are fresh, and the root.  The
 * instance's own row is written in the same transaction.
 */
#include "internal.h"

#include "signpost/control/protections.h"
#include "signpost/control/traffic_policies.h"

#include "signpost/dns/types.h"

#include <stdio.h>
#include <string.h>

/* Takes the root out of the sets of its owner. */
static void remove_root(struct draft_name *name, const struct traffic_instance *instance)
{
    struct record_set **link = &name->sets;
    while (*link != NULL) {
        const char *owner = (*link)->traffic_policy_instance;
        if (owner != NULL && strcmp(owner, instance->id) == 0)
            *link = (*link)->next;
        else
            link = &(*link)->next;
    }
}

/* The draft of its zone with nothing left of the instance's trees. */
static int clear(struct control *control, struct draft *draft,
                 const struct traffic_instance *instance, struct problem *out_problem)
{
    char prefix[TRAFFIC_PREFIX_SIZE];
    traffic_tree_prefix(prefix, instance->number);
    int rc = store_fetch_prefix(control->store, draft, prefix, out_problem);
    for (uint32_t i = 0; i < draft->name_count; i++)
        draft->names[i]->sets = NULL;
    if (rc == 0)
        rc = store_fetch_name(control->store, draft, instance->name, out_problem);
    if (rc == 0)
        remove_root(draft_find(draft, instance->name), instance);
    return rc;
}

/* ---- the tree ---- */

static int make_tree(struct draft *draft, const struct traffic_instance *instance,
                     const struct traffic_document *document, struct change_batch *out_batch,
                     struct problem *out_problem)
{
    struct traffic_tree tree = { .zone = &draft->zone,
                                 .name = instance->name,
                                 .ttl_s = instance->ttl_s,
                                 .instance = instance->id,
                                 .number = instance->number,
                                 .generation = instance->generation };
    return traffic_tree_make(draft->arena, document, &tree, out_batch, out_problem);
}

/* What the zone, or what the document names, has against the tree; the rest is trouble of ours. */
static bool is_fault_of_tree(int rc)
{
    return rc == SP_EINVAL || rc == SP_ENOENT || rc == SP_ELIMIT;
}

static int put_tree(struct control *control, struct draft *draft,
                    const struct traffic_instance *instance,
                    const struct traffic_document *document, struct problem *out_problem)
{
    struct change_batch batch;
    int rc = make_tree(draft, instance, document, &batch, out_problem);
    return rc == 0 ? model_apply(draft, &batch, &control->references, NULL, out_problem) : rc;
}

/* Inside a transaction: the instance stays as it was told, and so does its old tree. */
static int store_failure(struct control *control, struct traffic_instance *instance,
                         const struct problem *why, struct problem *out_problem)
{
    snprintf(instance->message, sizeof instance->message, "%s",
             why->text[0] != '\0' ? why->text : status_text(why->status));
    int rc = store_change_traffic_instance(control->store, instance, out_problem);
    return rc == 0 ? store_commit_transaction(control->store, out_problem) : rc;
}

static int store_tree(struct control *control, struct draft *draft,
                      struct traffic_instance *instance, struct problem *out_problem)
{
    struct change change;
    instance->message[0] = '\0';
    int rc = store_change_traffic_instance(control->store, instance, out_problem);
    if (rc == 0)
        rc = control__new_change(control, "", &change, out_problem);
    if (rc == 0)
        rc = control__carry_out(control, draft, NULL, &change, out_problem);
    return rc;
}

/* Inside a transaction, in which the instance has its row; ends it when all went well. */
static int grow(struct control *control, const struct hosted_zone *zone,
                struct traffic_instance *instance, const struct traffic_document *document,
                struct problem *out_problem)
{
    struct problem why = { 0 };
    struct draft *draft = draft_create(zone, false);
    if (draft == NULL)
        return control__no_memory(out_problem);
    instance->generation++;
    int rc = clear(control, draft, instance, out_problem);
    if (rc == 0) {
        rc = put_tree(control, draft, instance, document, &why);
        if (rc == 0)
            rc = store_tree(control, draft, instance, out_problem);
        else if (is_fault_of_tree(rc))
            rc = store_failure(control, instance, &why, out_problem);
        else
            problem_set(out_problem, rc, "%s", why.text);
    }
    draft_destroy(draft);
    return rc;
}

/* ---- creation ---- */

static int check_place(const struct traffic_wish *wish, struct problem *out_problem)
{
    char name[DNS_NAME_TEXT_SIZE], zone[DNS_NAME_TEXT_SIZE];
    if (wish->zone->is_private)
        return problem_set(out_problem, SP_EINVAL,
                           "Traffic policy instances are not for private hosted zones.");
    if (dns_name_is_within(wish->name, wish->zone->name))
        return 0;
    dns_name_to_octal(name, wish->name);
    dns_name_to_octal(zone, wish->zone->name);
    return problem_set(out_problem, SP_EINVAL, "RRSet with DNS name %s is not permitted in zone %s",
                       name, zone);
}

/* R-TPF-2, R-QTA-16. */
static int check_free(struct control *control, const struct traffic_instance *instance,
                      struct problem *out_problem)
{
    struct traffic_instance there;
    uint64_t count = 0;
    int rc = store_find_traffic_instance_at(control->store, instance->zone_id, instance->name,
                                            instance->type, &there, out_problem);
    if (rc == 0)
        return problem_set(out_problem, SP_EEXIST,
                           "The traffic policy instance %s has that name and type already.",
                           there.id);
    if (rc == SP_ENOENT)
        rc = store_count_traffic_instances(control->store, &count, out_problem);
    if (rc == 0 && count >= control->quotas.traffic_policy_instances)
        rc = problem_set(out_problem, SP_ELIMIT,
                         "there are %llu traffic policy instances already, and there may be %u",
                         (unsigned long long)count, control->quotas.traffic_policy_instances);
    return rc;
}

/* Seeded dice roll the same after a restart, so an id that is drawn may be taken. */
static int draw_id(struct control *control, char out_id[UUID_TEXT_SIZE],
                   struct problem *out_problem)
{
    struct traffic_instance taken;
    int rc = 0;
    while (rc == 0) {
        uuid_draw(out_id, &control->dice);
        rc = store_find_traffic_instance(control->store, out_id, &taken, out_problem);
    }
    return rc == SP_ENOENT ? 0 : rc;
}

/* Inside a transaction. */
static int create(struct control *control, const struct traffic_wish *wish,
                  struct traffic_instance *instance, struct problem *out_problem)
{
    int rc = check_free(control, instance, out_problem);
    if (rc == 0)
        rc = draw_id(control, instance->id, out_problem);
    if (rc == 0)
        rc = store_add_traffic_instance(control->store, instance, out_problem);
    return rc == 0 ? grow(control, wish->zone, instance, wish->document, out_problem) : rc;
}

static void follow(struct traffic_instance *instance, const struct traffic_wish *wish)
{
    instance->ttl_s = wish->ttl_s;
    instance->version = wish->version->version;
    memcpy(instance->policy_id, wish->version->policy_id, sizeof instance->policy_id);
}

int control_create_traffic_instance(struct control *control, const struct traffic_wish *wish,
                                    struct traffic_instance *out_instance,
                                    struct problem *out_problem)
{
    struct traffic_instance instance = { .type = wish->version->type };
    int rc = check_place(wish, out_problem);
    if (rc == 0)
        rc = store_begin(control->store, out_problem);
    if (rc != 0)
        return rc;
    follow(&instance, wish);
    memcpy(instance.zone_id, wish->zone->public_id, sizeof instance.zone_id);
    memcpy(instance.name, wish->name, dns_name_size(wish->name));
    rc = create(control, wish, &instance, out_problem);
    if (rc == 0)
        *out_instance = instance;
    else
        store_rollback(control->store);
    return rc;
}

/* ---- another version ---- */

static int check_type(const struct traffic_instance *instance,
                      const struct traffic_version *version, struct problem *out_problem)
{
    if (version->type == instance->type)
        return 0;
    return problem_set(out_problem, SP_ECONFLICT,
                       "The traffic policy instance is of type %s, and version %u of the traffic "
                       "policy is of type %s.",
                       dns_type_find(instance->type)->name, version->version,
                       dns_type_find(version->type)->name);
}

int control_update_traffic_instance(struct control *control, struct traffic_instance *instance,
                                    const struct traffic_wish *wish, struct problem *out_problem)
{
    struct hosted_zone zone;
    struct traffic_instance changed = *instance;
    int rc = check_type(instance, wish->version, out_problem);
    if (rc == 0)
        rc = store_begin(control->store, out_problem);
    if (rc != 0)
        return rc;
    follow(&changed, wish);
    rc = store_find_public_id(control->store, changed.zone_id, &zone, out_problem);
    if (rc == 0)
        rc = grow(control, &zone, &changed, wish->document, out_problem);
    if (rc == 0)
        *instance = changed;
    else
        store_rollback(control->store);
    return rc;
}

/* ---- deletion ---- */

static int check_unprotected(struct control *control, const struct hosted_zone *zone,
                             const struct traffic_instance *instance, struct problem *out_problem)
{
    struct protection protection;
    int rc = control_find_protection(control, zone, instance->name, instance->type, &protection,
                                     out_problem);
    if (rc == 0)
        return problem_set(out_problem, SP_ECONFLICT,
                           "The record set of the traffic policy instance is protected: %.256s",
                           protection.comment);
    return rc == SP_ENOENT ? 0 : rc;
}

/* Inside a transaction; ends it when all went well. */
static int delete_from(struct control *control, const struct hosted_zone *zone,
                       const struct traffic_instance *instance, struct problem *out_problem)
{
    struct change change;
    struct draft *draft = draft_create(zone, false);
    int rc = draft == NULL ? control__no_memory(out_problem)
                           : clear(control, draft, instance, out_problem);
    if (rc == 0)
        rc = store_remove_traffic_instance(control->store, instance->id, out_problem);
    if (rc == 0)
        rc = control__new_change(control, "", &change, out_problem);
    if (rc == 0)
        rc = control__carry_out(control, draft, NULL, &change, out_problem);
    draft_destroy(draft);
    return rc;
}

int control_delete_traffic_instance(struct control *control,
                                    const struct traffic_instance *instance,
                                    struct problem *out_problem)
{
    struct hosted_zone zone;
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = store_find_public_id(control->store, instance->zone_id, &zone, out_problem);
    if (rc == 0)
        rc = check_unprotected(control, &zone, instance, out_problem);
    if (rc == 0)
        rc = delete_from(control, &zone, instance, out_problem);
    if (rc != 0)
        store_rollback(control->store);
    return rc;
}

/* ---- reading ---- */

int control_find_traffic_instance(struct control *control, const char *id,
                                  struct traffic_instance *out_instance,
                                  struct problem *out_problem)
{
    return store_find_traffic_instance(control->store, id, out_instance, out_problem);
}

int control_find_traffic_instance_at(struct control *control, const char *zone_id,
                                     const uint8_t *name, uint16_t type,
                                     struct traffic_instance *out_instance,
                                     struct problem *out_problem)
{
    return store_find_traffic_instance_at(control->store, zone_id, name, type, out_instance,
                                          out_problem);
}

int control_visit_traffic_instances(
    struct control *control, const struct traffic_instance_filter *filter, int64_t from,
    unsigned count, int (*visit)(void *context, const struct traffic_instance *instance),
    void *context, struct problem *out_problem)
{
    return store_visit_traffic_instances(control->store, filter, from, count, visit, context,
                                         out_problem);
}

int control_count_traffic_instances(struct control *control, uint64_t *out_count,
                                    struct problem *out_problem)
{
    return store_count_traffic_instances(control->store, out_count, out_problem);
}
