/*
 * Traffic policies and their versions (A-TPF-1, A-TPF-2).
 */
#include "operations.h"
#include "traffic.h"
#include "values.h"

#include "signpost/dns/types.h"

#include <stdlib.h>
#include <string.h>

int route53_read_traffic_document(struct route53_call *call, const char *text,
                                  struct traffic_document *out_document)
{
    int rc =
        traffic_document_read(call->arena, text, route53_read_value, out_document, &call->problem);
    if (rc == SP_EINVAL)
        return route53_refuse(call, INVALID_TRAFFIC_POLICY_DOCUMENT, "%s", call->problem.text);
    return rc == 0 ? 0 : route53_pass(call, rc);
}

static int no_such_policy(struct route53_call *call, const char *id)
{
    return route53_refuse(call, NO_SUCH_TRAFFIC_POLICY,
                          "No traffic policy exists with the specified ID: %s", id);
}

int route53_find_traffic_version(struct route53_call *call, const char *policy_id, uint32_t version,
                                 struct traffic_version *out_version)
{
    int rc = control_read_traffic_version(call->control, policy_id, version, call->arena,
                                          out_version, &call->problem);
    if (rc == SP_ENOENT)
        return route53_refuse(call, NO_SUCH_TRAFFIC_POLICY,
                              "No traffic policy exists with the specified ID and version: %s, %u",
                              policy_id, version);
    return rc == 0 ? 0 : route53_pass(call, rc);
}

/* Of the path; what is no number is no version. */
static int read_version(struct route53_call *call, uint32_t *out_version)
{
    char *end;
    unsigned long version = strtoul(call->version, &end, 10);
    if (call->version[0] < '0' || call->version[0] > '9' || *end != '\0' || version < 1 ||
        version > TRAFFIC_POLICY_VERSIONS_MAX)
        return route53_refuse(call, INVALID_INPUT,
                              "1 validation error detected: Value '%s' at 'version' failed to "
                              "satisfy constraint: Member must be a number from 1 to %d",
                              call->version, TRAFFIC_POLICY_VERSIONS_MAX);
    *out_version = (uint32_t)version;
    return 0;
}

/* ---- answers ---- */

/* The texts of the version must live as long as the call; comments that are empty are left out. */
static int fill(struct route53_call *call, const struct traffic_version *version,
                struct r53_traffic_policy *out)
{
    *out = (struct r53_traffic_policy){
        .id = route53_copy(call, version->policy_id),
        .version = { true, version->version },
        .name = version->name,
        .type = dns_type_find(version->type)->name,
        .document = version->document,
        .comment = version->comment[0] == '\0' ? NULL : version->comment,
    };
    return out->id == NULL ? SP_ENOMEM : 0;
}

static int tell(struct route53_call *call, const struct traffic_version *version,
                struct r53_traffic_policy **out_policy)
{
    *out_policy = ROUTE53_NEW(call, struct r53_traffic_policy);
    if (*out_policy == NULL || fill(call, version, *out_policy) != 0)
        return route53_no_memory(call);
    return 0;
}

/* The same with 201 and its Location. */
static int tell_new(struct route53_call *call, const struct traffic_version *version,
                    struct r53_traffic_policy **out_policy)
{
    call->location =
        arena_format(call->arena, "trafficpolicy/%s/%u", version->policy_id, version->version);
    return call->location == NULL ? route53_no_memory(call) : tell(call, version, out_policy);
}

/* ---- one policy ---- */

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

static int make_version(struct route53_call *call, const char *document, const char *comment,
                        struct traffic_version *out_version)
{
    struct traffic_document read;
    int rc = route53_read_traffic_document(call, document, &read);
    if (rc != 0)
        return rc;
    *out_version = (struct traffic_version){ .type = read.type,
                                             .document = document,
                                             .comment = or_empty(comment) };
    return 0;
}

int route53_create_traffic_policy(struct route53_call *call)
{
    const struct r53_create_traffic_policy_request *request = call->body;
    struct r53_create_traffic_policy_response *response = call->response;
    struct traffic_version version;
    int rc = make_version(call, request->document, request->comment, &version);
    if (rc != 0)
        return rc;
    version.name = request->name;
    rc = control_create_traffic_policy(call->control, &version, &call->problem);
    if (rc == SP_EEXIST)
        return route53_refuse(call, TRAFFIC_POLICY_ALREADY_EXISTS, "%s", call->problem.text);
    if (rc == SP_ELIMIT)
        return route53_refuse(call, TOO_MANY_TRAFFIC_POLICIES, "%s", call->problem.text);
    return rc == 0 ? tell_new(call, &version, &response->traffic_policy) : route53_pass(call, rc);
}

