/*
 * api/trace_json.h - a trace as the tree that was searched.
 *
 * A list of passes, each over one group: {"owner","type","policy","last_resort","outcome",
 * "candidates":[...]}.  A group that holds nothing healthy is there twice: as it was searched for
 * something healthy, and as its last resort.  The "state" of a candidate is "taken",
 * or for a "reason" it is "left" or "not needed"; an alias has below it, in "groups", what was
 * searched on its account.
 */
#ifndef API_TRACE_JSON_H
#define API_TRACE_JSON_H

#include "call.h"

#include "signpost/control/explain.h"

/* The values of a set as zone files have them. */
json_t *trace_json_values(const struct rrset *set);

/* control knows who has set a check.  supposition: the checks whose state is made up.  now_s: Unix
 * seconds.  NULL: no memory. */
json_t *trace_json(struct control *control, const struct explanation *explanation,
                   const struct supposition *supposition, int64_t now_s);

#endif
