/*
 * check_stage.h - health checks to store, and what is stored of them as text.
 */
#ifndef SIGNPOST_TESTS_CHECK_STAGE_H
#define SIGNPOST_TESTS_CHECK_STAGE_H

#include "scratch.h"

#include "internal.h"

#define CHECK_STAGE __attribute__((unused)) static

/* ---- as text ---- */

CHECK_STAGE void dump_config(FILE *to, const struct health_check_config *config)
{
    char address[PREFIX_TEXT_SIZE] = "-";
    if (config->has_address)
        prefix_to_text(address, &config->address);
    fprintf(to, "%s %s port %u path \"%s\" domain \"%s\" search \"%s\" every %u after %u",
            health_check_type_name(config->type), address, config->port, config->resource_path,
            config->domain_name, config->search_string, config->request_interval_s,
            config->failure_threshold);
    fprintf(to, "%s%s%s%s regions %02x", config->measure_latency ? " latency" : "",
            config->inverted ? " inverted" : "", config->disabled ? " disabled" : "",
            config->enable_sni ? " sni" : "", config->regions);
    fprintf(to, " threshold %u children", config->health_threshold);
    for (unsigned i = 0; i < config->child_count; i++)
        fprintf(to, " %s", config->children[i]);
    fprintf(to, " alarm \"%s\" \"%s\" %s control \"%s\"\n", config->alarm_region,
            config->alarm_name, insufficient_data_name(config->insufficient_data),
            config->routing_control);
}

CHECK_STAGE int dump_check(void *context, const struct health_check *check)
{
    fprintf(context, "%s%s (%s) version %u created %lld %s since %llu uses %u: ", check->id,
            check->is_deleted ? " deleted" : "", check->caller_reference, check->version,
            (long long)check->created_at, check->up ? "up" : "down",
            (unsigned long long)check->since_ms, check->use_count);
    dump_config(context, &check->config);
    return 0;
}

CHECK_STAGE void dump_result(FILE *to, const struct probe_result *result)
{
    char address[PREFIX_TEXT_SIZE] = "-";
    if (result->has_resolved)
        prefix_to_text(address, &result->resolved);
    fprintf(to, " [%d %llu %u \"%s\" %s %g %g %g]", result->outcome,
            (unsigned long long)result->at_ms, result->http_status, result->detail, address,
            (double)result->connection_ms, (double)result->tls_ms, (double)result->first_byte_ms);
}

CHECK_STAGE void dump_status(FILE *to, const struct health_status *status)
{
    const struct health_override *override = &status->override;
    fprintf(to, "%s since %llu observed %d \"%s\" %u of %u", status->up ? "up" : "down",
            (unsigned long long)status->since_ms, status->observed, status->observed_reason,
            status->healthy_count, status->watched_count);
    if (override->given)
        fprintf(to, " override %d regions %02x since %llu until %llu by \"%s\" for \"%s\"",
                override->up, override->regions, (unsigned long long) override->since_ms,
                (unsigned long long) override->expires_ms, override->owner, override->reason);
    for (unsigned i = 0; i < status->checker_count; i++) {
        const struct checker_status *checker = &status->checkers[i];
        fprintf(to, "\n  %s %u %s %u since %llu", checker_region_name(checker->region),
                checker->number, checker->up ? "up" : "down", checker->streak,
                (unsigned long long)checker->started_ms);
        dump_result(to, &checker->last);
        dump_result(to, &checker->last_failure);
    }
    fprintf(to, "\n");
}

CHECK_STAGE int dump_event(void *context, const struct health_event *event)
{
    fprintf(context, "%llu %s %s \"%s\" %u of %u %g %g %g\n", (unsigned long long)event->at_ms,
            event->up ? "up" : "down", health_cause_name(event->cause), event->reason,
            event->healthy_count, event->watched_count, (double)event->connection_ms,
            (double)event->tls_ms, (double)event->first_byte_ms);
    return 0;
}

struct text {
    char *data;
    size_t size;
    FILE *to;
};

CHECK_STAGE FILE *open_text(struct text *text)
{
    text->to = open_memstream(&text->data, &text->size);
    assert_non_null(text->to);
    return text->to;
}

/* Compares what was written with expect. */
CHECK_STAGE void close_text(struct text *text, const char *expect)
{
    fclose(text->to);
    assert_string_equal(text->data, expect);
    free(text->data);
}

