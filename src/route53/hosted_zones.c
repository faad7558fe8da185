#include "operations.h"
#include "zones.h"

#include "signpost/control/key_signing_keys.h"
#include "signpost/control/zones.h"

#include <string.h>

int route53_read_id(struct route53_call *call, const char *text, const char *kind,
                    enum id_place place, const char **out_id)
{
    const char *id = route53_bare_id(text, kind);
    *out_id = id;
    if (strlen(id) <= ROUTE53_ID_LENGTH_MAX)
        return 0;
    if (place == ID_OF_BODY)
        return route53_refuse(call, INVALID_INPUT,
                              "Invalid XML ; cvc-maxLength-valid: Value '%s' with length = '%zu' "
                              "is not facet-valid with respect to maxLength '%d' for type "
                              "'ResourceId'.",
                              id, strlen(id), ROUTE53_ID_LENGTH_MAX);
    return route53_refuse(call, INVALID_INPUT,
                          "1 validation error detected: Value '%s' at '%s' failed to satisfy "
                          "constraint: Member must have length less than or equal to %d",
                          id, strcmp(kind, "hostedzone") == 0 ? "hostedZoneId" : "delegationSetId",
                          ROUTE53_ID_LENGTH_MAX);
}

int route53_fill_hosted_zone(struct route53_call *call, const struct hosted_zone *zone,
                             struct r53_hosted_zone *out)
{
    struct r53_hosted_zone_config *config = ROUTE53_NEW(call, struct r53_hosted_zone_config);
    out->id = arena_format(call->arena, "/hostedzone/%s", zone->public_id);
    out->name = route53_name_text(call, zone->name);
    /* The element is required, so zones that were made otherwise have one as well. */
    out->caller_reference = zone->caller_reference[0] != '\0'
                                ? arena_format(call->arena, "%s", zone->caller_reference)
                                : arena_format(call->arena, "signpost:%s", zone->public_id);
    out->config = config;
    out->resource_record_set_count = (struct xml_integer){ true, zone->set_count };
    if (config == NULL || out->id == NULL || out->name == NULL || out->caller_reference == NULL)
        return route53_no_memory(call);
    config->private_zone = (struct xml_boolean){ true, zone->is_private };
    if (zone->comment[0] != '\0' &&
        (config->comment = arena_format(call->arena, "%s", zone->comment)) == NULL)
        return route53_no_memory(call);
    return 0;
}

static struct r53_hosted_zone *hosted_zone(struct route53_call *call,
                                           const struct hosted_zone *zone)
{
    struct r53_hosted_zone *out = ROUTE53_NEW(call, struct r53_hosted_zone);
    if (out == NULL)
        route53_no_memory(call);
    return out == NULL || route53_fill_hosted_zone(call, zone, out) != 0 ? NULL : out;
}

/* `DelegationSet` of a public zone; NULL: the call is refused. */
static struct r53_delegation_set *servers_of(struct route53_call *call,
                                             const struct hosted_zone *zone)
{
    struct r53_delegation_set *out = ROUTE53_NEW(call, struct r53_delegation_set);
    struct delegation_set set;
    bool is_reusable = zone->delegation_set[0] != '\0';
    if (out == NULL) {
        route53_no_memory(call);
        return NULL;
    }
    if (is_reusable && route53_find_delegation_set(call, zone->delegation_set, &set) != 0)
        return NULL;
    int rc = route53_fill_delegation_set(call, is_reusable ? &set : NULL, zone->name_servers, out);
    return rc == 0 ? out : NULL;
}

/* ---- CreateHostedZone ---- */

/* A name that cannot be read is an InvalidDomainName, unless it holds what no name may hold
 * (A-NAM-1, A-ZON-10). */
static int refuse_name(struct route53_call *call, const char *name, const char *why)
{
    static const char unsupported[] = "FATAL problem: UnsupportedCharacter";
    if (strncmp(why, unsupported, sizeof unsupported - 1) == 0)
        return route53_refuse(call, INVALID_INPUT, "%s", why);
    return route53_refuse(call, INVALID_DOMAIN_NAME, "%s: '%s' is not a valid domain name.", why,
                          name);
}

