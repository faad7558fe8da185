/*
 * zone/zone.h - a compiled zone: what the query path reads.
 *
 * Names hang in a map by the hash of the whole name; parents and children are not linked, so a new
 * version of a name shares everything else with the old zone.  A name that has only names below it
 * (an empty non-terminal) is in the map too: that a name is there means that it exists (R-ANS-6).
 * Published zones and names never change.  Making and freeing is the control thread's.
 */
#ifndef SIGNPOST_ZONE_ZONE_H
#define SIGNPOST_ZONE_ZONE_H

#include "signpost/base/map.h"
#include "signpost/base/routing.h"
#include "signpost/dns/block.h"
#include "signpost/dns/path.h"
#include "signpost/dns/writer.h"
#include "signpost/geo/places.h"
#include "signpost/health/table.h"

#include <stdbool.h>
#include <stdint.h>

/* One record set, ready to send: `data` holds, count times, TYPE CLASS TTL RDLENGTH RDATA. */
struct rrset {
    struct dns_records records;
    uint64_t content; /* records_content of the records: what remembered signatures go by */
    uint32_t ttl_s;
    bool points_inside; /* a target of NS, MX or SRV lies within the zone: it may bring addresses */
    const struct group *group; /* NULL: these records are the answer.  Else the group chooses, and
                                  records holds nothing but the type */
};

enum member_kind {
    MEMBER_VALUES,   /* records of its own */
    MEMBER_ALIAS,    /* stands for the group of the same type at another name of the zone */
    MEMBER_RESOURCE, /* stands for what the registry says of a resource (zone/resource.h) */
};

#define CIDR_LOCATION_SIZE 17 /* R-CID-1, with a zero */

/* One record set of a group. */
struct member {
    struct rrset values;    /* of MEMBER_VALUES; else nothing but the type */
    uint8_t kind;           /* enum member_kind */
    bool evaluates_target;  /* EvaluateTargetHealth of an alias */
    health_slot check;      /* HEALTH_NO_CHECK: none */
    const uint8_t *target;  /* of an alias: wire, lower case; else NULL */
    uint64_t target_hash;   /* of that name */
    const char *identifier; /* SetIdentifier, "" in a simple group; for traces and for ties */
    const char *check_id;   /* as users know it, "" when there is none; for traces */
    union {
        uint8_t weight;
        uint8_t region; /* latency: index of geo/places.h */
        bool is_primary;
        struct {
            uint8_t continent; /* GEO_CONTINENT_NONE: not by continent */
            char country[2];   /* "*": the default; zeros: by continent */
            char subdivision[3];
        } location;
        struct {
            struct geo_point point;
            int8_t bias;
        } proximity;
        char cidr_location[CIDR_LOCATION_SIZE]; /* "*": the default */
    } by;
};

/* All record sets of one name and type that are not one plain simple set (R-REC-2).  A simple group
 * has one member: an alias, or records with a health check (R-HLT-15).
 * Order of members: failover the primary first; geolocation the most specific first; latency by
 * name of the Region; all others by set identifier. */
struct group {
    const uint8_t *owner; /* wire, lower case */
    uint16_t type;
    uint8_t policy;   /* enum routing_policy */
    bool has_repeats; /* of multivalue: some members have a value in common */
    uint16_t member_count;
    uint32_t weight_sum;
    const char *collection; /* CIDR: the collection's id; else NULL */
    uint64_t collection_hash;
    struct member members[];
};

/* One owner name.  Allocated in one piece: the struct, its sets, their records and groups, the
 * name, blocks. */
struct zone_name {
    struct map_entry entry;
    uint32_t child_count; /* names directly below, empty non-terminals counted */
    uint32_t record_count;
    bool has_wildcard; /* one of the children is "*" */
    bool is_cut;       /* holds NS and is not the apex: a delegation (R-ANS-13) */
    uint8_t owner_size;
    uint8_t set_count;    /* at most one of each type; ordered by type */
    uint32_t piece_size;  /* of the whole allocation */
    uint32_t ns_block_at; /* in the piece; 0: none.  The apex alone has blocks */
    uint32_t soa_block_at;
    const uint8_t *owner; /* wire, lower case */
    struct rrset sets[];
};

