/*
 * zone/name.c - one owner name in one piece of memory.
 */
#include "signpost/zone/zone.h"

#include "signpost/dns/name.h"
#include "signpost/dns/types.h"
#include "signpost/zone/collection.h"

#include "zone_internal.h"

#include <stdlib.h>
#include <string.h>

static size_t records_size(const struct rrset_source *source)
{
    return zone__records_size(source->values, source->value_count);
}

/* A pointer into the old piece, made one into the new; NULL stays. */
#define MOVE(pointer, from, to)                                                                    \
    ((pointer) = (pointer) == NULL                                                                 \
                     ? NULL                                                                        \
                     : (const void *)((uint8_t *)(to) +                                            \
                                      ((const uint8_t *)(pointer) - (const uint8_t *)(from))))

static void move_member(struct member *member, const void *from, void *to)
{
    MOVE(member->values.records.data, from, to);
    MOVE(member->target, from, to);
    MOVE(member->identifier, from, to);
    MOVE(member->check_id, from, to);
}

static void move_set(struct rrset *set, const void *from, void *to)
{
    MOVE(set->records.data, from, to);
    MOVE(set->group, from, to);
    if (set->group == NULL)
        return;
    struct group *group = (struct group *)(uintptr_t)set->group; /* our own copy of it */
    MOVE(group->owner, from, to);
    MOVE(group->collection, from, to);
    for (unsigned i = 0; i < group->member_count; i++)
        move_member(&group->members[i], from, to);
}

/* The copy's pointers into itself lie as far from it as the original's from the original. */
static struct map_entry *clone_name(const struct map_entry *entry)
{
    const struct zone_name *name = (const struct zone_name *)entry;
    struct zone_name *copy = malloc(name->piece_size);
    if (copy == NULL)
        return NULL;
    memcpy(copy, name, name->piece_size);
    copy->entry.refs = 1;
    MOVE(copy->owner, name, copy);
    for (unsigned i = 0; i < copy->set_count; i++)
        move_set(&copy->sets[i], name, copy);
    return &copy->entry;
}

static bool points_inside(const struct dns_records *records, const struct zone *zone)
{
    int offset = rrset_target_offset(records->type);
    const uint8_t *record = records->data;
    for (uint32_t i = 0; offset >= 0 && i < records->count; i++) {
        if (dns_name_is_within(record + RRSET_FIXED_SIZE + offset, zone->name))
            return true;
        record += RRSET_FIXED_SIZE + get_u16(record + 8);
    }
    return false;
}

