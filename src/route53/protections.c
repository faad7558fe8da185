/*
 * Protected record sets (A-PRT).
 */
#include "operations.h"

#include "fields.h"

#include "signpost/control/protections.h"
#include "signpost/dns/types.h"
#include "signpost/http/buffer.h"

#include <stdio.h>
#include <string.h>

#define PAGE_MAX 300 /* A-XML-11 */

/* ---- what is wrong with the entries of a batch: A-PRT-4 ---- */

struct r53_protection_error {
    const char *record_name;
    const char *record_type;
    const char *code;
    const char *message;
};
struct r53_protection_errors {
    struct xml_list errors;
};

static const struct xml_field protection_error_fields[] = {
    TEXT(protection_error, "RecordName", record_name, REQUIRED, DNSName, 0, XML_UNBOUNDED, ANY),
    TEXT(protection_error, "RecordType", record_type, REQUIRED, RRType, 0, XML_UNBOUNDED, ANY),
    TEXT(protection_error, "Code", code, REQUIRED, String, 0, XML_UNBOUNDED, ANY),
    TEXT(protection_error, "Message", message, REQUIRED, String, 0, XML_UNBOUNDED, ANY),
};
static const struct xml_shape route53_protection_error_shape = {
    "ProtectionError", sizeof(struct r53_protection_error),
    sizeof protection_error_fields / sizeof protection_error_fields[0], protection_error_fields
};
static const struct xml_field item_protection_errors =
    ITEM_STRUCTURE("ProtectionError", ProtectionError, protection_error);
static const struct xml_field protection_errors_fields[] = {
    LIST(protection_errors, "Errors", errors, REQUIRED, ProtectionErrors, 0, XML_UNBOUNDED,
         item_protection_errors),
};
static const struct xml_shape protection_errors_shape = { "ProtectionErrors",
                                                          sizeof(struct r53_protection_errors), 1,
                                                          protection_errors_fields };

static const char ALREADY_EXISTS[] = "ProtectionAlreadyExists";
static const char NOT_FOUND[] = "ProtectionNotFound";

/* What a request asks to protect or to release. */
struct entry {
    const char *name, *type, *comment;
};

struct batch {
    struct route53_call *call;
    struct hosted_zone zone;
    unsigned count;
    const struct entry *entries;
    struct protection *protections; /* the same, read */
    struct r53_protection_error *errors;
    unsigned error_count;
};

static void add_error(struct batch *batch, const struct entry *entry, const char *code,
                      const char *message)
{
    batch->errors[batch->error_count++] =
        (struct r53_protection_error){ entry->name, entry->type, code,
                                       message == NULL ? "" : message };
}

static int to_buffer(void *context, const void *data, size_t size)
{
    struct http_buffer *buffer = context;
    http_buffer_add(buffer, data, size);
    return buffer->failed ? SP_ENOMEM : 0;
}

/* "<Errors>...</Errors>", cut out of a document; NULL: no memory. */
static const char *write_errors(const struct batch *batch)
{
    struct r53_protection_errors all = { { true, batch->error_count, batch->errors } };
    struct http_buffer buffer = { 0 };
    const char *text = NULL;
    if (xml_write(&protection_errors_shape, "Extra", ROUTE53_XMLNS, &all, to_buffer, &buffer) == 0)
        text =
            arena_format(batch->call->arena, "%.*s", (int)buffer.size, (const char *)buffer.data);
    http_buffer_finish(&buffer);
    const char *from = text == NULL ? NULL : strstr(text, "<Errors>");
    const char *end = from == NULL ? NULL : strstr(from, "</Extra>");
    return end == NULL ? NULL : arena_format(batch->call->arena, "%.*s", (int)(end - from), from);
}

static int refuse(struct batch *batch)
{
    struct route53_call *call = batch->call;
    bool all_exist = batch->error_count == batch->count;
    for (unsigned i = 0; i < batch->error_count; i++)
        all_exist = all_exist && batch->errors[i].code == ALREADY_EXISTS;
    const char *extra = write_errors(batch);
    if (extra == NULL)
        return route53_no_memory(call);
    int rc = all_exist ? route53_refuse(call, PROTECTION_ALREADY_EXISTS,
                                        "The resource record sets are protected already.")
                       : route53_refuse(call, INVALID_PROTECTION_BATCH,
                                        "%u of %u resource record set protections cannot be "
                                        "changed.",
                                        batch->error_count, batch->count);
    call->refusal.extra = extra;
    return rc;
}

