/*
 * The order of starting is the order of rights: what needs root comes first (ports), then root is
 * given up, then come the files that belong to the user.  The main thread is the control thread: it
 * turns one loop for HTTP, signals and the workers' "seen".
 */
#include "daemon.h"

#include "privileges.h"

#include "signpost/api/api.h"
#include "signpost/base/address.h"
#include "signpost/base/clock.h"
#include "signpost/control/locations.h"
#include "signpost/control/signing.h"
#include "signpost/geo/mmdb.h"
#include "signpost/http/listener.h"
#include "signpost/http/tls.h"
#include "signpost/keys/key_store.h"
#include "signpost/probe/prober.h"
#include "signpost/server/server.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>
#include <uv.h>

#define LISTENERS_MAX (API_LISTENERS_MAX + 1) /* and the control socket */
#define URL_SIZE      (ADDRESS_TEXT_SIZE + sizeof("https://[]:65535"))
#define LOOP_FILES    16 /* of one event loop, and what is open beside it, rounded up */

struct daemon {
    const struct config_source *source;
    struct config config; /* as it is in force */
    uint64_t started_ms;
    unsigned worker_count;
    unsigned tcp_connections; /* the configuration's, or what the system allows */
    struct identity identity;

    uv_loop_t loop;
    uv_async_t seen;
    uv_async_t news; /* of health checks */
    uv_timer_t tick; /* when control has something to do by the clock */
    uv_signal_t signals[3];
    uv_timer_t grace;
    uv_prepare_t drained;
    uv_prepare_t before_sleep;
    unsigned handle_count; /* of the above, from the front, that libuv knows */

    struct mailbox *mailbox;
    struct health_table *health;
    struct board *board;
    struct prober *prober;
    unsigned probes_max;
    struct server *server;
    struct store *store;
    struct key_store *keys;
    struct control *control;
    struct api *api;
    int sockets[LISTENERS_MAX]; /* not yet taken over by a listener: >= 0 */
    struct http_listener *listeners[LISTENERS_MAX];
    unsigned socket_count;
    uint16_t api_ports[API_LISTENERS_MAX];
    char api_urls[API_LISTENERS_MAX][URL_SIZE];
    bool stopping;
    char listen_texts[LISTEN_ADDRESSES_MAX][ADDRESS_TEXT_SIZE]; /* with the ports really bound */
    bool tick_failed;        /* the last one could not store everything */
    struct stat socket_file; /* the control socket as we made it */
};

/* ---- what the api asks ---- */

static void read_rcodes(const struct server_figures *figures, struct api_counter *out)
{
    static const char *const names[RCODE_COUNT] = {
        "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", [16] = "BADVERS",
    };
    static char numbers[RCODE_COUNT][12];
    for (unsigned i = 0; i < RCODE_COUNT; i++) {
        if (figures->rcodes[i] == 0)
            continue;
        snprintf(numbers[i], sizeof(numbers[i]), "RCODE%u", i);
        *out++ =
            (struct api_counter){ names[i] != NULL ? names[i] : numbers[i], figures->rcodes[i] };
    }
}

static void read_qtypes(const struct server_figures *figures, struct api_counter *out)
{
    for (unsigned i = 0; i < QTYPE_COUNT; i++) {
        const char *name = i < DNS_TYPE_COUNT ? dns_type_at(i)->name
                           : i == QTYPE_ANY   ? "ANY"
                                              : "other";
        if (figures->qtypes[i] > 0)
            *out++ = (struct api_counter){ name, figures->qtypes[i] };
    }
}

static bool needs_signature(const struct config *config, unsigned api_address)
{
    const struct config_signature *signature = &config->require_signature;
    return signature->given ? signature->required
                            : !address_is_loopback(&config->api_listen.at[api_address]);
}

static void read_endpoints(const struct daemon *daemon, struct api_endpoint *out)
{
    for (unsigned i = 0; i < daemon->config.api_listen.count; i++)
        out[i] = (struct api_endpoint){ daemon->api_urls[i], needs_signature(&daemon->config, i) };
}

