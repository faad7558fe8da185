/*
 * control/control.h - the one writer: runs a change from start to finish.
 *
 * What cannot compile is never stored; once stored, publishing cannot fail.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_CONTROL_H
#define SIGNPOST_CONTROL_CONTROL_H

#include "signpost/model/draft.h"
#include "signpost/model/quotas.h"
#include "signpost/model/zone_file.h"
#include "signpost/probe/board.h"
#include "signpost/store/objects.h"
#include "signpost/store/store.h"
#include "signpost/zone/mailbox.h"
#include "signpost/zone/snapshot.h"

struct control;

/* Loads everything that is stored and publishes it.  The store, the mailbox, the board and the
 * defaults must outlive the control; options are copied.  A NULL dice seeds itself.  */
int control_create(struct store *store, struct mailbox *mailbox, struct board *board,
                   const struct zone_defaults *defaults, const struct answer_options *options,
                   struct dice *dice, struct control **out_control, struct problem *out_problem);
void control_destroy(struct control *control); /* NULL is fine */

/* What is published now; lives until the next call that changes something. */
const struct snapshot *control_snapshot(const struct control *control);

/* Publishes the same zones under other options (a reread configuration). */
int control_set_options(struct control *control, const struct answer_options *options,
                        struct problem *out_problem);

/* Whether health checks may look at private and other special addresses (R-HCE-6); at first they
 * may. */
void control_deny_special_targets(struct control *control, bool deny);

/* Whether aliases may lead only to those names of AWS services that are in the registry (R-ALI-9);
 * at first they may lead to any (A-CHG-53). */
void control_require_registered_targets(struct control *control, bool require);

/* How many of each thing may be created from now on; at first there are no quotas.  What is there
 * already stays. */
void control_set_quotas(struct control *control, const struct quotas *quotas);
const struct quotas *control_quotas(const struct control *control); /* lives as long */

/* The defaults given at the creation, for zone_reader_finish. */
const struct zone_defaults *control_defaults(const struct control *control);

/* What the model may ask about health checks, collections, resources and other zones; for
 * zone_reader_finish.  Lives as long as the control. */
const struct model_references *control_references(const struct control *control);

/* An empty whole draft for an import into that zone, wire and lower case: a new zone, or with
 * replace also one that is there (its identity and name servers stay).  SP_EEXIST without replace;
 * the caller owns the draft. */
int control_draft_import(struct control *control, const uint8_t *name, bool replace,
                         struct draft **out_draft, struct problem *out_problem);

/* Stores and publishes a draft that zone_reader_finish has accepted.  The answer to "may this zone
 * be created" is asked again: time has passed.  SP_EEXIST; SP_ECONFLICT when the zone was deleted
 * or created since the draft was made.  The draft stays the caller's. */
int control_import(struct control *control, struct draft *draft, bool replace,
                   struct change *out_change, struct problem *out_problem);

/* Applies a batch to the zone of that name.  SP_ENOENT: no such zone; see also model_apply. */
int control_change(struct control *control, const uint8_t *zone_name,
                   const struct change_batch *batch, struct change *out_change,
                   struct problem *out_problem);

/* Deletes a zone.  Without force one that holds more than its SOA and NS, key-signing keys or
 * protections is kept: SP_ECONFLICT (R-ZON-4, A-ZON-27). */
int control_delete_zone(struct control *control, const uint8_t *name, bool force,
                        struct change *out_change, struct problem *out_problem);

/* ---- zones by id, as the Route 53 API knows them ----
 *
 * Several zones may have one name, and some are private (A-ZON-6).  The oldest public one of a name
 * is *served*; the functions above that take a name mean that one.  Changes of others are stored
 * and listed and leave DNS as it is; when a served zone is deleted, the next oldest takes its
 * place. */

struct zone_wish {
    const uint8_t *name; /* wire, lower case */
    const char *caller_reference;
    const char *comment;        /* "" is fine */
    const char *vpc_id;         /* not NULL: a private zone of that VPC */
    const char *vpc_region;     /* of the VPC */
    const char *delegation_set; /* a reusable one's bare id; NULL: one of its own is drawn */
};

