/*
 * control/internal.h - the control itself, as the files of this module share it.
 */
#ifndef CONTROL_INTERNAL_H
#define CONTROL_INTERNAL_H

#include "signpost/control/control.h"

/* The drill that is not restored yet; id 0: none. */
struct open_drill {
    int64_t id;
    uint64_t due_ms; /* when it ends, or when restoring it is tried again */
};

/* Availability zones that are out, for a drill. */
struct outage {
    unsigned count;
    char zones[DRILL_STEPS_MAX][RESOURCE_ZONE_SIZE];
};

/* A change that some worker may not have yet: up to that sequence, it came with that serial. */
struct unseen_change {
    int64_t sequence;
    uint64_t serial;
};

struct control {
    struct store *store;
    struct mailbox *mailbox;
    struct board *board;
    const struct health_table *health; /* the board's */
    bool deny_special_targets;         /* R-HCE-6 */
    struct quotas quotas;
    struct news *news; /* news.c: what of the board is not stored yet */
    const struct zone_defaults *defaults;
    struct dice dice;
    struct snapshot *published; /* a reference of its own beside the mailbox's */
    struct unseen_change unseen[CHANGES_UNSEEN_MAX]; /* zones.c; in order */
    unsigned unseen_count;
    int64_t seen_sequence; /* every worker has it, and all before it */
    uint64_t change_delay_ms;
    struct checks *checks; /* checks.c: which slot of the health table is whose */
    struct mmdb *mmdb;     /* where tables do not know a client; NULL: none */
    struct model_references references;
    struct outage outage;
    struct open_drill drill;
    struct signing *signing; /* signing.c; NULL: there is no key store */
};

/* Makes next what is published; takes over the caller's reference.  Cannot fail. */
void control__publish(struct control *control, struct snapshot *next);

/* The words for SP_ENOMEM. */
int control__no_memory(struct problem *out_problem);

/* Ends a transaction: it is committed when rc is 0 until then, else rolled back. */
int control__commit(struct control *control, int rc, struct problem *out_problem);

/* A change with a fresh id, the time and that comment, to be given to store_commit or
 * store_put_change. */
int control__new_change(struct control *control, const char *comment, struct change *out_change,
                        struct problem *out_problem);

/* What is written in the transaction of a change besides its draft; once the draft is written, its
 * zone has an id. */
struct companion {
    int (*write)(struct control *control, const struct draft *draft, void *context,
                 struct problem *out_problem);
    void *context;
};

/* The second half of every change that has a draft, inside a transaction: compiles it if its zone
 * is served, stores it together with its companion, which may be NULL, commits and publishes.  What
 * cannot compile is never stored.  The change: from control__new_change. */
int control__carry_out(struct control *control, struct draft *draft, const struct companion *also,
                       struct change *change, struct problem *out_problem);

/* A zone that is not stored yet: its name, creation time, public id and name servers.  SP_EINVAL:
 * no zone can have that name (R-ZON-9). */
int control__new_zone(struct control *control, const uint8_t *name, struct hosted_zone *out_zone,
                      struct problem *out_problem);

/* Draws again those name servers of a public zone, not stored yet, that zones of its name, above it
 * or below it have (R-ZON-7).  SP_ELIMIT: none are left. */
int control__avoid_servers(struct control *control, struct hosted_zone *zone,
                           struct problem *out_problem);

/* Whether DNS is answered from that zone, which may be about to be created (id 0). */
int control__is_served(struct control *control, const struct hosted_zone *zone, bool *out_served,
                       struct problem *out_problem);

/* Remembers that the change came with what is published now. */
void control__note_change(struct control *control, int64_t sequence);

/* Whether a draft that replaces a zone leaves its protected record sets as they are (A-PRT-1); new
 * zones have none.  Inside a transaction.  SP_ECONFLICT. */
int control__check_replacement(struct control *control, const struct draft *draft,
                               struct problem *out_problem);

/* Lends the model what it may ask. */
void control__init_references(struct control *control);

/* Start-up.  Checks come before the zones that name them; the others go into the first snapshot,
 * before anybody sees it.  SP_ENOMEM may come without words. */
int control__load_checks(struct control *control, struct problem *out_problem);
int control__load_collections(struct control *control, struct snapshot *first,
                              struct problem *out_problem);
int control__load_resources(struct control *control, struct snapshot *first,
                            struct problem *out_problem);
int control__load_locations(struct control *control, struct snapshot *first,
                            struct problem *out_problem);
void control__destroy_checks(struct checks *checks); /* NULL is fine */
void control__close_signing(struct control *control);

/* news.c; freed with free(). */
struct news *control__create_news(void);               /* NULL: no memory */
void control__store_all_news(struct control *control); /* as far as that works: before the end */

/* audit.c: what waits. */
int control__store_audit(struct control *control, struct problem *out_problem);

/* As struct compile_checks wants it; the context is the control.  A check that was deleted while
 * record sets name it still has its slot. */
health_slot control__find_check(void *control, const char *public_id);

/* The words for a check that is not there; SP_ENOENT. */
int control__no_such_check(const char *id, struct problem *out_problem);

/* ---- alarms, routing controls, zonal shifts, outages ---- */

/* Once the checks are on the board: those that say something else than their alarm or routing
 * control are told. */
int control__load_recovery(struct control *control, struct problem *out_problem);

/* What the alarm or the routing control of a check says now.  out_known is false, and the rest not
 * set, when it says nothing: the check stays as it is (LastKnownStatus without data, another type).
 * The reason is a static text. */
int control__observe_source(struct control *control, const struct health_check_config *config,
                            bool *out_known, bool *out_up, const char **out_reason,
                            struct problem *out_problem);

/* By its name or its ARN. */
bool control__has_routing_control(struct control *control, const char *name_or_arn);

/* Ends the zonal shifts whose time has come, and publishes what follows.  Returns when the next one
 * will end (Unix milliseconds), 0: none.  What fails is due again a second later; out_problem then
 * says why, and is left alone otherwise. */
uint64_t control__expire_shifts(struct control *control, uint64_t now_ms,
                                struct problem *out_problem);

/* The addresses of all resources in these availability zones leave the answers, in one published
 * snapshot; a resource without any address left is down.  The name of a Region stands for each of
 * its zones ("eu-west-1" for "eu-west-1a").  Takes the place of an earlier outage; count 0 ends it.
 * Nothing is stored.  SP_EINVAL: too many, or a name that is too long. */
int control__set_outage(struct control *control, const char *const *zones, unsigned count,
                        struct problem *out_problem);

/* The published snapshot as it would be under such an outage; the caller's to snapshot_unref. */
int control__outage_snapshot(struct control *control, const char *const *zones, unsigned count,
                             struct snapshot **out_copy, struct problem *out_problem);

/* ---- drills ---- */

/* Goes on with the drill that ran when the process ended: its outage is set again.  One whose time
 * has come meanwhile, or that was begun or restored by half, is restored.  Call it last, once
 * everything is loaded and published. */
int control__load_drills(struct control *control, uint64_t now_ms, struct problem *out_problem);

/* Restores the drill whose time has come.  Returns when the running one will end (Unix
 * milliseconds), 0: none runs.  What fails is due again a second later; out_problem then says why,
 * and is left alone otherwise. */
uint64_t control__expire_drills(struct control *control, uint64_t now_ms,
                                struct problem *out_problem);

#endif
