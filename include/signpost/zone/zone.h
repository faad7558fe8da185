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
#include "signpost/dns/block.h"
#include "signpost/dns/path.h"
#include "signpost/dns/writer.h"

#include <stdbool.h>
#include <stdint.h>

/* One record set, ready to send: `data` holds, count times, TYPE CLASS TTL RDLENGTH RDATA. */
struct rrset {
    struct dns_records records;
    uint32_t ttl_s;
    bool points_inside; /* a target of NS, MX or SRV lies within the zone: it may bring addresses */
};

/* One owner name.  Allocated in one piece: the struct, its sets, their records, the name, blocks.
 */
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
    uint32_t negative_ttl_s; /* R-ANS-21 */
    uint32_t cut_count;
    uint64_t record_count;
    uint8_t depth; /* labels of the zone's name */
    uint8_t name_size;
    uint8_t name[]; /* wire, lower case */
};

/* ---- making (control thread) ---- */

/* What a name is made of: one set each, ordered by type. */
struct rrset_source {
    uint16_t type;
    uint32_t ttl_s;
    uint32_t value_count;
    struct span values; /* packed as in dns/rdata.h */
};

/* A name of that zone with these sets and no children, one reference.  owner: wire, lower case,
 * within the zone.  Sets are ordered by type and were checked by the model.  NULL: no memory. */
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

/* The set of a type at a name, or NULL. */
static inline const struct rrset *zone_name_set(const struct zone_name *name, uint16_t type)
{
    for (unsigned i = 0; i < name->set_count; i++)
        if (name->sets[i].records.type == type)
            return &name->sets[i];
    return NULL;
}

#endif