static void read_status(void *context, struct api_status *out_status)
{
    static const char *const transports[TRANSPORT_COUNT] = { "udp4", "udp6", "tcp4", "tcp6" };
    struct daemon *daemon = context;
    struct server_figures figures;
    server_read_figures(daemon->server, &figures);
    out_status->workers = daemon->worker_count;
    for (unsigned i = 0; i < daemon->config.listen.count; i++)
        out_status->listen[i] = daemon->listen_texts[i];
    read_endpoints(daemon, out_status->endpoints);
    prober_read_figures(daemon->prober, &out_status->probes);
    out_status->uptime_s = (clock_monotonic_ms() - daemon->started_ms) / 1000;
    for (unsigned i = 0; i < TRANSPORT_COUNT; i++)
        out_status->transports[i] = (struct api_counter){ transports[i], figures.queries[i] };
    read_qtypes(&figures, out_status->types);
    read_rcodes(&figures, out_status->rcodes);
    out_status->truncated = figures.truncated;
    out_status->ignored = figures.ignored;
    out_status->send_failed = figures.send_failed;
    out_status->signatures_made = figures.signatures_made;
    out_status->signatures_made_other = figures.signatures_made_other;
    out_status->signatures_remembered = figures.signatures_remembered;
    out_status->signatures_refused = figures.signatures_refused;
    out_status->tcp_open = figures.tcp_open;
    out_status->tcp_accepted = figures.tcp_accepted;
    out_status->tcp_closed_idle = figures.tcp_closed_idle;
    out_status->tcp_closed_crowded = figures.tcp_closed_crowded;
}

/* ---- stopping ---- */

static unsigned requests_under_way(const struct daemon *daemon)
{
    unsigned busy = 0;
    for (unsigned i = 0; i < daemon->socket_count; i++)
        if (daemon->listeners[i] != NULL)
            busy += http_listener_busy(daemon->listeners[i]);
    return busy;
}

/* Once we are stopping this runs whenever the loop is about to sleep: requests end in many places.
 */
static void on_turn(uv_prepare_t *turn)
{
    struct daemon *daemon = turn->data;
    if (requests_under_way(daemon) == 0)
        uv_stop(&daemon->loop);
}

static void on_grace_over(uv_timer_t *timer)
{
    struct daemon *daemon = timer->data;
    log_write(LOG_LEVEL_WARNING, "requests under way are cut off", NULL);
    uv_stop(&daemon->loop);
}

static void stop(struct daemon *daemon, const char *signal_name)
{
    if (daemon->stopping) {
        uv_stop(&daemon->loop); /* asked twice: at once */
        return;
    }
    daemon->stopping = true;
    log_write(LOG_LEVEL_INFO, "stopping", "signal", signal_name, NULL);
    sd_notify(0, "STOPPING=1");
    for (unsigned i = 0; i < daemon->socket_count; i++)
        http_listener_quiesce(daemon->listeners[i]);
    uv_prepare_start(&daemon->drained, on_turn);
    uv_timer_start(&daemon->grace, on_grace_over, HTTP_DRAIN_S * 1000, 0);
    if (requests_under_way(daemon) == 0)
        uv_stop(&daemon->loop);
}

/* ---- a reread configuration ---- */

static void note_difference(void *context, const char *key, bool live)
{
    (void)context;
    if (live)
        log_write(LOG_LEVEL_INFO, "setting changed", "key", key, NULL);
    else
        log_write(LOG_LEVEL_WARNING, "this change of the configuration needs a restart", "key", key,
                  NULL);
}

static const char *path_or_null(const char *path)
{
    return path[0] != '\0' ? path : NULL;
}

/* The keys that can change in a running daemon; config.c marks the same ones as live. */
static void take_over(struct config *to, const struct config *from)
{
    to->edns_size = from->edns_size;
    to->minimal_responses = from->minimal_responses;
    to->minimal_any = from->minimal_any;
    to->nsid = from->nsid;
    to->explain_clients = from->explain_clients;
    to->client_subnet = from->client_subnet;
    memcpy(to->geoip_database, from->geoip_database, sizeof(to->geoip_database));
    to->divide_negative_bias = from->divide_negative_bias;
    to->registered_targets = from->registered_targets;
    to->change_delay_s = from->change_delay_s;
    to->quotas = from->quotas;
    to->denial_of_existence = from->denial_of_existence;
    to->signature_validity_s = from->signature_validity_s;
    to->dnskey_ttl_s = from->dnskey_ttl_s;
    to->dnskey_interval_s = from->dnskey_interval_s;
    to->zsk_lifetime_s = from->zsk_lifetime_s;
    to->publish_cds = from->publish_cds;
    memcpy(to->api_tls_certificate, from->api_tls_certificate, sizeof(to->api_tls_certificate));
    memcpy(to->api_tls_key, from->api_tls_key, sizeof(to->api_tls_key));
    to->tcp_idle_timeout_s = from->tcp_idle_timeout_s;
    to->tcp_total_timeout_s = from->tcp_total_timeout_s;
    memcpy(to->log_file, from->log_file, sizeof(to->log_file));
    to->log_level = from->log_level;
    to->log_json = from->log_json;
}

