/*
 * base/routing.h - the routing policies and what calls them by name.
 *
 * The numbers are in every database: never change one.  Any thread.
 */
#ifndef SIGNPOST_BASE_ROUTING_H
#define SIGNPOST_BASE_ROUTING_H

#include <stddef.h>
#include <string.h>

enum routing_policy {
    ROUTING_SIMPLE = 0,
    ROUTING_WEIGHTED = 1,
    ROUTING_LATENCY = 2,
    ROUTING_FAILOVER = 3,
    ROUTING_GEOLOCATION = 4,
    ROUTING_MULTIVALUE = 5,
    ROUTING_CIDR = 6,
    ROUTING_GEOPROXIMITY = 7,
};
#define ROUTING_POLICY_COUNT 8

/* "weighted", "cidr" ...: on the command line, in zone files, in JSON and in traces. */
static inline const char *routing_policy_name(enum routing_policy policy)
{
    static const char *const names[ROUTING_POLICY_COUNT] = {
        "simple",      "weighted",   "latency", "failover",
        "geolocation", "multivalue", "cidr",    "geoproximity",
    };
    return names[policy];
}

/* The policy of that name, ROUTING_POLICY_COUNT when there is none. */
static inline unsigned routing_policy_find(const char *name)
{
    unsigned policy = 0;
    while (policy < ROUTING_POLICY_COUNT &&
           strcmp(routing_policy_name((enum routing_policy)policy), name) != 0)
        policy++;
    return policy;
}

#endif
