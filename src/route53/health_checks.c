#include "health_config.h"
#include "operations.h"

#include "signpost/control/checks.h"
#include "signpost/control/routing_controls.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

static int no_such_check(struct route53_call *call)
{
    return route53_refuse(call, NO_SUCH_HEALTH_CHECK, "A health check with id %s does not exist.",
                          call->id);
}

/* The refusal for a status of control, where no code fits better. */
static int refuse_problem(struct route53_call *call, int rc)
{
    if (rc == SP_ENOENT)
        return no_such_check(call);
    if (rc == SP_ELIMIT)
        return route53_refuse(call, TOO_MANY_HEALTH_CHECKS, "%s", call->problem.text);
    if (rc == SP_EINVAL)
        route53_restyle_problem(&call->problem);
    return route53_pass(call, rc);
}

/* ---- a check as it is told ---- */

/* The ARN of the switch: that of a routing control that is here; as it was given; of a MANUAL check
 * one that nobody has, with its id.  NULL: no memory. */
static const char *control_arn(struct route53_call *call, const struct health_check *check)
{
    char arn[ROUTING_CONTROL_ARN_SIZE];
    struct routing_control control = { .panel = "manual" };
    const char *given = check->config.routing_control;
    if (check->config.type == HEALTH_CHECK_MANUAL)
        snprintf(control.name, sizeof control.name, "%s", check->id);
    else if (control_read_routing_control(call->control, given, &control, NULL) != 0)
        return arena_copy(call->arena, given, strlen(given) + 1);
    return arena_format(call->arena, "%s", routing_control_arn(arn, &control));
}

static int tell(struct route53_call *call, const struct health_check *check,
                struct r53_health_check *out)
{
    bool has_switch = check->config.type == HEALTH_CHECK_MANUAL ||
                      check->config.type == HEALTH_CHECK_RECOVERY_CONTROL;
    const char *arn = has_switch ? control_arn(call, check) : "";
    /* Those that were not made through this API have no reference; here each must have one. */
    const char *reference =
        check->caller_reference[0] != '\0' ? check->caller_reference : check->id;
    out->id = arena_format(call->arena, "%s", check->id);
    out->caller_reference = arena_format(call->arena, "%s", reference);
    out->health_check_version = (struct xml_integer){ true, check->version };
    if (arn != NULL)
        out->health_check_config = route53_write_health_config(call->arena, &check->config, arn);
    if (out->id == NULL || out->caller_reference == NULL || out->health_check_config == NULL)
        return route53_no_memory(call);
    return 0;
}

/* In an element of its own. */
static int answer(struct route53_call *call, const struct health_check *check,
                  struct r53_health_check **out)
{
    *out = ROUTE53_NEW(call, struct r53_health_check);
    return *out == NULL ? route53_no_memory(call) : tell(call, check, *out);
}

/* ---- create ---- */

/* A-HCK-2: the check that this request has made before. */
static int replay(struct route53_call *call, const char *id,
                  const struct r53_create_health_check_request *request,
                  const struct health_check_config *config, struct check_view *out_view)
{
    int rc =
        id[0] == '\0' ? SP_ENOENT : control_read_check(call->control, id, out_view, &call->problem);
    if (rc == 0 && health_check_config_equal(&out_view->check.config, config))
        return 0;
    if (rc != 0 && rc != SP_ENOENT)
        return refuse_problem(call, rc);
    return route53_refuse(call, HEALTH_CHECK_ALREADY_EXISTS,
                          "A health check with the caller reference %s has been created already%s.",
                          request->caller_reference,
                          rc == 0 ? ", with other settings" : ", and deleted");
}

