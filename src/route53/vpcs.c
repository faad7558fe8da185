#include "operations.h"
#include "zones.h"

#include "signpost/control/zones.h"

#include <string.h>

int route53_read_vpc(struct route53_call *call, const struct r53_vpc *asked, struct vpc *out_vpc)
{
    if (asked->vpc_id == NULL || !vpc_make(out_vpc, asked->vpc_id, asked->vpc_region))
        return route53_refuse(call, INVALID_VPC_ID, "The VPC ID is invalid.");
    return 0;
}

int route53_fill_vpc(struct route53_call *call, const struct vpc *vpc, struct r53_vpc *out)
{
    out->vpc_id = arena_format(call->arena, "%s", vpc->id);
    out->vpc_region = arena_format(call->arena, "%s", vpc->region);
    return out->vpc_id == NULL || out->vpc_region == NULL ? route53_no_memory(call) : 0;
}

/* ---- VPCs of a zone ---- */

/* A list under way: no more than there is room for, and then the id that is left over. */
struct vpc_list {
    struct route53_call *call;
    struct xml_list vpcs;
    unsigned room;
    const char *next; /* NULL while nothing is left over */
};

static int open_list(struct vpc_list *list, struct route53_call *call, unsigned room)
{
    *list = (struct vpc_list){ .call = call, .vpcs.set = true, .room = room };
    list->vpcs.items = arena_alloc(call->arena, room * sizeof(struct r53_vpc));
    return list->vpcs.items == NULL ? route53_no_memory(call) : 0;
}

static int add_vpc(void *context, const struct vpc *vpc)
{
    struct vpc_list *list = context;
    struct r53_vpc *items = list->vpcs.items;
    if (list->vpcs.count < list->room)
        return route53_fill_vpc(list->call, vpc, &items[list->vpcs.count++]);
    list->next = arena_format(list->call->arena, "%s", vpc->id);
    return list->next == NULL ? SP_ENOMEM : 0;
}

