/*
 * control/internal.h - the control itself, as the files of this module share it.
 */
#ifndef CONTROL_INTERNAL_H
#define CONTROL_INTERNAL_H

#include "signpost/control/control.h"

struct control {
    struct store *store;
    struct mailbox *mailbox;
    struct health_table *health;
    const struct zone_defaults *defaults;
    struct dice dice;
    struct snapshot *published; /* a reference of its own beside the mailbox's */
    struct checks *checks;      /* checks.c: which slot of the health table is whose */
    struct mmdb *mmdb;          /* where tables do not know a client; NULL: none */
    struct model_references references;
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

/* As struct compile_checks wants it; the context is the control.  A check that was deleted while
 * record sets name it still has its slot. */
health_slot control__find_check(void *control, const char *public_id);

/* The words for a check that is not there; SP_ENOENT. */
int control__no_such_check(const char *id, struct problem *out_problem);

#endif
