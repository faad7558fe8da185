/*
 * control/resources.h - the registry of simulated resources, as aliases see it.
 *
 * Aliases name a resource by its DNS name and need not be touched when it changes.  Control thread
 * only.
 */
#ifndef SIGNPOST_CONTROL_RESOURCES_H
#define SIGNPOST_CONTROL_RESOURCES_H

#include "signpost/control/control.h"
#include "signpost/model/resource.h"

/* Registers it, in the place of an entry of the same name.  SP_EINVAL: see resource_check. */
int control_put_resource(struct control *control, const struct resource_entry *entry,
                         struct problem *out_problem);

/* Aliases that lead there find nothing from then on (R-ALI-9).  name: wire, lower case.
 * SP_ENOENT. */
int control_delete_resource(struct control *control, const uint8_t *name,
                            struct problem *out_problem);

int control_read_resource(struct control *control, const uint8_t *name,
                          struct resource_entry *out_entry, struct problem *out_problem);

/* The same entry as answers have it now: without what a drill's outage or a zonal shift has taken
 * out. */
int control_read_answering_resource(struct control *control, const uint8_t *name,
                                    struct resource_entry *out_entry, struct problem *out_problem);

/* In the order of their name keys. */
int control_list_resources(struct control *control, const struct store_object_visitor *visitor,
                           struct problem *out_problem);

/* The kind of the entry of that name: wire, lower case.  SP_ENOENT without words. */
int control_find_resource_kind(struct control *control, const uint8_t *name,
                               enum resource_kind *out_kind, struct problem *out_problem);

#endif