/* A-ERR-5: whether there is the policy comes before what is wrong with the document. */
static int find_policy(struct route53_call *call, struct traffic_policy *out_policy)
{
    int rc = control_find_traffic_policy(call->control, call->id, out_policy, &call->problem);
    if (rc == SP_ENOENT)
        return no_such_policy(call, call->id);
    return rc == 0 ? 0 : route53_pass(call, rc);
}

int route53_create_traffic_policy_version(struct route53_call *call)
{
    const struct r53_create_traffic_policy_version_request *request = call->body;
    struct r53_create_traffic_policy_version_response *response = call->response;
    struct traffic_policy policy;
    struct traffic_version version;
    int rc = find_policy(call, &policy);
    if (rc == 0)
        rc = make_version(call, request->document, request->comment, &version);
    if (rc != 0)
        return rc;
    memcpy(version.policy_id, policy.id, sizeof version.policy_id);
    rc = control_add_traffic_version(call->control, &version, call->arena, &call->problem);
    if (rc == SP_ELIMIT)
        return route53_refuse(call, TOO_MANY_TRAFFIC_POLICY_VERSIONS, "%s", call->problem.text);
    return rc == 0 ? tell_new(call, &version, &response->traffic_policy) : route53_pass(call, rc);
}

int route53_get_traffic_policy(struct route53_call *call)
{
    struct r53_get_traffic_policy_response *response = call->response;
    struct traffic_version version;
    uint32_t number;
    int rc = read_version(call, &number);
    if (rc == 0)
        rc = route53_find_traffic_version(call, call->id, number, &version);
    return rc == 0 ? tell(call, &version, &response->traffic_policy) : rc;
}

int route53_update_traffic_policy_comment(struct route53_call *call)
{
    const struct r53_update_traffic_policy_comment_request *request = call->body;
    struct r53_update_traffic_policy_comment_response *response = call->response;
    struct traffic_version version;
    uint32_t number;
    int rc = read_version(call, &number);
    if (rc == 0)
        rc = route53_find_traffic_version(call, call->id, number, &version);
    if (rc != 0)
        return rc;
    version.comment = request->comment;
    rc = control_set_traffic_comment(call->control, call->id, number, version.comment,
                                     &call->problem);
    return rc == 0 ? tell(call, &version, &response->traffic_policy) : route53_pass(call, rc);
}

int route53_delete_traffic_policy(struct route53_call *call)
{
    struct traffic_version version;
    uint32_t number;
    int rc = read_version(call, &number);
    if (rc == 0)
        rc = route53_find_traffic_version(call, call->id, number, &version);
    if (rc != 0)
        return rc;
    rc = control_delete_traffic_version(call->control, call->id, number, &call->problem);
    if (rc == SP_ECONFLICT)
        return route53_refuse(call, TRAFFIC_POLICY_IN_USE, "%s", call->problem.text);
    return rc == 0 ? 0 : route53_pass(call, rc);
}

/* ---- lists ---- */

struct policy_page {
    struct route53_call *call;
    struct r53_traffic_policy_summary *items;
    unsigned size, count;
    const char *next; /* the id that begins the next page; NULL: this is the last */
};

static int list_policy(void *context, const struct traffic_policy *policy)
{
    struct policy_page *page = context;
    const char *id = route53_copy(page->call, policy->id);
    if (page->count == page->size) {
        page->next = id;
        return id == NULL ? SP_ENOMEM : 0;
    }
    struct r53_traffic_policy_summary *summary = &page->items[page->count++];
    *summary = (struct r53_traffic_policy_summary){
        .id = id,
        .name = route53_copy(page->call, policy->name),
        .type = dns_type_find(policy->type)->name,
        .latest_version = { true, policy->latest_version },
        .traffic_policy_count = { true, policy->version_count },
    };
    return id == NULL || summary->name == NULL ? SP_ENOMEM : 0;
}