static bool lists_differ(const struct prefix_list *a, const struct prefix_list *b)
{
    return memcmp(a, b, sizeof(*a)) != 0;
}

static bool answers_differ(const struct config *a, const struct config *b)
{
    return a->edns_size != b->edns_size || a->minimal_responses != b->minimal_responses ||
           a->minimal_any != b->minimal_any || memcmp(&a->nsid, &b->nsid, sizeof(a->nsid)) != 0 ||
           lists_differ(&a->explain_clients, &b->explain_clients) ||
           lists_differ(&a->client_subnet, &b->client_subnet) ||
           a->divide_negative_bias != b->divide_negative_bias ||
           a->denial_of_existence != b->denial_of_existence ||
           a->signature_validity_s != b->signature_validity_s;
}

/* The file is opened anew even when its name is the same: that is how a new one is taken over. */
static int open_mmdb(struct daemon *daemon, const char *path, struct problem *out_problem)
{
    int rc = control_set_mmdb(daemon->control, path_or_null(path), out_problem);
    const struct mmdb_info *info = rc == 0 ? control_mmdb_info(daemon->control) : NULL;
    if (info == NULL)
        return rc;
    log_write(LOG_LEVEL_INFO, "MMDB file in use", "file", path, "type", info->type, "continent",
              info->has_continent ? "yes" : "no", "country", info->has_country ? "yes" : "no",
              "subdivision", info->has_subdivision ? "yes" : "no", "coordinates",
              info->has_point ? "yes" : "no", "ipv6", info->has_ipv6 ? "yes" : "no", NULL);
    return 0;
}

static void reopen_mmdb(struct daemon *daemon, const char *path)
{
    struct problem problem = { 0 };
    if (path[0] == '\0' && daemon->config.geoip_database[0] == '\0')
        return;
    if (open_mmdb(daemon, path, &problem) != 0)
        log_write(LOG_LEVEL_ERROR, "the MMDB file that was in use stays in use", "file", path,
                  "reason", problem.text, NULL);
}

/* Both files are read anew even when their names are the same: that is how a renewed certificate is
 * taken over. */
static int load_tls(const struct config *config, struct problem *out_problem)
{
    struct http_tls_info info;
    char expires[32];
    if (config->api_tls_certificate[0] == '\0')
        return 0;
    int rc = http_tls_load(config->api_tls_certificate, config->api_tls_key, &info, out_problem);
    if (rc != 0)
        return rc;
    bool is_over = info.expires < clock_unix_s();
    strftime(expires, sizeof(expires), "%Y-%m-%dT%H:%M:%SZ", gmtime(&info.expires));
    log_write(is_over ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO,
              is_over ? "the certificate for TLS has expired" : "certificate for TLS in use",
              "file", config->api_tls_certificate, "expires", expires, NULL);
    return 0;
}

static void reload_tls(const struct config *fresh)
{
    struct problem problem = { 0 };
    if (load_tls(fresh, &problem) != 0)
        log_write(LOG_LEVEL_ERROR, "the certificate for TLS that was in use stays in use", "reason",
                  problem.text, NULL);
}

static void set_quotas(struct daemon *daemon)
{
    struct quotas quotas = config_quotas(&daemon->config);
    control_set_quotas(daemon->control, &quotas);
}

static struct signing_options signing_options(const struct config *config)
{
    return (struct signing_options){
        .dnskey_ttl_s = config->dnskey_ttl_s,
        .dnskey_interval_s = config->dnskey_interval_s,
        .signature_validity_s = config->signature_validity_s,
        .zsk_lifetime_s = config->zsk_lifetime_s,
        .publish_cds = config->publish_cds,
    };
}

static void set_signing(struct daemon *daemon)
{
    const struct signing_options options = signing_options(&daemon->config);
    control_set_signing_options(daemon->control, &options);
    uv_async_send(&daemon->news); /* what follows from it may be due now */
}

static void apply(struct daemon *daemon, const struct config *fresh)
{
    struct problem problem = { 0 };
    struct answer_options options;
    bool republish = answers_differ(&daemon->config, fresh);
    reopen_mmdb(daemon, fresh->geoip_database);
    reload_tls(fresh);
    config_compare(&daemon->config, fresh, note_difference, NULL);
    take_over(&daemon->config, fresh);
    control_require_registered_targets(daemon->control, fresh->registered_targets);
    control_set_change_delay(daemon->control, fresh->change_delay_s * 1000ull);
    set_quotas(daemon);
    set_signing(daemon);
    server_set_tcp_timeouts(daemon->server, fresh->tcp_idle_timeout_s, fresh->tcp_total_timeout_s);
    config_answer_options(fresh, &options);
    if (republish && control_set_options(daemon->control, &options, &problem) != 0)
        log_write(LOG_LEVEL_ERROR, "the new answer settings are not in force", "reason",
                  problem.text, NULL);
}

