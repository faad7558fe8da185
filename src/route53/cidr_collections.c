/*
 * CIDR collections (A-CID).  They are few and read whole; pages are cut out of them here.
 */
#include "operations.h"

#include "signpost/control/collections.h"

#include <string.h>

#define PAGE_MAX 100 /* A-XML-11 */

/* Why control has refused, where the API has a code for it. */
static int refuse(struct route53_call *call, int rc)
{
    const char *why = call->problem.text;
    switch (rc) {
    case SP_EEXIST:
        return route53_refuse(call, CIDR_COLLECTION_ALREADY_EXISTS, "%s", why);
    case SP_ECONFLICT:
        return route53_refuse(call, CIDR_BLOCK_IN_USE, "%s", why);
    case SP_ELIMIT:
        return route53_refuse(call, LIMITS_EXCEEDED, "%s", why);
    default:
        return route53_pass(call, rc);
    }
}

/* The API knows collections by their ids alone. */
static int find(struct route53_call *call, struct cidr_collection *out_collection)
{
    int rc = control_read_collection(call->control, call->id, out_collection, &call->problem);
    if (rc != 0 && rc != SP_ENOENT)
        return route53_pass(call, rc);
    if (rc == 0 && strcmp(out_collection->id, call->id) == 0)
        return 0;
    return route53_refuse(call, NO_SUCH_CIDR_COLLECTION,
                          "The CIDR collection with ID %s was not found.", call->id);
}

static const char *arn(struct route53_call *call, const struct cidr_collection *collection)
{
    return arena_format(call->arena, "arn:aws:route53:::cidrcollection/%s", collection->id);
}

/* ---- making, changing, deleting ---- */

int route53_create_cidr_collection(struct route53_call *call)
{
    const struct r53_create_cidr_collection_request *request = call->body;
    struct r53_create_cidr_collection_response *response = call->response;
    struct cidr_collection made;
    int rc = control_request_collection(call->control, request->name, request->caller_reference,
                                        &made, &call->problem);
    if (rc != 0)
        return refuse(call, rc);
    struct r53_cidr_collection *collection = ROUTE53_NEW(call, struct r53_cidr_collection);
    call->location = arena_format(call->arena, "cidrcollection/%s", made.id);
    if (collection == NULL || call->location == NULL)
        return route53_no_memory(call);
    collection->arn = arn(call, &made);
    collection->id = route53_copy(call, made.id);
    collection->name = request->name;
    collection->version = (struct xml_integer){ true, (int64_t)made.version };
    response->collection = collection;
    call->changed = true;
    return collection->arn == NULL || collection->id == NULL ? route53_no_memory(call) : 0;
}

static uint32_t count_blocks(const struct r53_change_cidr_collection_request *request)
{
    const struct r53_cidr_collection_change *changes = request->changes.items;
    uint32_t count = 0;
    for (unsigned i = 0; i < request->changes.count; i++)
        count += changes[i].cidr_list.count;
    return count;
}

static int read_blocks(struct route53_call *call, const struct r53_cidr_collection_change *change,
                       struct cidr_change *items)
{
    const char *const *texts = change->cidr_list.items;
    bool is_put = strcmp(change->action, "PUT") == 0;
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < change->cidr_list.count; i++) {
        items[i].action = is_put ? CIDR_PUT : CIDR_REMOVE;
        rc = cidr_block_from_text(&items[i].block, change->location_name, texts[i], &call->problem);
    }
    return rc == 0 ? 0 : route53_pass(call, rc);
}

/* R-CID-3: at most so many blocks in one request; then each of them as the model wants it. */
static int read_batch(struct route53_call *call, struct cidr_batch *out_batch)
{
    const struct r53_change_cidr_collection_request *request = call->body;
    const struct r53_cidr_collection_change *changes = request->changes.items;
    uint32_t count = count_blocks(request);
    if (count > CIDR_BLOCKS_MAX)
        return route53_refuse(call, LIMITS_EXCEEDED,
                              "The request changes %u CIDR blocks: at most %d may be changed at a "
                              "time.",
                              count, CIDR_BLOCKS_MAX);
    struct cidr_change *items = arena_alloc(call->arena, (count + 1u) * sizeof *items);
    int rc = items == NULL ? route53_no_memory(call) : 0;
    *out_batch = (struct cidr_batch){ .count = count, .items = items };
    for (unsigned i = 0; rc == 0 && i < request->changes.count; i++) {
        rc = read_blocks(call, &changes[i], items);
        items += changes[i].cidr_list.count;
    }
    return rc;
}