static int read_zone_name(struct route53_call *call, const char *text,
                          uint8_t out_name[DNS_NAME_SIZE_MAX])
{
    const char *why = route53_read_name(call->arena, text, false, out_name);
    if (why != NULL)
        return refuse_name(call, text, why);
    if (dns_name_is_wildcard(out_name))
        return route53_refuse(call, INVALID_DOMAIN_NAME,
                              "%s is not a valid domain name: the leftmost label of a hosted "
                              "zone's name cannot be *.",
                              text);
    return 0;
}

static int check_kind(struct route53_call *call, const struct r53_create_hosted_zone_request *asked)
{
    const struct r53_hosted_zone_config *config = asked->hosted_zone_config;
    bool has_set = asked->delegation_set_id != NULL && asked->delegation_set_id[0] != '\0';
    if (asked->vpc == NULL && config != NULL && config->private_zone.value)
        return route53_refuse(call, INVALID_INPUT,
                              "A private hosted zone needs a VPC: specify VPCId and VPCRegion.");
    if (asked->vpc != NULL && has_set)
        return route53_refuse(call, INVALID_INPUT,
                              "A private hosted zone cannot have a reusable delegation set: "
                              "specify either a VPC or a DelegationSetId.");
    return 0;
}

static int check_reference(struct route53_call *call, const char *reference)
{
    bool used;
    int rc = control_is_zone_reference_used(call->control, reference, &used, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    return used ? route53_refuse(call, HOSTED_ZONE_ALREADY_EXISTS,
                                 "A hosted zone has already been created with the specified "
                                 "caller reference.")
                : 0;
}

static int check_zone_count(struct route53_call *call)
{
    unsigned most = control_quotas(call->control)->hosted_zones;
    uint64_t count;
    int rc = control_count_zones(call->control, &count, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    return count < most
               ? 0
               : route53_refuse(call, TOO_MANY_HOSTED_ZONES,
                                "Limits Exceeded: MAX_HOSTED_ZONES_BY_OWNER - Cannot create more "
                                "than %u hosted zones.",
                                most);
}

static int check_set_users(struct route53_call *call, const struct delegation_set *set)
{
    unsigned most = control_quotas(call->control)->zones_per_delegation_set;
    uint64_t count;
    int rc = control_count_delegation_set_users(call->control, set->id, &count, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    return count < most
               ? 0
               : route53_refuse(call, TOO_MANY_HOSTED_ZONES,
                                "Limits Exceeded: MAX_ZONES_BY_REUSABLE_DELEGATION_SET - Cannot "
                                "create more than %u hosted zones with delegation set %s.",
                                most, set->id);
}

/* R-ZON-8. */
static int check_servers(struct route53_call *call, const uint8_t *name,
                         const struct delegation_set *set)
{
    struct hosted_zone other;
    int rc = control_find_server_conflict(call->control, name, set->name_servers, &other,
                                          &call->problem);
    if (rc == SP_ENOENT)
        return check_set_users(call, set);
    if (rc != 0)
        return route53_pass(call, rc);
    const char *text = route53_name_text(call, name);
    if (text == NULL)
        return route53_no_memory(call);
    return route53_refuse(call, CONFLICTING_DOMAIN_EXISTS,
                          "Cannot create hosted zone with DelegationSetId DelegationSetId:%s as "
                          "the DNSName%s conflicts with existing ones sharing the delegation set",
                          set->id, text);
}

static int check_set(struct route53_call *call, const char *text, const uint8_t *name,
                     struct delegation_set *out_set)
{
    const char *id;
    int rc = route53_read_id(call, text, "delegationset", ID_OF_BODY, &id);
    if (rc == 0)
        rc = route53_find_delegation_set(call, id, out_set);
    return rc == 0 ? check_servers(call, name, out_set) : rc;
}

/* What a wish points to. */
struct wish {
    struct zone_wish zone;
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct vpc vpc;
    struct delegation_set set;
};

static int read_vpc_of_wish(struct route53_call *call, const struct r53_vpc *asked,
                            struct wish *wish)
{
    int rc = route53_read_vpc(call, asked, &wish->vpc);
    if (rc != 0)
        return rc;
    wish->zone.vpc_id = wish->vpc.id;
    wish->zone.vpc_region = wish->vpc.region;
    return 0;
}

/* What needs no look at the zones that are there. */
static int read_wish(struct route53_call *call, struct wish *wish)
{
    const struct r53_create_hosted_zone_request *asked = call->body;
    const struct r53_hosted_zone_config *config = asked->hosted_zone_config;
    wish->zone = (struct zone_wish){
        .name = wish->name,
        .caller_reference = asked->caller_reference,
        .comment = config != NULL && config->comment != NULL ? config->comment : "",
    };
    int rc = read_zone_name(call, asked->name, wish->name);
    if (rc == 0)
        rc = check_kind(call, asked);
    if (rc == 0 && asked->vpc != NULL)
        rc = read_vpc_of_wish(call, asked->vpc, wish);
    return rc;
}

static int check_wish(struct route53_call *call, struct wish *wish)
{
    const struct r53_create_hosted_zone_request *asked = call->body;
    int rc = check_reference(call, asked->caller_reference);
    if (rc == 0 && asked->delegation_set_id != NULL && asked->delegation_set_id[0] != '\0') {
        rc = check_set(call, asked->delegation_set_id, wish->name, &wish->set);
        wish->zone.delegation_set = wish->set.id;
    }
    if (rc == 0 && wish->zone.vpc_id != NULL)
        rc = route53_check_vpc_is_free(call, wish->name, &wish->vpc);
    return rc == 0 ? check_zone_count(call) : rc;
}

static int answer_creation(struct route53_call *call, const struct wish *wish,
                           const struct hosted_zone *zone, const struct change *change)
{
    struct r53_create_hosted_zone_response *response = call->response;
    call->changed = true;
    call->location = arena_format(call->arena, "hostedzone/%s", zone->public_id);
    response->change_info = route53_change_info(call, change);
    response->hosted_zone = hosted_zone(call, zone);
    if (call->location == NULL || response->change_info == NULL || response->hosted_zone == NULL)
        return route53_no_memory(call);
    call->audit_zone = response->hosted_zone->name;
    if (!zone->is_private) {
        response->delegation_set = servers_of(call, zone);
        return response->delegation_set == NULL ? SP_ENOMEM : 0;
    }
    response->vpc = ROUTE53_NEW(call, struct r53_vpc);
    return response->vpc == NULL ? route53_no_memory(call)
                                 : route53_fill_vpc(call, &wish->vpc, response->vpc);
}

int route53_create_hosted_zone(struct route53_call *call)
{
    struct wish wish;
    struct hosted_zone zone;
    struct change change;
    int rc = read_wish(call, &wish);
    if (rc == 0)
        rc = check_wish(call, &wish);
    if (rc != 0)
        return rc;
    rc = control_create_zone(call->control, &wish.zone, &zone, &change, &call->problem);
    if (rc == SP_ELIMIT)
        return route53_refuse(call, DELEGATION_SET_NOT_AVAILABLE, "%s", call->problem.text);
    return rc == 0 ? answer_creation(call, &wish, &zone, &change) : route53_pass(call, rc);
}

/* ---- reading ---- */

int route53_get_hosted_zone(struct route53_call *call)
{
    struct r53_get_hosted_zone_response *response = call->response;
    struct hosted_zone zone;
    int rc = route53_find_zone(call, call->zone, &zone);
    if (rc != 0)
        return rc;
    response->hosted_zone = hosted_zone(call, &zone);
    if (response->hosted_zone == NULL)
        return SP_ENOMEM;
    if (zone.is_private)
        return route53_list_vpcs(call, &zone, &response->vpcs);
    response->delegation_set = servers_of(call, &zone);
    return response->delegation_set == NULL ? SP_ENOMEM : 0;
}

int route53_get_hosted_zone_count(struct route53_call *call)
{
    struct r53_get_hosted_zone_count_response *response = call->response;
    uint64_t count;
    int rc = control_count_zones(call->control, &count, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->hosted_zone_count = (struct xml_integer){ true, (int64_t)count };
    return 0;
}

/* ---- lists ---- */

/* A page under way: one zone more than it holds is visited, which is where the next one begins. */
struct page {
    struct route53_call *call;
    unsigned size;
    struct xml_list zones;
    struct hosted_zone next; /* its id is 0 while nothing is left over */
};

static int open_page(struct page *page, struct route53_call *call, const char *max_items)
{
    *page = (struct page){ .call = call, .zones.set = true };
    int rc = route53_page_size(call, max_items, ROUTE53_PAGE_SIZE, ROUTE53_PAGE_SIZE, &page->size);
    if (rc != 0)
        return rc;
    page->zones.items = arena_alloc(call->arena, page->size * sizeof(struct r53_hosted_zone));
    return page->zones.items == NULL ? route53_no_memory(call) : 0;
}

static int add_zone(void *context, const struct hosted_zone *zone)
{
    struct page *page = context;
    struct r53_hosted_zone *items = page->zones.items;
    if (page->zones.count == page->size) {
        page->next = *zone;
        return 0;
    }
    return route53_fill_hosted_zone(page->call, zone, &items[page->zones.count++]);
}

static int read_filter(struct route53_call *call, const struct r53_list_hosted_zones_query *query,
                       struct zone_filter *out_filter, struct delegation_set *set)
{
    const char *id;
    *out_filter = (struct zone_filter){ .private_only = query->hosted_zone_type != NULL };
    if (query->delegation_set_id == NULL)
        return 0;
    int rc = route53_read_id(call, query->delegation_set_id, "delegationset", ID_OF_QUERY, &id);
    if (rc == 0)
        rc = route53_find_delegation_set(call, id, set);
    out_filter->delegation_set = set->id;
    return rc;
}

int route53_list_hosted_zones(struct route53_call *call)
{
    const struct r53_list_hosted_zones_query *query = call->query;
    struct r53_list_hosted_zones_response *response = call->response;
    const char *marker = query->marker == NULL ? "" : route53_bare_id(query->marker, "hostedzone");
    struct zone_filter filter;
    struct delegation_set set;
    struct page page;
    struct store_visitor visitor = { .zone = add_zone, .context = &page };
    int rc = open_page(&page, call, query->max_items);
    if (rc == 0)
        rc = read_filter(call, query, &filter, &set);
    if (rc != 0)
        return rc;
    rc = control_visit_zones_by_id(call->control, marker, &filter, page.size + 1, &visitor,
                                   &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->hosted_zones = page.zones;
    response->marker = query->marker;
    response->is_truncated = (struct xml_boolean){ true, page.next.id != 0 };
    response->max_items = route53_number(call, page.size);
    if (page.next.id == 0)
        return 0;
    response->next_marker = arena_format(call->arena, "%s", page.next.public_id);
    return response->next_marker == NULL ? route53_no_memory(call) : 0;
}

/* Where ListHostedZonesByName begins. */
struct name_position {
    char key[DNS_NAME_TEXT_SIZE];
    const char *id;
};

static int read_position(struct route53_call *call,
                         const struct r53_list_hosted_zones_by_name_query *query,
                         struct name_position *out_position)
{
    struct r53_list_hosted_zones_by_name_response *response = call->response;
    uint8_t name[DNS_NAME_SIZE_MAX];
    out_position->key[0] = '\0';
    out_position->id = "";
    if (query->dns_name == NULL)
        return query->hosted_zone_id == NULL
                   ? 0
                   : route53_refuse(call, INVALID_INPUT,
                                    "The argument hostedzoneid needs dnsname beside it.");
    const char *why = route53_read_name(call->arena, query->dns_name, true, name);
    if (why != NULL)
        return refuse_name(call, query->dns_name, why);
    dns_name_to_key(out_position->key, name);
    response->dns_name = route53_name_text(call, name);
    response->hosted_zone_id = query->hosted_zone_id;
    return query->hosted_zone_id == NULL
               ? 0
               : route53_read_id(call, query->hosted_zone_id, "hostedzone", ID_OF_QUERY,
                                 &out_position->id);
}

int route53_list_hosted_zones_by_name(struct route53_call *call)
{
    const struct r53_list_hosted_zones_by_name_query *query = call->query;
    struct r53_list_hosted_zones_by_name_response *response = call->response;
    struct name_position from;
    struct page page;
    struct store_visitor visitor = { .zone = add_zone, .context = &page };
    int rc = open_page(&page, call, query->max_items);
    if (rc == 0)
        rc = read_position(call, query, &from);
    if (rc != 0)
        return rc;
    rc = control_visit_zones_by_name(call->control, from.key, from.id, page.size + 1, &visitor,
                                     &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->hosted_zones = page.zones;
    response->is_truncated = (struct xml_boolean){ true, page.next.id != 0 };
    response->max_items = route53_number(call, page.size);
    if (page.next.id == 0)
        return 0;
    response->next_dns_name = route53_name_text(call, page.next.name);
    response->next_hosted_zone_id = arena_format(call->arena, "%s", page.next.public_id);
    return response->next_dns_name == NULL || response->next_hosted_zone_id == NULL
               ? route53_no_memory(call)
               : 0;
}

/* ---- changing ---- */

int route53_update_hosted_zone_comment(struct route53_call *call)
{
    const struct r53_update_hosted_zone_comment_request *asked = call->body;
    struct r53_update_hosted_zone_comment_response *response = call->response;
    struct hosted_zone zone;
    int rc = route53_find_zone(call, call->zone, &zone);
    if (rc != 0)
        return rc;
    rc = control_set_zone_comment(call->control, &zone,
                                  asked->comment != NULL ? asked->comment : "", &call->problem);
    if (rc == 0)
        rc = control_find_zone_id(call->control, zone.public_id, &zone, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->hosted_zone = hosted_zone(call, &zone);
    return response->hosted_zone == NULL ? SP_ENOMEM : 0;
}

/* Accelerated recovery moves a zone's changes to another Region, and there is none here. */
int route53_update_hosted_zone_features(struct route53_call *call)
{
    const struct r53_update_hosted_zone_features_request *asked = call->body;
    struct hosted_zone zone;
    int rc = route53_find_zone(call, call->zone, &zone);
    if (rc == 0 && asked->enable_accelerated_recovery.value)
        rc = route53_refuse(call, INVALID_INPUT,
                            "Accelerated recovery is not available: there is no other Region.");
    return rc;
}

/* A-ZON-27. */
static int check_deletable(struct route53_call *call, const struct hosted_zone *zone)
{
    struct zone_blockers blockers;
    bool bare;
    int rc = control_zone_is_bare(call->control, zone, &bare, &call->problem);
    if (rc == 0)
        rc = control_zone_blockers(call->control, zone, &blockers, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    const char *what = !bare                      ? "non-required resource record sets"
                       : blockers.has_keys        ? "DNSSEC Key Signing Keys"
                       : blockers.has_protections ? "resource record set protections"
                                                  : NULL;
    return what == NULL ? 0
                        : route53_refuse(call, HOSTED_ZONE_NOT_EMPTY,
                                         "The specified hosted zone contains %s and so cannot be "
                                         "deleted.",
                                         what);
}

int route53_delete_hosted_zone(struct route53_call *call)
{
    struct r53_delete_hosted_zone_response *response = call->response;
    struct hosted_zone zone;
    struct change change;
    int rc = route53_find_zone(call, call->zone, &zone);
    if (rc == 0)
        rc = check_deletable(call, &zone);
    if (rc != 0)
        return rc;
    rc = control_delete_zone_id(call->control, &zone, &change, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    call->changed = true;
    response->change_info = route53_change_info(call, &change);
    return response->change_info == NULL ? route53_no_memory(call) : 0;
}