/* The log is reopened in any case: that is why log rotation sends the signal. */
static void reload(struct daemon *daemon)
{
    struct problem problem = { 0 };
    struct config fresh;
    char message[96];
    snprintf(message, sizeof(message), "RELOADING=1\nMONOTONIC_USEC=%llu",
             (unsigned long long)clock_monotonic_ms() * 1000);
    sd_notify(0, message);
    int rc = config_source_read(daemon->source, &fresh, &problem);
    const struct config *log = rc == 0 ? &fresh : &daemon->config;
    if (log_open(path_or_null(log->log_file), log->log_level, log->log_json) != 0) {
        log_write(LOG_LEVEL_ERROR, "cannot reopen the log; the old one stays in use", "file",
                  log->log_file, "reason", strerror(errno), NULL);
        memcpy(fresh.log_file, daemon->config.log_file, sizeof(fresh.log_file));
    }
    if (rc == 0)
        apply(daemon, &fresh);
    if (rc == 0)
        log_write(LOG_LEVEL_INFO, "configuration read again", "file", daemon->source->path, NULL);
    else
        log_write(LOG_LEVEL_ERROR, "configuration not taken over, nothing has changed", "reason",
                  problem.text, NULL);
    sd_notify(0, "READY=1");
}

/* ---- the loop ---- */

static void on_signal(uv_signal_t *signal, int number)
{
    struct daemon *daemon = signal->data;
    if (number == SIGHUP)
        reload(daemon);
    else
        stop(daemon, number == SIGTERM ? "TERM" : "INT");
}

/* Workers wake us with every snapshot that they take. */
/* What the requests of this turn have stored, and what the board's news have. */
static void sync_stored(uv_prepare_t *before_sleep)
{
    struct daemon *daemon = before_sleep->data;
    if (daemon->api != NULL && control_has_unsynced(daemon->control))
        api_on_seen(daemon->api);
}

static void on_seen(uv_async_t *async)
{
    struct daemon *daemon = async->data;
    if (daemon->api != NULL)
        api_on_seen(daemon->api);
    uv_async_send(&daemon->news); /* what was published may end by the clock: an outage, a shift */
}

static void wake_main(void *context)
{
    struct daemon *daemon = context;
    uv_async_send(&daemon->seen);
}

static void on_tick(uv_timer_t *timer);

/* What is due is done, and the timer set to what is due next.  In a millisecond at the soonest: a
 * timer that is set to no time at all runs again before any request is looked at. */
static void tick(struct daemon *daemon)
{
    struct problem problem = { 0 };
    uint64_t now_ms = clock_unix_ms();
    uint64_t next_ms = control_tick(daemon->control, now_ms, &problem);
    if (problem.status != 0 && !daemon->tick_failed)
        log_write(LOG_LEVEL_ERROR, "the state of health checks cannot be stored; trying again",
                  "reason", problem.text, NULL);
    if (problem.status == 0 && daemon->tick_failed)
        log_write(LOG_LEVEL_INFO, "the state of health checks is stored again", NULL);
    daemon->tick_failed = problem.status != 0;
    if (next_ms == 0)
        uv_timer_stop(&daemon->tick);
    else
        uv_timer_start(&daemon->tick, on_tick, next_ms > now_ms ? next_ms - now_ms : 1, 0);
}

static void on_tick(uv_timer_t *timer)
{
    tick(timer->data);
}

/* One transaction takes what comes within a moment: in an outage checks turn by the hundred. */
static void on_news(uv_async_t *async)
{
    struct daemon *daemon = async->data;
    if (daemon->control == NULL || daemon->tick_failed)
        return;
    if (!uv_is_active((uv_handle_t *)&daemon->tick) ||
        uv_timer_get_due_in(&daemon->tick) > NEWS_GATHER_MS)
        uv_timer_start(&daemon->tick, on_tick, NEWS_GATHER_MS, 0);
}

/* On whatever thread a check has turned. */
static void wake_for_news(void *context)
{
    struct daemon *daemon = context;
    uv_async_send(&daemon->news);
}

