/*
 * trees.h - random trees of routing policies, as plain data that a slow evaluator can read and as a
 * compiled zone that the engine answers from.
 *
 * Group number g is the A records of g<g>.lab.test; its aliases lead to groups of higher numbers
 * only, to names that do not exist, or to resources.  Leaf number n is the address 10.0.x.y with
 * x.y = n.  The same seed gives the same tree.
 */
#ifndef SIGNPOST_TEST_TREES_H
#define SIGNPOST_TEST_TREES_H

#include "signpost/base/dice.h"
#include "signpost/zone/snapshot.h"

#include "zones.h"

#include <stdio.h>

#define TREE_GROUPS_MAX    9
#define TREE_MEMBERS_MAX   5
#define TREE_CHECKS        12
#define TREE_RESOURCES     4
#define TREE_LEAVES_MAX    (TREE_GROUPS_MAX * TREE_MEMBERS_MAX + TREE_RESOURCES + 1)
#define TREE_MISSING       (-1) /* as a target: leads nowhere */
#define TREE_NO_CHECK      0
#define TREE_COLLECTION_ID "00000000-0000-4000-8000-000000000001"

struct tree_member {
    enum member_kind kind;
    int target; /* of an alias a group, of a resource its number */
    bool evaluates;
    unsigned check; /* 1..TREE_CHECKS, or TREE_NO_CHECK */
    unsigned leaf;  /* of values */
    uint8_t weight;
    bool is_primary;
    const char *region;
    const char *continent, *country, *subdivision; /* "" where it has none; country "*" */
    double latitude, longitude;
    int bias;
    const char *location;
};

struct tree_group {
    enum routing_policy policy; /* simple: one member */
    bool is_plain;              /* one record set without a policy, an alias or a check */
    unsigned member_count;
    struct tree_member members[TREE_MEMBERS_MAX];
};

struct tree_resource {
    bool is_registered, is_healthy, has_address;
    unsigned leaf;
};

struct tree {
    unsigned group_count;
    struct tree_group groups[TREE_GROUPS_MAX];
    struct tree_resource resources[TREE_RESOURCES];
    bool is_up[TREE_CHECKS + 1];
    unsigned client; /* index of tree_clients */
};

/* Who asks, and what there is to know of them. */
struct tree_client {
    const char *prefix, *continent, *country, *subdivision;
    bool has_point;
    double latitude, longitude;
    const char *location; /* in the collection; NULL: in none */
};

static const struct tree_client tree_clients[] = {
    { "198.51.100.0/24", "NA", "US", "CA", true, 37.77, -122.42, "west" },
    { "192.0.2.0/25", "NA", "US", "", true, 39.0, -95.0, NULL },
    { "203.0.113.0/25", "EU", "DE", "", true, 50.11, 8.68, "euro" },
    { "203.0.113.128/25", "AS", "CN", "", true, 39.9, 116.41, NULL },
    { "2001:db8:1::/48", "SA", "BR", "", true, -23.55, -46.63, "six" },
    { "198.18.0.0/24", "", "", "", false, 0, 0, NULL },
};
#define TREE_CLIENT_COUNT COUNT_OF(tree_clients)

static const struct tree_block {
    const char *prefix, *location;
} tree_blocks[] = {
    { "198.51.100.0/24", "west" },    { "198.51.0.0/16", "wide" }, { "203.0.113.0/24", "euro" },
    { "203.0.113.128/25", "unused" }, /* longer than Route 53 takes; the engine does not mind */
    { "2001:db8::/32", "six" },
};

/* What a client has measured to a Region; all else is modelled. */
static const struct tree_latency {
    unsigned client;
    const char *region;
    float milliseconds;
} tree_latencies[] = {
    { 2, "us-east-1", 3 },
    { 2, "eu-west-1", 20 },
    { 3, "ap-southeast-1", 40 },
    { 0, "sa-east-1", 1 },
};

/* ---- making one ---- */

static inline bool tree__one_in(struct dice *dice, unsigned n)
{
    return dice_below(dice, n) == 0;
}

static inline void tree__branch(struct tree *tree, struct tree_member *member, unsigned group,
                                struct dice *dice)
{
    bool has_below = group + 1 < tree->group_count;
    if (has_below && tree__one_in(dice, 2)) {
        member->kind = MEMBER_ALIAS;
        member->target = (int)(group + 1 + dice_below(dice, tree->group_count - group - 1));
    } else if (tree__one_in(dice, 6)) {
        member->kind = MEMBER_RESOURCE;
        member->target = (int)dice_below(dice, TREE_RESOURCES);
    } else if (tree__one_in(dice, 20)) {
        member->kind = MEMBER_ALIAS;
        member->target = TREE_MISSING;
    }
    member->evaluates = member->kind != MEMBER_VALUES && !tree__one_in(dice, 3);
}

