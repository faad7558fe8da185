/*
 * model/query_logging.h - where the lines about a zone's queries go (R-LOG-1).
 *
 * Plain data.  Any thread.
 */
#ifndef SIGNPOST_MODEL_QUERY_LOGGING_H
#define SIGNPOST_MODEL_QUERY_LOGGING_H

#include "signpost/model/hosted_zone.h"
#include "signpost/model/uuid.h"

#include <stdbool.h>

#define LOG_GROUP_NAME_MAX 512 /* of CloudWatch Logs */
#define LOG_GROUP_ARN_SIZE (64 + LOG_GROUP_NAME_MAX)

struct query_logging_config {
    int64_t number; /* ascends with creation */
    char id[UUID_TEXT_SIZE];
    char zone_id[ZONE_ID_TEXT_SIZE]; /* the zone's public id */
    char log_group_arn[LOG_GROUP_ARN_SIZE];
};

/* "arn:aws:logs:us-east-1:111122223333:log-group:NAME", ":*" behind it or not (A-QLG-1). */
bool log_group_arn_is_right(const char *arn);

#endif
