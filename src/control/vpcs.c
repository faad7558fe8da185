#include "internal.h"

#include "signpost/base/clock.h"
#include "signpost/control/vpcs.h"

#include <string.h>

int control_visit_vpcs(struct control *control, const struct hosted_zone *zone,
                       const struct vpc_visitor *visitor, struct problem *out_problem)
{
    return store_visit_vpcs(control->store, zone, visitor, out_problem);
}

int control_count_vpcs(struct control *control, const struct hosted_zone *zone, uint64_t *out_count,
                       struct problem *out_problem)
{
    return store_count_vpcs(control->store, zone, out_count, out_problem);
}

struct search {
    const char *id;
    struct vpc found; /* its id is "" while it is not found */
};

static int compare_vpc(void *context, const struct vpc *vpc)
{
    struct search *search = context;
    if (strcmp(vpc->id, search->id) == 0)
        search->found = *vpc;
    return 0;
}

int control_find_vpc(struct control *control, const struct hosted_zone *zone, const char *vpc_id,
                     struct vpc *out_vpc, struct problem *out_problem)
{
    struct search search = { .id = vpc_id };
    struct vpc_visitor visitor = { compare_vpc, &search };
    int rc = store_visit_vpcs(control->store, zone, &visitor, out_problem);
    if (rc == 0 && search.found.id[0] == '\0')
        return SP_ENOENT;
    if (rc == 0)
        *out_vpc = search.found;
    return rc;
}

int control_find_zone_of_vpc(struct control *control, const uint8_t *name, const char *vpc_id,
                             struct hosted_zone *out_zone, struct problem *out_problem)
{
    return store_find_zone_of_vpc(control->store, name, vpc_id, out_zone, out_problem);
}

/* Ends a transaction in which the VPCs of a zone have changed, with the record of that. */
static int finish(struct control *control, int rc, const struct hosted_zone *zone,
                  const char *comment, struct change *out_change, struct problem *out_problem)
{
    if (rc == 0)
        rc = control__new_change(control, comment, out_change, out_problem);
    if (rc == 0)
        rc = store_put_change(control->store, zone, clock_unix_s(), out_change, out_problem);
    return control__commit(control, rc, out_problem);
}

int control_associate_vpc(struct control *control, const struct hosted_zone *zone,
                          const struct vpc *vpc, const char *comment, struct change *out_change,
                          struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = store_add_vpc(control->store, zone->id, vpc, out_problem);
    return finish(control, rc, zone, comment, out_change, out_problem);
}

int control_disassociate_vpc(struct control *control, const struct hosted_zone *zone,
                             const char *vpc_id, const char *comment, struct change *out_change,
                             struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = store_remove_vpc(control->store, zone->id, vpc_id, out_problem);
    return finish(control, rc, zone, comment, out_change, out_problem);
}

int control_visit_vpc_authorizations(struct control *control, const struct hosted_zone *zone,
                                     const char *from_vpc_id, unsigned count,
                                     const struct vpc_visitor *visitor, struct problem *out_problem)
{
    return store_visit_vpc_authorizations(control->store, zone, from_vpc_id, count, visitor,
                                          out_problem);
}

int control_count_vpc_authorizations(struct control *control, const struct hosted_zone *zone,
                                     uint64_t *out_count, struct problem *out_problem)
{
    return store_count_vpc_authorizations(control->store, zone, out_count, out_problem);
}

int control_authorize_vpc(struct control *control, const struct hosted_zone *zone,
                          const struct vpc *vpc, struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = store_put_vpc_authorization(control->store, zone->id, vpc, out_problem);
    return control__commit(control, rc, out_problem);
}

int control_deauthorize_vpc(struct control *control, const struct hosted_zone *zone,
                            const char *vpc_id, const char *region, struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = store_remove_vpc_authorization(control->store, zone->id, vpc_id, region, out_problem);
    return control__commit(control, rc, out_problem);
}
