#include "operations.h"
#include "zones.h"

#include <string.h>

/* The names as they stand in `NameServers`: without the final dot (A-ZON-9). */
static const char *server_text(struct route53_call *call, uint16_t number)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    char text[DNS_NAME_TEXT_SIZE];
    if (hosted_zone_server_name(name, control_defaults(call->control), number) == 0)
        return "";
    size_t size = dns_name_to_octal(text, name);
    text[size - 1] = '\0';
    return arena_copy(call->arena, text, size);
}

static int fill_servers(struct route53_call *call, const uint16_t servers[ZONE_SERVER_COUNT],
                        struct xml_list *out_list)
{
    const char **items = arena_alloc(call->arena, ZONE_SERVER_COUNT * sizeof *items);
    if (items == NULL)
        return route53_no_memory(call);
    for (unsigned i = 0; i < ZONE_SERVER_COUNT; i++)
        if ((items[i] = server_text(call, servers[i])) == NULL)
            return route53_no_memory(call);
    *out_list = (struct xml_list){ true, ZONE_SERVER_COUNT, items };
    return 0;
}

int route53_fill_delegation_set(struct route53_call *call, const struct delegation_set *set,
                                const uint16_t servers[ZONE_SERVER_COUNT],
                                struct r53_delegation_set *out)
{
    if (set != NULL) {
        out->id = arena_format(call->arena, "/delegationset/%s", set->id);
        out->caller_reference = arena_format(call->arena, "%s", set->caller_reference);
        if (out->id == NULL || out->caller_reference == NULL)
            return route53_no_memory(call);
    }
    return fill_servers(call, servers, &out->name_servers);
}

static struct r53_delegation_set *delegation_set(struct route53_call *call,
                                                 const struct delegation_set *set)
{
    struct r53_delegation_set *out = ROUTE53_NEW(call, struct r53_delegation_set);
    if (out == NULL)
        route53_no_memory(call);
    return out == NULL || route53_fill_delegation_set(call, set, set->name_servers, out) != 0 ? NULL
                                                                                              : out;
}

int route53_find_delegation_set(struct route53_call *call, const char *id,
                                struct delegation_set *out_set)
{
    struct hosted_zone zone;
    int rc = control_find_delegation_set(call->control, id, out_set, &call->problem);
    if (rc == 0)
        return 0;
    if (rc == SP_ENOENT)
        rc = control_find_zone_id(call->control, id, &zone, &call->problem);
    if (rc == 0)
        return route53_refuse(call, DELEGATION_SET_NOT_REUSABLE,
                              "The delegation set of hosted zone %s is not reusable.", id);
    if (rc == SP_ENOENT)
        return route53_refuse(call, NO_SUCH_DELEGATION_SET,
                              "The specified Reusable Delegation Set does not exist: %s", id);
    return route53_pass(call, rc);
}

/* ---- CreateReusableDelegationSet ---- */

static int find_donor(struct route53_call *call, const char *text, struct hosted_zone *out_zone)
{
    const char *id;
    int rc = route53_read_id(call, text, "hostedzone", ID_OF_BODY, &id);
    if (rc != 0)
        return rc;
    rc = control_find_zone_id(call->control, id, out_zone, &call->problem);
    if (rc == SP_ENOENT)
        return route53_refuse(call, HOSTED_ZONE_NOT_FOUND, "No hosted zone found with ID: %s", id);
    if (rc != 0)
        return route53_pass(call, rc);
    if (out_zone->is_private)
        return route53_refuse(call, INVALID_ARGUMENT,
                              "Hosted zone %s is private, and private hosted zones have no "
                              "delegation set of their own.",
                              id);
    if (out_zone->delegation_set[0] != '\0')
        return route53_refuse(call, DELEGATION_SET_ALREADY_REUSABLE,
                              "The delegation set of hosted zone %s is reusable already: it is %s.",
                              id, out_zone->delegation_set);
    return 0;
}

