/*
 * Traffic policy instances (A-TPF-2, A-TPF-3).
 */
#include "operations.h"
#include "traffic.h"
#include "zones.h"

#include "signpost/dns/types.h"

#include <string.h>

/* ---- answers ---- */

/* state NULL: what it is now. */
static int fill(struct route53_call *call, const struct traffic_instance *instance,
                const char *state, struct r53_traffic_policy_instance *out)
{
    bool has_failed = instance->message[0] != '\0';
    *out = (struct r53_traffic_policy_instance){
        .id = route53_copy(call, instance->id),
        .hosted_zone_id = route53_copy(call, instance->zone_id),
        .name = route53_name_text(call, instance->name),
        .ttl = { true, instance->ttl_s },
        .state = state != NULL ? state
                 : has_failed  ? "Failed"
                               : "Applied",
        .message = state != NULL ? "" : route53_copy(call, instance->message),
        .traffic_policy_id = route53_copy(call, instance->policy_id),
        .traffic_policy_version = { true, instance->version },
        .traffic_policy_type = dns_type_find(instance->type)->name,
    };
    return out->id == NULL || out->hosted_zone_id == NULL || out->name == NULL ||
                   out->message == NULL || out->traffic_policy_id == NULL
               ? SP_ENOMEM
               : 0;
}

static int tell(struct route53_call *call, const struct traffic_instance *instance,
                const char *state, struct r53_traffic_policy_instance **out_instance)
{
    *out_instance = ROUTE53_NEW(call, struct r53_traffic_policy_instance);
    if (*out_instance == NULL || fill(call, instance, state, *out_instance) != 0)
        return route53_no_memory(call);
    return 0;
}

/* ---- one instance ---- */

static int find_zone(struct route53_call *call, const char *text, enum id_place place,
                     struct hosted_zone *out_zone)
{
    const char *id;
    int rc = route53_read_id(call, text, "hostedzone", place, &id);
    return rc == 0 ? route53_find_zone(call, id, out_zone) : rc;
}

static int find_instance(struct route53_call *call, struct traffic_instance *out_instance)
{
    int rc = control_find_traffic_instance(call->control, call->id, out_instance, &call->problem);
    if (rc == SP_ENOENT)
        return route53_refuse(call, NO_SUCH_TRAFFIC_POLICY_INSTANCE,
                              "No traffic policy instance exists with the specified ID: %s",
                              call->id);
    return rc == 0 ? 0 : route53_pass(call, rc);
}

/* For the audit. */
static int note_zone(struct route53_call *call, const struct traffic_instance *instance)
{
    struct hosted_zone zone;
    return route53_find_zone(call, instance->zone_id, &zone);
}

/* What a wish points to. */
struct wish {
    struct traffic_wish traffic;
    struct traffic_version version;
    struct traffic_document document;
    struct hosted_zone zone;
    uint8_t name[DNS_NAME_SIZE_MAX];
};

static int read_version(struct route53_call *call, const char *policy_id, int64_t version,
                        int64_t ttl_s, struct wish *wish)
{
    int rc = route53_find_traffic_version(call, policy_id, (uint32_t)version, &wish->version);
    if (rc == 0)
        rc = route53_read_traffic_document(call, wish->version.document, &wish->document);
    wish->traffic.ttl_s = (uint32_t)ttl_s;
    wish->traffic.version = &wish->version;
    wish->traffic.document = &wish->document;
    return rc;
}

static int read_place(struct route53_call *call, const char *name, struct wish *wish)
{
    const char *why = route53_read_name(call->arena, name, false, wish->name);
    if (why != NULL)
        return route53_refuse(call, INVALID_INPUT, "%s", why);
    wish->traffic.zone = &wish->zone;
    wish->traffic.name = wish->name;
    return 0;
}

static int refuse_creation(struct route53_call *call, int rc)
{
    if (rc == SP_EEXIST)
        return route53_refuse(call, TRAFFIC_POLICY_INSTANCE_ALREADY_EXISTS, "%s",
                              call->problem.text);
    if (rc == SP_ELIMIT)
        return route53_refuse(call, TOO_MANY_TRAFFIC_POLICY_INSTANCES, "%s", call->problem.text);
    return route53_pass(call, rc);
}

