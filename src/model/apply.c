/*
 * A batch goes through three rounds: the shape of every change, what the changes name beyond the
 * zone, and then each change in turn on what those before it have left (A-CHG 7.7).  What is wrong
 * in one round ends the batch before the next.
 *
 * A draft may hold one list of sets as both what was and what will be, and the store may own it.
 * So nothing in a list is ever written to: a changed name gets a new list.
 */
#include "aliases.h"
#include "check.h"
#include "record_set.h"

#include "signpost/dns/rdata.h"
#include "signpost/dns/types.h"
#include "signpost/model/zone_file.h"

#include <stdlib.h>
#include <string.h>

struct applying {
    struct draft *draft;
    const struct change_batch *batch;
    const struct model_references *references;
    struct faults faults;
    struct change_faults *all; /* what faults is told too; may be NULL */
    struct problem *problem;
    bool *is_repeated; /* by index of item: A-CHG-4 */
};

static int no_memory(struct applying *applying)
{
    return problem_set(applying->problem, SP_ENOMEM, "%s", status_text(SP_ENOMEM));
}

static const struct quotas *quotas_of(const struct applying *applying)
{
    return applying->references == NULL ? NULL : applying->references->quotas;
}

static const char *type_name(const struct change_item *item)
{
    return dns_type_find(item->set.type)->name;
}

/* ---- shape and references ---- */

static void fault_input(struct applying *applying, const struct change_item *item, const char *why)
{
    static const char *const actions[] = {
        [CHANGE_CREATE] = "CREATE", [CHANGE_DELETE] = "DELETE", [CHANGE_UPSERT] = "UPSERT"
    };
    const char *identifier = item->set.set_identifier, *name = item->reading.name;
    faults_add_text(&applying->faults, 0,
                    "%s in Change with [Action=%s, Name=%s, Type=%s, SetIdentifier=%s]", why,
                    actions[item->action], name == NULL ? name_text_of(item->owner).text : name,
                    type_name(item), *identifier == '\0' ? "null" : identifier);
}

/* What is in the list of all faults now is of that kind. */
static int end_round(struct applying *applying, enum change_fault_kind kind)
{
    if (applying->all != NULL && applying->faults.count > 0)
        applying->all->kind = kind;
    return faults_report(&applying->faults, applying->problem);
}

static void check_shape(struct applying *applying, const struct change_item *item)
{
    struct reason reason;
    if (dns_type_find(item->set.type) == NULL) {
        faults_add(&applying->faults, 0, item->owner, 0, "type %u is not one that records may have",
                   item->set.type);
        return;
    }
    if (item->reading.shape_fault != NULL) {
        fault_input(applying, item, item->reading.shape_fault);
        return;
    }
    check__shape(&item->set, &reason);
    if (reason_is_set(&reason))
        fault_input(applying, item, reason.text);
}

static int check_shapes(struct applying *applying)
{
    for (uint32_t i = 0; i < applying->batch->count; i++)
        check_shape(applying, &applying->batch->items[i]);
    return end_round(applying, CHANGE_FAULT_INPUT);
}

/* Whether the reader has got to what the change names beyond its zone. */
static bool is_read(const struct change_item *item)
{
    return item->reading.name_fault == NULL && item->reading.value_fault == NULL;
}

static int check_references(struct applying *applying)
{
    struct reason reason;
    int rc = 0;
    for (uint32_t i = 0; rc == 0 && i < applying->batch->count; i++) {
        const struct change_item *item = &applying->batch->items[i];
        if (item->action == CHANGE_DELETE || !is_read(item))
            continue;
        rc = check__references(applying->references, &applying->draft->zone, &item->set, &reason,
                               applying->problem);
        if (rc == 0 && reason_is_set(&reason))
            fault_input(applying, item, reason.text);
    }
    return rc == 0 ? end_round(applying, CHANGE_FAULT_INPUT) : rc;
}

