/*
 * reference.h - what a tree may answer, worked out slowly and obviously.
 *
 * Written from the rules (R-HLT to R-CID) over the plain data of trees.h, sharing nothing with the
 * engine: no sequences, no draws, no memory of failures.  For each group and mode it says which
 * members stand and with what probability each leaf is among the records of the answer.
 */
#ifndef SIGNPOST_TEST_REFERENCE_H
#define SIGNPOST_TEST_REFERENCE_H

#include "trees.h"

#include <math.h>

enum reference_mode { REFERENCE_HEALTHY, REFERENCE_ANY };

/* Chances of the leaves; all zero: nothing answers. */
struct reference_chances {
    double of[TREE_LEAVES_MAX];
};

static bool reference_holds(const struct tree *tree, int group, enum reference_mode mode);

/* Whether this member, if it came to it, would give records. */
static bool reference_stands(const struct tree *tree, const struct tree_member *member,
                             enum reference_mode mode)
{
    bool looks = mode == REFERENCE_HEALTHY;
    if (looks && member->check != TREE_NO_CHECK && !tree->is_up[member->check])
        return false;
    if (member->kind == MEMBER_VALUES)
        return true;
    if (member->kind == MEMBER_RESOURCE) {
        const struct tree_resource *resource = &tree->resources[member->target];
        if (looks && member->evaluates && !resource->is_healthy)
            return false;
        return resource->is_registered && resource->has_address;
    }
    if (member->target == TREE_MISSING)
        return false;
    if (looks && member->evaluates)
        return reference_holds(tree, member->target, REFERENCE_HEALTHY);
    return reference_holds(tree, member->target, REFERENCE_HEALTHY) ||
           reference_holds(tree, member->target, REFERENCE_ANY);
}

/* ---- who comes first ---- */

static double reference_km(double latitude_a, double longitude_a, double latitude_b,
                           double longitude_b)
{
    double radian = acos(-1) / 180;
    double a = latitude_a * radian, b = latitude_b * radian;
    double dx = (longitude_b - longitude_a) * radian;
    double h = pow(sin((b - a) / 2), 2) + cos(a) * cos(b) * pow(sin(dx / 2), 2);
    return 2 * 6371 * asin(sqrt(h));
}

static const struct geo_region *reference_region(const char *name)
{
    return geo_region_at(geo_region_find(name));
}

/* The client's own coordinates, else those of us-east-1 (R-LAT-5, R-GPX-8). */
static double reference_distance(const struct tree *tree, double latitude, double longitude)
{
    const struct tree_client *client = &tree_clients[tree->client];
    const struct geo_region *virginia = reference_region("us-east-1");
    if (!client->has_point)
        return reference_km(virginia->latitude, virginia->longitude, latitude, longitude);
    return reference_km(client->latitude, client->longitude, latitude, longitude);
}

static double reference_latency(const struct tree *tree, const struct tree_member *member)
{
    const struct geo_region *region = reference_region(member->region);
    if (strcmp(tree_clients[tree->client].country, "CN") == 0 &&
        strcmp(member->region, "cn-north-1") == 0)
        return -1;
    for (size_t i = 0; i < COUNT_OF(tree_latencies); i++)
        if (tree_latencies[i].client == tree->client &&
            strcmp(tree_latencies[i].region, member->region) == 0)
            return tree_latencies[i].milliseconds;
    return 5 + 0.02 * reference_distance(tree, region->latitude, region->longitude);
}

/* Lower comes first; negative infinity and up, NAN: not a candidate at all. */
static double reference_rank(const struct tree *tree, const struct tree_group *group,
                             const struct tree_member *member)
{
    const struct tree_client *client = &tree_clients[tree->client];
    switch (group->policy) {
    case ROUTING_FAILOVER:
        return member->is_primary ? 0 : 1;
    case ROUTING_LATENCY:
        return reference_latency(tree, member);
    case ROUTING_GEOPROXIMITY:
        return reference_distance(tree, member->latitude, member->longitude) *
               (1 - member->bias / 100.0);
    case ROUTING_GEOLOCATION:
        if (member->country[0] == '*')
            return 3;
        if (member->continent[0] != '\0')
            return strcmp(member->continent, client->continent) == 0 ? 2 : NAN;
        if (strcmp(member->country, client->country) != 0)
            return NAN;
        if (member->subdivision[0] == '\0')
            return 1;
        return strcmp(member->subdivision, client->subdivision) == 0 ? 0 : NAN;
    case ROUTING_CIDR:
        if (strcmp(member->location, "*") == 0)
            return 1;
        return client->location != NULL && strcmp(member->location, client->location) == 0 ? 0
                                                                                           : NAN;
    default:
        return 0;
    }
}