static int open_loop(struct daemon *daemon, struct problem *out_problem)
{
    static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };
    if (uv_loop_init(&daemon->loop) != 0)
        return problem_set(out_problem, SP_EIO, "cannot make an event loop: %s", strerror(errno));
    daemon->loop.data = daemon; /* from now on there is one to close */
    if (uv_async_init(&daemon->loop, &daemon->seen, on_seen) != 0)
        return problem_set(out_problem, SP_EIO, "cannot make an event loop: %s", strerror(errno));
    daemon->handle_count = 1;
    if (uv_async_init(&daemon->loop, &daemon->news, on_news) != 0)
        return problem_set(out_problem, SP_EIO, "cannot make an event loop: %s", strerror(errno));
    daemon->seen.data = daemon->news.data = daemon->tick.data = daemon->grace.data =
        daemon->drained.data = daemon->before_sleep.data = daemon;
    uv_timer_init(&daemon->loop, &daemon->tick);
    uv_timer_init(&daemon->loop, &daemon->grace);
    uv_prepare_init(&daemon->loop, &daemon->drained);
    uv_prepare_init(&daemon->loop, &daemon->before_sleep);
    uv_prepare_start(&daemon->before_sleep, sync_stored);
    for (unsigned i = 0; i < 3; i++) {
        uv_signal_init(&daemon->loop, &daemon->signals[i]);
        daemon->signals[i].data = daemon;
        uv_signal_start(&daemon->signals[i], on_signal, numbers[i]);
    }
    daemon->handle_count = 9;
    return 0;
}

static void close_loop(struct daemon *daemon)
{
    uv_handle_t *handles[] = {
        (uv_handle_t *)&daemon->seen,       (uv_handle_t *)&daemon->news,
        (uv_handle_t *)&daemon->tick,       (uv_handle_t *)&daemon->grace,
        (uv_handle_t *)&daemon->drained,    (uv_handle_t *)&daemon->before_sleep,
        (uv_handle_t *)&daemon->signals[0], (uv_handle_t *)&daemon->signals[1],
        (uv_handle_t *)&daemon->signals[2],
    };
    for (unsigned i = 0; i < daemon->handle_count; i++)
        uv_close(handles[i], NULL);
    uv_run(&daemon->loop, UV_RUN_DEFAULT);
    uv_loop_close(&daemon->loop);
}

/* ---- starting ---- */

static unsigned count_cpus(void)
{
    cpu_set_t set;
    int count = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set) : 1;
    return count < 1 ? 1 : count > WORKERS_MAX ? WORKERS_MAX : (unsigned)count;
}

/* What remains for clients and probes when it is less than they may want. */
static void share_files(struct daemon *daemon, unsigned files)
{
    char allowed[24];
    unsigned least = daemon->worker_count;
    unsigned for_clients =
        daemon->tcp_connections < files / 2 ? daemon->tcp_connections : files / 2;
    daemon->probes_max =
        files - for_clients > PROBES_UNDER_WAY_LEAST ? files - for_clients : PROBES_UNDER_WAY_LEAST;
    if (for_clients >= daemon->tcp_connections)
        return;
    daemon->tcp_connections = for_clients > least ? for_clients : least;
    snprintf(allowed, sizeof(allowed), "%u", daemon->tcp_connections);
    log_write(LOG_LEVEL_WARNING,
              "the limit of open files (ulimit -n) is too low for tcp-connections", "connections",
              allowed, NULL);
}

/* The limit on open files must leave room for every client that may come; without it the idlest of
 * them could not be closed in favour of a new one, and nobody could ask how we are.  Probes get
 * what is left over, half of it at least where there is too little for all; and a few in any case,
 * since one that hangs must not keep the others waiting, and one without a file to open says
 * nothing of its endpoint. */
static void make_room_for_clients(struct daemon *daemon)
{
    const struct config *config = &daemon->config;
    struct rlimit limit;
    unsigned others = daemon->worker_count * (2 * config->listen.count + LOOP_FILES) +
                      LISTENERS_MAX * HTTP_CONNECTIONS_MAX + 2 * LOOP_FILES;
    rlim_t wanted = others + config->tcp_connections + PROBES_UNDER_WAY_MAX;
    daemon->tcp_connections = config->tcp_connections;
    daemon->probes_max = PROBES_UNDER_WAY_MAX;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == wanted)
        return;
    share_files(daemon, limit.rlim_cur > others ? (unsigned)limit.rlim_cur - others : 0);
}

