#include "transfer.h"

#include "credentials.h"

#include "signpost/base/clock.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* ---- paths ---- */

static char *out_of_memory(void)
{
    complain("no memory");
    exit(EXIT_REFUSED);
}

static char *escape(const char *text)
{
    char *out = malloc(strlen(text) * 3 + 1), *to = out;
    if (out == NULL)
        return out_of_memory();
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
            strchr("-._~", c) != NULL)
            *to++ = (char)c;
        else
            to += sprintf(to, "%%%02X", c);
    }
    *to = '\0';
    return out;
}

char *client_path(const char *format, ...)
{
    va_list arguments;
    char *out = strdup("");
    size_t size = 0;
    va_start(arguments, format);
    while (*format != '\0') {
        bool hole = format[0] == '%' && format[1] == 's';
        char *piece = hole ? escape(va_arg(arguments, const char *)) : NULL;
        size_t add = hole ? strlen(piece) : 1;
        out = out == NULL ? NULL : realloc(out, size + add + 1);
        if (out == NULL)
            out_of_memory();
        memcpy(out + size, hole ? piece : format, add);
        size += add;
        out[size] = '\0';
        free(piece);
        format += hole ? 2 : 1;
    }
    va_end(arguments);
    return out;
}

char *client_path_argument(char *path, const char *name, const char *value)
{
    if (value == NULL)
        return path;
    char *piece = escape(value);
    size_t size = strlen(path);
    bool is_first = strchr(path, '?') == NULL;
    path = realloc(path, size + strlen(name) + strlen(piece) + sizeof("?="));
    if (path == NULL)
        out_of_memory();
    sprintf(path + size, "%c%s=%s", is_first ? '?' : '&', name, piece);
    free(piece);
    return path;
}

/* ---- the request ---- */

static size_t take(char *data, size_t one, size_t count, void *context)
{
    struct reply *reply = context;
    size_t size = one * count;
    if (reply->room - reply->size <= size) {
        size_t room = (reply->size + size + 1) * 2; /* an export may have a hundred megabytes */
        char *body = realloc(reply->body, room);
        if (body == NULL)
            return 0; /* libcurl then gives up with "failed writing received data" */
        reply->body = body;
        reply->room = room;
    }
    memcpy(reply->body + reply->size, data, size);
    reply->size += size;
    reply->body[reply->size] = '\0';
    return size;
}

static size_t give(char *room, size_t one, size_t count, void *context)
{
    FILE *file = context;
    size_t size = fread(room, one, count, file);
    return ferror(file) ? CURL_READFUNC_ABORT : size;
}

static int on_progress(void *context, curl_off_t down_total, curl_off_t down, curl_off_t up_total,
                       curl_off_t up)
{
    (void)down_total;
    (void)up_total;
    if (down == 0)
        progress_show(context, up);
    return 0;
}

static void set_body(CURL *curl, const struct request *request)
{
    if (request->upload != NULL) {
        curl_easy_setopt(curl, CURLOPT_POST, 1L);
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, give);
        curl_easy_setopt(curl, CURLOPT_READDATA, request->upload);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->upload_size);
        curl_easy_setopt(curl, CURLOPT_UPLOAD_BUFFERSIZE, 512L * 1024);
    } else if (request->text != NULL) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(request->text));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->text);
    }
    if (request->progress != NULL) {
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, request->progress);
    }
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request->method);
}

static const char *content_type_of(const struct request *request)
{
    return request->upload != NULL ? "text/dns" : "application/json";
}

bool client_is_local(const struct invocation *invocation)
{
    return strncmp(invocation->api, "unix:", 5) == 0;
}

static char *make_url(const struct invocation *invocation, const struct request *request)
{
    const char *base = client_is_local(invocation) ? "http://localhost" : invocation->api;
    size_t base_size = strlen(base);
    while (base_size > 0 && base[base_size - 1] == '/')
        base_size--;
    char *url = malloc(base_size + strlen(request->path) + sizeof("/signpost/v1/"));
    if (url == NULL)
        return out_of_memory();
    sprintf(url, "%.*s/signpost/v1/%s", (int)base_size, base, request->path);
    return url;
}

/* ---- signatures and TLS ---- */

static const char *region(void)
{
    static const char *const names[] = { "AWS_REGION", "AWS_DEFAULT_REGION" };
    for (int i = 0; i < 2; i++) {
        const char *text = getenv(names[i]);
        if (text != NULL && text[0] != '\0')
            return text;
    }
    return "us-east-1";
}

static void add_header(struct transfer *transfer, const char *line)
{
    struct curl_slist *longer = curl_slist_append(transfer->headers, line);
    if (longer == NULL)
        out_of_memory();
    transfer->headers = longer;
}

