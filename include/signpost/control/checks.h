/*
 * control/checks.h - health checks: made, changed, overridden and deleted.
 *
 * The board (probe/board.h) knows how a check is doing, the store keeps it.  What a check says
 * reaches answers at once and without a new snapshot: one word in the health table.  A check that
 * is deleted while record sets name it goes on being named; it counts as up (R-REC-10), and made
 * anew it is the one that they name.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_CHECKS_H
#define SIGNPOST_CONTROL_CHECKS_H

#include "signpost/control/control.h"
#include "signpost/model/health_status.h"

/* A check and how it is doing. */
struct check_view {
    struct health_check check;
    struct health_status status;
    bool watches_itself; /* its domain name is the name of record sets that name it (R-HCK-9) */
};

/* A NULL id: one is drawn.  up: what a MANUAL check says at first; others begin as R-HCK-4 has it.
 * SP_EINVAL: see health_check_config_check, and for children that are not there or CALCULATED
 * (R-HCC-1), and a routing control that is not there; SP_EEXIST; SP_ELIMIT: the health table is
 * full. */
int control_create_check(struct control *control, const char *id,
                         struct health_check_config *config, bool up, struct check_view *out_view,
                         struct problem *out_problem);

/* The same for the Route 53 API, under a caller reference that was never used before (A-HCK-2); the
 * routing control may be any ARN: of one that is not here, the check goes by what somebody sets it
 * to (A-HCK-14). */
int control_create_referred_check(struct control *control, const char *caller_reference,
                                  struct health_check_config *config, struct check_view *out_view,
                                  struct problem *out_problem);

/* The check that was made with that caller reference, "" when it has been deleted.  SP_ENOENT
 * without words: none was. */
int control_find_check_reference(struct control *control, const char *caller_reference,
                                 char out_id[HEALTH_CHECK_ID_SIZE_MAX + 1],
                                 struct problem *out_problem);

/* Gives a check another config.  version: the one that the caller has seen; 0: any.  SP_ENOENT;
 * SP_ECONFLICT: another version (R-HCK-3); SP_EINVAL: also what may not change (R-HCK-2). */
int control_update_check(struct control *control, const char *id, uint32_t version,
                         struct health_check_config *config, struct check_view *out_view,
                         struct problem *out_problem);

/* Puts an override on a check, in the place of another; its since_ms is filled in.  SP_ENOENT,
 * SP_EINVAL: a time that has passed, Regions for a check without checkers. */
int control_override_check(struct control *control, const char *id,
                           const struct health_override *override, struct check_view *out_view,
                           struct problem *out_problem);

/* Takes the override off, if there is one. */
int control_clear_check(struct control *control, const char *id, struct check_view *out_view,
                        struct problem *out_problem);

/* SP_ECONFLICT: it is a child of a CALCULATED check (R-HCK-8). */
int control_delete_check(struct control *control, const char *id, struct problem *out_problem);

int control_read_check(struct control *control, const char *id, struct check_view *out_view,
                       struct problem *out_problem);

/* In order of their ids, without deleted ones.  The visitor's view is its for the call only. */
int control_list_checks(struct control *control,
                        int (*visit)(void *context, const struct check_view *view), void *context,
                        struct problem *out_problem);

/* Up to `count` of them, oldest first, from that one on (NULL: from the first); one that has been
 * deleted marks the place that it had (A-HCK-13).  What is visited is the callee's for the call
 * only.  SP_ENOENT without words: there never was such a check. */
int control_page_checks(struct control *control, const char *first_id, unsigned count,
                        int (*visit)(void *context, const struct health_check *check),
                        void *context, struct problem *out_problem);

/* The last turns of a check, newest first, HEALTH_EVENTS_PER_CHECK of them at most.  after_ms: only
 * those later than that.  SP_ENOENT. */
int control_list_check_events(struct control *control, const char *id, uint64_t after_ms,
                              int (*visit)(void *context, const struct health_event *event),
                              void *context, struct problem *out_problem);

/* Whether a record set may name it: it is there, and not deleted. */
bool control_has_check(const struct control *control, const char *id);

/* The board, for who wants figures of checks. */
struct board *control_board(struct control *control);
health_slot control_check_slot(const struct control *control, const char *id); /* 0: none such */

#endif