static int bind_dns(struct daemon *daemon, struct problem *out_problem)
{
    const struct config *config = &daemon->config;
    daemon->mailbox = mailbox_create(daemon->worker_count);
    daemon->health = health_table_create(HEALTH_SLOTS_MAX);
    if (daemon->health != NULL)
        daemon->board = board_create(daemon->health, &config->checkers);
    if (daemon->mailbox == NULL || daemon->board == NULL)
        return problem_set(out_problem, SP_ENOMEM, "no memory for %u workers",
                           daemon->worker_count);
    struct server_settings settings = {
        .listen_count = config->listen.count,
        .worker_count = daemon->worker_count,
        .tcp_connections = daemon->tcp_connections,
        .tcp_idle_timeout_s = config->tcp_idle_timeout_s,
        .tcp_total_timeout_s = config->tcp_total_timeout_s,
        .health = daemon->health,
        .signer = { config->signatures_remembered, config->signatures_per_second },
        .seeded = config->seed.given,
        .seed = config->seed.value,
    };
    memcpy(settings.listen, config->listen.at, sizeof(settings.listen));
    int rc = server_create(&settings, daemon->mailbox, &daemon->server, out_problem);
    if (rc == 0)
        server_on_seen(daemon->server, wake_main, daemon);
    return rc;
}

static int bind_api(struct daemon *daemon, struct problem *out_problem)
{
    const struct config_addresses *list = &daemon->config.api_listen;
    int rc = 0;
    for (unsigned i = 0; i < list->count; i++) {
        rc = http_socket_tcp(&list->at[i], &daemon->sockets[daemon->socket_count], out_problem);
        if (rc != 0)
            break;
        daemon->api_ports[i] = http_socket_port(daemon->sockets[daemon->socket_count]);
        daemon->socket_count++;
    }
    return rc;
}

static int open_log(const struct config *config, struct problem *out_problem)
{
    if (log_open(path_or_null(config->log_file), config->log_level, config->log_json) == 0)
        return 0;
    return problem_set(out_problem, SP_EIO, "log-file: cannot open %s: %s", config->log_file,
                       strerror(errno));
}

static int bind_control(struct daemon *daemon, struct problem *out_problem)
{
    const char *path = daemon->config.control_socket;
    int rc = http_socket_unix(path, &daemon->sockets[daemon->socket_count], out_problem);
    if (rc == 0) {
        daemon->socket_count++;
        if (lstat(path, &daemon->socket_file) != 0)
            daemon->socket_file = (struct stat){ 0 };
    }
    return rc;
}

/* Keys lie beside the database unless something else is said. */
static void write_key_directory(const struct config *config, char out[CONFIG_PATH_SIZE + 8])
{
    const char *slash = strrchr(config->database, '/');
    int size = slash == NULL ? 0 : (int)(slash - config->database) + 1;
    if (config->key_directory[0] != '\0')
        snprintf(out, CONFIG_PATH_SIZE + 8, "%s", config->key_directory);
    else
        snprintf(out, CONFIG_PATH_SIZE + 8, "%.*skeys", size, config->database);
}

/* While root's files can be read: the credential may be one. */
static int open_keys(struct daemon *daemon, struct problem *out_problem)
{
    const struct config *config = &daemon->config;
    char directory[CONFIG_PATH_SIZE + 8];
    write_key_directory(config, directory);
    const struct key_store_settings settings = {
        .directory = directory,
        .credential = config->key_credential,
        .pkcs11_module = config->pkcs11_module,
        .pkcs11_token = config->pkcs11_token,
        .pkcs11_pin = config->pkcs11_pin,
    };
    return key_store_open(&settings, &daemon->keys, out_problem);
}

/* A token that is away does not stop the start: what it has signed lasts for days. */
static void check_keys(const struct daemon *daemon)
{
    struct problem problem = { 0 };
    if (key_store_check(daemon->keys, &problem) != 0)
        log_write(LOG_LEVEL_WARNING, "key-signing keys cannot be used now", "reason", problem.text,
                  NULL);
}

static int open_signing(struct daemon *daemon, struct problem *out_problem)
{
    const struct signing_options options = signing_options(&daemon->config);
    check_keys(daemon);
    return control_open_signing(daemon->control, daemon->keys, &options, out_problem);
}

static int open_data(struct daemon *daemon, struct problem *out_problem)
{
    struct answer_options options;
    struct dice dice;
    bool seeded = daemon->config.seed.given;
    if (seeded)
        dice_init_seeded(&dice, daemon->config.seed.value);
    config_answer_options(&daemon->config, &options);
    int rc = store_open(daemon->config.database, &daemon->store, out_problem);
    if (rc == 0)
        rc = control_create(daemon->store, daemon->mailbox, daemon->board, &daemon->config.defaults,
                            &options, seeded ? &dice : NULL, &daemon->control, out_problem);
    if (rc == 0)
        rc = open_signing(daemon, out_problem);
    if (rc == 0) {
        control_deny_special_targets(daemon->control, daemon->config.deny_special_targets);
        control_require_registered_targets(daemon->control, daemon->config.registered_targets);
        control_set_change_delay(daemon->control, daemon->config.change_delay_s * 1000ull);
        set_quotas(daemon);
    }
    if (rc == 0 && daemon->config.geoip_database[0] != '\0')
        rc = open_mmdb(daemon, daemon->config.geoip_database, out_problem);
    return rc;
}