static void sign(struct transfer *transfer, const struct credentials *credentials,
                 const struct request *request)
{
    struct arena *arena = arena_create();
    struct signing signing = {
        .method = request->method,
        .url = transfer->url,
        .content_type = content_type_of(request),
        .region = region(),
        .unix_s = (uint64_t)clock_unix_s(),
    };
    if (arena != NULL)
        signing.payload_hash =
            signing_payload(arena, request, strncmp(transfer->url, "https:", 6) == 0);
    const char **lines =
        signing.payload_hash != NULL ? signing_headers(arena, credentials, &signing) : NULL;
    if (lines == NULL)
        out_of_memory();
    for (; *lines != NULL; lines++)
        add_header(transfer, *lines);
    arena_destroy(arena);
}

void transfer_open(struct transfer *transfer, const struct invocation *invocation,
                   const struct request *request, struct reply *reply)
{
    char line[64];
    CURL *curl = curl_easy_init();
    *transfer = (struct transfer){
        .curl = curl,
        .url = make_url(invocation, request),
    };
    if (curl == NULL)
        out_of_memory();
    snprintf(line, sizeof(line), "Content-Type: %s", content_type_of(request));
    add_header(transfer, line);
    if (invocation->credentials.key != NULL && !client_is_local(invocation))
        sign(transfer, &invocation->credentials, request);
    curl_easy_setopt(curl, CURLOPT_URL, transfer->url);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L); /* "." is the root zone, not a folder */
    if (client_is_local(invocation))
        curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, invocation->api + 5);
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* what is meant for the web is not for us */
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, transfer->headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    if (invocation->ca != NULL)
        curl_easy_setopt(curl, CURLOPT_CAINFO, invocation->ca);
    set_body(curl, request);
}

void transfer_close(struct transfer *transfer)
{
    curl_easy_cleanup(transfer->curl);
    curl_slist_free_all(transfer->headers);
    free(transfer->url);
    *transfer = (struct transfer){ 0 };
}

static CURLcode perform(const struct invocation *invocation, const struct request *request,
                        struct reply *reply, char *details)
{
    struct transfer transfer;
    transfer_open(&transfer, invocation, request, reply);
    curl_easy_setopt(transfer.curl, CURLOPT_ERRORBUFFER, details);
    CURLcode code = curl_easy_perform(transfer.curl);
    if (code == CURLE_OK)
        curl_easy_getinfo(transfer.curl, CURLINFO_RESPONSE_CODE, &reply->status);
    transfer_close(&transfer);
    return code;
}

int client_send(const struct invocation *invocation, const struct request *request,
                struct reply *out_reply)
{
    char details[CURL_ERROR_SIZE] = "";
    *out_reply = (struct reply){ 0 };
    CURLcode code = perform(invocation, request, out_reply, details);
    progress_finish(request->progress);
    return transfer_complain(invocation, code, details, out_reply);
}

void reply_finish(struct reply *reply)
{
    free(reply->body);
    *reply = (struct reply){ 0 };
}

json_t *client_ask(const struct invocation *invocation, const struct request *request)
{
    struct reply reply;
    json_t *document = NULL;
    if (client_send(invocation, request, &reply) == EXIT_DONE) {
        document = json_loadb(reply.body != NULL ? reply.body : "", reply.size, 0, NULL);
        if (document == NULL)
            complain("%s sent no JSON; is that a signpostd?", invocation->api);
    }
    reply_finish(&reply);
    return document;
}

int client_ask_or_print(const struct invocation *invocation, const struct request *request,
                        json_t **out_reply)
{
    json_t *reply = client_ask(invocation, request);
    *out_reply = NULL;
    if (reply == NULL)
        return EXIT_REFUSED;
    if (invocation->json)
        print_json(reply);
    else
        *out_reply = reply;
    return EXIT_DONE;
}

int client_exchange(const struct invocation *invocation, const char *method, char *path,
                    json_t *document, json_t **out_reply)
{
    char *text = document != NULL ? json_dumps(document, JSON_COMPACT) : NULL;
    struct request request = { .method = method, .path = path, .text = text };
    int rc = client_ask_or_print(invocation, &request, out_reply);
    json_decref(document);
    free(text);
    free(path);
    return rc;
}

static bool is_utf8(const char *text)
{
    json_t *value = json_string(text);
    json_decref(value);
    return value != NULL;
}

bool client_is_utf8(const struct invocation *invocation)
{
    bool right = true;
    for (int i = 0; i < invocation->word_count; i++)
        right = right && is_utf8(invocation->words[i]);
    for (int i = 0; i < invocation->given_count; i++)
        right = right && (invocation->given[i].text == NULL || is_utf8(invocation->given[i].text));
    if (!right)
        complain("an argument is not valid UTF-8");
    return right;
}
