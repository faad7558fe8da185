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
#include "signpost/model/references.h"

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

/* The first record set of a type in a list, or NULL; the others of its group follow it. */
struct record_set *record_set_find(struct record_set *sets, uint16_t type);

/* The record set of that identity, or NULL. */
struct record_set *record_set_find_identity(struct record_set *sets, uint16_t type,
                                            const char *set_identifier);

/* Whether two sets are equal in all but the order of their values; next and line do not count. */
bool record_set_equal(const struct record_set *a, const struct record_set *b);

/* Adds one value to the simple set of that type, making the set when there is none; a new set takes
 * ttl_s and line.  What the file says twice counts once (RFC 2181 §5): then *out_added is false.
 * SP_ENOMEM, SP_ELIMIT. */
int draft_add_value(struct draft *draft, struct draft_name *name, uint16_t type, uint32_t ttl_s,
                    struct span rdata, uint32_t line, bool *out_added);

/* Puts a deep copy of a set of any kind into its place; a set of its identity must not be there
 * yet.  The copy, to which values can be added, or NULL: no memory. */
struct record_set *draft_add_set(struct draft *draft, struct draft_name *name,
                                 const struct record_set *set);

/* Adds one value to a set of the draft, as draft_add_value does. */
int draft_add_to_set(struct draft *draft, struct record_set *set, struct span rdata,
                     bool *out_added);

/* The default SOA and the four default NS, where the apex has none (R-ZON-1). */
int draft_add_defaults(struct draft *draft, const struct zone_defaults *defaults);

enum change_action { CHANGE_CREATE, CHANGE_DELETE, CHANGE_UPSERT };

/* What whoever read a change has to say of it; all NULL when there is nothing to say. */
struct change_reading {
    const char *name; /* the owner as it was given, for texts that repeat it; NULL: as we list */
    const char *shape_fault; /* A-CHG-10 to A-CHG-17 */
    const char *name_fault;  /* A-NAM-5: it has no owner */
    const char
        *value_fault; /* A-CHG-23: of a value or of the alias's target, which are not there */
};

struct change_item {
    enum change_action action;
    uint8_t owner[DNS_NAME_SIZE_MAX]; /* wire, lower case */
    struct record_set set;            /* for CHANGE_DELETE it must equal what is there (R-REC-9) */
    struct change_reading reading;
};

struct change_batch {
    uint32_t count;
    const struct change_item *items;
};

/* Every fault of a batch, a sentence each, in the order of the changes, names as Route 53 lists
 * them.  In the arena, which its owner gives; all else is zero before. */
enum change_fault_kind {
    CHANGE_FAULT_NONE,
    CHANGE_FAULT_INPUT,        /* the shape of a change (A-CHG-10 to A-CHG-17): InvalidInput */
    CHANGE_FAULT_HEALTH_CHECK, /* A-CHG-31: NoSuchHealthCheck */
    CHANGE_FAULT_BATCH,        /* anything else: InvalidChangeBatch */
};
struct change_faults {
    struct arena *arena;
    enum change_fault_kind kind;
    uint32_t count;
    const char **texts;
};

/* Carries the batch out on the draft, whose names must hold what is stored; all or nothing as far
 * as the caller throws the draft away on an error.  Changes are judged in their order, each on what
 * those before it have left (A-CHG-3); what is named beyond the zone is asked of references, which
 * may be NULL.  Texts are Route 53's wherever it has one.  Every fault is named: the texts are
 * joined by "; ", those without room are counted; out_faults, which may be NULL, gets them all.
 * SP_EINVAL: a change has the wrong shape (A-CHG-10 to A-CHG-17; nothing else is looked at then),
 * or may not be (A-CHG-20 to A-CHG-56).  SP_ENOENT: there is no such health check (A-CHG-31). */
int model_apply(struct draft *draft, const struct change_batch *batch,
                const struct model_references *references, struct change_faults *out_faults,
                struct problem *out_problem);

/* Whether the draft may stand: section 4 of the rules, what may not stand together, R-ZON-4.  Of a
 * whole draft also whether there is what its sets name, and where its aliases lead; CNAMEs may go
 * in circles there.  file_name and references may be NULL.  SP_EINVAL with the record (and the line
 * of the file, where it came from one) and the reason; anything else the references had to say. */
int draft_check(const struct draft *draft, const char *file_name,
                const struct model_references *references, struct problem *out_problem);

#endif