/* Last: from here on checks turn by themselves. */
static int start_prober(struct daemon *daemon, struct problem *out_problem)
{
    const struct config *config = &daemon->config;
    struct dice dice;
    if (config->seed.given)
        dice_init_seeded(&dice, config->seed.value);
    else
        dice_init(&dice);
    struct prober_settings settings = {
        .board = daemon->board,
        .probes_max = daemon->probes_max,
        .deny_special = config->deny_special_targets,
        .resolver = config->check_resolver,
        .dice = &dice,
    };
    board_on_news(daemon->board, wake_for_news, daemon);
    int rc = prober_create(&settings, &daemon->prober, out_problem);
    if (rc == 0)
        rc = prober_start(daemon->prober, out_problem);
    if (rc == 0)
        tick(daemon);
    return rc;
}

static enum door_rule door_rule(const struct config_signature *signature)
{
    if (!signature->given)
        return DOOR_BEYOND_LOOPBACK;
    return signature->required ? DOOR_EVERYWHERE : DOOR_NOWHERE;
}

static int serve_http(struct daemon *daemon, struct problem *out_problem)
{
    struct api_settings settings = {
        .control = daemon->control,
        .signatures = door_rule(&daemon->config.require_signature),
        .skew_s = daemon->config.signature_skew_s,
        .read_status = read_status,
        .context = daemon,
    };
    daemon->api = api_create(&settings);
    if (daemon->api == NULL)
        return problem_set(out_problem, SP_ENOMEM, "no memory for the HTTP interface");
    struct http_handler handler = api_handler(daemon->api);
    int rc = 0;
    for (unsigned i = 0; i < daemon->socket_count && rc == 0; i++) {
        int fd = daemon->sockets[i];
        bool is_local = i == daemon->socket_count - 1; /* the control socket was bound last */
        enum http_listener_kind kind = is_local                           ? HTTP_LISTENER_LOCAL
                                       : daemon->config.api_listen.tls[i] ? HTTP_LISTENER_TLS
                                                                          : HTTP_LISTENER_PLAIN;
        daemon->sockets[i] = -1;
        rc = http_listener_create(&daemon->loop, fd, kind, &handler, &daemon->listeners[i],
                                  out_problem);
    }
    return rc;
}

static int start(struct daemon *daemon, struct problem *out_problem)
{
    const struct config *config = &daemon->config;
    int rc = identity_find(config->user, &daemon->identity, out_problem);
    /* Before any port is bound: workers share ports, and would take another's packets for a moment.
     */
    if (rc == 0)
        rc = http_socket_probe(config->control_socket, out_problem);
    if (rc == 0)
        rc = open_loop(daemon, out_problem);
    if (rc == 0) {
        make_room_for_clients(daemon);
        rc = bind_dns(daemon, out_problem);
    }
    if (rc == 0)
        rc = bind_api(daemon, out_problem);
    if (rc == 0)
        rc = load_tls(config, out_problem); /* the key may be root's */
    if (rc == 0)
        rc = open_keys(daemon, out_problem);
    if (rc == 0) {
        identity_make_directory(&daemon->identity, config->control_socket);
        identity_make_directory(&daemon->identity, config->database);
        rc = identity_assume(&daemon->identity, out_problem);
    }
    if (rc == 0)
        rc = open_log(config, out_problem);
    if (rc == 0)
        rc = open_data(daemon, out_problem);
    if (rc == 0)
        rc = bind_control(daemon, out_problem);
    if (rc == 0)
        rc = serve_http(daemon, out_problem);
    if (rc == 0)
        rc = server_start(daemon->server, out_problem);
    if (rc == 0)
        rc = start_prober(daemon, out_problem);
    return rc;
}

/* The port really bound: a port of 0 lets the system choose. */
static void announce_address(const char *message, struct sockaddr_storage address, uint16_t port,
                             char text[ADDRESS_TEXT_SIZE])
{
    address_set_port(&address, port);
    log_write(LOG_LEVEL_INFO, message, "address", address_to_text(text, &address), NULL);
}

