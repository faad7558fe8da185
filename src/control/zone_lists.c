#include "internal.h"

#include "signpost/control/zones.h"

int control_visit_zones_by_id(struct control *control, const char *from_id,
                              const struct zone_filter *filter, unsigned count,
                              const struct store_visitor *visitor, struct problem *out_problem)
{
    return store_visit_zones_by_id(control->store, from_id, filter, count, visitor, out_problem);
}

int control_visit_zones_by_name(struct control *control, const char *from_key, const char *from_id,
                                unsigned count, const struct store_visitor *visitor,
                                struct problem *out_problem)
{
    return store_visit_zones_by_name(control->store, from_key, from_id, count, visitor,
                                     out_problem);
}

int control_visit_zones_of_vpc(struct control *control, const struct vpc *vpc, const char *from_id,
                               unsigned count, const struct store_visitor *visitor,
                               struct problem *out_problem)
{
    return store_visit_zones_of_vpc(control->store, vpc, from_id, count, visitor, out_problem);
}

int control_count_zones(struct control *control, uint64_t *out_count, struct problem *out_problem)
{
    return store_count_zones(control->store, out_count, out_problem);
}

int control_is_zone_reference_used(struct control *control, const char *reference, bool *out_used,
                                   struct problem *out_problem)
{
    return store_is_zone_reference_used(control->store, reference, out_used, out_problem);
}