int route53_change_cidr_collection(struct route53_call *call)
{
    const struct r53_change_cidr_collection_request *request = call->body;
    struct r53_change_cidr_collection_response *response = call->response;
    struct cidr_collection collection;
    struct cidr_batch batch;
    int rc = find(call, &collection);
    if (rc == 0)
        rc = read_batch(call, &batch);
    if (rc != 0)
        return rc;
    if (request->collection_version.set &&
        (uint64_t)request->collection_version.value != collection.version)
        return route53_refuse(call, CIDR_COLLECTION_VERSION_MISMATCH,
                              "The CIDR collection is at version %llu, not %lld.",
                              (unsigned long long)collection.version,
                              (long long)request->collection_version.value);
    rc = control_change_collection(call->control, call->id, &batch, &collection, &call->problem);
    if (rc != 0)
        return refuse(call, rc);
    response->id = call->id;
    call->changed = true;
    return 0;
}

/* A-CID-4. */
int route53_delete_cidr_collection(struct route53_call *call)
{
    struct cidr_collection collection;
    int rc = find(call, &collection);
    if (rc != 0)
        return rc;
    if (collection.block_count > 0)
        return route53_refuse(call, CIDR_COLLECTION_IN_USE,
                              "The CIDR collection has %u CIDR blocks: delete them first.",
                              collection.block_count);
    rc = control_delete_collection(call->control, call->id, &call->problem);
    if (rc == SP_ECONFLICT)
        return route53_refuse(call, CIDR_COLLECTION_IN_USE, "%s", call->problem.text);
    call->changed = rc == 0;
    return rc == 0 ? 0 : route53_pass(call, rc);
}

/* ---- lists ---- */

/* One page: what is listed is offered in order, from the token on, which is a lower bound. */
struct page {
    struct route53_call *call;
    const char *from; /* "": from the beginning */
    unsigned size, count;
    const char *next; /* the text of the next page's token; NULL: this is the last */
};

static int open_page(struct route53_call *call, const char *token, const char *max_results,
                     struct page *out_page)
{
    *out_page = (struct page){ .call = call, .from = "" };
    if (token != NULL) {
        out_page->from = route53_token_open(call, token);
        if (out_page->from == NULL)
            return route53_refuse(call, INVALID_INPUT, "The NextToken is not valid.");
    }
    return route53_page_size(call, max_results, PAGE_MAX, PAGE_MAX, &out_page->size);
}

/* Whether what has that key goes onto the page. */
static bool take(struct page *page, const char *key)
{
    if (page->next != NULL || strcmp(key, page->from) < 0)
        return false;
    if (page->count < page->size) {
        page->count++;
        return true;
    }
    page->next = route53_copy(page->call, key);
    return false;
}

static int close_page(const struct page *page, const char **out_token)
{
    if (page->next == NULL)
        return 0;
    *out_token = route53_token_make(page->call, page->next);
    return *out_token == NULL ? route53_no_memory(page->call) : 0;
}

struct collections_page {
    struct page page;
    struct r53_collection_summary *items;
};

static int list_collection(void *context, const struct cidr_collection *collection)
{
    struct collections_page *list = context;
    struct route53_call *call = list->page.call;
    if (!take(&list->page, collection->name))
        return 0;
    struct r53_collection_summary *item = &list->items[list->page.count - 1];
    item->arn = arn(call, collection);
    item->id = route53_copy(call, collection->id);
    item->name = route53_copy(call, collection->name);
    item->version = (struct xml_integer){ true, (int64_t)collection->version };
    return item->arn == NULL || item->id == NULL || item->name == NULL ? SP_ENOMEM : 0;
}