CHECK_STAGE void assert_checks(struct store *store, const char *expect)
{
    struct text text;
    struct problem problem = { 0 };
    struct store_object_visitor visitor = { .check = dump_check, .context = open_text(&text) };
    if (store_visit_checks(store, &visitor, &problem) != 0)
        fail_msg("%s", problem.text);
    close_text(&text, expect);
}

CHECK_STAGE void assert_status(struct store *store, const char *id, const char *expect)
{
    struct text text;
    struct problem problem = { 0 };
    struct health_status status;
    if (store_read_check_status(store, id, &status, &problem) != 0)
        fail_msg("%s: %s", id, problem.text);
    dump_status(open_text(&text), &status);
    close_text(&text, expect);
}

CHECK_STAGE void assert_events(struct store *store, const char *id, uint64_t after_ms,
                               const char *expect)
{
    struct text text;
    assert_int_equal(
        store_visit_check_events(store, id, after_ms, dump_event, open_text(&text), NULL), 0);
    close_text(&text, expect);
}

CHECK_STAGE int64_t count_rows(struct store *store, const char *table)
{
    char sql[96];
    int64_t count = -1;
    snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
    assert_int_equal(store__query_number(store->db, store->path, sql, &count, NULL), 0);
    return count;
}

/* ---- made in one line ---- */

#define FILL(field, text) snprintf(field, sizeof(field), "%s", text)

CHECK_STAGE struct health_check new_check(const char *id, enum health_check_type type)
{
    struct health_check check = {
        .up = true, .since_ms = 1700000000123, .created_at = 1700000000, .version = 1
    };
    FILL(check.id, id);
    health_check_config_init(&check.config, type);
    return check;
}

CHECK_STAGE int put(struct store *store, const struct health_check *check)
{
    begin(store);
    return store_commit_check(store, check, NULL);
}

CHECK_STAGE void put_manual(struct store *store, const char *id)
{
    struct health_check check = new_check(id, HEALTH_CHECK_MANUAL);
    assert_int_equal(put(store, &check), 0);
}

CHECK_STAGE struct health_check calculated(const char *id, const char *child, const char *other)
{
    struct health_check check = new_check(id, HEALTH_CHECK_CALCULATED);
    check.config.health_threshold = 1;
    check.config.child_count = 2;
    FILL(check.config.children[0], child);
    FILL(check.config.children[1], other);
    return check;
}

/* Everything that an endpoint check can have. */
CHECK_STAGE struct health_check full_check(const char *id)
{
    struct health_check check = new_check(id, HEALTH_CHECK_HTTPS_STR_MATCH);
    struct health_check_config *config = &check.config;
    FILL(check.caller_reference, "made by hand");
    config->has_address = true;
    prefix_from_text(&config->address, "2001:db8::80");
    config->port = 8443;
    FILL(config->resource_path, "/status?deep=1");
    FILL(config->domain_name, "www.example.com");
    FILL(config->search_string, "it's \"fine\" \xff\xc3\xa9");
    config->request_interval_s = 10;
    config->failure_threshold = 10;
    config->measure_latency = config->inverted = config->disabled = true;
    config->regions = 0xe0;
    return check;
}

CHECK_STAGE struct health_status plain_status(bool up, uint64_t since_ms)
{
    struct health_status status = { .up = up,
                                    .since_ms = since_ms,
                                    .observed = up,
                                    .healthy_count = up ? 2 : 0,
                                    .watched_count = 2 };
    FILL(status.observed_reason, up ? "2 of 2 say healthy" : "0 of 2 say healthy");
    status.checker_count = 2;
    for (unsigned i = 0; i < 2; i++) {
        struct checker_status *checker = &status.checkers[i];
        *checker = (struct checker_status){ .region = (uint8_t)i, .number = 1, .up = up };
        checker->started_ms = 1700000000000;
        checker->last.at_ms = since_ms;
        checker->last.connection_ms = checker->last.tls_ms = checker->last.first_byte_ms = -1;
        checker->last_failure = (struct probe_result){ .connection_ms = -1, .tls_ms = -1 };
        checker->last_failure.first_byte_ms = -1;
    }
    return status;
}

CHECK_STAGE int put_status(struct store *store, const char *id, const struct health_status *status,
                           bool with_checkers)
{
    begin(store);
    int rc = store_put_check_status(store, id, status, with_checkers, NULL);
    if (rc == 0)
        return store_commit_transaction(store, NULL);
    store_rollback(store);
    return rc;
}

