/*
 * A draft may hold one list of sets as both what was and what will be, and the store may own it.
 * So nothing in a list is ever written to: a changed name gets a new list.
 */
#include "check.h"

#include "signpost/dns/rdata.h"
#include "signpost/dns/types.h"

#include <stdlib.h>
#include <string.h>

static int compare_values(const void *a, const void *b)
{
    const struct span *left = a;
    const struct span *right = b;
    if (left->size != right->size)
        return left->size < right->size ? -1 : 1;
    return memcmp(left->data, right->data, left->size);
}

/* The values of a set in an order of their own, so that two sets can be compared whatever the order
 * of theirs.  *out_count may be less than value_count says when the packing is broken. */
static struct span *sorted_values(struct arena *arena, const struct record_set *set,
                                  uint32_t *out_count)
{
    struct span *values = arena_alloc(arena, (set->value_count + (size_t)1) * sizeof *values);
    if (values == NULL)
        return NULL;
    struct span packed = set->values;
    uint32_t count = 0;
    while (count < set->value_count && dns_values_next(&packed, &values[count]))
        count++;
    if (packed.size > 0)
        count = 0;
    qsort(values, count, sizeof *values, compare_values);
    *out_count = count;
    return values;
}

static int has_same_values(struct arena *arena, const struct record_set *a,
                           const struct record_set *b, bool *out_same)
{
    uint32_t a_count, b_count;
    struct span *a_values = sorted_values(arena, a, &a_count);
    struct span *b_values = sorted_values(arena, b, &b_count);
    if (a_values == NULL || b_values == NULL)
        return SP_ENOMEM;

    bool same = a_count == b_count;
    for (uint32_t i = 0; same && i < a_count; i++)
        same = compare_values(&a_values[i], &b_values[i]) == 0;
    *out_same = same;
    return 0;
}

/* What one item's own set must be, whatever is there: its type, its values, none twice (R-ANS-18).
 */
static int check_item(struct arena *arena, const struct change_item *item, struct faults *faults)
{
    const struct record_set *set = &item->set;
    uint32_t count;

    if (dns_type_find(set->type) == NULL) {
        faults_add(faults, 0, item->owner, 0, "type %u is not one that records may have",
                   set->type);
        return 0;
    }
    struct span *values = sorted_values(arena, set, &count);
    if (values == NULL)
        return SP_ENOMEM;
    if (count != set->value_count || count == 0) {
        faults_add(faults, 0, item->owner, set->type, "the record set has no value");
        return 0;
    }
    for (uint32_t i = 0; i < count; i++) {
        const char *why = dns_rdata_check(set->type, values[i]);
        if (why != NULL)
            faults_add(faults, 0, item->owner, set->type, "%s", why);
        if (i > 0 && compare_values(&values[i - 1], &values[i]) == 0)
            faults_add(faults, 0, item->owner, set->type, "a value is given twice");
    }
    return 0;
}

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

/* A new list with that set in the place of the one of its type, or without any of the type when set
 * is NULL. */
static int replace_set(struct arena *arena, struct draft_name *name, uint16_t type,
                       const struct record_set *set)
{
    struct record_set *first = NULL;
    struct record_set **link = &first;
    int rc = 0;

    for (const struct record_set *old = name->sets; old != NULL && rc == 0; old = old->next) {
        if (set != NULL && old->type >= type) {
            rc = append_copy(arena, &link, set);
            set = NULL;
        }
        if (rc == 0 && old->type != type)
            rc = append_copy(arena, &link, old);
    }
    if (rc == 0 && set != NULL)
        rc = append_copy(arena, &link, set);
    if (rc == 0)
        name->sets = first;
    return rc;
}

/* Whether the item may be carried out on what is there; if not, says why. */
static int check_against(struct arena *arena, const struct change_item *item,
                         const struct record_set *there, struct faults *faults, bool *out_may)
{
    bool same = false;
    *out_may = false;
    if (item->action == CHANGE_CREATE && there != NULL) {
        faults_add(faults, 0, item->owner, item->set.type,
                   "it cannot be created, because it exists already");
        return 0;
    }
    if (item->action == CHANGE_DELETE && there == NULL) {
        faults_add(faults, 0, item->owner, item->set.type,
                   "it cannot be deleted, because it was not found");
        return 0;
    }
    if (item->action == CHANGE_DELETE) {
        int rc = has_same_values(arena, &item->set, there, &same);
        if (rc != 0)
            return rc;
        if (!same || item->set.ttl_s != there->ttl_s) {
            faults_add(faults, 0, item->owner, item->set.type,
                       "it cannot be deleted, because the %s given does not match what is there",
                       same ? "TTL" : "list of values");
            return 0;
        }
    }
    *out_may = true;
    return 0;
}

static int apply_item(struct draft *draft, const struct change_item *item, struct faults *faults)
{
    uint32_t faults_before = faults->count;
    bool may;

    if (!dns_name_is_within(item->owner, draft->zone.name)) {
        faults_add(faults, 0, item->owner, item->set.type, "the name is outside the zone");
        return 0;
    }
    int rc = check_item(draft->arena, item, faults);
    if (rc != 0 || faults->count > faults_before)
        return rc;

    struct draft_name *name = draft_name(draft, item->owner);
    if (name == NULL)
        return SP_ENOMEM;
    struct record_set *there = record_set_find(name->sets, item->set.type);
    rc = check_against(draft->arena, item, there, faults, &may);
    if (rc != 0 || !may)
        return rc;

    if (item->action == CHANGE_DELETE)
        return replace_set(draft->arena, name, item->set.type, NULL);
    struct record_set set = item->set;
    set.values.data = arena_copy(draft->arena, set.values.data, set.values.size);
    if (set.values.data == NULL)
        return SP_ENOMEM;
    return replace_set(draft->arena, name, set.type, &set);
}

int model_apply(struct draft *draft, const struct change_batch *batch, struct problem *out_problem)
{
    struct faults faults;
    faults_init(&faults, NULL);
    for (uint32_t i = 0; i < batch->count; i++) {
        int rc = apply_item(draft, &batch->items[i], &faults);
        if (rc != 0)
            return problem_set(out_problem, rc, "%s", status_text(rc));
    }
    draft__check(draft, &faults);
    return faults_report(&faults, out_problem);
}