static int find_first(struct route53_call *call, const char *marker, int64_t *out_from)
{
    struct traffic_policy policy = { .number = 0 };
    int rc = marker == NULL
                 ? 0
                 : control_find_traffic_policy(call->control, marker, &policy, &call->problem);
    if (rc == SP_ENOENT)
        return route53_refuse(call, INVALID_INPUT,
                              "The marker %s is not the ID of a traffic policy.", marker);
    if (rc != 0)
        return route53_pass(call, rc);
    *out_from = policy.number;
    return 0;
}

int route53_list_traffic_policies(struct route53_call *call)
{
    const struct r53_list_traffic_policies_query *query = call->query;
    struct r53_list_traffic_policies_response *response = call->response;
    struct policy_page page = { .call = call };
    int64_t from = 0;
    int rc =
        route53_page_size(call, query->max_items, TRAFFIC_PAGE_MAX, TRAFFIC_PAGE_MAX, &page.size);
    if (rc == 0)
        rc = find_first(call, query->traffic_policy_id_marker, &from);
    if (rc != 0)
        return rc;
    page.items = arena_alloc(call->arena, page.size * sizeof *page.items);
    response->max_items = route53_number(call, page.size);
    if (page.items == NULL || response->max_items == NULL)
        return route53_no_memory(call);
    rc = control_visit_traffic_policies(call->control, from, page.size + 1, list_policy, &page,
                                        &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->traffic_policy_summaries = (struct xml_list){ true, page.count, page.items };
    response->is_truncated = (struct xml_boolean){ true, page.next != NULL };
    response->traffic_policy_id_marker = or_empty(page.next);
    return 0;
}

struct version_page {
    struct route53_call *call;
    struct r53_traffic_policy *items;
    unsigned size, count;
    uint32_t next; /* that begins the next page; 0: this is the last */
};

static int list_version(void *context, const struct traffic_version *version)
{
    struct version_page *page = context;
    struct traffic_version kept = *version;
    if (page->count == page->size) {
        page->next = version->version;
        return 0;
    }
    kept.name = route53_copy(page->call, version->name);
    kept.document = route53_copy(page->call, version->document);
    kept.comment = route53_copy(page->call, version->comment);
    if (kept.name == NULL || kept.document == NULL || kept.comment == NULL)
        return SP_ENOMEM;
    return fill(page->call, &kept, &page->items[page->count++]);
}

static int read_version_marker(struct route53_call *call, const char *marker, uint32_t *out_from)
{
    char *end = NULL;
    unsigned long from = marker == NULL ? 0 : strtoul(marker, &end, 10);
    if (marker != NULL && (marker[0] < '0' || marker[0] > '9' || *end != '\0'))
        return route53_refuse(call, INVALID_INPUT, "The marker %s is not the number of a version.",
                              marker);
    *out_from = (uint32_t)from;
    return 0;
}

static int fill_versions(struct route53_call *call, uint32_t from, struct version_page *page)
{
    struct r53_list_traffic_policy_versions_response *response = call->response;
    page->items = arena_alloc(call->arena, page->size * sizeof *page->items);
    response->max_items = route53_number(call, page->size);
    if (page->items == NULL || response->max_items == NULL)
        return route53_no_memory(call);
    int rc = control_visit_traffic_versions(call->control, call->id, from, page->size + 1,
                                            list_version, page, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->traffic_policies = (struct xml_list){ true, page->count, page->items };
    response->is_truncated = (struct xml_boolean){ true, page->next != 0 };
    response->traffic_policy_version_marker =
        page->next == 0 ? "" : route53_number(call, page->next);
    return response->traffic_policy_version_marker == NULL ? route53_no_memory(call) : 0;
}

int route53_list_traffic_policy_versions(struct route53_call *call)
{
    const struct r53_list_traffic_policy_versions_query *query = call->query;
    struct version_page page = { .call = call };
    struct traffic_policy policy;
    uint32_t from = 0;
    int rc =
        route53_page_size(call, query->max_items, TRAFFIC_PAGE_MAX, TRAFFIC_PAGE_MAX, &page.size);
    if (rc == 0)
        rc = find_policy(call, &policy);
    if (rc == 0)
        rc = read_version_marker(call, query->traffic_policy_version_marker, &from);
    return rc == 0 ? fill_versions(call, from, &page) : rc;
}