CHECK_STAGE int add_event(struct store *store, const char *id, uint64_t at_ms,
                          enum health_cause cause)
{
    struct health_event event = { .at_ms = at_ms,
                                  .up = at_ms % 2 == 0,
                                  .cause = cause,
                                  .healthy_count = 1,
                                  .watched_count = 16,
                                  .connection_ms = 0.25f,
                                  .tls_ms = -1,
                                  .first_byte_ms = 12.5f };
    snprintf(event.reason, sizeof event.reason, "reason %llu", (unsigned long long)at_ms);
    begin(store);
    int rc = store_add_check_event(store, id, &event, NULL);
    if (rc == 0)
        return store_commit_transaction(store, NULL);
    store_rollback(store);
    return rc;
}

/* A zone whose www names the check. */
CHECK_STAGE void add_zone_that_names(struct store *store, const char *check)
{
    static const uint8_t values[] = { 0, 4, 192, 0, 2, 1 };
    struct hosted_zone zone = new_zone_named("lab.test.");
    struct draft *draft = open_draft(&zone, true);
    struct routing routing = { .weight = 1 };
    struct record_set set = { .type = DNS_TYPE_A,
                              .policy = ROUTING_WEIGHTED,
                              .set_identifier = "a",
                              .ttl_s = 60,
                              .value_count = 1,
                              .values = { values, sizeof values },
                              .routing = &routing,
                              .health_check = check };
    put_apex(draft, "lab.test.");
    put_set(draft, "www.lab.test.", &set);
    begin(store);
    commit(store, draft, 1700000001);
    draft_destroy(draft);
}

CHECK_STAGE int ignore_check(void *context, const struct health_check *check)
{
    (void)context, (void)check;
    return 0;
}

CHECK_STAGE int delete_check(struct store *store, const char *id)
{
    struct store_object_visitor visitor = { .check = ignore_check };
    begin(store);
    return store_commit_delete_check(store, id, 1700000009, &visitor, NULL);
}

/* Every outcome, both families, durations that are known and that are not, 64 checkers. */
CHECK_STAGE struct health_status full_status(void)
{
    struct health_status status = plain_status(false, 1700000005000);
    status.observed = true;
    status.healthy_count = 40;
    status.watched_count = 64;
    status.override = (struct health_override){
        .given = true, .regions = 0x81, .since_ms = 1700000005000, .expires_ms = 1700000065000
    };
    FILL(status.override.owner, "dr\xc3\xb6ge");
    FILL(status.override.reason, "drill \"spring\"");
    status.checker_count = CHECKERS_MAX;
    for (unsigned i = 0; i < CHECKERS_MAX; i++) {
        struct checker_status *checker = &status.checkers[i];
        *checker = (struct checker_status){ .region = (uint8_t)(i / 8),
                                            .number = (uint8_t)(1 + i % 8),
                                            .up = i % 3 == 0,
                                            .streak = (uint8_t)(i % 10),
                                            .started_ms = 1700000000000 + i };
        checker->last = (struct probe_result){ .outcome = i % PROBE_OUTCOME_COUNT,
                                               .at_ms = 1700000005000 + i,
                                               .http_status = (uint16_t)(i * 1000),
                                               .connection_ms = i % 2 == 0 ? -1 : (float)i / 8,
                                               .tls_ms = i % 3 == 0 ? -1 : 0,
                                               .first_byte_ms = i % 5 == 0 ? -1 : 123456.75f };
        FILL(checker->last.detail, i % 2 == 0 ? "OK" : "\xff\x01 anything");
        checker->last_failure = checker->last;
        checker->last_failure.at_ms = i % 4 == 0 ? 0 : 1;
        checker->last.has_resolved = i % 3 == 1;
        prefix_from_text(&checker->last.resolved, i % 2 == 0 ? "192.0.2.1" : "2001:db8::1");
    }
    return status;
}

/* ---- counted ---- */

struct seen {
    unsigned count;
    uint64_t first_ms, last_ms;
};

CHECK_STAGE int see_event(void *context, const struct health_event *event)
{
    struct seen *seen = context;
    if (seen->count++ == 0)
        seen->first_ms = event->at_ms;
    seen->last_ms = event->at_ms;
    return 0;
}

#endif
