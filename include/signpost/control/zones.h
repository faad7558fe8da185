/*
 * control/zones.h - pages of the list of zones, as store/zones.h has them.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_ZONES_H
#define SIGNPOST_CONTROL_ZONES_H

#include "signpost/control/control.h"
#include "signpost/store/zones.h"

int control_visit_zones_by_id(struct control *control, const char *from_id,
                              const struct zone_filter *filter, unsigned count,
                              const struct store_visitor *visitor, struct problem *out_problem);

int control_visit_zones_by_name(struct control *control, const char *from_key, const char *from_id,
                                unsigned count, const struct store_visitor *visitor,
                                struct problem *out_problem);

int control_visit_zones_of_vpc(struct control *control, const struct vpc *vpc, const char *from_id,
                               unsigned count, const struct store_visitor *visitor,
                               struct problem *out_problem);

/* Public and private ones together. */
int control_count_zones(struct control *control, uint64_t *out_count, struct problem *out_problem);

/* Whether a zone, deleted or not, was made with that caller reference (A-ZON-5). */
int control_is_zone_reference_used(struct control *control, const char *reference, bool *out_used,
                                   struct problem *out_problem);

#endif
