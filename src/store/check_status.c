/*
 * How health checks are doing: what a restart brings back, and the last turns of each.
 *
 * A status is written as a whole, and in the worst of hours thousands of them, with all that their
 * checkers think: a check's number is looked up once and then used.
 */
#include "internal.h"

#include <assert.h>

/* The columns of STATUS_READ and, from ST_UP on, the parameters of STATUS_SET less one. */
enum {
    ST_ROW,
    ST_UP,
    ST_SINCE,
    ST_OBSERVED,
    ST_REASON,
    ST_HEALTHY,
    ST_WATCHED,
    ST_OVERRIDE_UP,
    ST_OVERRIDE_REGIONS,
    ST_OVERRIDE_SINCE,
    ST_OVERRIDE_EXPIRES,
    ST_OVERRIDE_OWNER,
    ST_OVERRIDE_REASON
};

/* The columns of CHECKER_COLUMNS; as parameters they come two later. */
enum { K_REGION, K_NUMBER, K_UP, K_STREAK, K_STARTED, K_LAST, K_FAILURE = K_LAST + 8 };

/* Those of a result, counted from K_LAST or K_FAILURE. */
enum { R_OUTCOME, R_AT, R_HTTP_STATUS, R_DETAIL, R_RESOLVED, R_CONNECTION, R_TLS, R_FIRST_BYTE };

/* Those of EVENT_COLUMNS; as parameters they come two later. */
enum { E_AT, E_UP, E_CAUSE, E_REASON, E_HEALTHY, E_WATCHED, E_CONNECTION, E_TLS, E_FIRST_BYTE };

/* ---- durations: NULL is "not known" ---- */

static float column_duration(sqlite3_stmt *statement, int column)
{
    return sqlite3_column_type(statement, column) == SQLITE_NULL
               ? -1
               : (float)sqlite3_column_double(statement, column);
}

static void bind_duration(sqlite3_stmt *statement, int index, float ms)
{
    if (ms >= 0)
        sqlite3_bind_double(statement, index, (double)ms);
    else
        sqlite3_bind_null(statement, index);
}

/* ---- reading ---- */

static bool column_number(sqlite3_stmt *statement, int column, int64_t most, int64_t *out_number)
{
    *out_number = sqlite3_column_int64(statement, column);
    return *out_number >= 0 && *out_number <= most;
}

static bool decode_result(sqlite3_stmt *statement, int first, struct probe_result *out_result)
{
    int64_t outcome, at_ms, http_status;
    if (!column_number(statement, first + R_OUTCOME, PROBE_OUTCOME_COUNT - 1, &outcome) ||
        !column_number(statement, first + R_AT, INT64_MAX, &at_ms) ||
        !column_number(statement, first + R_HTTP_STATUS, UINT16_MAX, &http_status) ||
        !store__copy_text(out_result->detail, sizeof out_result->detail, statement,
                          first + R_DETAIL))
        return false;
    out_result->outcome = (enum probe_outcome)outcome;
    out_result->at_ms = (uint64_t)at_ms;
    out_result->http_status = (uint16_t)http_status;
    out_result->connection_ms = column_duration(statement, first + R_CONNECTION);
    out_result->tls_ms = column_duration(statement, first + R_TLS);
    out_result->first_byte_ms = column_duration(statement, first + R_FIRST_BYTE);
    out_result->has_resolved = sqlite3_column_type(statement, first + R_RESOLVED) != SQLITE_NULL;
    return !out_result->has_resolved ||
           store__column_address(statement, first + R_RESOLVED, &out_result->resolved);
}