int route53_create_traffic_policy_instance(struct route53_call *call)
{
    const struct r53_create_traffic_policy_instance_request *request = call->body;
    struct r53_create_traffic_policy_instance_response *response = call->response;
    struct traffic_instance instance;
    struct wish wish;
    int rc = find_zone(call, request->hosted_zone_id, ID_OF_BODY, &wish.zone);
    if (rc == 0)
        rc = read_version(call, request->traffic_policy_id, request->traffic_policy_version.value,
                          request->ttl.value, &wish);
    if (rc == 0)
        rc = read_place(call, request->name, &wish);
    if (rc != 0)
        return rc;
    rc = control_create_traffic_instance(call->control, &wish.traffic, &instance, &call->problem);
    if (rc != 0)
        return refuse_creation(call, rc);
    call->changed = true;
    call->location = arena_format(call->arena, "trafficpolicyinstance/%s", instance.id);
    return call->location == NULL
               ? route53_no_memory(call)
               : tell(call, &instance, "Creating", &response->traffic_policy_instance);
}

int route53_get_traffic_policy_instance(struct route53_call *call)
{
    struct r53_get_traffic_policy_instance_response *response = call->response;
    struct traffic_instance instance;
    int rc = find_instance(call, &instance);
    return rc == 0 ? tell(call, &instance, NULL, &response->traffic_policy_instance) : rc;
}

int route53_update_traffic_policy_instance(struct route53_call *call)
{
    const struct r53_update_traffic_policy_instance_request *request = call->body;
    struct r53_update_traffic_policy_instance_response *response = call->response;
    struct traffic_instance instance;
    struct wish wish;
    int rc = find_instance(call, &instance);
    if (rc == 0)
        rc = note_zone(call, &instance);
    if (rc == 0)
        rc = read_version(call, request->traffic_policy_id, request->traffic_policy_version.value,
                          request->ttl.value, &wish);
    if (rc != 0)
        return rc;
    rc = control_update_traffic_instance(call->control, &instance, &wish.traffic, &call->problem);
    if (rc == SP_ECONFLICT)
        return route53_refuse(call, CONFLICTING_TYPES, "%s", call->problem.text);
    if (rc != 0)
        return route53_pass(call, rc);
    call->changed = true;
    return tell(call, &instance, "Updating", &response->traffic_policy_instance);
}