/* ---- reading a batch ---- */

static int begin(struct route53_call *call, unsigned count, struct entry **out_entries,
                 struct batch *out_batch)
{
    *out_batch = (struct batch){ .call = call, .count = count };
    int rc = route53_find_zone(call, call->zone, &out_batch->zone);
    if (rc != 0)
        return rc;
    *out_entries = arena_alloc(call->arena, count * sizeof **out_entries);
    out_batch->entries = *out_entries;
    out_batch->protections = arena_alloc(call->arena, count * sizeof *out_batch->protections);
    out_batch->errors = arena_alloc(call->arena, count * sizeof *out_batch->errors);
    return *out_entries == NULL || out_batch->protections == NULL || out_batch->errors == NULL
               ? route53_no_memory(call)
               : 0;
}

static bool is_repeated(const struct batch *batch, unsigned index)
{
    const struct protection *it = &batch->protections[index];
    for (unsigned i = 0; i < index; i++)
        if (batch->protections[i].type == it->type &&
            dns_name_equal(batch->protections[i].owner, it->owner))
            return true;
    return false;
}

/* The shape has checked type and length. */
static void read_entry(struct batch *batch, unsigned index)
{
    const struct entry *entry = &batch->entries[index];
    struct protection *protection = &batch->protections[index];
    const char *why = route53_read_name(batch->call->arena, entry->name, false, protection->owner);
    if (why == NULL && !dns_name_is_within(protection->owner, batch->zone.name))
        why = "The name does not lie in the hosted zone.";
    protection->type = why == NULL ? dns_type_find_name(entry->type)->type : 0;
    if (why == NULL && is_repeated(batch, index))
        why = "The name and type are given more than once.";
    if (why != NULL)
        add_error(batch, entry, "InvalidInput", why);
    else if (entry->comment != NULL)
        snprintf(protection->comment, sizeof protection->comment, "%s", entry->comment);
}

/* Those that are there already, or are not there, when they should not be, or should. */
static int look_for(struct batch *batch, bool wanted)
{
    struct route53_call *call = batch->call;
    struct protection there;
    for (unsigned i = 0; i < batch->count; i++) {
        const struct protection *it = &batch->protections[i];
        int rc = control_find_protection(call->control, &batch->zone, it->owner, it->type, &there,
                                         &call->problem);
        if (rc != 0 && rc != SP_ENOENT)
            return route53_pass(call, rc);
        if (rc == 0 && !wanted)
            add_error(batch, &batch->entries[i], ALREADY_EXISTS, "It is protected already.");
        if (rc != 0 && wanted)
            add_error(batch, &batch->entries[i], NOT_FOUND, "It is not protected.");
    }
    return 0;
}

/* Entries that cannot be read hide what is wrong with the others. */
static int check(struct batch *batch, bool wanted)
{
    for (unsigned i = 0; i < batch->count; i++)
        read_entry(batch, i);
    int rc = batch->error_count > 0 ? 0 : look_for(batch, wanted);
    return rc == 0 && batch->error_count > 0 ? refuse(batch) : rc;
}

/* ---- the operations ---- */

int route53_create_resource_record_set_protections(struct route53_call *call)
{
    const struct r53_create_resource_record_set_protections_request *request = call->body;
    const struct r53_resource_record_set_protection_config *configs = request->protections.items;
    struct entry *entries = NULL;
    struct batch batch;
    int rc = begin(call, request->protections.count, &entries, &batch);
    if (rc != 0)
        return rc;
    for (unsigned i = 0; i < batch.count; i++)
        entries[i] =
            (struct entry){ configs[i].record_name, configs[i].record_type, configs[i].comment };
    rc = check(&batch, false);
    if (rc != 0)
        return rc;
    rc = control_add_protections(call->control, &batch.zone, batch.protections, batch.count,
                                 &call->problem);
    return rc == 0 ? 0 : route53_pass(call, rc);
}

int route53_delete_resource_record_set_protections(struct route53_call *call)
{
    const struct r53_delete_resource_record_set_protections_request *request = call->body;
    const struct r53_resource_record_set_protection_key *keys = request->protections.items;
    struct entry *entries = NULL;
    struct batch batch;
    int rc = begin(call, request->protections.count, &entries, &batch);
    if (rc != 0)
        return rc;
    for (unsigned i = 0; i < batch.count; i++)
        entries[i] = (struct entry){ keys[i].record_name, keys[i].record_type, NULL };
    rc = check(&batch, true);
    if (rc != 0)
        return rc;
    rc = control_delete_protections(call->control, &batch.zone, batch.protections, batch.count,
                                    &call->problem);
    return rc == 0 ? 0 : route53_pass(call, rc);
}