static bool decode_checker(sqlite3_stmt *statement, struct checker_status *out_checker)
{
    int64_t region, number, streak, started_ms;
    if (!column_number(statement, K_REGION, CHECKER_REGION_COUNT - 1, &region) ||
        !column_number(statement, K_NUMBER, UINT8_MAX, &number) ||
        !column_number(statement, K_STREAK, UINT8_MAX, &streak) ||
        !column_number(statement, K_STARTED, INT64_MAX, &started_ms))
        return false;
    *out_checker = (struct checker_status){ .region = (uint8_t)region,
                                            .number = (uint8_t)number,
                                            .up = sqlite3_column_int(statement, K_UP) != 0,
                                            .streak = (uint8_t)streak,
                                            .started_ms = (uint64_t)started_ms };
    return decode_result(statement, K_LAST, &out_checker->last) &&
           decode_result(statement, K_FAILURE, &out_checker->last_failure);
}

static int read_checkers(struct store *store, int64_t row_id, struct health_status *status,
                         bool *out_sense, struct problem *out_problem)
{
    bool row;
    sqlite3_stmt *statement = store->statements[CHECKERS_OF_CHECK];
    int rc;
    sqlite3_bind_int64(statement, 1, row_id);
    *out_sense = true;
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row && *out_sense) {
        *out_sense = status->checker_count < CHECKERS_MAX &&
                     decode_checker(statement, &status->checkers[status->checker_count]);
        status->checker_count += *out_sense;
    }
    sqlite3_reset(statement);
    return rc;
}

static bool decode_override(sqlite3_stmt *statement, struct health_override *out_override)
{
    int64_t regions, since_ms, expires_ms;
    *out_override = (struct health_override){ 0 };
    if (sqlite3_column_type(statement, ST_OVERRIDE_UP) == SQLITE_NULL)
        return true;
    if (!column_number(statement, ST_OVERRIDE_REGIONS, UINT8_MAX, &regions) ||
        !column_number(statement, ST_OVERRIDE_SINCE, INT64_MAX, &since_ms) ||
        !column_number(statement, ST_OVERRIDE_EXPIRES, INT64_MAX, &expires_ms))
        return false;
    out_override->given = true;
    out_override->up = sqlite3_column_int(statement, ST_OVERRIDE_UP) != 0;
    out_override->regions = (uint8_t)regions;
    out_override->since_ms = (uint64_t)since_ms;
    out_override->expires_ms = (uint64_t)expires_ms;
    return store__copy_text(out_override->owner, sizeof out_override->owner, statement,
                            ST_OVERRIDE_OWNER) &&
           store__copy_text(out_override->reason, sizeof out_override->reason, statement,
                            ST_OVERRIDE_REASON);
}

static bool decode_status(sqlite3_stmt *statement, struct health_status *out_status)
{
    int64_t since_ms, healthy_count, watched_count;
    out_status->checker_count = 0;
    out_status->up = sqlite3_column_int(statement, ST_UP) != 0;
    out_status->observed = sqlite3_column_int(statement, ST_OBSERVED) != 0;
    if (!column_number(statement, ST_SINCE, INT64_MAX, &since_ms) ||
        !column_number(statement, ST_HEALTHY, UINT16_MAX, &healthy_count) ||
        !column_number(statement, ST_WATCHED, UINT16_MAX, &watched_count))
        return false;
    out_status->since_ms = (uint64_t)since_ms;
    out_status->healthy_count = (uint16_t)healthy_count;
    out_status->watched_count = (uint16_t)watched_count;
    return store__copy_text(out_status->observed_reason, sizeof out_status->observed_reason,
                            statement, ST_REASON) &&
           decode_override(statement, &out_status->override);
}

int store_read_check_status(struct store *store, const char *id, struct health_status *out_status,
                            struct problem *out_problem)
{
    bool row, sense = true;
    sqlite3_stmt *statement = store->statements[STATUS_READ];
    store__bind_text(statement, 1, id, strlen(id));
    int rc = store__step(store, statement, &row, out_problem);
    if (rc == 0 && !row)
        rc = SP_ENOENT;
    if (rc == 0)
        sense = decode_status(statement, out_status);
    if (rc == 0 && sense)
        rc = read_checkers(store, sqlite3_column_int64(statement, ST_ROW), out_status, &sense,
                           out_problem);
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);
    return rc == 0 && !sense ? store__no_sense(store, "the status of health check", id, out_problem)
                             : rc;
}

