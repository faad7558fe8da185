/*
 * control/locations.h - where clients are and how far from each Region: the two tables and the MMDB
 * file.
 *
 * An import replaces a table as a whole; what is published changes with it.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_LOCATIONS_H
#define SIGNPOST_CONTROL_LOCATIONS_H

#include "signpost/control/control.h"
#include "signpost/geo/geography.h"
#include "signpost/geo/mmdb.h"

/* The rows are the caller's and are sorted in place.  SP_EINVAL: a prefix is there twice; see also
 * store_replace_locations. */
int control_import_locations(struct control *control, struct location_row *rows, size_t count,
                             struct problem *out_problem);
int control_import_latencies(struct control *control, struct latency_row *rows, size_t count,
                             struct problem *out_problem);

/* The stored rows in order; the caller frees *out_rows. */
int control_read_locations(struct control *control, struct location_row **out_rows,
                           size_t *out_count, struct problem *out_problem);
int control_read_latencies(struct control *control, struct latency_row **out_rows,
                           size_t *out_count, struct problem *out_problem);

/* Looks into another MMDB file from now on, or the same one opened anew; NULL: into none.  When it
 * cannot be opened, the one that was there stays.  See mmdb_open. */
int control_set_mmdb(struct control *control, const char *path, struct problem *out_problem);

/* What the file in use can tell; NULL: there is none. */
const struct mmdb_info *control_mmdb_info(const struct control *control);

#endif