/* ---- the list ---- */

struct protection_page {
    struct route53_call *call;
    struct r53_resource_record_set_protection *items;
    unsigned size, count;
    const char *next; /* the text of the next page's token; NULL: this is the last */
};

static int list_protection(void *context, const struct protection *protection)
{
    struct protection_page *page = context;
    struct arena *arena = page->call->arena;
    const char *type = dns_type_find(protection->type)->name;
    char key[DNS_NAME_TEXT_SIZE];
    if (page->count == page->size) {
        dns_name_to_key(key, protection->owner);
        page->next = arena_format(arena, "%s %s", key, type);
        return page->next == NULL ? SP_ENOMEM : 0;
    }
    struct r53_resource_record_set_protection *item = &page->items[page->count++];
    item->record_name = route53_name_text(page->call, protection->owner);
    item->record_type = type;
    if (protection->comment[0] == '\0')
        return item->record_name == NULL ? SP_ENOMEM : 0;
    item->comment = route53_copy(page->call, protection->comment);
    return item->record_name == NULL || item->comment == NULL ? SP_ENOMEM : 0;
}

/* Where the page begins: an owner key and a type's name. */
struct position {
    const char *owner_key, *type;
};

static int read_position(struct route53_call *call,
                         const struct r53_list_resource_record_set_protections_query *query,
                         struct position *out_from)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    char key[DNS_NAME_TEXT_SIZE];
    *out_from = (struct position){ "", query->type == NULL ? "" : query->type };
    if (query->name == NULL)
        return query->type == NULL ? 0
                                   : route53_refuse(call, INVALID_INPUT, "The input is not valid");
    const char *why = route53_read_name(call->arena, query->name, true, name);
    if (why != NULL)
        return route53_refuse(call, INVALID_INPUT, "%s", why);
    dns_name_to_key(key, name);
    out_from->owner_key = route53_copy(call, key);
    return out_from->owner_key == NULL ? route53_no_memory(call) : 0;
}

static int read_token(struct route53_call *call, const char *token, struct position *out_from)
{
    const char *text = route53_token_open(call, token);
    const char *blank = text == NULL ? NULL : strrchr(text, ' ');
    if (blank == NULL)
        return route53_refuse(call, INVALID_PAGINATION_TOKEN, "The NextToken is not valid.");
    out_from->type = blank + 1;
    out_from->owner_key = arena_format(call->arena, "%.*s", (int)(blank - text), text);
    return out_from->owner_key == NULL ? route53_no_memory(call) : 0;
}

static int visit(struct protection_page *page, const struct hosted_zone *zone,
                 const struct position *from)
{
    struct route53_call *call = page->call;
    struct r53_list_resource_record_set_protections_response *response = call->response;
    page->items = arena_alloc(call->arena, page->size * sizeof *page->items);
    if (page->items == NULL)
        return route53_no_memory(call);
    int rc = control_visit_protections(call->control, zone, from->owner_key, from->type,
                                       page->size + 1, list_protection, page, &call->problem);
    if (rc != 0)
        return route53_pass(call, rc);
    response->resource_record_set_protections = (struct xml_list){ true, page->count, page->items };
    if (page->next != NULL) {
        response->next_token = route53_token_make(call, page->next);
        if (response->next_token == NULL)
            return route53_no_memory(call);
    }
    return 0;
}

/* A-PRT-3. */
int route53_list_resource_record_set_protections(struct route53_call *call)
{
    const struct r53_list_resource_record_set_protections_query *query = call->query;
    struct protection_page page = { .call = call };
    struct position from = { 0 };
    struct hosted_zone zone;
    int rc = route53_find_zone(call, call->zone, &zone);
    if (rc == 0)
        rc = route53_page_size(call, query->max_results, PAGE_MAX, PAGE_MAX, &page.size);
    if (rc == 0)
        rc = query->next_token != NULL ? read_token(call, query->next_token, &from)
                                       : read_position(call, query, &from);
    return rc == 0 ? visit(&page, &zone, &from) : rc;
}