static inline void tree__place(struct tree_member *member, unsigned index, struct dice *dice)
{
    /* One place each: members of a group may not share one (R-REC-8). */
    static const struct {
        const char *continent, *country, *subdivision;
    } places[] = { { "", "US", "CA" }, { "", "US", "" }, { "NA", "", "" }, { "", "DE", "" },
                   { "EU", "", "" },   { "", "CN", "" }, { "SA", "", "" }, { "", "*", "" } };
    static const char *const regions[] = { "us-east-1", "eu-west-1", "ap-southeast-1", "sa-east-1",
                                           "cn-north-1" };
    static const char *const locations[] = { "west", "wide", "euro", "six", "*" };
    unsigned place = (index * 3 + dice_below(dice, 3)) % 8;
    if (index == 4)
        place = 7;
    member->continent = places[place].continent;
    member->country = places[place].country;
    member->subdivision = places[place].subdivision;
    member->region = regions[index];
    member->location = locations[(index + 2) % 5];
    member->latitude = (double)dice_below(dice, 16000) / 100 - 80;
    member->longitude = (double)dice_below(dice, 36000) / 100 - 180;
    member->bias = tree__one_in(dice, 2) ? 0 : (int)dice_below(dice, 199) - 99;
    member->weight = tree__one_in(dice, 3) ? 0 : (uint8_t)dice_below(dice, 256);
    member->is_primary = index == 0;
}

static inline void tree__group(struct tree *tree, unsigned number, struct dice *dice)
{
    struct tree_group *group = &tree->groups[number];
    group->policy = (enum routing_policy)dice_below(dice, ROUTING_POLICY_COUNT);
    group->member_count = 1 + dice_below(dice, TREE_MEMBERS_MAX);
    if (group->policy == ROUTING_SIMPLE)
        group->member_count = 1;
    if (group->policy == ROUTING_FAILOVER)
        group->member_count = 1 + dice_below(dice, 2);
    for (unsigned i = 0; i < group->member_count; i++) {
        struct tree_member *member = &group->members[i];
        *member =
            (struct tree_member){ .kind = MEMBER_VALUES, .leaf = number * TREE_MEMBERS_MAX + i };
        tree__place(member, i, dice);
        if (!tree__one_in(dice, 3))
            member->check = 1 + dice_below(dice, TREE_CHECKS);
        if (group->policy != ROUTING_MULTIVALUE)
            tree__branch(tree, member, number, dice);
    }
    /* Places come in threes, so neighbours may meet: the later one becomes a country of its own. */
    static const char *const spare[] = { "FR", "GB", "IT", "ES", "PT" };
    for (unsigned i = 0; i < group->member_count; i++)
        for (unsigned k = 0; k < i; k++)
            if (strcmp(group->members[i].country, group->members[k].country) == 0 &&
                strcmp(group->members[i].continent, group->members[k].continent) == 0 &&
                strcmp(group->members[i].subdivision, group->members[k].subdivision) == 0) {
                group->members[i].continent = group->members[i].subdivision = "";
                group->members[i].country = spare[i];
            }
    const struct tree_member *first = &group->members[0];
    group->is_plain = group->policy == ROUTING_SIMPLE && first->kind == MEMBER_VALUES &&
                      first->check == TREE_NO_CHECK;
}

static inline void tree_make(struct tree *tree, uint64_t seed)
{
    struct dice dice;
    dice_init_seeded(&dice, seed);
    memset(tree, 0, sizeof *tree);
    tree->group_count = 1 + dice_below(&dice, TREE_GROUPS_MAX);
    for (unsigned i = 0; i < TREE_RESOURCES; i++)
        tree->resources[i] = (struct tree_resource){
            .is_registered = !tree__one_in(&dice, 5),
            .is_healthy = !tree__one_in(&dice, 3),
            .has_address = !tree__one_in(&dice, 5),
            .leaf = TREE_GROUPS_MAX * TREE_MEMBERS_MAX + i,
        };
    for (unsigned i = 0; i < tree->group_count; i++)
        tree__group(tree, i, &dice);
    unsigned sickness = 1 + dice_below(&dice, 5); /* some trees are well, some nearly dead */
    for (unsigned i = 1; i <= TREE_CHECKS; i++)
        tree->is_up[i] = dice_below(&dice, 6) >= sickness;
    tree->client = dice_below(&dice, TREE_CLIENT_COUNT);
}

