/*
 * store/locations.h - the location table and the latency table, as they are stored.
 *
 * Each is replaced as a whole, in one transaction, and read as a whole.  Control thread only.
 */
#ifndef SIGNPOST_STORE_LOCATIONS_H
#define SIGNPOST_STORE_LOCATIONS_H

#include "signpost/geo/geography.h"
#include "signpost/store/store.h"

/* Every row in the place of all that were there; committed.  On an error nothing has changed.
 * Rows in the order of location_row_compare are written fastest.  SP_ECONFLICT when one is there
 * twice. */
int store_replace_locations(struct store *store, const struct location_row *rows, size_t count,
                            struct problem *out_problem);
int store_replace_latencies(struct store *store, const struct latency_row *rows, size_t count,
                            struct problem *out_problem);

/* All rows: locations in order of their prefixes, latencies in no order.  The caller frees
 * *out_rows (NULL when there are none).  SP_ENOMEM, SP_EDAMAGED when they are not what was written.
 */
int store_read_locations(struct store *store, struct location_row **out_rows, size_t *out_count,
                         struct problem *out_problem);
int store_read_latencies(struct store *store, struct latency_row **out_rows, size_t *out_count,
                         struct problem *out_problem);

#endif
