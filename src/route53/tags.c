#include "operations.h"

#include "signpost/control/tags.h"

#include <string.h>

/* ---- whose tags ---- */

/* A-TAG-1. */
static int find_type(struct route53_call *call, enum tagged *out_tagged)
{
    if (tagged_find(call->type, out_tagged) == 0)
        return 0;
    return route53_refuse(call, INVALID_INPUT,
                          "Invalid XML ; cvc-enumeration-valid: Value '%s' is not facet-valid with "
                          "respect to enumeration '[%s, %s]'. It must be a value from the "
                          "enumeration.",
                          call->type, tagged_name(TAGGED_HEALTH_CHECK),
                          tagged_name(TAGGED_HOSTED_ZONE));
}

/* Ids are literal here: one with its prefix is nobody's (A-ID-2, A-TAG-4). */
static int refuse_problem(struct route53_call *call, enum tagged tagged, const char *id, int rc)
{
    if (rc != SP_ENOENT)
        return route53_pass(call, rc);
    if (tagged == TAGGED_HEALTH_CHECK)
        return route53_refuse(call, NO_SUCH_HEALTH_CHECK,
                              "A health check with id %s does not exist.", id);
    return route53_refuse(call, NO_SUCH_HOSTED_ZONE, "No hosted zone found with ID: %s", id);
}

/* ---- listing ---- */

struct listing {
    struct arena *arena;
    struct r53_tag *tags; /* room for TAGS_PER_RESOURCE_MAX */
    unsigned count;
};

static int list_tag(void *context, const struct tag *tag)
{
    struct listing *listing = context;
    if (listing->count == TAGS_PER_RESOURCE_MAX)
        return 0;
    struct r53_tag *item = &listing->tags[listing->count++];
    item->key = arena_copy(listing->arena, tag->key, strlen(tag->key) + 1);
    item->value = arena_copy(listing->arena, tag->value, strlen(tag->value) + 1);
    return item->key == NULL || item->value == NULL ? SP_ENOMEM : 0;
}

/* A-TAG-5. */
static int list_tags(struct route53_call *call, enum tagged tagged, const char *id,
                     struct r53_resource_tag_set *out_set)
{
    struct listing listing = { .arena = call->arena };
    listing.tags = arena_alloc(call->arena, TAGS_PER_RESOURCE_MAX * sizeof *listing.tags);
    if (listing.tags == NULL)
        return route53_no_memory(call);
    int rc = control_list_tags(call->control, tagged, id, list_tag, &listing, &call->problem);
    if (rc != 0)
        return refuse_problem(call, tagged, id, rc);
    out_set->resource_type = tagged_name(tagged);
    out_set->resource_id = id;
    out_set->tags = (struct xml_list){ true, listing.count, listing.tags };
    return 0;
}

int route53_list_tags_for_resource(struct route53_call *call)
{
    struct r53_list_tags_for_resource_response *response = call->response;
    enum tagged tagged;
    int rc = find_type(call, &tagged);
    if (rc != 0)
        return rc;
    response->resource_tag_set = ROUTE53_NEW(call, struct r53_resource_tag_set);
    if (response->resource_tag_set == NULL)
        return route53_no_memory(call);
    return list_tags(call, tagged, call->id, response->resource_tag_set);
}

/* A-TAG-4: zone ids have 32 characters at most; the shape lets pass what a check's may have. */
static int check_size(struct route53_call *call, enum tagged tagged, const char *id)
{
    size_t size = strlen(id);
    if (tagged != TAGGED_HOSTED_ZONE || size <= ROUTE53_ID_LENGTH_MAX)
        return 0;
    return route53_refuse(call, INVALID_INPUT,
                          "Invalid XML ; cvc-maxLength-valid: Value '%s' with length = '%zu' is "
                          "not facet-valid with respect to maxLength '%d' for type 'ResourceId'.",
                          id, size, ROUTE53_ID_LENGTH_MAX);
}

/* A-TAG-6. */
int route53_list_tags_for_resources(struct route53_call *call)
{
    const struct r53_list_tags_for_resources_request *request = call->body;
    struct r53_list_tags_for_resources_response *response = call->response;
    const char *const *ids = request->resource_ids.items;
    unsigned count = request->resource_ids.count;
    struct r53_resource_tag_set *sets = arena_alloc(call->arena, count * sizeof *sets);
    enum tagged tagged;
    int rc = sets == NULL ? route53_no_memory(call) : find_type(call, &tagged);
    for (unsigned i = 0; rc == 0 && i < count; i++)
        rc = check_size(call, tagged, ids[i]);
    for (unsigned i = 0; rc == 0 && i < count; i++)
        rc = list_tags(call, tagged, ids[i], &sets[i]);
    response->resource_tag_sets = (struct xml_list){ true, count, sets };
    return rc;
}

/* ---- changing ---- */

static int read_added(struct route53_call *call, const struct xml_list *list,
                      struct tag_change *change)
{
    const struct r53_tag *items = list->items;
    struct tag *added = arena_alloc(call->arena, list->count * sizeof *added);
    if (added == NULL)
        return route53_no_memory(call);
    for (unsigned i = 0; i < list->count; i++) {
        added[i].key = items[i].key != NULL ? items[i].key : "";
        added[i].value = items[i].value != NULL ? items[i].value : "";
    }
    change->added = added;
    change->added_count = list->count;
    return 0;
}

/* A-TAG-2. */
int route53_change_tags_for_resource(struct route53_call *call)
{
    const struct r53_change_tags_for_resource_request *request = call->body;
    struct tag_change change = { .removed = request->remove_tag_keys.items,
                                 .removed_count = request->remove_tag_keys.count };
    enum tagged tagged;
    int rc = find_type(call, &tagged);
    if (rc != 0)
        return rc;
    if (request->add_tags.count == 0 && request->remove_tag_keys.count == 0)
        return route53_refuse(call, INVALID_INPUT,
                              "At least one of AddTags and RemoveTagKeys must be specified.");
    rc = read_added(call, &request->add_tags, &change);
    if (rc != 0)
        return rc;
    if (tagged == TAGGED_HOSTED_ZONE)
        call->audit_zone = call->id;
    rc = control_change_tags(call->control, tagged, call->id, &change, &call->problem);
    return rc == 0 ? 0 : refuse_problem(call, tagged, call->id, rc);
}