int route53_list_cidr_collections(struct route53_call *call)
{
    const struct r53_list_cidr_collections_query *query = call->query;
    struct r53_list_cidr_collections_response *response = call->response;
    struct collections_page list;
    struct store_object_visitor visitor = { .collection = list_collection, .context = &list };
    int rc = open_page(call, query->next_token, query->max_results, &list.page);
    if (rc != 0)
        return rc;
    list.items = arena_alloc(call->arena, list.page.size * sizeof *list.items);
    if (list.items == NULL)
        return route53_no_memory(call);
    rc = control_list_collections(call->control, &visitor, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->cidr_collections = (struct xml_list){ true, list.page.count, list.items };
    return close_page(&list.page, &response->next_token);
}

/* The default location is listed while record sets name it; "*" sorts before every other. */
static int list_default(struct page *page, struct r53_location_summary *items,
                        const struct cidr_collection *collection)
{
    uint64_t users = 0;
    int rc = control_count_location_users(page->call->control, collection->id, "*", &users,
                                          &page->call->problem);
    if (rc != 0)
        return route53_pass(page->call, rc);
    if (users > 0 && take(page, "*"))
        items[page->count - 1].location_name = "*";
    return 0;
}

static int list_locations(struct page *page, struct r53_location_summary *items,
                          const struct cidr_collection *collection)
{
    int rc = list_default(page, items, collection);
    for (uint32_t at = 0; rc == 0 && at < collection->block_count;
         at += cidr_location_size(collection, at)) {
        if (!take(page, collection->blocks[at].location))
            continue;
        const char *name = route53_copy(page->call, collection->blocks[at].location);
        items[page->count - 1].location_name = name;
        rc = name == NULL ? route53_no_memory(page->call) : 0;
    }
    return rc;
}

int route53_list_cidr_locations(struct route53_call *call)
{
    const struct r53_list_cidr_locations_query *query = call->query;
    struct r53_list_cidr_locations_response *response = call->response;
    struct cidr_collection collection;
    struct page page;
    int rc = find(call, &collection);
    if (rc == 0)
        rc = open_page(call, query->next_token, query->max_results, &page);
    if (rc != 0)
        return rc;
    struct r53_location_summary *items = arena_alloc(call->arena, page.size * sizeof *items);
    if (items == NULL)
        return route53_no_memory(call);
    rc = list_locations(&page, items, &collection);
    if (rc != 0)
        return rc;
    response->cidr_locations = (struct xml_list){ true, page.count, items };
    return close_page(&page, &response->next_token);
}

/* Blocks have an order of their own, so that "location block" of the next page is read back. */
static bool read_block(struct route53_call *call, const char *text, struct cidr_block *out_block)
{
    size_t size = strcspn(text, " ");
    const char *location = arena_format(call->arena, "%.*s", (int)size, text);
    return location != NULL && text[size] == ' ' &&
           cidr_block_from_text(out_block, location, text + size + 1, &call->problem) == 0;
}

struct blocks_page {
    struct route53_call *call;
    const char *location; /* NULL: of all */
    struct cidr_block from;
    unsigned size, count;
    struct r53_cidr_block_summary *items;
};

/* The block that begins the next page, NULL when there is none. */
static const struct cidr_block *list_blocks(struct blocks_page *page,
                                            const struct cidr_collection *collection)
{
    char text[PREFIX_TEXT_SIZE];
    for (uint32_t i = 0; i < collection->block_count; i++) {
        const struct cidr_block *block = &collection->blocks[i];
        if (cidr_block_compare(block, &page->from) < 0 ||
            (page->location != NULL && strcmp(block->location, page->location) != 0))
            continue;
        if (page->count == page->size)
            return block;
        page->items[page->count++] = (struct r53_cidr_block_summary){
            .cidr_block = route53_copy(page->call, prefix_to_text(text, &block->prefix)),
            .location_name = route53_copy(page->call, block->location),
        };
    }
    return NULL;
}

static int open_blocks(struct route53_call *call, struct blocks_page *out_page)
{
    const struct r53_list_cidr_blocks_query *query = call->query;
    struct page page;
    int rc = open_page(call, query->next_token, query->max_results, &page);
    if (rc != 0)
        return rc;
    *out_page =
        (struct blocks_page){ .call = call, .location = query->location_name, .size = page.size };
    if (page.from[0] != '\0' && !read_block(call, page.from, &out_page->from))
        return route53_refuse(call, INVALID_INPUT, "The NextToken is not valid.");
    out_page->items = arena_alloc(call->arena, page.size * sizeof *out_page->items);
    return out_page->items == NULL ? route53_no_memory(call) : 0;
}

int route53_list_cidr_blocks(struct route53_call *call)
{
    struct r53_list_cidr_blocks_response *response = call->response;
    struct cidr_collection collection;
    struct blocks_page page;
    char text[PREFIX_TEXT_SIZE];
    int rc = find(call, &collection);
    if (rc == 0)
        rc = open_blocks(call, &page);
    if (rc != 0)
        return rc;
    if (page.location != NULL && !cidr_collection_has_location(&collection, page.location))
        return route53_refuse(call, NO_SUCH_CIDR_LOCATION,
                              "The CIDR collection has no location %s.", page.location);
    const struct cidr_block *next = list_blocks(&page, &collection);
    response->cidr_blocks = (struct xml_list){ true, page.count, page.items };
    if (next == NULL)
        return 0;
    const char *key =
        arena_format(call->arena, "%s %s", next->location, prefix_to_text(text, &next->prefix));
    response->next_token = key == NULL ? NULL : route53_token_make(call, key);
    return response->next_token == NULL ? route53_no_memory(call) : 0;
}
