/* needs: api */
/*
 * The HTTP interface: any method, target and body, as libmicrohttpd would hand them over.  Lines of
 * the input are METHOD, target, then the body, which arrives in pieces whose sizes the first octet
 * chooses.  Several requests, apart by a line of dots, meet one store in a temporary directory.
 * Whatever comes in, each exchange ends with a response whose body is JSON or a zone file.
 */
#include "../unit/support/boards.h"

#include "signpost/api/api.h"

#include "signpost/base/log.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SEPARATOR "\n....\n"

static struct mailbox *mailbox;
static struct control *control;
static struct zone_defaults defaults;
static struct api *api;
static struct http_handler handler;
static char directory[] = "/dev/shm/signpost-fuzz-XXXXXX";

static void require(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

static void read_status(void *context, struct api_status *out_status)
{
    (void)context;
    out_status->workers = 1;
}

static void resume(struct http_exchange *exchange)
{
    exchange->waiting = false;
}

static void remove_directory(void)
{
    static const char *const files[] = { "db", "db-wal", "db-shm", "db-lock" };
    char path[64];
    for (unsigned i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", directory, files[i]);
        unlink(path);
    }
    rmdir(directory);
}

/* Made once: what one input stores, the next may find.  A finding is repeatable from an empty store
 * all the same, since imports that add up have their zones deleted again below. */
static void set_up(void)
{
    static struct store *store;
    struct problem problem = { 0 };
    struct answer_options options = { .edns_size = EDNS_SIZE_DEFAULT };
    char path[64];
    const char *why;
    require(mkdtemp(directory) != NULL, "a temporary directory can be made");
    atexit(remove_directory);
    log_open("/dev/null", LOG_LEVEL_ERROR, false);
    snprintf(path, sizeof path, "%s/db", directory);
    dns_name_from_text(defaults.server_domain, "ns.test", 7, NULL, &why);
    dns_name_from_text(defaults.hostmaster, "host.test", 9, NULL, &why);
    mailbox = mailbox_create(1);
    require(store_open(path, &store, &problem) == 0, problem.text);
    struct board *board = board_of_one_checker(health_table_create(HEALTH_SLOTS_MAX));
    require(control_create(store, mailbox, board, &defaults, &options, NULL, &control, &problem) ==
                0,
            problem.text);
    struct api_settings settings = { .control = control, .read_status = read_status };
    api = api_create(&settings);
    handler = api_handler(api);
}

static void check_response(const struct http_response *response)
{
    require(response->status >= 200 && response->status < 600, "there is a status");
    require(!response->body.failed, "the body is whole");
    if (strcmp(response->content_type, "application/json") != 0)
        return;
    json_error_t error;
    json_t *document = json_loadb(response->body.data, response->body.size, 0, &error);
    require(document != NULL, error.text);
    /* The other way round a report of a drill, which is anybody's JSON, would not do. */
    require(response->status < 400 || json_object_get(document, "error") != NULL, "errors say why");
    json_decref(document);
}

static void send_body(struct http_exchange *exchange, struct span body, size_t piece)
{
    while (exchange->response.status == 0 && body.size > 0) {
        size_t size = body.size < piece ? body.size : piece;
        handler.body(handler.context, exchange, (struct span){ body.data, size });
        body.data += size;
        body.size -= size;
    }
}

static void request(const char *method, const char *target, struct span body, size_t piece)
{
    struct http_exchange exchange = { .arena = arena_create() };
    exchange.request.method = method;
    exchange.request.target = target;
    exchange.request.source = "socket";
    exchange.request.is_local = true;
    exchange.resume = resume;
    handler.begin(handler.context, &exchange);
    send_body(&exchange, body, piece);
    if (exchange.response.status == 0)
        handler.end(handler.context, &exchange);
    mailbox_receive(mailbox, 0);
    api_on_seen(api);
    require(!exchange.waiting, "the change is in sync once its worker has it");
    check_response(&exchange.response);
    handler.gone(handler.context, &exchange);
    http_buffer_finish(&exchange.response.body);
    arena_destroy(exchange.arena);
}

/* One request of the input: its first two lines are cut off as strings. */
static void play(char *text, size_t size, size_t piece)
{
    char *target = memchr(text, '\n', size);
    if (target == NULL)
        return;
    *target++ = 0;
    char *end = text + size;
    char *body = memchr(target, '\n', (size_t)(end - target));
    if (body == NULL)
        return;
    *body++ = 0;
    request(text, target, (struct span){ (const uint8_t *)body, (size_t)(end - body) }, piece);
}

static int delete_zone(void *context, const struct hosted_zone *zone)
{
    *(struct hosted_zone *)context = *zone;
    return 1; /* one at a time: the list must not change while it is read */
}

static void empty_store(void)
{
    struct hosted_zone zone;
    struct change change;
    struct problem problem;
    struct store_visitor visitor = { .zone = delete_zone, .context = &zone };
    while (control_list_zones(control, &visitor, &problem) == 1) {
        require(control_delete_zone(control, zone.name, true, &change, &problem) == 0,
                problem.text);
        mailbox_receive(mailbox, 0);
    }
    control_collect(control);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (api == NULL)
        set_up();
    if (size < 2)
        return 0;
    size_t piece = 1u + data[0];
    char *text = malloc(size);
    memcpy(text, data + 1, size - 1);
    text[size - 1] = 0;
    char *at = text;
    for (;;) {
        char *end = strstr(at, SEPARATOR);
        play(at, end == NULL ? (size_t)(text + size - 1 - at) : (size_t)(end - at), piece);
        if (end == NULL)
            break;
        at = end + strlen(SEPARATOR);
    }
    free(text);
    empty_store();
    return 0;
}
