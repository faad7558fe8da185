/*
 * model/draft.h - what one change sees of a zone: the names it touches, before and after.
 *
 * A change of a few record sets touches a few names, however large the zone is, and its draft holds
 * just those.  A draft that is `whole` holds every name: the zone is being created or replaced.
 * Everything in a draft lives in its arena.  Control thread only (tests and fuzzers: any one
 * thread).
 */
#ifndef SIGNPOST_MODEL_DRAFT_H
#define SIGNPOST_MODEL_DRAFT_H

#include "signpost/model/hosted_zone.h"

struct draft_name {
    const uint8_t *owner;      /* wire, lower case */
    struct record_set *before; /* as published; NULL: nothing, as in a whole draft */
    struct record_set *sets;   /* as they will be; NULL: nothing will be there */
};

struct draft {
    struct arena *arena;
    struct hosted_zone zone;
    bool whole;
    uint32_t name_count;
    struct draft_name **names; /* in no order until draft_sort; name_count of them */
    struct draft_index *index; /* by owner; private to model/draft.c */
};

/* An empty draft of a copy of zone.  NULL: no memory. */
struct draft *draft_create(const struct hosted_zone *zone, bool whole);
void draft_destroy(struct draft *draft); /* NULL is fine */

/* The entry of that owner, made when it is not there yet.  owner is copied; it must be lower case
 * and within the zone.  NULL: no memory. */
struct draft_name *draft_name(struct draft *draft, const uint8_t *owner);

/* The entry of that owner, NULL when the draft has none. */
struct draft_name *draft_find(const struct draft *draft, const uint8_t *owner);

/* Puts the names in the order of dns_name_compare: the apex first. */
void draft_sort(struct draft *draft);

/* The record set of a type in a list, or NULL. */
struct record_set *record_set_find(struct record_set *sets, uint16_t type);

/* Adds one value to the set (owner, type), making the set when there is none; a new set takes
 * ttl_s. What the file says twice counts once (RFC 2181 §5): then *out_added is false. SP_ENOMEM,
 * SP_ELIMIT. */
int draft_add_value(struct draft *draft, struct draft_name *name, uint16_t type, uint32_t ttl_s,
                    struct span rdata, uint32_t line, bool *out_added);

/* The default SOA and the four default NS, where the apex has none (R-ZON-1). */
int draft_add_defaults(struct draft *draft, const struct zone_defaults *defaults);

enum change_action { CHANGE_CREATE, CHANGE_DELETE, CHANGE_UPSERT };

struct change_item {
    enum change_action action;
    uint8_t owner[DNS_NAME_SIZE_MAX]; /* wire, lower case */
    struct record_set set;            /* for CHANGE_DELETE it must equal what is there (R-REC-9) */
};

struct change_batch {
    uint32_t count;
    const struct change_item *items;
};

/* Carries the batch out on the draft, whose names must hold what is stored; all or nothing as far
 * as the caller throws the draft away on an error.  Values pass dns_rdata_check and the whole
 * passes draft_check.  Every fault is named: the texts are joined by "; ", those without room are
 * counted. CREATE of a set that exists, DELETE of one that does not or differs: SP_EINVAL
 * (R-REC-9). */
int model_apply(struct draft *draft, const struct change_batch *batch, struct problem *out_problem);

/* Whether the draft may stand: R-REC-4, R-REC-5, R-NAM-9, R-NAM-10, R-ZON-4, one TTL per set.
 * SP_EINVAL with the record (and the line, where it came from a file) and the reason. */
int draft_check(const struct draft *draft, struct problem *out_problem);

#endif