static int check_quotas(struct route53_call *call, const struct health_check_config *config)
{
    const struct quotas *quotas = control_quotas(call->control);
    struct store_object_counts counts;
    int rc = control_count_objects(call->control, &counts, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    if (counts.checks_up + counts.checks_down >= quotas->health_checks)
        return route53_refuse(call, TOO_MANY_HEALTH_CHECKS,
                              "There may be %u health checks at most.", quotas->health_checks);
    if (config->child_count > quotas->health_check_children)
        return route53_refuse(call, INVALID_INPUT,
                              "A calculated health check may have %u child health checks at most.",
                              quotas->health_check_children);
    return 0;
}

static int create(struct route53_call *call, const struct r53_create_health_check_request *request,
                  struct health_check_config *config, struct check_view *out_view)
{
    char id[HEALTH_CHECK_ID_SIZE_MAX + 1];
    const char *reference = request->caller_reference;
    int rc = control_find_check_reference(call->control, reference, id, &call->problem);
    if (rc == 0)
        return replay(call, id, request, config, out_view);
    if (rc != SP_ENOENT)
        return route53_pass(call, rc);
    rc = check_quotas(call, config);
    if (rc != 0)
        return rc;
    rc = control_create_referred_check(call->control, reference, config, out_view, &call->problem);
    return rc == 0 ? 0 : refuse_problem(call, rc);
}

int route53_create_health_check(struct route53_call *call)
{
    const struct r53_create_health_check_request *request = call->body;
    struct r53_create_health_check_response *response = call->response;
    struct health_check_config config;
    struct check_view view;
    int rc = route53_read_health_config(request->health_check_config, &config, &call->problem);
    if (rc != 0)
        return route53_refuse(call, INVALID_INPUT, "%s", call->problem.text);
    rc = create(call, request, &config, &view);
    if (rc == 0)
        rc = answer(call, &view.check, &response->health_check);
    if (rc != 0)
        return rc;
    call->location = arena_format(call->arena, "healthcheck/%s", view.check.id);
    return call->location == NULL ? route53_no_memory(call) : 0;
}

/* ---- read ---- */

static int find_check(struct route53_call *call, struct check_view *out_view)
{
    int rc = control_read_check(call->control, call->id, out_view, &call->problem);
    return rc == 0 ? 0 : refuse_problem(call, rc);
}

int route53_get_health_check(struct route53_call *call)
{
    struct r53_get_health_check_response *response = call->response;
    struct check_view view;
    int rc = find_check(call, &view);
    return rc == 0 ? answer(call, &view.check, &response->health_check) : rc;
}

int route53_get_health_check_count(struct route53_call *call)
{
    struct r53_get_health_check_count_response *response = call->response;
    struct store_object_counts counts;
    int rc = control_count_objects(call->control, &counts, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->health_check_count =
        (struct xml_integer){ true, (int64_t)(counts.checks_up + counts.checks_down) };
    return 0;
}

struct page {
    struct route53_call *call;
    struct r53_list_health_checks_response *response;
    struct r53_health_check *items;
    unsigned size;
};

/* One more than the page has room for is read, to know what comes next (A-HCK-13). */
static int list_check(void *context, const struct health_check *check)
{
    struct page *page = context;
    struct xml_list *list = &page->response->health_checks;
    if (list->count < page->size)
        return tell(page->call, check, &page->items[list->count++]);
    page->response->is_truncated.value = true;
    page->response->next_marker = arena_format(page->call->arena, "%s", check->id);
    return page->response->next_marker == NULL ? route53_no_memory(page->call) : 0;
}

static int read_page(struct page *page, const char *marker)
{
    struct route53_call *call = page->call;
    page->items = arena_alloc(call->arena, page->size * sizeof *page->items);
    if (page->items == NULL)
        return route53_no_memory(call);
    page->response->health_checks = (struct xml_list){ .set = true, .items = page->items };
    page->response->is_truncated.set = true;
    int rc = control_page_checks(call->control, marker, page->size + 1, list_check, page,
                                 &call->problem);
    if (rc == SP_ENOENT)
        return route53_refuse(call, INVALID_INPUT,
                              "Marker: there never was a health check with id %s.", marker);
    return rc == 0 ? 0 : route53_pass(call, rc);
}

int route53_list_health_checks(struct route53_call *call)
{
    const struct r53_list_health_checks_query *query = call->query;
    struct page page = { .call = call, .response = call->response };
    int rc = route53_page_size(call, query->max_items, HEALTH_CHECKS_PER_PAGE,
                               HEALTH_CHECKS_PER_PAGE, &page.size);
    if (rc == 0)
        rc = read_page(&page, query->marker);
    if (rc != 0)
        return rc;
    page.response->marker = query->marker;
    page.response->max_items = route53_number(call, page.size);
    return page.response->max_items == NULL ? route53_no_memory(call) : 0;
}

/* ---- update and delete ---- */

static int check_version(struct route53_call *call, const struct health_check *check)
{
    const struct r53_update_health_check_request *request = call->body;
    struct xml_integer version = request->health_check_version;
    if (!version.set || version.value == check->version)
        return 0;
    return route53_refuse(call, HEALTH_CHECK_VERSION_MISMATCH,
                          "The health check %s is at version %u, and the update is meant for "
                          "version %lld.",
                          check->id, check->version, (long long)version.value);
}

static int update(struct route53_call *call, struct check_view *view)
{
    struct health_check_config config = view->check.config;
    const struct quotas *quotas = control_quotas(call->control);
    int rc = route53_update_health_config(call->body, &config, &call->problem);
    if (rc != 0)
        return route53_refuse(call, INVALID_INPUT, "%s", call->problem.text);
    if (config.child_count > quotas->health_check_children)
        return route53_refuse(call, INVALID_INPUT,
                              "A calculated health check may have %u child health checks at most.",
                              quotas->health_check_children);
    rc = control_update_check(call->control, call->id, 0, &config, view, &call->problem);
    return rc == 0 ? 0 : refuse_problem(call, rc);
}

int route53_update_health_check(struct route53_call *call)
{
    struct r53_update_health_check_response *response = call->response;
    struct check_view view;
    int rc = find_check(call, &view);
    if (rc == 0)
        rc = check_version(call, &view.check);
    if (rc == 0)
        rc = update(call, &view);
    return rc == 0 ? answer(call, &view.check, &response->health_check) : rc;
}

int route53_delete_health_check(struct route53_call *call)
{
    int rc = control_delete_check(call->control, call->id, &call->problem);
    if (rc == SP_ECONFLICT)
        return route53_refuse(call, HEALTH_CHECK_IN_USE, "%s", call->problem.text);
    return rc == 0 ? 0 : refuse_problem(call, rc);
}

/* ---- what checkers say ---- */

#define CHECKER_ADDRESS "127.0.0.1" /* of a checker that was told none: this machine's own */

/* The first address of an interface, IPv4 before IPv6. */
static bool find_interface_address(const char *interface, struct ip_prefix *out_address)
{
    struct ifaddrs *all = NULL;
    bool found = false;
    if (getifaddrs(&all) != 0)
        return false;
    for (const struct ifaddrs *one = all; one != NULL; one = one->ifa_next) {
        struct sockaddr_storage address = { 0 };
        if (one->ifa_addr == NULL || strcmp(one->ifa_name, interface) != 0)
            continue;
        bool is_v4 = one->ifa_addr->sa_family == AF_INET;
        if (!is_v4 && (found || one->ifa_addr->sa_family != AF_INET6))
            continue;
        memcpy(&address, one->ifa_addr,
               is_v4 ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
        prefix_from_address(out_address, &address);
        found = true;
        if (is_v4)
            break;
    }
    freeifaddrs(all);
    return found;
}

/* Where a checker was told to look from; false: nowhere. */
static bool find_source(const struct checker *checker, struct ip_prefix *out_address)
{
    if (!checker->has_source)
        return checker->interface[0] != '\0' &&
               find_interface_address(checker->interface, out_address);
    *out_address = checker->source;
    return true;
}

/* Where a checker looks from.  NULL: no memory. */
static const char *checker_address(struct route53_call *call, unsigned region, unsigned number)
{
    const struct checker_list *list = board_checkers(control_board(call->control));
    struct ip_prefix address;
    for (unsigned i = 0; i < list->count; i++) {
        const struct checker *checker = &list->at[i];
        if (checker->region == region && checker->number == number &&
            find_source(checker, &address))
            return route53_address_text(call->arena, &address);
    }
    return CHECKER_ADDRESS;
}

static int observe(struct route53_call *call, const struct checker_status *checker,
                   const struct probe_result *result, struct r53_health_check_observation *out)
{
    char text[PROBE_TEXT_SIZE];
    struct r53_status_report *report = ROUTE53_NEW(call, struct r53_status_report);
    out->region = checker_region_name(checker->region);
    out->ip_address = checker_address(call, checker->region, checker->number);
    out->status_report = report;
    if (report == NULL || out->ip_address == NULL)
        return route53_no_memory(call);
    report->status = arena_format(call->arena, "%s", probe_result_text(text, result));
    report->checked_time = (struct xml_time){ true, (int64_t)result->at_ms };
    return report->status == NULL ? route53_no_memory(call) : 0;
}

/* A-HCK-15, A-HCK-16: checkers that have nothing to tell are left out; nobody looks for a disabled
 * check. */
static int list_observations(struct route53_call *call, bool failures, struct xml_list *out_list)
{
    struct check_view view;
    struct r53_health_check_observation *items;
    int rc = find_check(call, &view);
    if (rc != 0)
        return rc;
    unsigned count = view.check.config.disabled && !failures ? 0 : view.status.checker_count;
    items = arena_alloc(call->arena, (count + 1) * sizeof *items);
    if (items == NULL)
        return route53_no_memory(call);
    *out_list = (struct xml_list){ .set = true, .items = items };
    for (unsigned i = 0; rc == 0 && i < count; i++) {
        const struct checker_status *checker = &view.status.checkers[i];
        const struct probe_result *result = failures ? &checker->last_failure : &checker->last;
        if (result->at_ms != 0)
            rc = observe(call, checker, result, &items[out_list->count++]);
    }
    return rc;
}

int route53_get_health_check_status(struct route53_call *call)
{
    struct r53_get_health_check_status_response *response = call->response;
    return list_observations(call, false, &response->health_check_observations);
}

int route53_get_health_check_last_failure_reason(struct route53_call *call)
{
    struct r53_get_health_check_last_failure_reason_response *response = call->response;
    return list_observations(call, true, &response->health_check_observations);
}

static bool is_listed(const struct xml_list *list, const char *text)
{
    const char *const *items = list->items;
    for (unsigned i = 0; i < list->count; i++)
        if (strcmp(items[i], text) == 0)
            return true;
    return false;
}

/* A-LIM-2: each address once, in the order of the checkers. */
int route53_get_checker_ip_ranges(struct route53_call *call)
{
    struct r53_get_checker_ip_ranges_response *response = call->response;
    const struct checker_list *checkers = board_checkers(control_board(call->control));
    struct xml_list *list = &response->checker_ip_ranges;
    const char **ranges = arena_alloc(call->arena, (CHECKERS_MAX + 1) * sizeof *ranges);
    if (ranges == NULL)
        return route53_no_memory(call);
    *list = (struct xml_list){ .set = true, .items = ranges };
    for (unsigned i = 0; i < checkers->count; i++) {
        struct ip_prefix source;
        char text[PREFIX_TEXT_SIZE];
        if (!find_source(&checkers->at[i], &source))
            continue;
        const char *range = arena_format(call->arena, "%s/%u", prefix_to_text(text, &source),
                                         prefix_bits(source.family));
        if (range == NULL)
            return route53_no_memory(call);
        if (!is_listed(list, range))
            ranges[list->count++] = range;
    }
    if (list->count == 0)
        ranges[list->count++] = CHECKER_ADDRESS "/32";
    return 0;
}