/* ---- writing ---- */

static void bind_override(sqlite3_stmt *statement, const struct health_override *override)
{
    if (!override->given)
        return; /* parameters that nobody binds are NULL */
    sqlite3_bind_int(statement, ST_OVERRIDE_UP + 1, override->up);
    sqlite3_bind_int(statement, ST_OVERRIDE_REGIONS + 1, override->regions);
    sqlite3_bind_int64(statement, ST_OVERRIDE_SINCE + 1, (int64_t) override->since_ms);
    sqlite3_bind_int64(statement, ST_OVERRIDE_EXPIRES + 1, (int64_t) override->expires_ms);
    store__bind_text(statement, ST_OVERRIDE_OWNER + 1, override->owner, strlen(override->owner));
    store__bind_text(statement, ST_OVERRIDE_REASON + 1, override->reason, strlen(override->reason));
}

static int set_status(struct store *store, int64_t row_id, const struct health_status *status,
                      struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[STATUS_SET];
    sqlite3_bind_int64(statement, 1, row_id);
    sqlite3_bind_int(statement, ST_UP + 1, status->up);
    sqlite3_bind_int64(statement, ST_SINCE + 1, (int64_t)status->since_ms);
    sqlite3_bind_int(statement, ST_OBSERVED + 1, status->observed);
    store__bind_text(statement, ST_REASON + 1, status->observed_reason,
                     strlen(status->observed_reason));
    sqlite3_bind_int(statement, ST_HEALTHY + 1, status->healthy_count);
    sqlite3_bind_int(statement, ST_WATCHED + 1, status->watched_count);
    bind_override(statement, &status->override);
    return store__run(store, STATUS_SET, out_problem);
}

static void bind_result(sqlite3_stmt *statement, int first, const struct probe_result *result)
{
    sqlite3_bind_int(statement, first + R_OUTCOME, (int)result->outcome);
    sqlite3_bind_int64(statement, first + R_AT, (int64_t)result->at_ms);
    sqlite3_bind_int(statement, first + R_HTTP_STATUS, result->http_status);
    store__bind_text(statement, first + R_DETAIL, result->detail, strlen(result->detail));
    if (result->has_resolved)
        store__bind_address(statement, first + R_RESOLVED, &result->resolved);
    bind_duration(statement, first + R_CONNECTION, result->connection_ms);
    bind_duration(statement, first + R_TLS, result->tls_ms);
    bind_duration(statement, first + R_FIRST_BYTE, result->first_byte_ms);
}

static int insert_checker(struct store *store, int64_t row_id, const struct checker_status *checker,
                          struct problem *out_problem)
{
    sqlite3_stmt *statement = store->statements[CHECKER_INSERT];
    sqlite3_bind_int64(statement, 1, row_id);
    sqlite3_bind_int(statement, K_REGION + 2, checker->region);
    sqlite3_bind_int(statement, K_NUMBER + 2, checker->number);
    sqlite3_bind_int(statement, K_UP + 2, checker->up);
    sqlite3_bind_int(statement, K_STREAK + 2, checker->streak);
    sqlite3_bind_int64(statement, K_STARTED + 2, (int64_t)checker->started_ms);
    bind_result(statement, K_LAST + 2, &checker->last);
    bind_result(statement, K_FAILURE + 2, &checker->last_failure);
    return store__run(store, CHECKER_INSERT, out_problem);
}

int store_put_check_status(struct store *store, const char *id, const struct health_status *status,
                           bool with_checkers, struct problem *out_problem)
{
    int64_t row_id;
    assert(!sqlite3_get_autocommit(store->db));
    int rc = store__find_check_row(store, id, &row_id, out_problem);
    if (rc == 0)
        rc = set_status(store, row_id, status, out_problem);
    if (rc != 0 || !with_checkers)
        return rc;
    sqlite3_bind_int64(store->statements[CHECKERS_DELETE], 1, row_id);
    rc = store__run(store, CHECKERS_DELETE, out_problem);
    for (unsigned i = 0; rc == 0 && i < status->checker_count; i++)
        rc = insert_checker(store, row_id, &status->checkers[i], out_problem);
    return rc;
}