/* ---- compiling it ---- */

struct tree__source {
    struct member member;
    char identifier[8], check_id[8];
    uint8_t target[DNS_NAME_SIZE_MAX];
    uint8_t packed[6];
};

static inline void tree__target(uint8_t out[DNS_NAME_SIZE_MAX], const struct tree_member *member)
{
    char text[40];
    if (member->kind == MEMBER_RESOURCE)
        snprintf(text, sizeof text, "r%d.resource.test", member->target);
    else if (member->target == TREE_MISSING)
        snprintf(text, sizeof text, "gone.lab.test");
    else
        snprintf(text, sizeof text, "g%d.lab.test", member->target);
    test_name(out, text);
}

static inline void tree__by(struct member *member, enum routing_policy policy,
                            const struct tree_member *from)
{
    switch (policy) {
    case ROUTING_WEIGHTED:
        member->by.weight = from->weight;
        break;
    case ROUTING_LATENCY:
        member->by.region = (uint8_t)geo_region_find(from->region);
        break;
    case ROUTING_FAILOVER:
        member->by.is_primary = from->is_primary;
        break;
    case ROUTING_GEOLOCATION:
        member->by.location.continent = (uint8_t)geo_continent_find(from->continent);
        strncpy(member->by.location.country, from->country, 2);
        strncpy(member->by.location.subdivision, from->subdivision, 3);
        break;
    case ROUTING_GEOPROXIMITY:
        member->by.proximity.point = geo_point_of(from->latitude, from->longitude);
        member->by.proximity.bias = (int8_t)from->bias;
        break;
    case ROUTING_CIDR:
        strcpy(member->by.cidr_location, from->location);
        break;
    default:
        break;
    }
}

static inline int tree__width(const struct tree_member *member)
{
    return member->country[0] == '*'      ? 3
           : member->continent[0] != '\0' ? 2
                                          : member->subdivision[0] == '\0';
}

/* In the order that struct group asks for. */
static inline bool tree__goes_before(enum routing_policy policy, const struct tree_member *a,
                                     const struct tree_member *b)
{
    if (policy == ROUTING_GEOLOCATION)
        return tree__width(a) < tree__width(b);
    if (policy == ROUTING_LATENCY)
        return strcmp(a->region, b->region) < 0;
    return a->leaf < b->leaf;
}