struct zone {
    struct map_entry entry;
    struct map_node *names;       /* struct zone_name by name */
    const struct zone_name *apex; /* in names */
    const struct rrset *soa;      /* of the apex; NULL only while the zone is being built */
    const struct rrset *ns;
    const struct dns_block *soa_block; /* with the negative TTL; NULL: write the set instead */
    const struct dns_block *ns_block;
    struct zone_signing *signing; /* what it is signed with (zone/signing.h); NULL: not signed */
    uint32_t negative_ttl_s;      /* R-ANS-21 */
    uint32_t cut_count;
    uint64_t record_count;
    uint8_t depth; /* labels of the zone's name */
    uint8_t name_size;
    uint8_t name[]; /* wire, lower case */
};

/* ---- making (control thread) ---- */

/* What a name is made of: one record set each, ordered by type and within a type as struct group
 * wants its members. */
struct rrset_source {
    uint16_t type;
    uint32_t ttl_s;
    uint32_t value_count;
    struct span values; /* packed as in dns/rdata.h; empty for an alias */
    /* NULL for a plain simple set.  Else a member without its values: its strings are copied,
     * kind tells the rest. */
    const struct member *member;
    enum routing_policy policy;
    const char *collection; /* of a CIDR member */
};

/* A name of that zone with these sets and no children, one reference.  owner: wire, lower case,
 * within the zone.  Sources were checked by the model.  NULL: no memory. */
struct zone_name *zone_name_create(const struct zone *zone, const uint8_t *owner,
                                   const struct rrset_source *sources, unsigned count);
void zone_name_unref(struct zone_name *name); /* NULL is fine */

/* An empty zone of that name (wire, lower case), one reference.  NULL: no memory. */
struct zone *zone_create(const uint8_t *name);
struct zone *zone_copy(const struct zone *zone); /* shares every name; NULL: no memory */
void zone_unref(struct zone *zone);              /* NULL is fine */

/* Puts a name in, or in the place of the one with the same owner, and keeps the names above it in
 * order.  Takes over the reference, also on an error.  Only while the zone is unpublished; after
 * SP_ENOMEM the zone can only be thrown away. */
int zone_put_name(struct zone *zone, struct zone_name *name);

/* Takes the records of a name away; the name itself stays while there are names below it.
 * 0 also when there is no such name. */
int zone_remove_name(struct zone *zone, const uint8_t *owner);

/* Settles what depends on the apex (soa, ns, negative TTL); call once after the last put or remove.
 */
void zone_finish(struct zone *zone);

extern const struct map_type zone_map_type; /* a map of zones by name */

/* ---- reading (any thread) ---- */

enum zone_match_kind {
    ZONE_MATCH_NONE,     /* NXDOMAIN */
    ZONE_MATCH_NAME,     /* the name itself; it may be an empty non-terminal */
    ZONE_MATCH_WILDCARD, /* the wildcard that covers it (RFC 4592, R-ANS-7) */
    ZONE_MATCH_CUT,      /* it is at or below this delegation */
};

struct zone_match {
    enum zone_match_kind kind;
    const struct zone_name *name; /* NULL when there is none */
    unsigned skipped_labels; /* of the path, left of the cut's name: 0 when it is the cut itself */
};

/* Looks up a name that is within the zone; the path's hashes must be filled in. */
struct zone_match zone_find(const struct zone *zone, const struct name_path *path);

/* The name with exactly that wire name (lower case) and hash, or NULL: where an alias leads. */
const struct zone_name *zone_find_exact(const struct zone *zone, const uint8_t *name,
                                        uint64_t hash);

/* The name itself, or NULL: delegations are not looked at, so glue is found. */
const struct zone_name *zone_find_glue(const struct zone *zone, const struct name_path *path);

/* Where the name of a record's target stands in its RDATA, for the types that bring the target's
 * addresses along (R-ANS-16); -1 for all others. */
static inline int rrset_target_offset(uint16_t type)
{
    switch (type) {
    case DNS_TYPE_NS:
        return 0;
    case DNS_TYPE_MX:
        return 2;
    case DNS_TYPE_SRV:
        return 6;
    default:
        return -1;
    }
}

/* Of each record in a set's data: TYPE, CLASS, TTL and RDLENGTH. */
#define RRSET_FIXED_SIZE 10

/* A keyed hash of records: the same for the same records with the same TTL in the same order. */
uint64_t records_content(const struct dns_records *records);

/* Whether every RDATA of these records is one of those. */
bool records_are_among(const struct dns_records *records, const struct dns_records *those);

/* The set of a type at a name, or NULL. */
static inline const struct rrset *zone_name_set(const struct zone_name *name, uint16_t type)
{
    for (unsigned i = 0; i < name->set_count; i++)
        if (name->sets[i].records.type == type)
            return &name->sets[i];
    return NULL;
}

#endif
