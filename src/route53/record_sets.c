#include "batch.h"

#define PAGE_SIZE_DEFAULT 100 /* A-XML-11 */
#define PAGE_SIZE_MAX     300

/* ---- ChangeResourceRecordSets ---- */

/* A-ERR-2: the sentences joined by ", ", in brackets when the batch is at fault. */
static int refuse_batch(struct route53_call *call, const struct change_faults *faults, int rc)
{
    const struct xml_faults list = { call->arena, faults->count, faults->texts };
    bool is_input = rc == SP_EINVAL || rc == SP_ENOENT;
    const char *message =
        is_input && faults->kind != CHANGE_FAULT_NONE ? xml_faults_join(&list) : call->problem.text;
    if (message == NULL)
        return route53_no_memory(call);
    if (is_input && faults->kind == CHANGE_FAULT_INPUT)
        return route53_refuse(call, INVALID_INPUT, "%s", message);
    if (is_input && faults->kind == CHANGE_FAULT_HEALTH_CHECK)
        return route53_refuse(call, NO_SUCH_HEALTH_CHECK, "%s", message);
    if (is_input || rc == SP_ECONFLICT || rc == SP_ELIMIT)
        return route53_refuse(call, INVALID_CHANGE_BATCH, "[%s]", message);
    return route53_pass(call, rc);
}

int route53_change_resource_record_sets(struct route53_call *call)
{
    const struct r53_change_resource_record_sets_request *request = call->body;
    struct r53_change_resource_record_sets_response *response = call->response;
    const char *comment = request->change_batch->comment;
    struct change_faults faults = { .arena = call->arena };
    struct change_batch batch;
    struct hosted_zone zone;
    struct change change;
    int rc = route53_find_zone(call, call->zone, &zone);
    if (rc == 0)
        rc = route53_read_batch(call, request->change_batch, &batch);
    if (rc != 0)
        return rc;
    rc = control_change_sets(call->control, &zone, &batch, comment == NULL ? "" : comment, &change,
                             &faults, &call->problem);
    if (rc != 0)
        return refuse_batch(call, &faults, rc);
    call->changed = true;
    response->change_info = route53_change_info(call, &change);
    return response->change_info == NULL ? route53_no_memory(call) : 0;
}

/* ---- ListResourceRecordSets ---- */

struct page {
    struct route53_call *call;
    unsigned size; /* sets that it may hold; one more shows where the next begins */
    struct r53_resource_record_set *sets;
    struct r53_list_resource_record_sets_response *response;
};

static int keep_next(struct page *page, const uint8_t *owner, const struct record_set *set)
{
    struct r53_resource_record_set next = { 0 };
    int rc = route53_write_set(page->call, owner, set, &next);
    page->response->is_truncated.value = true;
    page->response->next_record_name = next.name;
    page->response->next_record_type = next.type;
    page->response->next_record_identifier = next.set_identifier;
    return rc;
}

static int visit_set(void *context, const uint8_t *owner, const struct record_set *set)
{
    struct page *page = context;
    struct xml_list *list = &page->response->resource_record_sets;
    if (list->count == page->size)
        return keep_next(page, owner, set);
    return route53_write_set(page->call, owner, set, &page->sets[list->count++]);
}

/* Where the page begins (A-LST-4).  The key is written into the room given. */
static int read_start(struct route53_call *call, char key[DNS_NAME_TEXT_SIZE],
                      struct set_position *out_start)
{
    const struct r53_list_resource_record_sets_query *query = call->query;
    const char *name = query->start_record_name, *type = query->start_record_type;
    const char *identifier = query->start_record_identifier;
    uint8_t owner[DNS_NAME_SIZE_MAX];
    if ((name == NULL && type != NULL) || (type == NULL && identifier != NULL))
        return route53_refuse(call, INVALID_INPUT, "The input is not valid");
    const char *fault = name == NULL ? NULL : route53_read_name(call->arena, name, true, owner);
    if (fault != NULL)
        return route53_refuse(call, INVALID_INPUT, "%s", fault);
    key[0] = '\0';
    if (name != NULL)
        dns_name_to_key(key, owner);
    *out_start = (struct set_position){ key, type == NULL ? "" : type,
                                        identifier == NULL ? "" : identifier };
    return 0;
}

static int visit_sets(struct page *page, const struct hosted_zone *zone,
                      const struct set_position *start)
{
    struct route53_call *call = page->call;
    struct xml_list *list = &page->response->resource_record_sets;
    page->sets = arena_alloc(call->arena, page->size * sizeof *page->sets);
    if (page->sets == NULL)
        return route53_no_memory(call);
    *list = (struct xml_list){ true, 0, page->sets };
    page->response->is_truncated.set = true;
    int rc = control_visit_sets(call->control, zone, start, page->size + 1, visit_set, page,
                                &call->problem);
    return rc == 0 ? 0 : route53_pass(call, rc);
}

int route53_list_resource_record_sets(struct route53_call *call)
{
    const struct r53_list_resource_record_sets_query *query = call->query;
    struct page page = { .call = call, .response = call->response };
    struct set_position start;
    struct hosted_zone zone;
    char key[DNS_NAME_TEXT_SIZE];
    int rc = route53_find_zone(call, call->zone, &zone);
    if (rc == 0)
        rc =
            route53_page_size(call, query->max_items, PAGE_SIZE_DEFAULT, PAGE_SIZE_MAX, &page.size);
    if (rc == 0)
        rc = read_start(call, key, &start);
    if (rc == 0)
        rc = visit_sets(&page, &zone, &start);
    if (rc != 0)
        return rc;
    page.response->max_items = route53_number(call, page.size);
    return page.response->max_items == NULL ? route53_no_memory(call) : 0;
}