int route53_delete_traffic_policy_instance(struct route53_call *call)
{
    struct traffic_instance instance;
    int rc = find_instance(call, &instance);
    if (rc == 0)
        rc = note_zone(call, &instance);
    if (rc != 0)
        return rc;
    rc = control_delete_traffic_instance(call->control, &instance, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    call->changed = true;
    return 0;
}

int route53_get_traffic_policy_instance_count(struct route53_call *call)
{
    struct r53_get_traffic_policy_instance_count_response *response = call->response;
    uint64_t count = 0;
    int rc = control_count_traffic_instances(call->control, &count, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->traffic_policy_instance_count = (struct xml_integer){ true, (int64_t)count };
    return 0;
}

/* ---- lists ---- */

/* Where a page begins: the instance at that name of that zone. */
struct marker {
    const char *zone_id, *name, *type;
};

struct page {
    struct route53_call *call;
    struct r53_traffic_policy_instance *items;
    unsigned size, count;
    const char *max_items;
    bool is_truncated;
    struct r53_traffic_policy_instance next; /* that begins the next page */
};

static int list_instance(void *context, const struct traffic_instance *instance)
{
    struct page *page = context;
    page->is_truncated = page->count == page->size;
    return fill(page->call, instance, NULL,
                page->is_truncated ? &page->next : &page->items[page->count++]);
}

static int find_first(struct route53_call *call, const struct marker *marker, int64_t *out_from)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct traffic_instance instance = { .number = 0 };
    *out_from = 0;
    if (marker->zone_id == NULL && marker->name == NULL && marker->type == NULL)
        return 0;
    if (marker->zone_id == NULL || marker->name == NULL || marker->type == NULL)
        return route53_refuse(call, INVALID_INPUT,
                              "A marker is the hosted zone, the name and the type of an instance.");
    if (route53_read_name(call->arena, marker->name, true, name) != NULL)
        return route53_refuse(call, INVALID_INPUT, "The marker %s is no name.", marker->name);
    int rc = control_find_traffic_instance_at(
        call->control, route53_bare_id(marker->zone_id, "hostedzone"), name,
        dns_type_find_name(marker->type)->type, &instance, &call->problem);
    if (rc == SP_ENOENT)
        return route53_refuse(call, NO_SUCH_TRAFFIC_POLICY_INSTANCE,
                              "No traffic policy instance exists with the name %s and the type %s "
                              "that the markers name.",
                              marker->name, marker->type);
    *out_from = instance.number;
    return rc == 0 ? 0 : route53_pass(call, rc);
}

static int read_page(struct route53_call *call, const struct traffic_instance_filter *filter,
                     const struct marker *marker, const char *max_items, struct page *page)
{
    int64_t from = 0;
    *page = (struct page){ .call = call };
    int rc = route53_page_size(call, max_items, TRAFFIC_PAGE_MAX, TRAFFIC_PAGE_MAX, &page->size);
    if (rc == 0)
        rc = find_first(call, marker, &from);
    if (rc != 0)
        return rc;
    page->items = arena_alloc(call->arena, page->size * sizeof *page->items);
    page->max_items = route53_number(call, page->size);
    if (page->items == NULL || page->max_items == NULL)
        return route53_no_memory(call);
    rc = control_visit_traffic_instances(call->control, filter, from, page->size + 1, list_instance,
                                         page, &call->problem);
    return rc == 0 ? 0 : route53_pass(call, rc);
}

int route53_list_traffic_policy_instances(struct route53_call *call)
{
    const struct r53_list_traffic_policy_instances_query *query = call->query;
    struct r53_list_traffic_policy_instances_response *response = call->response;
    struct traffic_instance_filter all = { .zone_id = NULL };
    struct marker marker = { query->hosted_zone_id_marker,
                             query->traffic_policy_instance_name_marker,
                             query->traffic_policy_instance_type_marker };
    struct page page;
    int rc = read_page(call, &all, &marker, query->max_items, &page);
    if (rc != 0)
        return rc;
    *response = (struct r53_list_traffic_policy_instances_response){
        .traffic_policy_instances = { true, page.count, page.items },
        .hosted_zone_id_marker = page.next.hosted_zone_id,
        .traffic_policy_instance_name_marker = page.next.name,
        .traffic_policy_instance_type_marker = page.next.traffic_policy_type,
        .is_truncated = { true, page.is_truncated },
        .max_items = page.max_items,
    };
    return 0;
}

int route53_list_traffic_policy_instances_by_hosted_zone(struct route53_call *call)
{
    const struct r53_list_traffic_policy_instances_by_hosted_zone_query *query = call->query;
    struct r53_list_traffic_policy_instances_by_hosted_zone_response *response = call->response;
    struct hosted_zone zone;
    struct page page;
    int rc = find_zone(call, query->hosted_zone_id, ID_OF_QUERY, &zone);
    if (rc != 0)
        return rc;
    bool has_marker = query->traffic_policy_instance_name_marker != NULL ||
                      query->traffic_policy_instance_type_marker != NULL;
    struct marker marker = { has_marker ? zone.public_id : NULL,
                             query->traffic_policy_instance_name_marker,
                             query->traffic_policy_instance_type_marker };
    struct traffic_instance_filter filter = { .zone_id = zone.public_id };
    rc = read_page(call, &filter, &marker, query->max_items, &page);
    if (rc != 0)
        return rc;
    *response = (struct r53_list_traffic_policy_instances_by_hosted_zone_response){
        .traffic_policy_instances = { true, page.count, page.items },
        .traffic_policy_instance_name_marker = page.next.name,
        .traffic_policy_instance_type_marker = page.next.traffic_policy_type,
        .is_truncated = { true, page.is_truncated },
        .max_items = page.max_items,
    };
    return 0;
}

int route53_list_traffic_policy_instances_by_policy(struct route53_call *call)
{
    const struct r53_list_traffic_policy_instances_by_policy_query *query = call->query;
    struct r53_list_traffic_policy_instances_by_policy_response *response = call->response;
    struct traffic_version version;
    struct page page;
    int rc = route53_find_traffic_version(call, query->traffic_policy_id,
                                          (uint32_t)query->traffic_policy_version.value, &version);
    if (rc != 0)
        return rc;
    struct marker marker = { query->hosted_zone_id_marker,
                             query->traffic_policy_instance_name_marker,
                             query->traffic_policy_instance_type_marker };
    struct traffic_instance_filter filter = { .policy_id = version.policy_id,
                                              .version = version.version };
    rc = read_page(call, &filter, &marker, query->max_items, &page);
    if (rc != 0)
        return rc;
    *response = (struct r53_list_traffic_policy_instances_by_policy_response){
        .traffic_policy_instances = { true, page.count, page.items },
        .hosted_zone_id_marker = page.next.hosted_zone_id,
        .traffic_policy_instance_name_marker = page.next.name,
        .traffic_policy_instance_type_marker = page.next.traffic_policy_type,
        .is_truncated = { true, page.is_truncated },
        .max_items = page.max_items,
    };
    return 0;
}