/* ---- with what weight each member is chosen, all of them adding up to more than zero ---- */

static bool reference_weights(const struct tree *tree, const struct tree_group *group,
                              enum reference_mode mode, double *weights)
{
    bool stands[TREE_MEMBERS_MAX];
    double sum = 0, all = 0;
    unsigned count = group->member_count;
    for (unsigned i = 0; i < count; i++) {
        stands[i] = reference_stands(tree, &group->members[i], mode);
        weights[i] = 0;
        all += group->members[i].weight;
    }
    if (group->policy == ROUTING_WEIGHTED) {
        for (unsigned i = 0; i < count; i++)
            sum += weights[i] = stands[i] ? group->members[i].weight : 0;
        if (sum > 0)
            return true;
        if (mode == REFERENCE_ANY && all > 0)
            return false; /* R-WGT-7: zero-weight members stay out */
        for (unsigned i = 0; i < count; i++)
            sum += weights[i] = stands[i] && group->members[i].weight == 0;
        return sum > 0;
    }
    if (group->policy == ROUTING_MULTIVALUE) { /* up to eight members: all of them */
        for (unsigned i = 0; i < count; i++)
            sum += weights[i] = stands[i];
        return sum > 0;
    }
    int best = -1;
    if (group->policy == ROUTING_FAILOVER && mode == REFERENCE_ANY)
        count = 1; /* R-FLO-4; members begin with the primary */
    for (unsigned i = 0; i < count; i++) {
        double rank = reference_rank(tree, group, &group->members[i]);
        if (stands[i] && !isnan(rank) &&
            (best < 0 || rank < reference_rank(tree, group, &group->members[best])))
            best = (int)i;
    }
    if (best >= 0)
        weights[best] = 1;
    return best >= 0;
}

static bool reference_holds(const struct tree *tree, int group, enum reference_mode mode)
{
    double weights[TREE_MEMBERS_MAX];
    return reference_weights(tree, &tree->groups[group], mode, weights);
}

/* ---- the chances ---- */

static void reference_search(const struct tree *tree, int number, enum reference_mode mode,
                             double chance, struct reference_chances *out);

static void reference_resolve(const struct tree *tree, int number, double chance,
                              struct reference_chances *out)
{
    bool is_well = reference_holds(tree, number, REFERENCE_HEALTHY);
    reference_search(tree, number, is_well ? REFERENCE_HEALTHY : REFERENCE_ANY, chance, out);
}

static void reference_search(const struct tree *tree, int number, enum reference_mode mode,
                             double chance, struct reference_chances *out)
{
    const struct tree_group *group = &tree->groups[number];
    double weights[TREE_MEMBERS_MAX], sum = 0;
    if (!reference_weights(tree, group, mode, weights))
        return;
    for (unsigned i = 0; i < group->member_count; i++)
        sum += weights[i];
    if (group->policy == ROUTING_MULTIVALUE)
        sum = 1;
    for (unsigned i = 0; i < group->member_count; i++) {
        const struct tree_member *member = &group->members[i];
        double share = chance * weights[i] / sum;
        if (weights[i] == 0)
            continue;
        if (member->kind == MEMBER_VALUES)
            out->of[member->leaf] += share;
        else if (member->kind == MEMBER_RESOURCE)
            out->of[tree->resources[member->target].leaf] += share;
        else if (mode == REFERENCE_HEALTHY && member->evaluates)
            reference_search(tree, member->target, REFERENCE_HEALTHY, share, out);
        else
            reference_resolve(tree, member->target, share, out);
    }
}

static inline void reference_answer(const struct tree *tree, int group,
                                    struct reference_chances *out)
{
    memset(out, 0, sizeof *out);
    reference_resolve(tree, group, 1, out);
}

#endif