/* ---- events ---- */

int store_add_check_event(struct store *store, const char *id, const struct health_event *event,
                          struct problem *out_problem)
{
    int64_t row_id;
    const char *cause = health_cause_name(event->cause);
    sqlite3_stmt *statement = store->statements[EVENT_INSERT];
    assert(!sqlite3_get_autocommit(store->db));
    int rc = store__find_check_row(store, id, &row_id, out_problem);
    if (rc != 0)
        return rc;
    sqlite3_bind_int64(statement, 1, row_id);
    sqlite3_bind_int64(statement, E_AT + 2, (int64_t)event->at_ms);
    sqlite3_bind_int(statement, E_UP + 2, event->up);
    store__bind_text(statement, E_CAUSE + 2, cause, strlen(cause));
    store__bind_text(statement, E_REASON + 2, event->reason, strlen(event->reason));
    sqlite3_bind_int(statement, E_HEALTHY + 2, event->healthy_count);
    sqlite3_bind_int(statement, E_WATCHED + 2, event->watched_count);
    bind_duration(statement, E_CONNECTION + 2, event->connection_ms);
    bind_duration(statement, E_TLS + 2, event->tls_ms);
    bind_duration(statement, E_FIRST_BYTE + 2, event->first_byte_ms);
    rc = store__run(store, EVENT_INSERT, out_problem);
    if (rc != 0)
        return rc;
    sqlite3_bind_int64(store->statements[EVENTS_PRUNE], 1, row_id);
    sqlite3_bind_int64(store->statements[EVENTS_PRUNE], 2, HEALTH_EVENTS_PER_CHECK);
    return store__run(store, EVENTS_PRUNE, out_problem);
}

static bool decode_event(sqlite3_stmt *statement, struct health_event *out_event)
{
    char cause[16];
    int64_t at_ms, healthy_count, watched_count;
    if (!column_number(statement, E_AT, INT64_MAX, &at_ms) ||
        !column_number(statement, E_HEALTHY, UINT16_MAX, &healthy_count) ||
        !column_number(statement, E_WATCHED, UINT16_MAX, &watched_count) ||
        !store__copy_text(cause, sizeof cause, statement, E_CAUSE) ||
        health_cause_find(cause, &out_event->cause) != 0)
        return false;
    out_event->at_ms = (uint64_t)at_ms;
    out_event->up = sqlite3_column_int(statement, E_UP) != 0;
    out_event->healthy_count = (uint16_t)healthy_count;
    out_event->watched_count = (uint16_t)watched_count;
    out_event->connection_ms = column_duration(statement, E_CONNECTION);
    out_event->tls_ms = column_duration(statement, E_TLS);
    out_event->first_byte_ms = column_duration(statement, E_FIRST_BYTE);
    return store__copy_text(out_event->reason, sizeof out_event->reason, statement, E_REASON);
}

int store_visit_check_events(struct store *store, const char *id, uint64_t after_ms,
                             int (*visit)(void *context, const struct health_event *event),
                             void *context, struct problem *out_problem)
{
    int64_t row_id;
    bool row;
    struct health_event event;
    sqlite3_stmt *statement = store->statements[EVENTS_OF_CHECK];
    int rc = store__find_check_row(store, id, &row_id, out_problem);
    if (rc != 0)
        return rc;
    sqlite3_bind_int64(statement, 1, row_id);
    sqlite3_bind_int64(statement, 2, after_ms > INT64_MAX ? INT64_MAX : (int64_t)after_ms);
    while ((rc = store__step(store, statement, &row, out_problem)) == 0 && row) {
        rc = decode_event(statement, &event)
                 ? visit(context, &event)
                 : store__no_sense(store, "an event of health check", id, out_problem);
        if (rc != 0)
            break;
    }
    sqlite3_reset(statement);
    return rc;
}
