/*
 * control/query_logging.h - query logging configurations (R-LOG-1, A-QLG).
 *
 * They are stored and told; no line is written yet.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_QUERY_LOGGING_H
#define SIGNPOST_CONTROL_QUERY_LOGGING_H

#include "signpost/control/control.h"
#include "signpost/store/query_logging.h"

/* SP_EINVAL: the ARN; SP_EEXIST: the zone has one. */
int control_create_query_logging(struct control *control, const struct hosted_zone *zone,
                                 const char *log_group_arn, struct query_logging_config *out_config,
                                 struct problem *out_problem);

/* SP_ENOENT without words. */
int control_find_query_logging(struct control *control, const char *id,
                               struct query_logging_config *out_config,
                               struct problem *out_problem);
int control_delete_query_logging(struct control *control, const char *id,
                                 struct problem *out_problem);

/* See store_visit_query_logging; a NULL zone: of all. */
int control_visit_query_logging(struct control *control, const struct hosted_zone *zone,
                                int64_t from, unsigned count,
                                int (*visit)(void *context,
                                             const struct query_logging_config *config),
                                void *context, struct problem *out_problem);

#endif
