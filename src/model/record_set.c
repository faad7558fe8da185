#include "record_set.h"

#include "signpost/dns/rdata.h"
#include "signpost/model/draft.h"

#include <stdlib.h>
#include <string.h>

#define VALUES_COUNTED 16 /* up to here values are compared with one another without sorting */

struct record_set *record_set_find(struct record_set *sets, uint16_t type)
{
    while (sets != NULL && sets->type != type)
        sets = sets->next;
    return sets;
}

static int compare_identity(const struct record_set *set, uint16_t type, const char *set_identifier)
{
    if (set->type != type)
        return set->type < type ? -1 : 1;
    return strcmp(set->set_identifier, set_identifier);
}

struct record_set **record_set__find_link(struct record_set **list, uint16_t type,
                                          const char *set_identifier)
{
    while (*list != NULL && compare_identity(*list, type, set_identifier) < 0)
        list = &(*list)->next;
    return list;
}

struct record_set *record_set_find_identity(struct record_set *sets, uint16_t type,
                                            const char *set_identifier)
{
    struct record_set *set = *record_set__find_link(&sets, type, set_identifier);
    return set != NULL && compare_identity(set, type, set_identifier) == 0 ? set : NULL;
}

/* Copies. */

static const char *copy_text(struct arena *arena, const char *text)
{
    return *text == '\0' ? "" : arena_copy(arena, text, strlen(text) + 1);
}

static const struct alias_target *copy_alias(struct arena *arena, const struct alias_target *alias)
{
    struct alias_target *copy = arena_copy(arena, alias, sizeof *alias);
    if (copy != NULL)
        copy->name = arena_copy(arena, alias->name, dns_name_size(alias->name));
    return copy == NULL || copy->name == NULL ? NULL : copy;
}

struct record_set *record_set__copy(struct arena *arena, const struct record_set *set)
{
    struct record_set *copy = arena_copy(arena, set, sizeof *set);
    if (copy == NULL)
        return NULL;
    copy->next = NULL;
    copy->set_identifier = copy_text(arena, set->set_identifier);
    bool failed = copy->set_identifier == NULL;
    if (set->values.size > 0)
        failed |=
            (copy->values.data = arena_copy(arena, set->values.data, set->values.size)) == NULL;
    if (set->alias != NULL)
        failed |= (copy->alias = copy_alias(arena, set->alias)) == NULL;
    if (set->routing != NULL)
        failed |= (copy->routing = arena_copy(arena, set->routing, sizeof *set->routing)) == NULL;
    if (set->health_check != NULL)
        failed |= (copy->health_check = copy_text(arena, set->health_check)) == NULL;
    if (set->texts.size > 0)
        failed |= (copy->texts.data = arena_copy(arena, set->texts.data, set->texts.size)) == NULL;
    if (set->traffic_policy_instance != NULL)
        failed |= (copy->traffic_policy_instance =
                       copy_text(arena, set->traffic_policy_instance)) == NULL;
    return failed ? NULL : copy;
}

/* Equality. */

int record_set__compare_values(const void *a, const void *b)
{
    const struct span *left = a;
    const struct span *right = b;
    if (left->size != right->size)
        return left->size < right->size ? -1 : 1;
    return memcmp(left->data, right->data, left->size);
}

uint32_t record_set__sort_values(const struct record_set *set, struct span *out_values)
{
    struct span packed = set->values;
    uint32_t count = 0;
    while (count < set->value_count && dns_values_next(&packed, &out_values[count]))
        count++;
    if (packed.size > 0 || count < set->value_count)
        return 0;
    qsort(out_values, count, sizeof *out_values, record_set__compare_values);
    return count;
}

static uint32_t count_value(const struct record_set *set, const struct span *wanted)
{
    struct span packed = set->values, value;
    uint32_t count = 0;
    while (dns_values_next(&packed, &value))
        count += record_set__compare_values(&value, wanted) == 0;
    return count;
}

static bool same_by_counting(const struct record_set *a, const struct record_set *b)
{
    struct span packed = a->values, value;
    while (dns_values_next(&packed, &value))
        if (count_value(a, &value) != count_value(b, &value))
            return false;
    return true;
}

static bool same_by_sorting(const struct record_set *a, const struct record_set *b,
                            struct span *room)
{
    struct span *a_values = room, *b_values = room + a->value_count;
    uint32_t count = record_set__sort_values(a, a_values);
    if (count == 0 || count != record_set__sort_values(b, b_values))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (record_set__compare_values(&a_values[i], &b_values[i]) != 0)
            return false;
    return true;
}

static bool same_values(const struct record_set *a, const struct record_set *b)
{
    size_t size = a->values.size;
    if (a->value_count != b->value_count || size != b->values.size)
        return false;
    if (size == 0 || memcmp(a->values.data, b->values.data, size) == 0)
        return true;
    /* Without memory to sort in, counting gives the same answer, only later. */
    struct span *room =
        a->value_count <= VALUES_COUNTED ? NULL : calloc(2 * (size_t)a->value_count, sizeof *room);
    bool same = room == NULL ? same_by_counting(a, b) : same_by_sorting(a, b, room);
    free(room);
    return same;
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool same_alias(const struct alias_target *a, const struct alias_target *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return a->evaluate_health == b->evaluate_health && strcmp(a->zone_id, b->zone_id) == 0 &&
           dns_name_equal(a->name, b->name);
}

static bool same_routing(const struct routing *a, const struct routing *b)
{
    if (a == NULL || b == NULL)
        return a == b;
    return a->weight == b->weight && a->is_primary == b->is_primary && a->bias == b->bias &&
           strcmp(a->region, b->region) == 0 && strcmp(a->continent, b->continent) == 0 &&
           strcmp(a->country, b->country) == 0 && strcmp(a->subdivision, b->subdivision) == 0 &&
           strcmp(a->local_zone_group, b->local_zone_group) == 0 &&
           strcmp(a->latitude, b->latitude) == 0 && strcmp(a->longitude, b->longitude) == 0 &&
           strcmp(a->collection, b->collection) == 0 && strcmp(a->location, b->location) == 0;
}

bool record_set__same_attributes(const struct record_set *a, const struct record_set *b)
{
    return a->type == b->type && a->policy == b->policy && a->ttl_s == b->ttl_s &&
           strcmp(a->set_identifier, b->set_identifier) == 0 && same_alias(a->alias, b->alias) &&
           same_routing(a->routing, b->routing) && same_text(a->health_check, b->health_check);
}

bool record_set_equal(const struct record_set *a, const struct record_set *b)
{
    return record_set__same_attributes(a, b) && same_values(a, b);
}