/* Route 53 has no advice to give. */
static int fault_health_check(struct applying *applying, const struct change_item *item,
                              const struct reason *reason)
{
    faults_add_text(&applying->faults, 0, "A health check with id %s does not exist.",
                    item->set.health_check);
    int rc = end_round(applying, CHANGE_FAULT_HEALTH_CHECK);
    return rc == SP_ENOMEM ? rc : problem_set(applying->problem, SP_ENOENT, "%s", reason->text);
}

static int check_health_checks(struct applying *applying)
{
    struct reason reason;
    for (uint32_t i = 0; i < applying->batch->count; i++) {
        const struct change_item *item = &applying->batch->items[i];
        if (item->action == CHANGE_DELETE)
            continue;
        check__health_check(applying->references, &item->set, &reason);
        if (reason_is_set(&reason))
            return fault_health_check(applying, item, &reason);
    }
    return 0;
}

/* ---- one identity, several changes: A-CHG-4 ---- */

static int compare_identities(const void *a, const void *b)
{
    const struct change_item *left = *(const struct change_item *const *)a;
    const struct change_item *right = *(const struct change_item *const *)b;
    int order = dns_name_compare(left->owner, right->owner);
    if (order == 0) /* hidden names differ in letter case from all others */
        order = memcmp(left->owner, right->owner, dns_name_size(left->owner));
    if (order == 0)
        order = left->set.type - right->set.type;
    if (order == 0)
        order = strcmp(left->set.set_identifier, right->set.set_identifier);
    return order;
}

static int compare_items(const void *a, const void *b)
{
    const struct change_item *left = *(const struct change_item *const *)a;
    const struct change_item *right = *(const struct change_item *const *)b;
    int order = compare_identities(a, b);
    return order != 0 ? order : left < right ? -1 : 1;
}

/* How many of the sorted items, from the first on, have one identity. */
static uint32_t run_length(const struct change_item *const *items, uint32_t count)
{
    uint32_t length = 1;
    while (length < count && compare_identities(&items[0], &items[length]) == 0)
        length++;
    return length;
}

static int find_repeated(struct applying *applying)
{
    const struct change_batch *batch = applying->batch;
    struct arena *arena = applying->draft->arena;
    const struct change_item **items = arena_alloc(arena, (batch->count + 1u) * sizeof *items);
    applying->is_repeated = arena_alloc(arena, batch->count + 1u);
    if (items == NULL || applying->is_repeated == NULL)
        return no_memory(applying);
    uint32_t count = 0;
    for (uint32_t i = 0; i < batch->count; i++)
        if (batch->items[i].reading.name_fault == NULL)
            items[count++] = &batch->items[i];
    qsort(items, count, sizeof *items, compare_items);

    for (uint32_t at = 0, length; at < count; at += length) {
        length = run_length(items + at, count - at);
        bool is_replacement = length == 2 && items[at]->action == CHANGE_DELETE &&
                              items[at + 1]->action == CHANGE_CREATE;
        for (uint32_t i = 0; i < length; i++)
            applying->is_repeated[items[at + i] - batch->items] = length > 1 && !is_replacement;
    }
    return 0;
}

/* ---- values ---- */

/* As it was written, where that is known: texts stand in the order of the values. */
static const char *text_of_value(struct arena *arena, const struct record_set *set,
                                 struct span wanted)
{
    struct span values = set->values, texts = set->texts, value, text;
    while (dns_values_next(&values, &value) && dns_values_next(&texts, &text))
        if (value.data == wanted.data)
            return arena_format(arena, "%.*s", (int)text.size, text.data);
    return rdata_to_text(arena, set->type, wanted);
}

/* Of the two the one that stands later. */
static void fault_twice(struct applying *applying, const struct change_item *item, struct span a,
                        struct span b)
{
    const char *text = text_of_value(applying->draft->arena, &item->set, a.data > b.data ? a : b);
    faults_add_text(&applying->faults, 0, "Duplicate Resource Record: '%s'",
                    text == NULL ? "" : text);
}