static int check_set_count(struct route53_call *call)
{
    unsigned most = control_quotas(call->control)->delegation_sets;
    uint64_t count;
    int rc = control_count_delegation_sets(call->control, &count, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    return count < most ? 0
                        : route53_refuse(call, LIMITS_EXCEEDED,
                                         "Limits Exceeded: MAX_REUSABLE_DELEGATION_SETS_BY_OWNER "
                                         "- Cannot create more than %u reusable delegation sets.",
                                         most);
}

static int check_set_reference(struct route53_call *call, const char *reference)
{
    bool used;
    int rc = control_is_delegation_reference_used(call->control, reference, &used, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    return used ? route53_refuse(call, DELEGATION_SET_ALREADY_CREATED,
                                 "A delegation set has already been created with the caller "
                                 "reference '%s'.",
                                 reference)
                : 0;
}

static int create_set(struct route53_call *call, const struct hosted_zone *donor,
                      struct delegation_set *out_set)
{
    const struct r53_create_reusable_delegation_set_request *asked = call->body;
    int rc = check_set_reference(call, asked->caller_reference);
    if (rc == 0)
        rc = check_set_count(call);
    if (rc != 0)
        return rc;
    rc = control_create_delegation_set(call->control, asked->caller_reference, donor, out_set,
                                       &call->problem);
    return rc == 0 ? 0 : route53_pass(call, rc);
}

int route53_create_reusable_delegation_set(struct route53_call *call)
{
    const struct r53_create_reusable_delegation_set_request *asked = call->body;
    struct r53_create_reusable_delegation_set_response *response = call->response;
    bool has_donor = asked->hosted_zone_id != NULL && asked->hosted_zone_id[0] != '\0';
    struct hosted_zone donor;
    struct delegation_set set;
    int rc = has_donor ? find_donor(call, asked->hosted_zone_id, &donor) : 0;
    if (rc == 0)
        rc = create_set(call, has_donor ? &donor : NULL, &set);
    if (rc != 0)
        return rc;
    response->delegation_set = delegation_set(call, &set);
    call->location = arena_format(call->arena, "delegationset/%s", set.id);
    return response->delegation_set == NULL || call->location == NULL ? route53_no_memory(call) : 0;
}

/* ---- the others ---- */

int route53_get_reusable_delegation_set(struct route53_call *call)
{
    struct r53_get_reusable_delegation_set_response *response = call->response;
    struct delegation_set set;
    int rc = route53_find_delegation_set(call, call->id, &set);
    if (rc != 0)
        return rc;
    response->delegation_set = delegation_set(call, &set);
    return response->delegation_set == NULL ? SP_ENOMEM : 0;
}

int route53_delete_reusable_delegation_set(struct route53_call *call)
{
    struct delegation_set set;
    int rc = route53_find_delegation_set(call, call->id, &set);
    if (rc != 0)
        return rc;
    rc = control_delete_delegation_set(call->control, set.id, &call->problem);
    if (rc == SP_ECONFLICT)
        return route53_refuse(call, DELEGATION_SET_IN_USE,
                              "The delegation set %s is in use: a hosted zone is associated with "
                              "it.",
                              set.id);
    return rc == 0 ? 0 : route53_pass(call, rc);
}

/* A page under way: one set more than it holds is visited, which is where the next one begins. */
struct page {
    struct route53_call *call;
    unsigned size;
    struct xml_list sets;
    const char *next; /* NULL while nothing is left over */
};

static int add_set(void *context, const struct delegation_set *set)
{
    struct page *page = context;
    struct r53_delegation_set *items = page->sets.items;
    if (page->sets.count < page->size)
        return route53_fill_delegation_set(page->call, set, set->name_servers,
                                           &items[page->sets.count++]);
    page->next = arena_format(page->call->arena, "%s", set->id);
    return page->next == NULL ? SP_ENOMEM : 0;
}

int route53_list_reusable_delegation_sets(struct route53_call *call)
{
    const struct r53_list_reusable_delegation_sets_query *query = call->query;
    struct r53_list_reusable_delegation_sets_response *response = call->response;
    const char *marker =
        query->marker == NULL ? "" : route53_bare_id(query->marker, "delegationset");
    struct page page = { .call = call, .sets.set = true };
    struct delegation_set_visitor visitor = { add_set, &page };
    int rc =
        route53_page_size(call, query->max_items, ROUTE53_PAGE_SIZE, ROUTE53_PAGE_SIZE, &page.size);
    if (rc != 0)
        return rc;
    page.sets.items = arena_alloc(call->arena, page.size * sizeof(struct r53_delegation_set));
    if (page.sets.items == NULL)
        return route53_no_memory(call);
    rc = control_visit_delegation_sets(call->control, marker, page.size + 1, &visitor,
                                       &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->delegation_sets = page.sets;
    response->marker = query->marker;
    response->is_truncated = (struct xml_boolean){ true, page.next != NULL };
    response->next_marker = page.next;
    response->max_items = route53_number(call, page.size);
    return 0;
}
