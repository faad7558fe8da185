/*
 * control/shifts.h - what resources.c and zonal_shifts.c know of each other.
 */
#ifndef CONTROL_SHIFTS_H
#define CONTROL_SHIFTS_H

#include "internal.h"

#include "signpost/model/zonal_shift.h"

/* resources.c.  Takes the addresses that are out from an entry; one without any is down. */
void control__suffer_outage(const struct outage *outage, struct resource_entry *entry);

/* Compiles a stored resource into a snapshot that nobody sees yet, as the outage and the store's
 * shifts have it; one that is not there is left out. */
int control__put_resource_into(struct control *control, struct snapshot *snapshot,
                               const uint8_t *name, struct problem *out_problem);

/* zonal_shifts.c.  Ends shifts in the store alone, before anything is compiled. */
int control__end_due_shifts(struct control *control, uint64_t now_ms, struct problem *out_problem);

/* Inside a transaction, which goes on: the resource is about to be deleted. */
int control__cancel_shift_of(struct control *control, const uint8_t *resource, uint64_t now_ms,
                             struct problem *out_problem);

#endif