/* Whoever listens on every address is reached over loopback too. */
static void write_url(struct sockaddr_storage address, uint16_t port, bool tls, char out[URL_SIZE])
{
    char text[ADDRESS_TEXT_SIZE];
    address_to_text(text, &address);
    text[strcspn(text, "@")] = '\0';
    bool is_ipv6 = address.ss_family == AF_INET6;
    snprintf(out, URL_SIZE, is_ipv6 ? "%s://[%s]:%u" : "%s://%s:%u", tls ? "https" : "http",
             !address_is_wildcard(&address) ? text
             : is_ipv6                      ? "::1"
                                            : "127.0.0.1",
             port);
}

static void announce_api(struct daemon *daemon)
{
    char text[ADDRESS_TEXT_SIZE];
    const struct config_addresses *list = &daemon->config.api_listen;
    for (unsigned i = 0; i < list->count; i++) {
        write_url(list->at[i], daemon->api_ports[i], list->tls[i], daemon->api_urls[i]);
        announce_address(list->tls[i] ? "HTTPS is served" : "HTTP is served", list->at[i],
                         daemon->api_ports[i], text);
    }
}

static void announce(struct daemon *daemon)
{
    const struct config *config = &daemon->config;
    const struct snapshot *snapshot = control_snapshot(daemon->control);
    char workers[12], zones[12], records[24], took[24];
    for (unsigned i = 0; i < config->listen.count; i++)
        announce_address("DNS is served", config->listen.at[i], server_port(daemon->server, i),
                         daemon->listen_texts[i]);
    announce_api(daemon);
    if (geteuid() == 0)
        log_write(LOG_LEVEL_WARNING, "running as root; set user in the configuration", NULL);
    snprintf(workers, sizeof(workers), "%u", daemon->worker_count);
    snprintf(zones, sizeof(zones), "%u", snapshot->zone_count);
    snprintf(records, sizeof(records), "%llu", (unsigned long long)snapshot->record_count);
    snprintf(took, sizeof(took), "%llu",
             (unsigned long long)(clock_monotonic_ms() - daemon->started_ms));
    log_write(LOG_LEVEL_INFO, "ready", "version", SIGNPOST_VERSION, "workers", workers, "zones",
              zones, "records", records, "start_ms", took, "control", config->control_socket, NULL);
}

/* Only our own: another daemon may have put its socket there meanwhile. */
static void remove_socket_file(const struct daemon *daemon)
{
    struct stat now;
    if (daemon->socket_file.st_ino != 0 && lstat(daemon->config.control_socket, &now) == 0 &&
        now.st_ino == daemon->socket_file.st_ino && now.st_dev == daemon->socket_file.st_dev)
        unlink(daemon->config.control_socket);
}

static void finish(struct daemon *daemon)
{
    for (unsigned i = 0; i < daemon->socket_count; i++) {
        http_listener_destroy(daemon->listeners[i]);
        if (daemon->sockets[i] >= 0)
            close(daemon->sockets[i]);
    }
    remove_socket_file(daemon);
    prober_destroy(daemon->prober);
    server_destroy(daemon->server);
    if (daemon->loop.data != NULL)
        close_loop(daemon);
    http_tls_finish();
    api_destroy(daemon->api);
    control_destroy(daemon->control);
    key_store_close(daemon->keys);
    mailbox_destroy(daemon->mailbox);
    board_destroy(daemon->board);
    health_table_destroy(daemon->health);
    store_close(daemon->store);
}

int daemon_run(const struct config_source *source, const struct config *config,
               struct problem *out_problem)
{
    struct daemon *daemon = calloc(1, sizeof(*daemon));
    if (daemon == NULL)
        return problem_set(out_problem, SP_ENOMEM, "no memory to start");
    daemon->source = source;
    daemon->config = *config;
    daemon->started_ms = clock_monotonic_ms();
    daemon->worker_count = config->workers != 0 ? config->workers : count_cpus();
    for (unsigned i = 0; i < LISTENERS_MAX; i++)
        daemon->sockets[i] = -1;
    log_open(NULL, config->log_level, config->log_json); /* until the log file may be opened */
    int rc = start(daemon, out_problem);
    if (rc == 0) {
        announce(daemon);
        sd_notify(0, "READY=1");
        uv_run(&daemon->loop, UV_RUN_DEFAULT);
        server_stop(daemon->server);
        log_write(LOG_LEVEL_INFO, "stopped", NULL);
    } else if (config->log_file[0] != '\0') { /* stderr hears of it from main */
        log_write(LOG_LEVEL_ERROR, "cannot start", "reason", out_problem->text, NULL);
    }
    finish(daemon);
    free(daemon);
    return rc;
}