int route53_list_vpcs(struct route53_call *call, const struct hosted_zone *zone,
                      struct xml_list *out_vpcs)
{
    struct vpc_list list;
    struct vpc_visitor visitor = { add_vpc, &list };
    uint64_t count;
    int rc = control_count_vpcs(call->control, zone, &count, &call->problem);
    if (rc == 0)
        rc = open_list(&list, call, (unsigned)count);
    if (rc == 0)
        rc = control_visit_vpcs(call->control, zone, &visitor, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    *out_vpcs = list.vpcs;
    return 0;
}

int route53_check_vpc_is_free(struct route53_call *call, const uint8_t *name, const struct vpc *vpc)
{
    struct hosted_zone other;
    int rc = control_find_zone_of_vpc(call->control, name, vpc->id, &other, &call->problem);
    if (rc == SP_ENOENT)
        return 0;
    if (rc != 0)
        return route53_pass(call, rc);
    const char *text = route53_name_text(call, name);
    if (text == NULL)
        return route53_no_memory(call);
    return route53_refuse(call, CONFLICTING_DOMAIN_EXISTS,
                          "The VPC that you chose, %s in region %s, is already associated with "
                          "another private hosted zone that has an overlapping name space, %s.",
                          vpc->id, vpc->region, text);
}

/* ---- AssociateVPCWithHostedZone ---- */

static int check_vpc_count(struct route53_call *call, const struct hosted_zone *zone)
{
    unsigned most = control_quotas(call->control)->vpcs_per_zone;
    uint64_t count;
    int rc = control_count_vpcs(call->control, zone, &count, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    return count < most ? 0
                        : route53_refuse(call, LIMITS_EXCEEDED,
                                         "Limits Exceeded: MAX_VPCS_ASSOCIATED_BY_ZONE - Cannot "
                                         "associate more than %u VPCs with a hosted zone.",
                                         most);
}

static int check_association(struct route53_call *call, const struct r53_vpc *asked,
                             const struct hosted_zone *zone, struct vpc *out_vpc)
{
    int rc = route53_read_vpc(call, asked, out_vpc);
    if (rc != 0)
        return rc;
    if (!zone->is_private)
        return route53_refuse(call, PUBLIC_ZONE_VPC_ASSOCIATION,
                              "You're trying to associate a VPC with a public hosted zone. Amazon "
                              "Route 53 doesn't support associating a VPC with a public hosted "
                              "zone.");
    rc = route53_check_vpc_is_free(call, zone->name, out_vpc);
    return rc == 0 ? check_vpc_count(call, zone) : rc;
}

int route53_associate_vpc_with_hosted_zone(struct route53_call *call)
{
    const struct r53_associate_vpc_with_hosted_zone_request *asked = call->body;
    struct r53_associate_vpc_with_hosted_zone_response *response = call->response;
    struct hosted_zone zone;
    struct vpc vpc;
    struct change change;
    int rc = route53_find_zone(call, call->zone, &zone);
    if (rc == 0)
        rc = check_association(call, asked->vpc, &zone, &vpc);
    if (rc != 0)
        return rc;
    rc = control_associate_vpc(call->control, &zone, &vpc,
                               asked->comment != NULL ? asked->comment : "", &change,
                               &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->change_info = route53_change_info(call, &change);
    return response->change_info == NULL ? route53_no_memory(call) : 0;
}

/* ---- DisassociateVPCFromHostedZone ---- */

/* A Region that is not given fits any (A-VPC-1): NULL. */
static const char *region_of(const struct r53_vpc *asked)
{
    return asked->vpc_region != NULL && asked->vpc_region[0] != '\0' ? asked->vpc_region : NULL;
}

static int check_disassociation(struct route53_call *call, const struct r53_vpc *asked,
                                const struct hosted_zone *zone, struct vpc *out_vpc)
{
    struct vpc stored = { 0 };
    uint64_t count;
    int rc = route53_read_vpc(call, asked, out_vpc);
    if (rc != 0)
        return rc;
    rc = control_find_vpc(call->control, zone, out_vpc->id, &stored, &call->problem);
    const char *region = region_of(asked);
    if (rc == SP_ENOENT || (rc == 0 && region != NULL && strcmp(region, stored.region) != 0))
        return route53_refuse(call, VPC_ASSOCIATION_NOT_FOUND,
                              "The VPC %s in region %s is not associated with hosted zone %s.",
                              out_vpc->id, out_vpc->region, zone->public_id);
    if (rc == 0)
        rc = control_count_vpcs(call->control, zone, &count, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    return count > 1
               ? 0
               : route53_refuse(call, LAST_VPC_ASSOCIATION,
                                "The VPC that you're trying to disassociate from the private "
                                "hosted zone is the last VPC that is associated with the hosted "
                                "zone. Amazon Route 53 doesn't support disassociating the last "
                                "VPC from a hosted zone.");
}

int route53_disassociate_vpc_from_hosted_zone(struct route53_call *call)
{
    const struct r53_disassociate_vpc_from_hosted_zone_request *asked = call->body;
    struct r53_disassociate_vpc_from_hosted_zone_response *response = call->response;
    struct hosted_zone zone;
    struct vpc vpc;
    struct change change;
    int rc = route53_find_zone(call, call->zone, &zone);
    if (rc == 0)
        rc = check_disassociation(call, asked->vpc, &zone, &vpc);
    if (rc != 0)
        return rc;
    rc = control_disassociate_vpc(call->control, &zone, vpc.id,
                                  asked->comment != NULL ? asked->comment : "", &change,
                                  &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->change_info = route53_change_info(call, &change);
    return response->change_info == NULL ? route53_no_memory(call) : 0;
}

/* ---- ListHostedZonesByVPC ---- */

struct page {
    struct route53_call *call;
    unsigned size;
    struct xml_list summaries;
    const char *next; /* NULL while nothing is left over */
};

static int add_summary(void *context, const struct hosted_zone *zone)
{
    struct page *page = context;
    struct route53_call *call = page->call;
    struct r53_hosted_zone_summary *items = page->summaries.items;
    const char *id = arena_format(call->arena, "%s", zone->public_id);
    struct r53_hosted_zone_owner *owner = ROUTE53_NEW(call, struct r53_hosted_zone_owner);
    if (id == NULL || owner == NULL)
        return SP_ENOMEM;
    if (page->summaries.count == page->size) {
        page->next = id;
        return 0;
    }
    owner->owning_account = call->settings->account_id;
    items[page->summaries.count++] = (struct r53_hosted_zone_summary){
        .hosted_zone_id = id, .name = route53_name_text(call, zone->name), .owner = owner
    };
    return 0;
}

/* Where a list goes on: "" without a token. */
static int read_token(struct route53_call *call, const char *token, const char **out_id)
{
    *out_id = token == NULL ? "" : route53_token_open(call, token);
    return *out_id != NULL ? 0
                           : route53_refuse(call, INVALID_PAGINATION_TOKEN,
                                            "The value specified for NextToken is not valid.");
}

/* next: NULL when the list is at its end. */
static int give_token(struct route53_call *call, const char *next, const char **out_token)
{
    if (next != NULL && (*out_token = route53_token_make(call, next)) == NULL)
        return route53_no_memory(call);
    return 0;
}

static int open_page(struct page *page, struct route53_call *call, const char *max_items)
{
    *page = (struct page){ .call = call, .summaries.set = true };
    int rc = route53_page_size(call, max_items, ROUTE53_PAGE_SIZE, ROUTE53_PAGE_SIZE, &page->size);
    if (rc != 0)
        return rc;
    page->summaries.items =
        arena_alloc(call->arena, page->size * sizeof(struct r53_hosted_zone_summary));
    return page->summaries.items == NULL ? route53_no_memory(call) : 0;
}

int route53_list_hosted_zones_by_vpc(struct route53_call *call)
{
    const struct r53_list_hosted_zones_by_vpc_query *query = call->query;
    struct r53_list_hosted_zones_by_vpc_response *response = call->response;
    struct r53_vpc asked = { query->vpc_region, query->vpc_id };
    const char *from;
    struct vpc vpc;
    struct page page;
    struct store_visitor visitor = { .zone = add_summary, .context = &page };
    int rc = open_page(&page, call, query->max_items);
    if (rc == 0)
        rc = read_token(call, query->next_token, &from);
    if (rc == 0)
        rc = route53_read_vpc(call, &asked, &vpc);
    if (rc != 0)
        return rc;
    rc = control_visit_zones_of_vpc(call->control, &vpc, from, page.size + 1, &visitor,
                                    &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->hosted_zone_summaries = page.summaries;
    response->max_items = route53_number(call, page.size);
    return give_token(call, page.next, &response->next_token);
}

/* ---- authorizations (A-VPC-9) ---- */

static int check_authorization_count(struct route53_call *call, const struct hosted_zone *zone)
{
    unsigned most = control_quotas(call->control)->vpc_authorizations_per_zone;
    uint64_t count;
    int rc = control_count_vpc_authorizations(call->control, zone, &count, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    return count < most ? 0
                        : route53_refuse(call, TOO_MANY_VPC_ASSOCIATION_AUTHORIZATIONS,
                                         "Limits Exceeded: Cannot create more than %u VPC "
                                         "association authorizations for a hosted zone.",
                                         most);
}

static int check_private(struct route53_call *call, const struct hosted_zone *zone)
{
    return zone->is_private ? 0
                            : route53_refuse(call, INVALID_INPUT,
                                             "Hosted zone %s is public: VPCs are associated with "
                                             "private hosted zones only.",
                                             zone->public_id);
}

int route53_create_vpc_association_authorization(struct route53_call *call)
{
    const struct r53_create_vpc_association_authorization_request *asked = call->body;
    struct r53_create_vpc_association_authorization_response *response = call->response;
    struct hosted_zone zone;
    struct vpc vpc;
    int rc = route53_find_zone(call, call->zone, &zone);
    if (rc == 0)
        rc = route53_read_vpc(call, asked->vpc, &vpc);
    if (rc == 0)
        rc = check_private(call, &zone);
    if (rc == 0)
        rc = check_authorization_count(call, &zone);
    if (rc != 0)
        return rc;
    rc = control_authorize_vpc(call->control, &zone, &vpc, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->hosted_zone_id = call->zone;
    response->vpc = ROUTE53_NEW(call, struct r53_vpc);
    return response->vpc == NULL ? route53_no_memory(call)
                                 : route53_fill_vpc(call, &vpc, response->vpc);
}

int route53_delete_vpc_association_authorization(struct route53_call *call)
{
    const struct r53_delete_vpc_association_authorization_request *asked = call->body;
    struct hosted_zone zone;
    struct vpc vpc;
    int rc = route53_find_zone(call, call->zone, &zone);
    if (rc == 0)
        rc = route53_read_vpc(call, asked->vpc, &vpc);
    if (rc != 0)
        return rc;
    rc = control_deauthorize_vpc(call->control, &zone, vpc.id, region_of(asked->vpc),
                                 &call->problem);
    if (rc == SP_ENOENT)
        return route53_refuse(call, VPC_ASSOCIATION_AUTHORIZATION_NOT_FOUND,
                              "The VPC %s is not authorized to be associated with hosted zone %s.",
                              vpc.id, zone.public_id);
    return rc == 0 ? 0 : route53_pass(call, rc);
}

int route53_list_vpc_association_authorizations(struct route53_call *call)
{
    const struct r53_list_vpc_association_authorizations_query *query = call->query;
    struct r53_list_vpc_association_authorizations_response *response = call->response;
    struct hosted_zone zone;
    struct vpc_list list;
    struct vpc_visitor visitor = { add_vpc, &list };
    const char *from = "";
    unsigned size = 0;
    int rc = route53_find_zone(call, call->zone, &zone);
    if (rc == 0)
        rc = route53_page_size(call, query->max_results, ROUTE53_PAGE_SIZE, ROUTE53_PAGE_SIZE,
                               &size);
    if (rc == 0)
        rc = read_token(call, query->next_token, &from);
    if (rc == 0)
        rc = open_list(&list, call, size);
    if (rc != 0)
        return rc;
    rc = control_visit_vpc_authorizations(call->control, &zone, from, size + 1, &visitor,
                                          &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->hosted_zone_id = call->zone;
    response->vpcs = list.vpcs;
    return give_token(call, list.next, &response->next_token);
}