/* Each must be right, and be there once (R-ANS-18, A-CHG-24). */
static int check_values(struct applying *applying, const struct change_item *item)
{
    const struct record_set *set = &item->set;
    if (set->alias != NULL)
        return 0;
    struct span *values =
        arena_alloc(applying->draft->arena, (set->value_count + (size_t)1) * sizeof *values);
    if (values == NULL)
        return no_memory(applying);
    uint32_t count = record_set__sort_values(set, values);
    if (count == 0)
        faults_add(&applying->faults, 0, item->owner, set->type, "the record set has no value");
    for (uint32_t i = 0; i < count; i++) {
        const char *why = dns_rdata_check(set->type, values[i]);
        if (why != NULL)
            faults_add(&applying->faults, 0, item->owner, set->type, "%s", why);
        else if (i > 0 && record_set__compare_values(&values[i - 1], &values[i]) == 0)
            fault_twice(applying, item, values[i - 1], values[i]);
    }
    return 0;
}

/* ---- the working copy ---- */

static int append_copy(struct arena *arena, struct record_set ***link, const struct record_set *set)
{
    struct record_set *copy = arena_copy(arena, set, sizeof *set);
    if (copy == NULL)
        return SP_ENOMEM;
    copy->next = NULL;
    **link = copy;
    *link = &copy->next;
    return 0;
}

/* A new list without old, which may be NULL, and with a copy of set in its place, which may be
 * NULL. */
static int replace_set(struct applying *applying, struct draft_name *name,
                       const struct record_set *old, struct record_set *set)
{
    struct record_set *first = NULL;
    struct record_set **link = &first;
    int rc = 0;
    for (struct record_set *at = name->sets; at != NULL && rc == 0; at = at->next)
        if (at != old)
            rc = append_copy(applying->draft->arena, &link, at);
    if (rc != 0)
        return no_memory(applying);
    if (set != NULL) {
        link = record_set__find_link(&first, set->type, set->set_identifier);
        set->next = *link;
        *link = set;
    }
    name->sets = first;
    return 0;
}

/* "Tried to create resource record set [...]": A-CHG-27 to A-CHG-29. */
static void fault_existence(struct applying *applying, const struct change_item *item,
                            const char *verb, const char *why)
{
    const char *identifier = item->set.set_identifier;
    faults_add_text(&applying->faults, 0,
                    "Tried to %s resource record set [name='%s', type='%s'%s%s%s] but %s", verb,
                    name_text_of(item->owner).text, type_name(item),
                    *identifier == '\0' ? "" : ", set-identifier='", identifier,
                    *identifier == '\0' ? "" : "'", why);
}

/* A DELETE repeats all of a set, but of an instance's root its id (A-TPF-3). */
static bool is_repeated_by(const struct record_set *there, const struct record_set *given)
{
    const char *instance = there->traffic_policy_instance;
    if (instance != NULL && given->traffic_policy_instance != NULL)
        return strcmp(instance, given->traffic_policy_instance) == 0;
    return instance == given->traffic_policy_instance && record_set_equal(there, given);
}

static int delete_set(struct applying *applying, const struct change_item *item,
                      struct draft_name *name, const struct record_set *there)
{
    if (there == NULL)
        fault_existence(applying, item, "delete", "it was not found");
    else if (!is_repeated_by(there, &item->set))
        fault_existence(applying, item, "delete",
                        "the values provided do not match the current values");
    else
        return replace_set(applying, name, there, NULL);
    return 0;
}

static uint32_t group_limit(const struct applying *applying, enum routing_policy policy)
{
    const struct quotas *quotas = quotas_of(applying);
    uint32_t limit = check__group_limit(policy);
    uint32_t quota = quotas == NULL                   ? limit
                     : policy == ROUTING_GEOPROXIMITY ? quotas->geoproximity_members
                                                      : quotas->group_members;
    return quota < limit ? quota : limit;
}

/* A-CHG-40 to A-CHG-46, but not A-CHG-44; there is what the set takes the place of. */
static void check_neighbours(struct applying *applying, const struct change_item *item,
                             const struct draft_name *name, const struct record_set *there)
{
    const struct record_set *set = &item->set;
    struct reason reason = { "" };
    uint32_t member_count = 0;
    for (const struct record_set *other = name->sets; other != NULL; other = other->next) {
        if (other == there)
            continue;
        member_count += other->type == set->type;
        check__neighbour(&applying->draft->zone, item->owner, set, other, &reason);
        if (reason_is_set(&reason)) {
            faults_add_text(&applying->faults, 0, "%s", reason.text);
            return;
        }
    }
    uint32_t limit = group_limit(applying, set->policy);
    if (set->policy != ROUTING_SIMPLE && member_count >= limit)
        check__fault_group(&applying->faults, item->owner, set, limit);
}