static inline void tree__put_group(struct zone *zone, const struct tree *tree, unsigned number)
{
    const struct tree_group *group = &tree->groups[number];
    struct rrset_source sources[TREE_MEMBERS_MAX];
    struct tree__source parts[TREE_MEMBERS_MAX];
    const struct tree_member *order[TREE_MEMBERS_MAX];
    uint8_t owner[DNS_NAME_SIZE_MAX];
    char text[32];
    for (unsigned i = 0; i < group->member_count; i++) {
        unsigned at = i;
        for (; at > 0 && tree__goes_before(group->policy, &group->members[i], order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = &group->members[i];
    }
    for (unsigned i = 0; i < group->member_count; i++) {
        const struct tree_member *from = order[i];
        struct tree__source *part = &parts[i];
        memset(part, 0, sizeof *part);
        snprintf(part->identifier, sizeof part->identifier, "m%u", from->leaf % 1000);
        if (from->check != TREE_NO_CHECK)
            snprintf(part->check_id, sizeof part->check_id, "c%u", from->check % 1000);
        part->member = (struct member){ .kind = (uint8_t)from->kind,
                                        .evaluates_target = from->evaluates,
                                        .check = from->check,
                                        .identifier = part->identifier,
                                        .check_id = part->check_id };
        if (from->kind != MEMBER_VALUES) {
            tree__target(part->target, from);
            part->member.target = part->target;
        }
        tree__by(&part->member, group->policy, from);
        memcpy(part->packed,
               (uint8_t[]){ 0, 4, 10, 0, (uint8_t)(from->leaf >> 8), (uint8_t)from->leaf }, 6);
        sources[i] = (struct rrset_source){
            .type = DNS_TYPE_A,
            .ttl_s = 60,
            .value_count = from->kind == MEMBER_VALUES,
            .values = { part->packed, from->kind == MEMBER_VALUES ? 6 : 0 },
            .member = group->is_plain ? NULL : &part->member,
            .policy = group->policy,
            .collection = group->policy == ROUTING_CIDR ? TREE_COLLECTION_ID : NULL,
        };
    }
    snprintf(text, sizeof text, "g%u.lab.test", number);
    test_name(owner, text);
    assert_int_equal(
        zone_put_name(zone, zone_name_create(zone, owner, sources, group->member_count)), 0);
}

static inline struct place tree__place_of(const struct tree_client *client)
{
    struct place place = { .continent = (uint8_t)geo_continent_find(client->continent),
                           .region = GEO_REGION_NONE,
                           .has_point = client->has_point,
                           .latitude = (float)client->latitude,
                           .longitude = (float)client->longitude };
    memcpy(place.country, client->country, strnlen(client->country, 2));
    memcpy(place.subdivision, client->subdivision, strnlen(client->subdivision, 3));
    return place;
}

static inline struct geography *tree__geography(void)
{
    struct location_row locations[TREE_CLIENT_COUNT];
    struct latency_row latencies[COUNT_OF(tree_latencies)];
    struct geography *geography = NULL;
    struct problem problem = { 0 };
    size_t located = 0, measured = 0;
    for (; located + 1 < TREE_CLIENT_COUNT; located++) { /* the last one is nowhere */
        assert_null(prefix_from_text(&locations[located].prefix, tree_clients[located].prefix));
        locations[located].place = tree__place_of(&tree_clients[located]);
    }
    for (; measured < COUNT_OF(tree_latencies); measured++) {
        const struct tree_latency *from = &tree_latencies[measured];
        latencies[measured] = (struct latency_row){
            .from_region = GEO_REGION_NONE,
            .to_region = (uint8_t)geo_region_find(from->region),
            .milliseconds = from->milliseconds,
        };
        prefix_from_text(&latencies[measured].prefix, tree_clients[from->client].prefix);
    }
    assert_int_equal(
        geography_create(locations, located, latencies, measured, NULL, &geography, &problem), 0);
    return geography;
}

static inline void tree__put_resource(struct snapshot *snapshot, const struct tree *tree,
                                      unsigned number)
{
    const struct tree_resource *from = &tree->resources[number];
    struct tree_member as_target = { .kind = MEMBER_RESOURCE, .target = (int)number };
    uint8_t name[DNS_NAME_SIZE_MAX];
    const uint8_t address[1][4] = { { 10, 0, (uint8_t)(from->leaf >> 8), (uint8_t)from->leaf } };
    tree__target(name, &as_target);
    struct resource_source source = { .name = name,
                                      .ttl_s = 60,
                                      .is_healthy = from->is_healthy,
                                      .a_count = from->has_address,
                                      .a = address };
    if (from->is_registered)
        assert_int_equal(snapshot_put_resource(snapshot, resource_create(&source)), 0);
}

/* The tree as a snapshot with one reference: a zone lab.test, resources, a collection, places. */
static inline struct snapshot *tree_compile(const struct tree *tree)
{
    static const struct test_record apex[] = {
        { "lab.test", DNS_TYPE_SOA, 900, "ns.lab.test host.lab.test 1 7200 900 1209600 86400" },
        { "lab.test", DNS_TYPE_NS, 60, "ns.lab.test" },
    };
    struct collection_block blocks[COUNT_OF(tree_blocks)];
    struct collection *collection = NULL;
    struct snapshot *snapshot = snapshot_create();
    struct zone *zone = test_zone("lab.test", apex, COUNT_OF(apex));
    for (unsigned i = 0; i < tree->group_count; i++)
        tree__put_group(zone, tree, i);
    zone_finish(zone);
    assert_int_equal(snapshot_put_zone(snapshot, zone), 0);
    for (unsigned i = 0; i < TREE_RESOURCES; i++)
        tree__put_resource(snapshot, tree, i);
    for (size_t i = 0; i < COUNT_OF(tree_blocks); i++) {
        prefix_from_text(&blocks[i].prefix, tree_blocks[i].prefix);
        strcpy(blocks[i].location, tree_blocks[i].location);
    }
    assert_int_equal(
        collection_create(TREE_COLLECTION_ID, blocks, COUNT_OF(tree_blocks), &collection), 0);
    assert_int_equal(snapshot_put_collection(snapshot, collection), 0);
    snapshot_set_geography(snapshot, tree__geography());
    return snapshot;
}

/* The tree's checks: check number n has slot n. */
static inline struct health_table *tree_health(const struct tree *tree)
{
    struct health_table *table = health_table_create(TREE_CHECKS + 1);
    for (unsigned i = 1; i <= TREE_CHECKS; i++)
        health_report(table, i, tree->is_up[i], 1000 * i);
    return table;
}

#endif
