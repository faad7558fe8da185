#include "signpost/control/query_logging.h"

#include "internal.h"

#include <string.h>

static int keep(void *context, const struct query_logging_config *config)
{
    *(struct query_logging_config *)context = *config;
    return 0;
}

/* R-LOG-1. */
static int check_none(struct control *control, const struct hosted_zone *zone,
                      struct problem *out_problem)
{
    struct query_logging_config there = { .id = "" };
    int rc = store_visit_query_logging(control->store, zone->id, 0, 1, keep, &there, out_problem);
    if (rc == 0 && there.id[0] != '\0')
        rc = problem_set(out_problem, SP_EEXIST, "the zone has a query logging configuration: %s",
                         there.id);
    return rc;
}

/* Seeded dice roll the same after every start. */
static int draw_id(struct control *control, char out_id[UUID_TEXT_SIZE],
                   struct problem *out_problem)
{
    struct query_logging_config taken;
    int rc;
    do {
        uuid_draw(out_id, &control->dice);
        rc = store_find_query_logging(control->store, out_id, &taken, out_problem);
    } while (rc == 0);
    return rc == SP_ENOENT ? 0 : rc;
}

/* Inside a transaction. */
static int create(struct control *control, const struct hosted_zone *zone,
                  struct query_logging_config *config, struct problem *out_problem)
{
    int rc = check_none(control, zone, out_problem);
    if (rc == 0)
        rc = draw_id(control, config->id, out_problem);
    if (rc == 0)
        rc = store_add_query_logging(control->store, zone->id, config, out_problem);
    return rc == 0 ? store_find_query_logging(control->store, config->id, config, out_problem) : rc;
}

int control_create_query_logging(struct control *control, const struct hosted_zone *zone,
                                 const char *log_group_arn, struct query_logging_config *out_config,
                                 struct problem *out_problem)
{
    struct query_logging_config config = { .id = "" };
    if (!log_group_arn_is_right(log_group_arn))
        return problem_set(out_problem, SP_EINVAL,
                           "The ARN for the CloudWatch Logs log group is invalid");
    strcpy(config.log_group_arn, log_group_arn);
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = create(control, zone, &config, out_problem);
    if (rc == 0)
        rc = store_commit_transaction(control->store, out_problem);
    if (rc == 0)
        *out_config = config;
    else
        store_rollback(control->store);
    return rc;
}

int control_find_query_logging(struct control *control, const char *id,
                               struct query_logging_config *out_config, struct problem *out_problem)
{
    return store_find_query_logging(control->store, id, out_config, out_problem);
}

int control_delete_query_logging(struct control *control, const char *id,
                                 struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = store_delete_query_logging(control->store, id, out_problem);
    if (rc == 0)
        rc = store_commit_transaction(control->store, out_problem);
    if (rc != 0)
        store_rollback(control->store);
    return rc;
}

int control_visit_query_logging(struct control *control, const struct hosted_zone *zone,
                                int64_t from, unsigned count,
                                int (*visit)(void *context,
                                             const struct query_logging_config *config),
                                void *context, struct problem *out_problem)
{
    return store_visit_query_logging(control->store, zone == NULL ? 0 : zone->id, from, count,
                                     visit, context, out_problem);
}