static int compare_as_text(const uint8_t *a, const uint8_t *b)
{
    char a_text[DNS_NAME_TEXT_SIZE], b_text[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(a_text, a);
    dns_name_to_text(b_text, b);
    return strcmp(a_text, b_text);
}

#define SORTED_MAX                                                                                 \
    16 /* no zone needs more name servers; a larger set keeps the order it came in                 \
        */

/* Puts NS records in the order of their targets (R-ANS-14): each in turn moves up to its place
 * among those before it. */
static void sort_by_target(const struct dns_records *records, uint8_t *data)
{
    if (records->count > SORTED_MAX)
        return;
    uint8_t *end = data + records->size;
    for (uint8_t *record = data; record < end;) {
        uint8_t moved[RRSET_FIXED_SIZE + DNS_NAME_SIZE_MAX];
        size_t size = RRSET_FIXED_SIZE + (size_t)get_u16(record + 8);
        uint8_t *place = data;
        while (place < record &&
               compare_as_text(place + RRSET_FIXED_SIZE, record + RRSET_FIXED_SIZE) <= 0)
            place += RRSET_FIXED_SIZE + get_u16(place + 8);
        memcpy(moved, record, size);
        memmove(place + size, place, (size_t)(record - place));
        memcpy(place, moved, size);
        record += size;
    }
}

/* Records of one source, ready to send. */
static struct rrset encode_values(uint8_t **to, const struct zone *zone,
                                  const struct rrset_source *source)
{
    struct rrset set = { .records = { .type = source->type }, .ttl_s = source->ttl_s };
    if (source->value_count == 0)
        return set;
    uint8_t *end = zone__encode_records(*to, source->type, source->ttl_s, source->values);
    set.records.count = source->value_count;
    set.records.size = (uint32_t)(end - *to);
    set.records.data = *to;
    set.content = records_content(&set.records);
    set.points_inside = points_inside(&set.records, zone);
    *to = end;
    return set;
}

static const void *keep(uint8_t **to, const void *data, size_t size)
{
    const void *kept = memcpy(*to, data, size);
    *to += size;
    return kept;
}

static const char *keep_text(uint8_t **to, const char *text)
{
    return keep(to, text, strlen(text) + 1);
}

static void encode_member(struct member *member, uint8_t **to, const struct zone *zone,
                          const struct rrset_source *source)
{
    *member = *source->member;
    member->values = encode_values(to, zone, source);
    member->identifier = keep_text(to, member->identifier);
    member->check_id = keep_text(to, member->check_id);
    if (member->target != NULL) {
        struct name_path path;
        dns_path_init(&path, member->target, dns_name_size(member->target));
        member->target_hash = path.hashes[0];
        member->target = keep(to, member->target, path.size);
    }
}

/* Whether what a member has, another has too. */
static bool has_repeats(const struct group *group)
{
    for (unsigned i = 0; i < group->member_count; i++)
        for (unsigned j = 0; j < group->member_count; j++)
            if (i != j && records_are_among(&group->members[i].values.records,
                                            &group->members[j].values.records))
                return true;
    return false;
}

static void encode_group(struct group *group, uint8_t **to, const struct zone *zone,
                         const struct rrset_source *sources, unsigned count)
{
    group->type = sources[0].type;
    group->policy = (uint8_t)sources[0].policy;
    group->member_count = (uint16_t)count;
    if (sources[0].collection != NULL) {
        group->collection = keep_text(to, sources[0].collection);
        group->collection_hash = collection_hash(group->collection);
    }
    for (unsigned i = 0; i < count; i++) {
        encode_member(&group->members[i], to, zone, &sources[i]);
        if (group->policy == ROUTING_WEIGHTED)
            group->weight_sum += group->members[i].by.weight;
    }
    group->has_repeats = group->policy == ROUTING_MULTIVALUE && has_repeats(group);
}

/* The sources of one type, from the first of them on. */
static unsigned count_type(const struct rrset_source *sources, unsigned count)
{
    unsigned same = 1;
    while (same < count && sources[same].type == sources[0].type)
        same++;
    return same;
}

static size_t group_size(unsigned member_count)
{
    return sizeof(struct group) + member_count * sizeof(struct member);
}

/* What is behind the fixed part of a piece: groups first, since they want to be aligned, then
 * records and texts. */
struct layout {
    unsigned type_count;
    size_t groups_size;
    size_t octets_size;
    uint32_t record_count;
};

static struct layout measure(const struct rrset_source *sources, unsigned count)
{
    struct layout layout = { 0 };
    for (unsigned at = 0; at < count; layout.type_count++) {
        unsigned same = count_type(&sources[at], count - at);
        const struct rrset_source *first = &sources[at];
        if (first->member != NULL)
            layout.groups_size += group_size(same);
        if (first->collection != NULL)
            layout.octets_size += strlen(first->collection) + 1;
        for (; same > 0; same--, at++) {
            const struct member *member = sources[at].member;
            layout.octets_size += records_size(&sources[at]);
            layout.record_count += sources[at].value_count;
            if (member == NULL)
                continue;
            layout.record_count += member->target != NULL;
            layout.octets_size += strlen(member->identifier) + strlen(member->check_id) + 2;
            if (member->target != NULL)
                layout.octets_size += dns_name_size(member->target);
        }
    }
    return layout;
}

static void encode_sets(struct zone_name *name, uint8_t *group_at, uint8_t **to,
                        const struct zone *zone, const struct rrset_source *sources, unsigned count,
                        bool is_apex)
{
    memset(group_at, 0, (size_t)(*to - group_at));
    for (unsigned at = 0, same; at < count; at += same) {
        struct rrset *set = &name->sets[name->set_count++];
        same = count_type(&sources[at], count - at);
        if (sources[at].member == NULL) {
            *set = encode_values(to, zone, &sources[at]);
            if (is_apex && set->records.type == DNS_TYPE_NS)
                sort_by_target(&set->records, *to - set->records.size);
            continue;
        }
        struct group *group = (struct group *)(void *)group_at;
        encode_group(group, to, zone, &sources[at], same);
        *set = (struct rrset){ .records = { .type = group->type }, .group = group };
        group_at += group_size(same);
    }
}

/* Only now is it known where the owner stands. */
static void name_groups(struct zone_name *name)
{
    for (unsigned i = 0; i < name->set_count; i++) {
        struct group *group = (struct group *)(uintptr_t)name->sets[i].group;
        if (group != NULL)
            group->owner = name->owner;
    }
}

/* Lays a set of the apex out as a block; where it is in the piece, 0 when it is not. */
static uint32_t encode_block(struct zone_name *name, uint8_t **to, const struct rrset *set,
                             uint32_t ttl_s)
{
    if (set == NULL || dns_block_size_max(&set->records) == 0)
        return 0;
    uint8_t *at = *to + ((uintptr_t)*to & 1);
    *to = at + dns_block_write((struct dns_block *)(void *)at, &set->records, name->owner, ttl_s);
    return (uint32_t)(at - (uint8_t *)name);
}

/* Room for both blocks, before the records are encoded; sizes alone matter. */
static size_t blocks_size_max(const struct rrset_source *sources, unsigned count)
{
    size_t size = 0;
    for (unsigned i = 0; i < count; i++) {
        struct dns_records records = { sources[i].type, sources[i].value_count,
                                       (uint32_t)records_size(&sources[i]), NULL };
        if (records.type == DNS_TYPE_SOA || records.type == DNS_TYPE_NS)
            size += dns_block_size_max(&records) + 1;
    }
    return size;
}

/* Gives what the blocks did not need back; should the piece move, it moves as a clone would. */
static struct zone_name *trim(struct zone_name *name, const uint8_t *end)
{
    name->piece_size = (uint32_t)(end - (const uint8_t *)name);
    struct map_entry *exact = clone_name(&name->entry);
    if (exact == NULL)
        return name;
    free(name);
    return (struct zone_name *)exact;
}

struct zone_name *zone_name_create(const struct zone *zone, const uint8_t *owner,
                                   const struct rrset_source *sources, unsigned count)
{
    size_t owner_size = dns_name_size(owner);
    bool is_apex = owner_size == zone->name_size;
    struct layout layout = measure(sources, count);
    size_t piece_size = sizeof(struct zone_name) + layout.type_count * sizeof(struct rrset) +
                        layout.groups_size + layout.octets_size + owner_size;
    if (is_apex)
        piece_size += blocks_size_max(sources, count);
    if (piece_size > UINT32_MAX)
        return NULL;
    struct zone_name *name = malloc(piece_size);
    if (name == NULL)
        return NULL;

    struct name_path path;
    dns_path_init(&path, owner, owner_size);
    memset(name, 0, sizeof *name);
    name->entry = (struct map_entry){ .hash = path.hashes[0], .refs = 1 };
    name->owner_size = (uint8_t)owner_size;
    name->record_count = layout.record_count;
    name->piece_size = (uint32_t)piece_size;
    uint8_t *groups = (uint8_t *)&name->sets[layout.type_count];
    uint8_t *to = groups + layout.groups_size;
    encode_sets(name, groups, &to, zone, sources, count, is_apex);
    name->owner = memcpy(to, owner, owner_size);
    name_groups(name);
    if (!is_apex)
        return name;
    const struct rrset *soa = zone_name_set(name, DNS_TYPE_SOA);
    to += owner_size;
    if (soa != NULL)
        name->soa_block_at = encode_block(name, &to, soa, zone__negative_ttl(soa));
    const struct rrset *ns = zone_name_set(name, DNS_TYPE_NS);
    if (ns != NULL)
        name->ns_block_at = encode_block(name, &to, ns, ns->ttl_s);
    return trim(name, to);
}

static struct zone_name *name_of(struct map_entry *entry)
{
    return (struct zone_name *)entry;
}

static bool names_are_same(const struct map_entry *a, const struct map_entry *b)
{
    const struct zone_name *left = (const struct zone_name *)a;
    const struct zone_name *right = (const struct zone_name *)b;
    return left->owner_size == right->owner_size &&
           memcmp(left->owner, right->owner, left->owner_size) == 0;
}

static void destroy_name(struct map_entry *entry)
{
    free(name_of(entry));
}

const struct map_type zone__name_map_type = { names_are_same, clone_name, destroy_name };

void zone_name_unref(struct zone_name *name)
{
    if (name != NULL && --name->entry.refs == 0)
        destroy_name(&name->entry);
}
