#include "sources.h"

#include "signpost/base/status.h"
#include "signpost/dns/name.h"
#include "signpost/geo/places.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 32

static int reserve(struct sources *sources)
{
    if (sources->count < sources->room)
        return 0;
    unsigned room = sources->room == 0 ? ROOM_FIRST : sources->room * 2;
    struct rrset_source *items = realloc(sources->items, room * sizeof *items);
    if (items == NULL)
        return SP_ENOMEM;
    sources->items = items;
    sources->room = room;
    return 0;
}

static struct arena *get_arena(struct sources *sources)
{
    if (sources->arena == NULL)
        sources->arena = arena_create();
    return sources->arena;
}

/* ---- what a policy chooses by ---- */

static int set_proximity(struct member *member, const struct routing *routing)
{
    unsigned region = geo_region_find(routing->region);
    const struct geo_local_zone *zone = geo_local_zone_find(routing->local_zone_group);
    member->by.proximity.bias = routing->bias;
    if (routing->latitude[0] != '\0')
        member->by.proximity.point =
            geo_point_of(strtod(routing->latitude, NULL), strtod(routing->longitude, NULL));
    else if (zone != NULL)
        member->by.proximity.point = geo_point_of(zone->latitude, zone->longitude);
    else if (region != GEO_REGION_NONE)
        member->by.proximity.point = *geo_region_point(region);
    else
        return SP_EDAMAGED;
    return 0;
}

static void set_location(struct member *member, const struct routing *routing)
{
    member->by.location.continent = (uint8_t)geo_continent_find(routing->continent);
    memcpy(member->by.location.country, routing->country, sizeof member->by.location.country);
    memcpy(member->by.location.subdivision, routing->subdivision,
           sizeof member->by.location.subdivision);
}

_Static_assert(ROUTING_LOCATION_SIZE == CIDR_LOCATION_SIZE, "one is copied into the other");

static int set_routing(struct member *member, const struct record_set *set)
{
    const struct routing *routing = set->routing;
    switch (set->policy) {
    case ROUTING_WEIGHTED:
        member->by.weight = routing->weight;
        return 0;
    case ROUTING_LATENCY:
        member->by.region = (uint8_t)geo_region_find(routing->region);
        return member->by.region == GEO_REGION_NONE ? SP_EDAMAGED : 0;
    case ROUTING_FAILOVER:
        member->by.is_primary = routing->is_primary;
        return 0;
    case ROUTING_GEOLOCATION:
        set_location(member, routing);
        return 0;
    case ROUTING_GEOPROXIMITY:
        return set_proximity(member, routing);
    case ROUTING_CIDR:
        memcpy(member->by.cidr_location, routing->location, sizeof routing->location);
        return 0;
    default:
        return 0;
    }
}

static int make_member(struct sources *sources, const struct compile_scope *scope,
                       const struct record_set *set, const struct member **out_member)
{
    struct arena *arena = get_arena(sources);
    struct member *member = arena == NULL ? NULL : arena_alloc(arena, sizeof *member);
    if (member == NULL)
        return SP_ENOMEM;
    member->kind = MEMBER_VALUES;
    member->identifier = set->set_identifier;
    member->check_id = set->health_check != NULL ? set->health_check : "";
    if (set->health_check != NULL && scope->checks != NULL)
        member->check = scope->checks->find(scope->checks->context, set->health_check);
    if (set->alias != NULL) {
        bool is_ours = strcmp(set->alias->zone_id, scope->zone->public_id) == 0;
        member->kind = is_ours ? MEMBER_ALIAS : MEMBER_RESOURCE;
        member->evaluates_target = set->alias->evaluate_health;
        member->target = set->alias->name;
    }
    *out_member = member;
    return set_routing(member, set);
}

/* ---- order ---- */

/* R-GEO-3. */
static int width(const struct member *member)
{
    if (member->by.location.country[0] == '*')
        return 3;
    if (member->by.location.continent != GEO_CONTINENT_NONE)
        return 2;
    return member->by.location.subdivision[0] == '\0';
}

