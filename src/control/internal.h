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

struct control {
    struct store *store;
    struct mailbox *mailbox;
    struct board *board;
    const struct health_table *health; /* the board's */
    bool deny_special_targets;         /* R-HCE-6 */
    struct news *news;                 /* news.c: what of the board is not stored yet */
    const struct zone_defaults *defaults;
    struct dice dice;
    struct snapshot *published; /* a reference of its own beside the mailbox's */
    struct checks *checks;      /* checks.c: which slot of the health table is whose */
    struct mmdb *mmdb;          /* where tables do not know a client; NULL: none */
    struct model_references references;
    struct outage outage;
    struct open_drill drill;
};

/* Makes next what is published; takes over the caller's reference.  Cannot fail. */
void control__publish(struct control *control, struct snapshot *next);

/* The words for SP_ENOMEM. */
int control__no_memory(struct problem *out_problem);

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

/* news.c; freed with free(). */
struct news *control__create_news(void);               /* NULL: no memory */
void control__store_all_news(struct control *control); /* as far as that works: before the end */

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
 * The reason is a static text.  SP_EINVAL: there is no such routing control. */
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
