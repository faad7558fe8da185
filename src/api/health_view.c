/*
 * Health checks as they are shown.  Of the config there is what belongs to the type and was given;
 * a port, a path or Regions that nobody chose are not made up.
 */
#include "health_json.h"

#include <math.h>
#include <string.h>

static void set_text(json_t *object, const char *name, const char *text)
{
    if (text[0] != '\0')
        json_object_set_new(object, name, api_json_text(text));
}

static void set_number(json_t *object, const char *name, uint64_t number)
{
    json_object_set_new(object, name, json_integer((json_int_t)number));
}

static void set_flag(json_t *object, const char *name, bool flag)
{
    json_object_set_new(object, name, json_boolean(flag));
}

static json_t *region_list(uint8_t regions)
{
    json_t *list = json_array();
    for (unsigned i = 0; i < CHECKER_REGION_COUNT; i++)
        if ((regions >> i & 1) != 0)
            json_array_append_new(list, json_string(checker_region_name(i)));
    return list;
}

/* ---- what the user decided ---- */

static void set_endpoint(json_t *object, const struct health_check_config *config)
{
    char address[PREFIX_TEXT_SIZE];
    if (config->has_address)
        set_text(object, "ip_address", prefix_to_text(address, &config->address));
    if (config->port != 0)
        set_number(object, "port", config->port);
    set_text(object, "resource_path", config->resource_path);
    set_text(object, "fully_qualified_domain_name", config->domain_name);
    set_text(object, "search_string", config->search_string);
    set_number(object, "request_interval", config->request_interval_s);
    set_number(object, "failure_threshold", config->failure_threshold);
    set_flag(object, "measure_latency", config->measure_latency);
    if (health_check_type_is_tls(config->type))
        set_flag(object, "enable_sni", config->enable_sni);
    if (config->regions != 0)
        json_object_set_new(object, "regions", region_list(config->regions));
}

static void set_calculated(json_t *object, const struct health_check_config *config)
{
    json_t *children = json_array();
    for (unsigned i = 0; i < config->child_count; i++)
        json_array_append_new(children, json_string(config->children[i]));
    set_number(object, "health_threshold", config->health_threshold);
    json_object_set_new(object, "child_health_checks", children);
}

static void set_config(json_t *object, const struct health_check_config *config)
{
    json_object_set_new(object, "type", json_string(health_check_type_name(config->type)));
    if (health_check_type_is_endpoint(config->type)) {
        set_endpoint(object, config);
    } else if (config->type == HEALTH_CHECK_CALCULATED) {
        set_calculated(object, config);
    } else if (config->type == HEALTH_CHECK_CLOUDWATCH_METRIC) {
        json_object_set_new(object, "alarm",
                            json_pack("{s:o,s:o}", "region", api_json_text(config->alarm_region),
                                      "name", api_json_text(config->alarm_name)));
        json_object_set_new(object, "insufficient_data_health_status",
                            json_string(insufficient_data_name(config->insufficient_data)));
    } else if (config->type == HEALTH_CHECK_RECOVERY_CONTROL) {
        set_text(object, "routing_control", config->routing_control);
    }
    set_flag(object, "inverted", config->inverted);
    set_flag(object, "disabled", config->disabled);
}

/* ---- how it is doing ---- */

static json_t *override_object(const struct health_override *override)
{
    if (!override->given)
        return json_null();
    json_t *object = json_pack(
        "{s:b,s:o,s:o,s:I,s:I}", "up", override->up, "owner", api_json_text(override->owner),
        "reason", api_json_text(override->reason), "since_ms", (json_int_t) override->since_ms,
        "expires_ms", (json_int_t) override->expires_ms);
    if (override->regions != 0)
        json_object_set_new(object, "regions", region_list(override->regions));
    return object;
}

static json_t *warning_list(const struct check_view *view)
{
    json_t *list = json_array();
    if (view->watches_itself)
        json_array_append_new(
            list, json_string("its domain name is the name of record sets that name the check: "
                              "where it looks depends on what it finds; give it an address"));
    return list;
}

