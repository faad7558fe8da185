#include "transfer.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

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

/* ---- when nobody answers ---- */

static int complain_of_rights(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return complain("you may not open %s: %s; try it with sudo", path, strerror(errno));
    const struct passwd *user = getpwuid(status.st_uid);
    const struct group *group = getgrgid(status.st_gid);
    return complain(
        "you may not open %s: it is for user %s and group %s only; try it with sudo, or "
        "join the group",
        path, user != NULL ? user->pw_name : "?", group != NULL ? group->gr_name : "?");
}

static int complain_of_silence(const char *where)
{
    return complain("no signpostd answers on %s; start it with 'systemctl start signpostd' or "
                    "'signpostd -c FILE', or say where it is with --api unix:PATH",
                    where);
}

/* libcurl only says that it could not connect; we try once more to learn why. */
static int complain_of_socket(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (strlen(path) >= sizeof(address.sun_path))
        return complain("--api: the path %s is too long for a socket", path);
    memcpy(address.sun_path, path, strlen(path) + 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int cause =
        fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 ? 0 : errno;
    if (fd >= 0)
        close(fd);
    if (cause == EACCES || cause == EPERM)
        return complain_of_rights(path);
    return complain_of_silence(path);
}

static int complain_of_curl(const struct invocation *invocation, CURLcode code, const char *details)
{
    bool is_unix = strncmp(invocation->api, "unix:", 5) == 0;
    if (code == CURLE_COULDNT_CONNECT)
        return is_unix ? complain_of_socket(invocation->api + 5)
                       : complain_of_silence(invocation->api);
    return complain("the request to %s failed: %s", invocation->api,
                    details[0] != '\0' ? details : curl_easy_strerror(code));
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

static char *make_url(const struct invocation *invocation, const struct request *request)
{
    bool is_unix = strncmp(invocation->api, "unix:", 5) == 0;
    const char *base = is_unix ? "http://localhost" : invocation->api;
    size_t base_size = strlen(base);
    while (base_size > 0 && base[base_size - 1] == '/')
        base_size--;
    char *url = malloc(base_size + strlen(request->path) + sizeof("/signpost/v1/"));
    if (url == NULL)
        return out_of_memory();
    sprintf(url, "%.*s/signpost/v1/%s", (int)base_size, base, request->path);
    return url;
}

void transfer_open(struct transfer *transfer, const struct invocation *invocation,
                   const struct request *request, struct reply *reply)
{
    CURL *curl = curl_easy_init();
    *transfer = (struct transfer){
        .curl = curl,
        .headers =
            curl_slist_append(NULL, request->upload != NULL ? "Content-Type: text/dns"
                                                            : "Content-Type: application/json"),
        .url = make_url(invocation, request),
    };
    if (curl == NULL || transfer->headers == NULL)
        out_of_memory();
    curl_easy_setopt(curl, CURLOPT_URL, transfer->url);
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L); /* "." is the root zone, not a folder */
    if (strncmp(invocation->api, "unix:", 5) == 0)
        curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, invocation->api + 5);
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* what is meant for the web is not for us */
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, transfer->headers);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
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

/* No verb lets its user write more than one change, so the number of it would only puzzle. */
static const char *without_index(const char *message)
{
    static const char index[] = "changes[0]";
    if (strncmp(message, index, sizeof(index) - 1) != 0)
        return message;
    message += sizeof(index) - 1;
    return message + strspn(message, ".: ");
}

static int complain_of_reply(const struct invocation *invocation, const struct reply *reply)
{
    json_t *document = json_loadb(reply->body != NULL ? reply->body : "", reply->size, 0, NULL);
    const char *message = text_of(json_object_get(document, "error"), "message");
    if (message[0] != '\0')
        complain("%s", without_index(message));
    else
        complain("%s answered with HTTP status %ld; is that a signpostd?", invocation->api,
                 reply->status);
    if (invocation->json && message[0] != '\0')
        print_json(json_incref(document));
    json_decref(document);
    return EXIT_REFUSED;
}

int transfer_complain(const struct invocation *invocation, CURLcode code, const char *details,
                      const struct reply *reply)
{
    if (code != CURLE_OK)
        return complain_of_curl(invocation, code, details);
    if (reply->status < 200 || reply->status > 299)
        return complain_of_reply(invocation, reply);
    return EXIT_DONE;
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
