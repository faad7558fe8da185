/*
 * Query logging configurations (A-QLG).
 */
#include "operations.h"
#include "zones.h"

#include "signpost/control/query_logging.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define PAGE_MAX 100 /* A-XML-11 */

static int tell(struct route53_call *call, const struct query_logging_config *config,
                struct r53_query_logging_config *out_told)
{
    *out_told = (struct r53_query_logging_config){
        .id = route53_copy(call, config->id),
        .hosted_zone_id = route53_copy(call, config->zone_id),
        .cloud_watch_logs_log_group_arn = route53_copy(call, config->log_group_arn),
    };
    return out_told->id == NULL || out_told->hosted_zone_id == NULL ||
                   out_told->cloud_watch_logs_log_group_arn == NULL
               ? SP_ENOMEM
               : 0;
}

static int tell_new(struct route53_call *call, const struct query_logging_config *config,
                    struct r53_query_logging_config **out_told)
{
    *out_told = ROUTE53_NEW(call, struct r53_query_logging_config);
    return *out_told == NULL || tell(call, config, *out_told) != 0 ? route53_no_memory(call) : 0;
}

static int find_zone(struct route53_call *call, const char *text, enum id_place place,
                     struct hosted_zone *out_zone)
{
    const char *id;
    int rc = route53_read_id(call, text, "hostedzone", place, &id);
    return rc == 0 ? route53_find_zone(call, id, out_zone) : rc;
}

/* A-QLG-1. */
int route53_create_query_logging_config(struct route53_call *call)
{
    const struct r53_create_query_logging_config_request *request = call->body;
    struct r53_create_query_logging_config_response *response = call->response;
    struct hosted_zone zone;
    struct query_logging_config config;
    int rc = find_zone(call, request->hosted_zone_id, ID_OF_BODY, &zone);
    if (rc != 0)
        return rc;
    if (zone.is_private)
        return route53_refuse(call, INVALID_INPUT,
                              "Queries can be logged for public hosted zones only.");
    rc = control_create_query_logging(call->control, &zone, request->cloud_watch_logs_log_group_arn,
                                      &config, &call->problem);
    if (rc == SP_EEXIST)
        return route53_refuse(call, QUERY_LOGGING_CONFIG_ALREADY_EXISTS,
                              "A query logging configuration already exists for this hosted zone");
    if (rc != 0)
        return route53_pass(call, rc);
    call->location = arena_format(call->arena, "queryloggingconfig/%s", config.id);
    return call->location == NULL ? route53_no_memory(call)
                                  : tell_new(call, &config, &response->query_logging_config);
}

static int no_such_config(struct route53_call *call)
{
    return route53_refuse(call, NO_SUCH_QUERY_LOGGING_CONFIG,
                          "The query logging configuration does not exist");
}

int route53_get_query_logging_config(struct route53_call *call)
{
    struct r53_get_query_logging_config_response *response = call->response;
    struct query_logging_config config;
    int rc = control_find_query_logging(call->control, call->id, &config, &call->problem);
    if (rc != 0)
        return rc == SP_ENOENT ? no_such_config(call) : route53_pass(call, rc);
    return tell_new(call, &config, &response->query_logging_config);
}

int route53_delete_query_logging_config(struct route53_call *call)
{
    int rc = control_delete_query_logging(call->control, call->id, &call->problem);
    if (rc == 0)
        return 0;
    return rc == SP_ENOENT ? no_such_config(call) : route53_pass(call, rc);
}

/* ---- the list ---- */

struct config_page {
    struct route53_call *call;
    struct r53_query_logging_config *items;
    unsigned size, count;
    int64_t next; /* the number that begins the next page; 0: this is the last */
};

static int list_config(void *context, const struct query_logging_config *config)
{
    struct config_page *page = context;
    if (page->count < page->size)
        return tell(page->call, config, &page->items[page->count++]);
    page->next = config->number;
    return 0;
}

/* A token is the number of the first configuration of its page. */
static int open_token(struct route53_call *call, const char *token, int64_t *out_from)
{
    const char *text = token == NULL ? "0" : route53_token_open(call, token);
    char *end;
    *out_from = text == NULL ? -1 : strtoll(text, &end, 10);
    if (*out_from >= 0 && *text != '\0' && *end == '\0')
        return 0;
    return route53_refuse(
        call, INVALID_PAGINATION_TOKEN,
        "Route 53 can't get the next page of query logging configurations because "
        "the specified value for NextToken is invalid.");
}

static int close_page(const struct config_page *page,
                      struct r53_list_query_logging_configs_response *response)
{
    response->query_logging_configs = (struct xml_list){ true, page->count, page->items };
    if (page->next == 0)
        return 0;
    const char *text = arena_format(page->call->arena, "%" PRId64, page->next);
    response->next_token = text == NULL ? NULL : route53_token_make(page->call, text);
    return response->next_token == NULL ? route53_no_memory(page->call) : 0;
}

int route53_list_query_logging_configs(struct route53_call *call)
{
    const struct r53_list_query_logging_configs_query *query = call->query;
    struct config_page page = { .call = call };
    struct hosted_zone zone;
    int64_t from;
    bool of_one = query->hosted_zone_id != NULL;
    int rc = of_one ? find_zone(call, query->hosted_zone_id, ID_OF_QUERY, &zone) : 0;
    if (rc == 0)
        rc = route53_page_size(call, query->max_results, PAGE_MAX, PAGE_MAX, &page.size);
    if (rc == 0)
        rc = open_token(call, query->next_token, &from);
    if (rc != 0)
        return rc;
    page.items = arena_alloc(call->arena, page.size * sizeof *page.items);
    if (page.items == NULL)
        return route53_no_memory(call);
    rc = control_visit_query_logging(call->control, of_one ? &zone : NULL, from, page.size + 1,
                                     list_config, &page, &call->problem);
    return rc == 0 ? close_page(&page, call->response) : route53_pass(call, rc);
}