static void set_status(json_t *object, const struct check_view *view)
{
    const struct health_status *status = &view->status;
    const struct health_check_config *config = &view->check.config;
    set_flag(object, "up", status->up);
    set_number(object, "since_ms", status->since_ms);
    set_flag(object, "observed", status->observed);
    json_object_set_new(object, "reason", api_json_text(status->observed_reason));
    set_number(object, "healthy_count", status->healthy_count);
    set_number(object, "watched_count", status->watched_count);
    if (health_check_type_is_endpoint(config->type) && !config->disabled &&
        status->watched_count > 0)
        json_object_set_new(object, "percentage_healthy",
                            json_real(100.0 * status->healthy_count / status->watched_count));
    json_object_set_new(object, "override", override_object(&status->override));
}

/* ---- checkers ---- */

static void set_milliseconds(json_t *object, const char *name, float milliseconds)
{
    if (milliseconds >= 0)
        json_object_set_new(object, name, json_real(round((double)milliseconds * 1e3) / 1e3));
}

static json_t *result_object(const struct probe_result *result)
{
    char text[PROBE_TEXT_SIZE];
    if (result->at_ms == 0)
        return json_null();
    json_t *object = json_pack("{s:b,s:o,s:I}", "passed", probe_passed(result), "text",
                               api_json_text(probe_result_text(text, result)), "at_ms",
                               (json_int_t)result->at_ms);
    set_milliseconds(object, "connection_ms", result->connection_ms);
    set_milliseconds(object, "tls_ms", result->tls_ms);
    set_milliseconds(object, "first_byte_ms", result->first_byte_ms);
    return object;
}

/* Where the checker looks from: an address or an interface. */
static void set_source(json_t *object, const struct checker_list *checkers,
                       const struct checker_status *status)
{
    char address[PREFIX_TEXT_SIZE];
    for (unsigned i = 0; i < checkers->count; i++) {
        const struct checker *checker = &checkers->at[i];
        if (checker->region != status->region || checker->number != status->number)
            continue;
        set_text(object, "source",
                 checker->has_source ? prefix_to_text(address, &checker->source)
                                     : checker->interface);
    }
}

static json_t *checker_object(const struct checker_status *status,
                              const struct checker_list *checkers)
{
    json_t *object = json_pack("{s:s,s:i}", "region", checker_region_name(status->region), "number",
                               (int)status->number);
    set_source(object, checkers, status);
    set_flag(object, "up", status->up);
    set_number(object, "streak", status->streak);
    json_object_set_new(object, "last", result_object(&status->last));
    json_object_set_new(object, "last_failure", result_object(&status->last_failure));
    set_number(object, "started_ms", status->started_ms);
    return object;
}

/* ---- the whole ---- */

json_t *health_json_view(const struct check_view *view, const struct checker_list *checkers)
{
    const struct health_check *check = &view->check;
    json_t *object = json_object();
    set_text(object, "id", check->id);
    set_text(object, "caller_reference", check->caller_reference);
    set_number(object, "version", check->version);
    json_object_set_new(object, "created_at", api_json_time(check->created_at));
    set_config(object, &check->config);
    set_status(object, view);
    set_number(object, "record_sets", check->use_count);
    json_object_set_new(object, "warnings", warning_list(view));
    if (checkers == NULL)
        return object;
    json_t *list = json_array();
    for (unsigned i = 0; i < view->status.checker_count; i++)
        json_array_append_new(list, checker_object(&view->status.checkers[i], checkers));
    json_object_set_new(object, "checkers", list);
    return object;
}

json_t *health_json_event(const struct health_event *event)
{
    json_t *object = json_pack(
        "{s:I,s:b,s:s,s:o,s:i,s:i}", "at_ms", (json_int_t)event->at_ms, "up", event->up, "cause",
        health_cause_name(event->cause), "reason", api_json_text(event->reason), "healthy_count",
        (int)event->healthy_count, "watched_count", (int)event->watched_count);
    set_milliseconds(object, "connection_ms", event->connection_ms);
    set_milliseconds(object, "tls_ms", event->tls_ms);
    set_milliseconds(object, "first_byte_ms", event->first_byte_ms);
    return object;
}
