/*
 * zone/snapshot.h - all zones at one moment, immutable from the day it is published.
 *
 * Making and freeing is the control thread's; any thread may read while it holds a snapshot that
 * the mailbox gave it.
 */
#ifndef SIGNPOST_ZONE_SNAPSHOT_H
#define SIGNPOST_ZONE_SNAPSHOT_H

#include "signpost/base/limits.h"
#include "signpost/geo/geography.h"
#include "signpost/zone/collection.h"
#include "signpost/zone/resource.h"
#include "signpost/zone/zone.h"

#include <stdbool.h>
#include <stdint.h>

/* A few prefixes out of the configuration. */
struct prefix_list {
    unsigned count;
    struct ip_prefix items[PREFIX_LIST_MAX];
};

/* How a signed zone says that a name does not exist. */
enum denial_form {
    DENIAL_ROUTE53, /* as Route 53 does: NOERROR, and NSEC with nothing else (R-SEC-11) */
    DENIAL_COMPACT, /* RFC 9824: with NXNAME; NXDOMAIN for clients that set the CO flag */
};

/* How questions are answered, whatever the zone.  Travels with the snapshot, so that a reread
 * configuration reaches the workers the same way. */
struct answer_options {
    uint16_t edns_size;     /* largest UDP reply, and what our OPT advertises (R-ANS-22) */
    bool minimal_responses; /* leave out the apex NS of R-ANS-14 and what they drag along */
    bool minimal_any;       /* answer ANY with one record set (RFC 8482 §4.1) */
    uint8_t nsid_size;      /* 0: no NSID */
    uint8_t nsid[NSID_SIZE_MAX];
    struct prefix_list explain_clients; /* who gets the reason of an answer with it (RFC 8914) */
    struct prefix_list client_subnet;   /* whose client-subnet option is believed (RFC 7871) */
    bool divide_negative_bias;          /* geoproximity as AWS's guide of 2023 had it (R-GPX-4) */
    uint8_t denial;                     /* enum denial_form */
    uint32_t signature_validity_s;      /* of signatures made on the spot (R-SEC-6) */
};

struct snapshot {
    uint32_t refs;   /* control thread only */
    uint64_t serial; /* set when published, from 1 on; later ones are higher */
    struct answer_options options;
    struct map_node *zones; /* struct zone by name */
    uint32_t zone_count;
    uint64_t record_count;
    uint32_t zones_of_depth[DNS_LABEL_COUNT_MAX + 1]; /* how many zones have so many labels */
    struct map_node *collections;                     /* struct collection by id */
    struct map_node *resources;                       /* struct resource by name */
    struct geography *geography;                      /* NULL: nothing is known of any client */
};

/* An empty snapshot with one reference.  NULL: no memory. */
struct snapshot *snapshot_create(void);

/* A copy that shares every zone, with one reference.  NULL: no memory. */
struct snapshot *snapshot_copy(const struct snapshot *snapshot);

void snapshot_unref(struct snapshot *snapshot); /* NULL is fine */

/* Puts a zone in, or in the place of the one with the same name; takes over the caller's reference.
 * Only while nobody else sees this snapshot.  SP_ENOMEM, and then nothing has changed. */
int snapshot_put_zone(struct snapshot *snapshot, struct zone *zone);
int snapshot_remove_zone(struct snapshot *snapshot, const uint8_t *name); /* SP_ENOENT, SP_ENOMEM */

/* The same for CIDR collections and resources: what is put in replaces the one of the same key. */
int snapshot_put_collection(struct snapshot *snapshot, struct collection *collection);
int snapshot_remove_collection(struct snapshot *snapshot,
                               const char *id); /* SP_ENOENT, SP_ENOMEM */
int snapshot_put_resource(struct snapshot *snapshot, struct resource *resource);
int snapshot_remove_resource(struct snapshot *snapshot, const uint8_t *name);

/* Gives the snapshot another geography; takes over the caller's reference.  NULL is fine. */
void snapshot_set_geography(struct snapshot *snapshot, struct geography *geography);

/* Whether one of the prefixes contains the address. */
bool prefix_list_contains(const struct prefix_list *list, const struct ip_prefix *address);

/* By the hash of the key as collection_hash and dns_path_hash make it; NULL: none. */
const struct collection *snapshot_collection(const struct snapshot *snapshot, const char *id,
                                             uint64_t hash);
const struct resource *snapshot_resource(const struct snapshot *snapshot, const uint8_t *name,
                                         uint64_t hash);

/* The zone of exactly that name (lower case), or NULL. */
const struct zone *snapshot_zone(const struct snapshot *snapshot, const uint8_t *name);

/* The most specific zone that is or encloses the name; NULL: none (R-ZON-11, R-ZON-12). */
const struct zone *snapshot_find(const struct snapshot *snapshot, const struct name_path *path);

/* The next one that encloses the zone found, or NULL: who answers for DS at a zone's apex. */
const struct zone *snapshot_find_above(const struct snapshot *snapshot,
                                       const struct name_path *path, const struct zone *zone);

#endif