/* The root of an instance is the instance's to change. */
static void check_instance(struct applying *applying, const struct change_item *item,
                           const struct record_set *there)
{
    const char *instance = there == NULL ? NULL : there->traffic_policy_instance;
    const char *given = item->set.traffic_policy_instance;
    if (instance != NULL && (given == NULL || strcmp(instance, given) != 0))
        faults_add(&applying->faults, 0, item->owner, item->set.type,
                   "the record set was created by the traffic policy instance %s, and changes with "
                   "it only",
                   instance);
}

/* R-QTA-3. */
static void check_value_quota(struct applying *applying, const struct change_item *item)
{
    const struct quotas *quotas = quotas_of(applying);
    if (quotas != NULL && item->set.value_count > quotas->values_per_record_set)
        faults_add(&applying->faults, 0, item->owner, item->set.type,
                   "it has %u values, and a record set may have %u", item->set.value_count,
                   quotas->values_per_record_set);
}

/* Where the set leads, now that it stands in the working copy. */
static int check_target(struct applying *applying, const struct draft_name *name,
                        const struct record_set *set)
{
    struct draft *draft = applying->draft;
    struct reason reason;
    int rc = check__both_roles(applying->references, &draft->zone, name->sets, set, &reason,
                               applying->problem);
    if (rc == 0 && reason_is_set(&reason))
        faults_add(&applying->faults, 0, name->owner, set->type, "%s", reason.text);
    if (rc == 0)
        rc = aliases__check_change(draft, applying->references, name, set, &applying->faults,
                                   applying->problem);
    return rc;
}

static int put_set(struct applying *applying, const struct change_item *item,
                   struct draft_name *name, const struct record_set *there)
{
    struct faults *faults = &applying->faults;
    uint32_t faults_before = faults->count;
    if (item->action == CHANGE_CREATE && there != NULL) {
        fault_existence(applying, item, "create", "it already exists");
        return 0;
    }
    check__place(faults, &applying->draft->zone, item->owner, &item->set);
    check_instance(applying, item, there);
    check_value_quota(applying, item);
    if (faults->count == faults_before)
        check_neighbours(applying, item, name, there);
    if (faults->count > faults_before)
        return 0;

    struct record_set *before = name->sets;
    struct record_set *set = record_set__copy(applying->draft->arena, &item->set);
    int rc = set == NULL ? no_memory(applying) : replace_set(applying, name, there, set);
    if (rc == 0)
        rc = check_target(applying, name, set);
    if (faults->count > faults_before)
        name->sets = before; /* later changes are judged without it */
    return rc;
}

/* A-CHG-8. */
static int check_protection(struct applying *applying, const struct change_item *item)
{
    const struct model_references *references = applying->references;
    const char *comment = NULL;
    if (references == NULL || references->find_protection == NULL)
        return 0;
    int rc = references->find_protection(references->context, &applying->draft->zone, item->owner,
                                         item->set.type, applying->draft->arena, &comment,
                                         applying->problem);
    if (rc == 0 && comment != NULL)
        faults_add_text(&applying->faults, 0,
                        "Tried to change resource record set [name='%s', type='%s'] but it is "
                        "protected: %s",
                        name_text_of(item->owner).text, type_name(item), comment);
    return rc;
}

