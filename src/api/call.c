#include "call.h"

#include "signpost/base/limits.h"
#include "signpost/base/log.h"

#include <string.h>
#include <time.h>

struct control *api_call_control(const struct api_call *call)
{
    return call->api->settings.control;
}

int api_call_answer(struct api_call *call, const char *content_type)
{
    struct http_response *response = &call->exchange->response;
    if (response->body.failed)
        return problem_set(&call->problem, SP_ENOMEM, "no memory for the response");
    response->status = 200;
    response->content_type = content_type;
    return 0;
}

static int add_piece(const char *data, size_t size, void *context)
{
    struct http_buffer *buffer = context;
    http_buffer_add(buffer, data, size);
    return buffer->failed ? -1 : 0;
}

int api_write_json(struct http_buffer *buffer, json_t *document)
{
    int rc = SP_ENOMEM;
    if (document != NULL &&
        json_dump_callback(document, add_piece, buffer,
                           JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15)) == 0)
        rc = 0;
    json_decref(document);
    return rc;
}

int api_call_json(struct api_call *call, json_t *document)
{
    struct http_buffer *body = &call->exchange->response.body;
    if (api_write_json(body, document) != 0)
        return problem_set(&call->problem, SP_ENOMEM, "no memory for the response");
    http_buffer_add_text(body, "\n");
    return api_call_answer(call, "application/json");
}

void api_call_wait(struct api_call *call)
{
    struct api *api = call->api;
    struct control *control = api->settings.control;
    if (call->link != NULL)
        return;
    call->serial = control_serial(control);
    if (control_is_in_sync(control, call->serial) && !control_has_unsynced(control)) {
        control_collect(control);
        return;
    }
    call->exchange->waiting = true;
    call->next = api->waiting;
    call->link = &api->waiting;
    if (call->next != NULL)
        call->next->link = &call->next;
    api->waiting = call;
}

void api_list_open(struct api_list *list, struct api_call *call, const char *member)
{
    struct http_buffer *body = &call->exchange->response.body;
    *list = (struct api_list){ .call = call };
    http_buffer_add_text(body, "{\"");
    http_buffer_add_text(body, member);
    http_buffer_add_text(body, "\":[");
}

int api_list_add(struct api_list *list, json_t *item)
{
    struct http_buffer *body = &list->call->exchange->response.body;
    if (list->begun)
        http_buffer_add_text(body, ",");
    list->begun = true;
    return api_write_json(body, item);
}

int api_list_close(struct api_list *list)
{
    http_buffer_add_text(&list->call->exchange->response.body, "]}\n");
    return api_call_answer(list->call, "application/json");
}

json_t *api_json_text(const char *text)
{
    json_t *value = json_string(text);
    size_t size = strlen(text);
    if (value != NULL)
        return value;
    char *copy = malloc(size + 1);
    if (copy == NULL)
        return NULL;
    for (size_t i = 0; i <= size; i++)
        copy[i] = (char)((unsigned char)text[i] < 0x80 ? text[i] : '?');
    value = json_string(copy);
    free(copy);
    return value;
}

json_t *api_json_name(const uint8_t *name)
{
    char text[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(text, name);
    return json_string(text);
}

json_t *api_json_name_servers(const struct api_call *call, const struct hosted_zone *zone)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    json_t *list = json_array();
    for (unsigned i = 0; i < 4; i++)
        if (hosted_zone_server_name(name, control_defaults(call->api->settings.control),
                                    zone->name_servers[i]) > 0)
            json_array_append_new(list, api_json_name(name));
    return list;
}

json_t *api_json_time(int64_t unix_s)
{
    char text[32] = "";
    time_t seconds = (time_t)unix_s;
    struct tm utc;
    if (gmtime_r(&seconds, &utc) != NULL)
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
    return json_string(text);
}

int api_call_document(struct api_call *call, json_t **out_document)
{
    json_error_t error;
    json_t *document = json_loadb(call->text.data != NULL ? call->text.data : "", call->text.size,
                                  JSON_REJECT_DUPLICATES, &error);
    if (document == NULL)
        return problem_set(&call->problem, SP_EINVAL, "the body is not JSON: line %d: %s",
                           error.line, error.text);
    if (json_is_object(document)) {
        *out_document = document;
        return 0;
    }
    json_decref(document);
    return problem_set(&call->problem, SP_EINVAL, "the body must be an object: {...}");
}

int api_check_members(struct api_call *call, json_t *object, const char *where,
                      const char *const *known)
{
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        const char *const *at = known;
        while (*at != NULL && strcmp(*at, name) != 0)
            at++;
        if (*at == NULL)
            return problem_set(&call->problem, SP_EINVAL, "%sunknown member \"%.100s\"", where,
                               name);
    }
    return 0;
}

int api_call_flag(struct api_call *call, const char *name, bool *out_flag)
{
    static const struct word {
        const char *text;
        bool flag;
    } words[] = { { "1", true },  { "true", true },   { "yes", true },
                  { "0", false }, { "false", false }, { "no", false } };
    const char *text = http_target_argument(&call->target, name);
    *out_flag = false;
    if (text == NULL)
        return 0;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcmp(text, words[i].text) == 0) {
            *out_flag = words[i].flag;
            return 0;
        }
    return problem_set(&call->problem, SP_EINVAL, "argument %s: \"%.100s\" is neither 0 nor 1",
                       name, text);
}

int api_call_name(struct api_call *call, const char *what, const char *text,
                  uint8_t out_name[DNS_NAME_SIZE_MAX])
{
    const char *why = "it is empty";
    size_t size =
        text[0] == '\0' ? 0 : dns_name_from_text(out_name, text, strlen(text), NULL, &why);
    if (size == 0)
        return problem_set(&call->problem, SP_EINVAL, "%s: \"%.300s\" is no domain name: %s", what,
                           text, why);
    dns_name_lower(out_name, out_name, size);
    return 0;
}

int api_call_type(struct api_call *call, const char *text, uint16_t *out_type)
{
    const struct dns_type_info *info = dns_type_find_name(text);
    if (info != NULL) {
        *out_type = info->type;
        return 0;
    }
    char list[256];
    size_t size = 0;
    for (unsigned i = 0; i < DNS_TYPE_COUNT; i++)
        size += (size_t)snprintf(list + size, sizeof(list) - size, " %s", dns_type_at(i)->name);
    return problem_set(&call->problem, SP_EINVAL, "unknown type \"%.40s\"; it may be one of:%s",
                       text, list);
}