/* Creates a zone with its defaults, publishes it when it is served.  SP_EEXIST: the caller
 * reference was used before.  Whether VPC and delegation set fit is the caller's to find out
 * before, in the same turn of the loop. */
int control_create_zone(struct control *control, const struct zone_wish *wish,
                        struct hosted_zone *out_zone, struct change *out_change,
                        struct problem *out_problem);

/* By its public id, bare.  SP_ENOENT without words. */
int control_find_zone_id(struct control *control, const char *public_id,
                         struct hosted_zone *out_zone, struct problem *out_problem);

/* As control_change, for a zone that control_find_zone_id has found; the comment may be "".  Every
 * fault goes into out_faults, which may be NULL, in the order of the changes. */
int control_change_sets(struct control *control, const struct hosted_zone *zone,
                        const struct change_batch *batch, const char *comment,
                        struct change *out_change, struct change_faults *out_faults,
                        struct problem *out_problem);

/* Deletes that zone with its VPCs, tags, protections and what else hangs on it.  Whether it may be
 * deleted is the caller's to find out before. */
int control_delete_zone_id(struct control *control, const struct hosted_zone *zone,
                           struct change *out_change, struct problem *out_problem);

/* Whether a zone holds nothing but the SOA and NS of its apex. */
int control_zone_is_bare(struct control *control, const struct hosted_zone *zone, bool *out_bare,
                         struct problem *out_problem);

int control_set_zone_comment(struct control *control, const struct hosted_zone *zone,
                             const char *comment, struct problem *out_problem);

/* Up to `count` record sets from that position on, in the order of A-LST-2 and A-LST-3, hidden ones
 * left out.  owner_key: as dns_name_to_key writes it; type and identifier are lower bounds among
 * the sets of just that owner, "" for none.  What is visited is the callee's for the call only. */
struct set_position {
    const char *owner_key;
    const char *type;
    const char *set_identifier;
};
int control_visit_sets(struct control *control, const struct hosted_zone *zone,
                       const struct set_position *from, unsigned count,
                       int (*visit)(void *context, const uint8_t *owner,
                                    const struct record_set *set),
                       void *context, struct problem *out_problem);

/* A change by its id, and whether every worker answers with it.  SP_ENOENT without words. */
int control_read_change(struct control *control, const char *id, struct change *out_change,
                        bool *out_in_sync, struct problem *out_problem);

/* How long after its acknowledgement a change says PENDING at least (R-PRP-1): 0, unless somebody
 * wants to see pollers wait. */
void control_set_change_delay(struct control *control, uint64_t delay_ms);

/* What is stored of the zone of that name, its records apart.  SP_ENOENT. */
int control_find_zone(struct control *control, const uint8_t *name, struct hosted_zone *out_zone,
                      struct problem *out_problem);

/* A whole draft of the stored zone, for export and listing; the caller owns it.  SP_ENOENT. */
int control_read_zone(struct control *control, const uint8_t *name, struct draft **out_draft,
                      struct problem *out_problem);

int control_list_zones(struct control *control, const struct store_visitor *visitor,
                       struct problem *out_problem);

/* How many there are of what record sets name. */
int control_count_objects(struct control *control, struct store_object_counts *out_counts,
                          struct problem *out_problem);

/* The serial of what is published, and whether every worker has it: then a change is INSYNC. */
uint64_t control_serial(const struct control *control);
bool control_is_in_sync(const struct control *control, uint64_t serial);

/* Whether something is stored that must not be acknowledged yet, since a power cut could take it
 * away; and makes it last, everything with one wait for the disk.  SP_EIO: then nothing can be
 * changed any more. */
bool control_has_unsynced(const struct control *control);
int control_sync(struct control *control, struct problem *out_problem);

/* Does what is due at that time (Unix milliseconds): stores how checks are doing, and ends
 * overrides, zonal shifts and drills whose time has come.  Call when the board has news, and when
 * the time has come that the last call returned (0: never).  What cannot be stored is tried again;
 * the caller may log why. */
uint64_t control_tick(struct control *control, uint64_t now_ms, struct problem *out_problem);

/* Frees what no worker reads any more; call after the workers have answered a publication. */
void control_collect(struct control *control);

#endif