static int apply_item(struct applying *applying, const struct change_item *item)
{
    struct faults *faults = &applying->faults;
    const struct change_reading *reading = &item->reading;
    uint32_t faults_before = faults->count;
    if (applying->is_repeated[item - applying->batch->items]) {
        faults_add_text(faults, 0,
                        "The request contains an invalid set of changes for a resource record set "
                        "'%s %s'",
                        type_name(item), name_text_of(item->owner).text);
        return 0;
    }
    if (reading->name_fault != NULL)
        faults_add_text(faults, 0, "%s", reading->name_fault);
    else if (!check__outside(faults, &applying->draft->zone, item->owner, 0) &&
             reading->value_fault != NULL)
        faults_add_text(faults, 0, "%s", reading->value_fault);
    if (faults->count > faults_before)
        return 0;
    int rc = check_protection(applying, item);
    if (rc == 0 && faults->count == faults_before && item->set.traffic_policy_instance == NULL)
        rc = check_values(applying, item);
    if (rc != 0 || faults->count > faults_before)
        return rc;

    struct draft_name *name = draft_name(applying->draft, item->owner);
    if (name == NULL)
        return no_memory(applying);
    const struct record_set *there =
        record_set_find_identity(name->sets, item->set.type, item->set.set_identifier);
    return item->action == CHANGE_DELETE ? delete_set(applying, item, name, there)
                                         : put_set(applying, item, name, there);
}

/* ---- the end of the batch ---- */

/* A-CHG-44: a group changes its TTL when all of its members do. */
static void check_weighted_ttl(struct applying *applying, const struct change_item *item)
{
    const struct draft_name *name = draft_find(applying->draft, item->owner);
    const struct record_set *set =
        name == NULL || item->action == CHANGE_DELETE
            ? NULL
            : record_set_find_identity(name->sets, item->set.type, item->set.set_identifier);
    struct reason reason = { "" };
    if (set == NULL)
        return;
    for (const struct record_set *other = name->sets; other != NULL && !reason_is_set(&reason);
         other = other->next)
        check__neighbour_ttl(item->owner, set, other, &reason);
    if (reason_is_set(&reason))
        faults_add_text(&applying->faults, 0, "%s", reason.text);
}

static int64_t count_sets(const struct record_set *sets)
{
    int64_t count = 0;
    for (; sets != NULL; sets = sets->next)
        count++;
    return count;
}

/* R-QTA-2. */
static void check_zone_quota(struct applying *applying)
{
    const struct draft *draft = applying->draft;
    const struct quotas *quotas = quotas_of(applying);
    int64_t added = 0;
    for (uint32_t i = 0; i < draft->name_count; i++)
        if (!record_owner_is_hidden(draft->names[i]->owner))
            added += count_sets(draft->names[i]->sets) - count_sets(draft->names[i]->before);
    if (quotas != NULL && added > 0 &&
        draft->zone.set_count + added > (int64_t)quotas->record_sets_per_zone)
        faults_add_text(&applying->faults, 0,
                        "The zone would have %lld record sets, and may have %u.",
                        (long long)(draft->zone.set_count + added), quotas->record_sets_per_zone);
}

static void check_end(struct applying *applying)
{
    const struct draft_name *apex = draft_find(applying->draft, applying->draft->zone.name);
    if (apex != NULL)
        check__apex(&applying->faults, apex->sets);
    check_zone_quota(applying);
    for (uint32_t i = 0; i < applying->batch->count; i++)
        if (!applying->is_repeated[i])
            check_weighted_ttl(applying, &applying->batch->items[i]);
}

int model_apply(struct draft *draft, const struct change_batch *batch,
                const struct model_references *references, struct change_faults *out_faults,
                struct problem *out_problem)
{
    struct applying applying = { .draft = draft,
                                 .batch = batch,
                                 .references = references,
                                 .all = out_faults,
                                 .problem = out_problem };
    faults_init(&applying.faults, NULL);
    applying.faults.all = out_faults;
    int rc = check_shapes(&applying);
    if (rc == 0)
        rc = check_references(&applying);
    if (rc == 0)
        rc = check_health_checks(&applying);
    if (rc == 0)
        rc = find_repeated(&applying);
    for (uint32_t i = 0; rc == 0 && i < batch->count; i++)
        rc = apply_item(&applying, &batch->items[i]);
    if (rc != 0)
        return rc;
    check_end(&applying);
    return end_round(&applying, CHANGE_FAULT_BATCH);
}
