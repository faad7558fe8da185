/*
 * TestDNSAnswer (A-TDA-1, R-TST-1, R-TST-2): a question goes through the code that answers the
 * network, over the zone that is named and no other, whether DNS is answered from it or not.
 */
#include "operations.h"
#include "values.h"
#include "zones.h"

#include "signpost/base/dice.h"
#include "signpost/control/explain.h"

#include <stdlib.h>
#include <string.h>

/* A resolver in us-east-1, for whoever names none: an address of Amazon's there. */
#define DEFAULT_RESOLVER "3.80.0.1"

/* Where it is, if neither the location table nor a file knows better. */
static struct place place_of_default(void)
{
    return (struct place){ .continent = GEO_CONTINENT_NONE,
                           .region = (uint8_t)geo_region_find("us-east-1"),
                           .country = "US",
                           .subdivision = "VA" };
}

/* ---- the question ---- */

static int read_address(struct route53_call *call, const char *name, const char *text,
                        struct ip_prefix *out_address)
{
    if (prefix_from_text(out_address, text) == NULL &&
        out_address->length == prefix_bits(out_address->family))
        return 0;
    return route53_refuse(call, INVALID_INPUT, "%s: '%s' is no IP address.", name, text);
}

/* The bits of the client's address that count: 24 or 64 unless the request says. */
static int read_subnet(struct route53_call *call, const struct r53_test_dns_answer_query *query,
                       struct ip_prefix *out_subnet)
{
    const char *mask = query->edns0_client_subnet_mask;
    int rc = read_address(call, "EDNS0ClientSubnetIP", query->edns0_client_subnet_ip, out_subnet);
    if (rc != 0)
        return rc;
    unsigned most = prefix_bits(out_subnet->family);
    unsigned long length = out_subnet->family == IP_V4 ? 24 : 64;
    if (mask != NULL) {
        length = strtoul(mask, NULL, 10);
        if (mask[strspn(mask, "0123456789")] != '\0' || length > most)
            return route53_refuse(call, INVALID_INPUT,
                                  "EDNS0ClientSubnetMask: '%s' is no number from 0 to %u.", mask,
                                  most);
    }
    out_subnet->length = (uint8_t)length;
    prefix_mask(out_subnet);
    return 0;
}

static int read_client(struct route53_call *call, const struct r53_test_dns_answer_query *query,
                       struct question *question)
{
    const char *resolver = query->resolver_ip != NULL ? query->resolver_ip : DEFAULT_RESOLVER;
    int rc = read_address(call, "ResolverIP", resolver, &question->source);
    if (rc != 0)
        return rc;
    question->has_subnet = query->edns0_client_subnet_ip != NULL;
    if (question->has_subnet)
        return read_subnet(call, query, &question->subnet);
    if (query->edns0_client_subnet_mask != NULL)
        return route53_refuse(call, INVALID_INPUT,
                              "EDNS0ClientSubnetMask must come with EDNS0ClientSubnetIP.");
    return 0;
}

static int read_name(struct route53_call *call, const char *text, const struct hosted_zone *zone,
                     uint8_t out_name[DNS_NAME_SIZE_MAX])
{
    const char *fault = route53_read_name(call->arena, text, true, out_name);
    if (fault != NULL)
        return route53_refuse(call, INVALID_INPUT, "%s", fault);
    if (!dns_name_is_within(out_name, zone->name))
        return route53_refuse(call, INVALID_INPUT, "RecordName: '%s' is not in the hosted zone %s.",
                              text, zone->public_id);
    return 0;
}

static int find_zone(struct route53_call *call, const char *id, struct hosted_zone *out_zone)
{
    const char *bare;
    int rc = route53_read_id(call, id, "hostedzone", ID_OF_QUERY, &bare);
    if (rc == 0)
        rc = route53_find_zone(call, id, out_zone);
    if (rc == 0 && out_zone->is_private)
        rc = route53_refuse(call, INVALID_INPUT,
                            "TestDNSAnswer is for public hosted zones, and %s is private.", id);
    return rc;
}

/* ---- the answer ---- */

static const char *rcode_name(uint8_t rcode)
{
    static const char *const names[] = { "NOERROR",  "FORMERR", "SERVFAIL",
                                         "NXDOMAIN", "NOTIMP",  "REFUSED" };
    return rcode < sizeof names / sizeof names[0] ? names[rcode] : "SERVFAIL";
}

static int put_records(struct route53_call *call, const struct explanation *explanation,
                       struct xml_list *out_list)
{
    unsigned count = explanation->answer_count;
    const char **items = arena_alloc(call->arena, (count + 1) * sizeof *items);
    if (items == NULL)
        return route53_no_memory(call);
    for (unsigned i = 0; i < count; i++) {
        const struct reply_record *record = &explanation->answers[i];
        items[i] = route53_value_text(call->arena, record->type, record->rdata);
        if (items[i] == NULL)
            return route53_no_memory(call);
    }
    *out_list = (struct xml_list){ true, count, items };
    return 0;
}

/* The first of the zone's name servers, as delegation sets are listed. */
static int put_server(struct route53_call *call, const struct hosted_zone *zone)
{
    struct r53_test_dns_answer_response *response = call->response;
    struct r53_delegation_set set = { 0 };
    int rc = route53_fill_delegation_set(call, NULL, zone->name_servers, &set);
    if (rc == 0)
        response->nameserver = *(const char *const *)set.name_servers.items;
    return rc;
}

static int tell(struct route53_call *call, const struct hosted_zone *zone,
                const struct question *question, const struct explanation *explanation)
{
    const struct r53_test_dns_answer_query *query = call->query;
    struct r53_test_dns_answer_response *response = call->response;
    response->record_name = route53_name_text(call, question->name);
    response->record_type = query->record_type;
    response->response_code = rcode_name(explanation->rcode);
    response->protocol = "UDP";
    if (response->record_name == NULL)
        return route53_no_memory(call);
    int rc = put_server(call, zone);
    return rc != 0 ? rc : put_records(call, explanation, &response->record_data);
}

static int ask(struct route53_call *call, const struct hosted_zone *zone,
               const struct question *question)
{
    const struct r53_test_dns_answer_query *query = call->query;
    struct place place = place_of_default();
    bool is_default = query->resolver_ip == NULL && !question->has_subnet;
    struct explanation *explanation;
    struct dice dice;
    dice_init(&dice);
    int rc = control_explain_zone(call->control, zone, question, is_default ? &place : NULL,
                                  dice_next(&dice), &explanation, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    rc = tell(call, zone, question, explanation);
    explanation_destroy(explanation);
    return rc;
}

int route53_test_dns_answer(struct route53_call *call)
{
    const struct r53_test_dns_answer_query *query = call->query;
    struct question question = { .type = dns_type_find_name(query->record_type)->type };
    struct hosted_zone zone;
    int rc = find_zone(call, query->hosted_zone_id, &zone);
    if (rc == 0)
        rc = read_name(call, query->record_name, &zone, question.name);
    if (rc == 0)
        rc = read_client(call, query, &question);
    return rc == 0 ? ask(call, &zone, &question) : rc;
}
