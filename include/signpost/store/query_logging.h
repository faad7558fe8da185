/*
 * store/query_logging.h - query logging configurations, as they are stored.
 *
 * Everything that writes does so inside a transaction begun before (store_begin), which goes on.
 * A zone's goes with the zone.  Control thread only.
 */
#ifndef SIGNPOST_STORE_QUERY_LOGGING_H
#define SIGNPOST_STORE_QUERY_LOGGING_H

#include "signpost/model/query_logging.h"
#include "signpost/store/store.h"

/* SP_ENOENT without words. */
int store_find_query_logging(struct store *store, const char *id,
                             struct query_logging_config *out_config, struct problem *out_problem);

/* At most `count` of them by their numbers, from that one on; zone_id: of that zone alone, 0: of
 * all.  What is visited is the callee's for the call only; other than 0 ends the reading with that
 * status. */
int store_visit_query_logging(struct store *store, int64_t zone_id, int64_t from, unsigned count,
                              int (*visit)(void *context,
                                           const struct query_logging_config *config),
                              void *context, struct problem *out_problem);

/* A new one of that zone; its number and zone are the store's to know. */
int store_add_query_logging(struct store *store, int64_t zone_id,
                            const struct query_logging_config *config, struct problem *out_problem);

/* SP_ENOENT without words. */
int store_delete_query_logging(struct store *store, const char *id, struct problem *out_problem);

#endif