static int compare_members(const struct rrset_source *a, const struct rrset_source *b)
{
    const struct member *left = a->member, *right = b->member;
    if (left == NULL || right == NULL)
        return 0;
    switch (a->policy) {
    case ROUTING_FAILOVER:
        return right->by.is_primary - left->by.is_primary;
    case ROUTING_GEOLOCATION:
        return width(left) - width(right);
    case ROUTING_LATENCY:
        return left->by.region - right->by.region;
    default:
        return strcmp(left->identifier, right->identifier);
    }
}

static bool goes_before(const struct rrset_source *a, const struct rrset_source *b)
{
    if (a->type != b->type)
        return a->type < b->type;
    return compare_members(a, b) < 0;
}

/* The store has sets in the order of their types' names; a compiled name wants the codes'. */
static void insert(struct sources *sources, const struct rrset_source *source)
{
    unsigned at = sources->count++;
    for (; at > 0 && goes_before(source, &sources->items[at - 1]); at--)
        sources->items[at] = sources->items[at - 1];
    sources->items[at] = *source;
}

/* Sent as it stands.  A check changes no answer of a simple set, only that of an alias to it
 * (R-HLT-15), and nothing can be an alias to NS or SOA. */
static bool is_plain(const struct record_set *set)
{
    bool is_alias_target = set->type != DNS_TYPE_NS && set->type != DNS_TYPE_SOA;
    return set->policy == ROUTING_SIMPLE && set->alias == NULL &&
           (set->health_check == NULL || !is_alias_target);
}

int sources__add(struct sources *sources, const struct compile_scope *scope,
                 const struct record_set *set)
{
    struct rrset_source source = {
        .type = set->type,
        .ttl_s = set->ttl_s,
        .value_count = set->value_count,
        .values = set->values,
        .policy = set->policy,
    };
    int rc = reserve(sources);
    if (rc == 0 && !is_plain(set))
        rc = make_member(sources, scope, set, &source.member);
    if (rc != 0)
        return rc;
    if (set->policy == ROUTING_CIDR)
        source.collection = set->routing->collection;
    insert(sources, &source);
    return 0;
}

/* ---- copies ---- */

static const void *copy(struct sources *sources, const void *data, size_t size, bool *failed)
{
    if (data == NULL)
        return NULL;
    const void *piece = arena_copy(sources->arena, data, size);
    *failed = *failed || piece == NULL;
    return piece;
}

static const char *copy_text(struct sources *sources, const char *text, bool *failed)
{
    return text == NULL ? NULL : copy(sources, text, strlen(text) + 1, failed);
}

int sources__add_copy(struct sources *sources, const struct compile_scope *scope,
                      const struct record_set *set)
{
    struct record_set kept = *set;
    bool failed = get_arena(sources) == NULL;
    if (failed)
        return SP_ENOMEM;
    kept.values.data = copy(sources, set->values.data, set->values.size, &failed);
    if (!is_plain(set)) {
        kept.set_identifier = copy_text(sources, set->set_identifier, &failed);
        kept.health_check = copy_text(sources, set->health_check, &failed);
        kept.routing = copy(sources, set->routing, sizeof *set->routing, &failed);
        kept.alias = copy(sources, set->alias, sizeof *set->alias, &failed);
    }
    if (!failed && kept.alias != NULL)
        ((struct alias_target *)(uintptr_t)kept.alias)->name =
            copy(sources, set->alias->name, dns_name_size(set->alias->name), &failed);
    return failed ? SP_ENOMEM : sources__add(sources, scope, &kept);
}

int sources__put(struct sources *sources, struct zone *zone, const uint8_t *owner)
{
    if (sources->count == 0)
        return zone_remove_name(zone, owner);
    struct zone_name *name = zone_name_create(zone, owner, sources->items, sources->count);
    return name == NULL ? SP_ENOMEM : zone_put_name(zone, name);
}

void sources__clear(struct sources *sources)
{
    sources->count = 0;
    if (sources->arena != NULL)
        arena_clear(sources->arena);
}

void sources__finish(struct sources *sources)
{
    free(sources->items);
    arena_destroy(sources->arena);
    *sources = (struct sources){ 0 };
}
