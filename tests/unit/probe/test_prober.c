/*
 * The whole thread against real sockets on loopback.  Checks here look every second, which users
 * may not choose, and nothing depends on how long anything takes.
 */
#include "endpoint_server.h"

#include "signpost/base/log.h"
#include "signpost/probe/prober.h"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#define SLOTS    64
#define PATIENCE 30000 /* milliseconds */

struct lab {
    struct health_table *table;
    struct board *board;
    struct prober *prober;
};

static void nap(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = 5000000 }, NULL);
}

/* One checker, unless the list says otherwise. */
static void open_lab(struct lab *lab, const struct prober_settings *wishes, const char *checker)
{
    struct checker_list list = { 0 };
    struct problem problem;
    struct dice dice;
    struct prober_settings settings = *wishes;
    dice_init_seeded(&dice, 1);
    assert_int_equal(checker_list_add(&list, checker, NULL), 0);
    lab->table = health_table_create(SLOTS);
    lab->board = board_create(lab->table, &list);
    settings.board = lab->board;
    settings.dice = &dice;
    if (settings.probes_max == 0)
        settings.probes_max = 100;
    if (settings.resolver == NULL)
        settings.resolver = "127.0.0.1@9";
    assert_int_equal(prober_create(&settings, &lab->prober, &problem), 0);
    assert_int_equal(prober_start(lab->prober, &problem), 0);
}

static void close_lab(struct lab *lab)
{
    prober_destroy(lab->prober);
    board_destroy(lab->board);
    health_table_destroy(lab->table);
}

static struct health_check_config config_of(enum health_check_type type, const char *address,
                                            uint16_t port)
{
    struct health_check_config config;
    health_check_config_init(&config, type);
    config.request_interval_s = 1;
    config.failure_threshold = 1;
    config.has_address = address != NULL;
    if (address != NULL)
        assert_null(prefix_from_text(&config.address, address));
    config.port = port;
    strcpy(config.resource_path, "/");
    return config;
}

static void put(struct lab *lab, health_slot slot, const struct health_check_config *config)
{
    char id[16];
    snprintf(id, sizeof id, "check-%u", slot);
    struct board_check check = { .slot = slot, .id = id, .config = config };
    assert_int_equal(board_put(lab->board, &check, 1000), 0);
}

static struct probe_result last_of(struct lab *lab, health_slot slot)
{
    static struct health_status status;
    board_read(lab->board, slot, &status);
    return status.checkers[0].last;
}

static struct probe_result wait_for_result(struct lab *lab, health_slot slot)
{
    struct probe_result result = { 0 };
    for (int ms = 0; ms < PATIENCE; ms += 5) {
        result = last_of(lab, slot);
        if (result.at_ms != 0)
            return result;
        nap();
    }
    fail_msg("no result of check %u", slot);
    return result;
}

static struct prober_figures figures_of(const struct lab *lab)
{
    struct prober_figures figures;
    prober_read_figures(lab->prober, &figures);
    return figures;
}

/* ---- what comes of what ---- */

#define OK "HTTP/1.1 200 OK\r\n"

static void every_kind_of_end_has_its_outcome(void **state)
{
    (void)state;
    static const struct row {
        const char *why;
        enum health_check_type type;
        enum manner manner;
        const char *reply;
        enum probe_outcome expect;
        unsigned status;
    } rows[] = {
        { "TCP", HEALTH_CHECK_TCP, STAY_SILENT, "", PROBE_PASSED, 0 },
        { "TCP, closed at once", HEALTH_CHECK_TCP, HANG_UP, "", PROBE_PASSED, 0 },
        { "TCP, reset at once", HEALTH_CHECK_TCP, RESET, "", PROBE_PASSED, 0 },
        { "200", HEALTH_CHECK_HTTP, ANSWER, OK "\r\n", PROBE_PASSED, 200 },
        { "without a request", HEALTH_CHECK_HTTP, SEND, OK "\r\n", PROBE_PASSED, 200 },
        { "S-30d: 503", HEALTH_CHECK_HTTP, ANSWER, "HTTP/1.1 503 Tired\r\n\r\n", PROBE_HTTP_STATUS,
          503 },
        { "R-HCE-12: 302", HEALTH_CHECK_HTTP, ANSWER,
          "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\n\r\n", PROBE_PASSED, 302 },
        { "R-HCE-12: 1xx", HEALTH_CHECK_HTTP, ANSWER,
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 No\r\n\r\n", PROBE_HTTP_STATUS, 404 },
        { "R-HCE-12: 101", HEALTH_CHECK_HTTP, ANSWER,
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", PROBE_CONNECTION_CLOSED, 0 },
        { "a body of any length", HEALTH_CHECK_HTTP, SEND_ON,
          OK "Content-Length: 999999999\r\n\r\n...", PROBE_PASSED, 200 },
        { "closed at once", HEALTH_CHECK_HTTP, HANG_UP, "", PROBE_CONNECTION_CLOSED, 0 },
        { "reset at once", HEALTH_CHECK_HTTP, RESET, "", PROBE_CONNECTION_CLOSED, 0 },
        { "silence", HEALTH_CHECK_HTTP, STAY_SILENT, "", PROBE_RESPONSE_TIMEOUT, 0 },
        { "closed within the headers", HEALTH_CHECK_HTTP, ANSWER, OK "Server: x\r\n",
          PROBE_CONNECTION_CLOSED, 200 },
        { "S-30f: no colon", HEALTH_CHECK_HTTP, ANSWER, OK "Server\r\n\r\n", PROBE_MALFORMED, 200 },
        { "R-HCE-15: a blank before the colon", HEALTH_CHECK_HTTP, ANSWER, OK "Server : x\r\n\r\n",
          PROBE_MALFORMED, 200 },
        { "R-HCE-15: a continued value", HEALTH_CHECK_HTTP, ANSWER, OK "Server: x\r\n y\r\n\r\n",
          PROBE_PASSED, 200 },
        { "garbage", HEALTH_CHECK_HTTP, SEND_ON, "Hello!\r\n", PROBE_MALFORMED, 0 },
        { "garbage without lines", HEALTH_CHECK_HTTP, SEND_ON, "Hello!", PROBE_MALFORMED, 0 },
        { "a length that is none", HEALTH_CHECK_HTTP, ANSWER, OK "Content-Length: many\r\n\r\n",
          PROBE_MALFORMED, 200 },
        { "one response after the other", HEALTH_CHECK_HTTP, SEND_ON, OK "X: y\r\n",
          PROBE_MALFORMED, 200 },
        { "header fields without end", HEALTH_CHECK_HTTP, SEND_ON, OK AND_ON "X: y\r\n",
          PROBE_HEADERS_TOO_LONG, 200 },
        { "R-HCE-15: a header field without end", HEALTH_CHECK_HTTP, SEND_ON,
          OK "X: " AND_ON "yyyyyyyyyyyyyyyy", PROBE_HEADERS_TOO_LONG, 200 },
        { "a status without end", HEALTH_CHECK_HTTP, SEND_ON,
          "HTTP/1.1 200 " AND_ON "yyyyyyyyyyyyyyyy", PROBE_HEADERS_TOO_LONG, 0 },
        { "1xx without end", HEALTH_CHECK_HTTP, SEND_ON, "HTTP/1.1 100 Continue\r\n\r\n",
          PROBE_HEADERS_TOO_LONG, 0 },
        { "the string", HEALTH_CHECK_HTTP_STR_MATCH, ANSWER, OK "\r\nsay all is well", PROBE_PASSED,
          200 },
        { "the string in chunks", HEALTH_CHECK_HTTP_STR_MATCH, ANSWER,
          OK "Transfer-Encoding: chunked\r\n\r\n4\r\nall \r\n7\r\nis well\r\n0\r\n\r\n",
          PROBE_PASSED, 200 },
        { "chunks that end early", HEALTH_CHECK_HTTP_STR_MATCH, ANSWER,
          OK "Transfer-Encoding: chunked\r\n\r\nall is well\r\n", PROBE_STRING_MISSING, 200 },
        { "no string", HEALTH_CHECK_HTTP_STR_MATCH, ANSWER, OK "Content-Length: 4\r\n\r\nnone",
          PROBE_STRING_MISSING, 200 },
        { "no body", HEALTH_CHECK_HTTP_STR_MATCH, ANSWER, "HTTP/1.1 204 No Content\r\n\r\n",
          PROBE_STRING_MISSING, 204 },
        { "a body without end", HEALTH_CHECK_HTTP_STR_MATCH, SEND_ON, OK "\r\n all is wel",
          PROBE_STRING_MISSING, 200 },
        { "no TLS", HEALTH_CHECK_HTTPS, SEND, OK "\r\n", PROBE_TLS_FAILED, 0 },
        { "TLS, silence", HEALTH_CHECK_HTTPS, STAY_SILENT, "", PROBE_RESPONSE_TIMEOUT, 0 },
        { "TLS, closed at once", HEALTH_CHECK_HTTPS, HANG_UP, "", PROBE_TLS_FAILED, 0 },
    };
    static struct server servers[COUNT_OF(rows)];
    struct lab lab;
    open_lab(&lab, &(struct prober_settings){ 0 }, "us-east-1");
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        servers[i] = (struct server){ .manner = rows[i].manner, .reply = rows[i].reply };
        server_start(&servers[i], AF_INET);
        struct health_check_config config = config_of(rows[i].type, "127.0.0.1", servers[i].port);
        if (health_check_type_searches(rows[i].type))
            strcpy(config.search_string, "all is well");
        put(&lab, i + 1, &config);
    }
    unsigned faults = 0;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        char text[PROBE_TEXT_SIZE];
        struct probe_result result = wait_for_result(&lab, i + 1);
        if (result.outcome != rows[i].expect || result.http_status != rows[i].status) {
            print_message("%s: %u, %s\n", rows[i].why, result.outcome,
                          probe_result_text(text, &result));
            faults++;
        }
        assert_int_equal(health_is_up(lab.table, i + 1), result.outcome == PROBE_PASSED);
    }
    close_lab(&lab);
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        server_stop(&servers[i]);
    assert_int_equal(faults, 0);
}

/* The library that reads responses joins continued lines before anybody judges them, and one that
 * remembers the last line of an earlier response joins it to memory that is free. */
static void a_first_line_continues_nothing_of_an_earlier_response(void **state)
{
    (void)state;
    static const char *const replies[] = { OK "Server: of another check\r\n\r\n",
                                           OK " continued: here\r\n\r\n" };
    static const enum probe_outcome expect[] = { PROBE_PASSED, PROBE_MALFORMED };
    static struct server servers[COUNT_OF(replies)];
    struct lab lab;
    open_lab(&lab, &(struct prober_settings){ 0 }, "us-east-1");
    for (unsigned i = 0; i < COUNT_OF(replies); i++) {
        servers[i] = (struct server){ .reply = replies[i] };
        server_start(&servers[i], AF_INET);
        struct health_check_config config =
            config_of(HEALTH_CHECK_HTTP, "127.0.0.1", servers[i].port);
        put(&lab, i + 1, &config);
        assert_int_equal(wait_for_result(&lab, i + 1).outcome, expect[i]); /* R-HCE-15 */
    }
    close_lab(&lab);
    for (unsigned i = 0; i < COUNT_OF(replies); i++)
        server_stop(&servers[i]);
}

static void nobody_listening_is_told_with_the_reason(void **state)
{
    (void)state;
    uint16_t port;
    struct lab lab;
    close(listen_on(AF_INET, &port));
    open_lab(&lab, &(struct prober_settings){ 0 }, "us-east-1");
    struct health_check_config config = config_of(HEALTH_CHECK_TCP, "127.0.0.1", port);
    put(&lab, 1, &config);
    struct probe_result result = wait_for_result(&lab, 1);
    assert_int_equal(result.outcome, PROBE_CONNECT_REFUSED);
    assert_string_equal(result.detail, "Connection refused");
    assert_true(result.connection_ms < 0);
    close_lab(&lab);
}

/* ---- what is sent ---- */

static void the_request_says_what_it_should(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *address, *domain, *path, *expect; /* %u is the port */
        int family;
    } rows[] = {
        { "R-HCE-3: the name", "127.0.0.1", "web.test", "/a?b=c",
          "GET /a?b=c HTTP/1.1\r\nHost: web.test:%u\r\n", AF_INET },
        { "R-HCE-3: the address", "127.0.0.1", "", "/", "GET / HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n",
          AF_INET },
        { "R-HCE-3: over IPv6", "::1", "", "/../%41//",
          "GET /../%%41// HTTP/1.1\r\nHost: [::1]:%u\r\n", AF_INET6 },
    };
    /* None of this may matter. */
    setenv("http_proxy", "http://127.0.0.1:9/", 1);
    setenv("ALL_PROXY", "http://127.0.0.1:9/", 1);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct server server = { .reply = OK "\r\n" };
        struct lab lab;
        char expected[200];
        server_start(&server, rows[i].family);
        open_lab(&lab, &(struct prober_settings){ 0 }, "us-east-1");
        struct health_check_config config =
            config_of(HEALTH_CHECK_HTTP, rows[i].address, server.port);
        strcpy(config.domain_name, rows[i].domain);
        strcpy(config.resource_path, rows[i].path);
        put(&lab, 7, &config);
        struct probe_result result = wait_for_result(&lab, 7);
        assert_int_equal(result.outcome, PROBE_PASSED);
        assert_true(result.connection_ms >= 0);
        assert_true(result.first_byte_ms >= result.connection_ms);
        assert_true(result.tls_ms < 0);
        close_lab(&lab);
        server_stop(&server);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(expected, sizeof expected, rows[i].expect, server.port);
#pragma GCC diagnostic pop
        if (strncmp(server.request, expected, strlen(expected)) != 0)
            fail_msg("%s: %s", rows[i].why, server.request);
        /* R-HCE-7 */
        assert_non_null(strstr(server.request,
                               "\r\nUser-Agent: Signpost-Health-Check-Service (ref check-7)\r\n"));
        assert_non_null(strstr(server.request, "\r\nConnection: close\r\n"));
    }
    unsetenv("http_proxy");
    unsetenv("ALL_PROXY");
}

/* ---- TLS ---- */

static void names_are_offered_as_the_check_says(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *certified, *domain;
        bool enable_sni;
        const char *expect; /* begins with these names */
    } rows[] = {
        { "R-HCE-17: the name", "web.test", "web.test", true, "web.test web.test " },
        { "R-HCE-17: a wildcard covers it", "*.web.test", "a.web.test", true,
          "a.web.test a.web.test " },
        { "R-HCE-17: S-30e: else once more without", "other.test", "web.test", true,
          "web.test - web.test - " },
        { "SNI is off", "web.test", "web.test", false, "- - " },
        { "there is no name", "web.test", "", true, "- - " },
    };
    static struct server servers[COUNT_OF(rows)];
    struct lab lab;
    open_lab(&lab, &(struct prober_settings){ 0 }, "us-east-1");
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        servers[i] = (struct server){ .reply = OK "\r\n", .tls = create_tls(rows[i].certified) };
        server_start(&servers[i], AF_INET);
        struct health_check_config config =
            config_of(HEALTH_CHECK_HTTPS, "127.0.0.1", servers[i].port);
        strcpy(config.domain_name, rows[i].domain);
        config.enable_sni = rows[i].enable_sni;
        put(&lab, i + 1, &config);
    }
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        bool seen = false;
        for (int ms = 0; ms < PATIENCE && !seen; ms += 5) {
            pthread_mutex_lock(&servers[i].lock);
            seen = strncmp(servers[i].names, rows[i].expect, strlen(rows[i].expect)) == 0;
            pthread_mutex_unlock(&servers[i].lock);
            nap();
        }
        struct probe_result result = wait_for_result(&lab, i + 1);
        if (!seen || result.outcome != PROBE_PASSED)
            fail_msg("%s: %s, %s", rows[i].why, servers[i].names, result.detail);
        assert_true(result.tls_ms > 0);
        assert_true(result.first_byte_ms > result.connection_ms);
    }
    close_lab(&lab);
    for (unsigned i = 0; i < COUNT_OF(rows); i++)
        server_stop(&servers[i]);
}

static int refuse_name(SSL *ssl, int *alert, void *context)
{
    (void)context;
    *alert = SSL_AD_HANDSHAKE_FAILURE;
    return SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name) == NULL ? SSL_TLSEXT_ERR_ALERT_FATAL
                                                                      : SSL_TLSEXT_ERR_OK;
}

static void tls_that_wants_a_name_says_so(void **state)
{
    (void)state;
    struct server server = { .reply = OK "\r\n", .tls = create_tls("web.test") };
    struct lab lab;
    char text[PROBE_TEXT_SIZE];
    SSL_CTX_set_tlsext_servername_callback(server.tls, refuse_name);
    server_start(&server, AF_INET);
    open_lab(&lab, &(struct prober_settings){ 0 }, "us-east-1");
    struct health_check_config config = config_of(HEALTH_CHECK_HTTPS, "127.0.0.1", server.port);
    put(&lab, 1, &config);
    struct probe_result result = wait_for_result(&lab, 1);
    assert_string_equal(probe_result_text(text, &result), "Failure: SSL alert handshake_failure");
    close_lab(&lab);
    server_stop(&server);
}

/* What the library says of it ends in where it believes that it is connected to. */
static void a_handshake_that_is_cut_off_says_how(void **state)
{
    (void)state;
    struct server server = { .manner = SEND, .reply = "" };
    struct lab lab;
    server_start(&server, AF_INET);
    open_lab(&lab, &(struct prober_settings){ 0 }, "us-east-1");
    struct health_check_config config = config_of(HEALTH_CHECK_HTTPS, "127.0.0.1", server.port);
    for (health_slot slot = 1; slot <= 20; slot++)
        put(&lab, slot, &config);
    for (health_slot slot = 1; slot <= 20; slot++) {
        struct probe_result result = wait_for_result(&lab, slot);
        assert_true(result.outcome == PROBE_TLS_FAILED ||
                    result.outcome == PROBE_CONNECTION_CLOSED);
        if (strpbrk(result.detail, "0123456789_") != NULL || result.detail[0] == '\0')
            fail_msg("%s", result.detail);
    }
    close_lab(&lab);
    server_stop(&server);
}

static void old_tls_will_do(void **state)
{
    (void)state;
    static const int versions[] = { TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION, TLS1_3_VERSION };
    for (unsigned i = 0; i < COUNT_OF(versions); i++) { /* R-HCE-16 */
        struct server server = { .reply = OK "\r\n", .tls = create_tls("web.test") };
        struct lab lab;
        SSL_CTX_set_cipher_list(server.tls, "DEFAULT:@SECLEVEL=0");
        SSL_CTX_set_min_proto_version(server.tls, versions[i]);
        SSL_CTX_set_max_proto_version(server.tls, versions[i]);
        server_start(&server, AF_INET);
        open_lab(&lab, &(struct prober_settings){ 0 }, "us-east-1");
        struct health_check_config config = config_of(HEALTH_CHECK_HTTPS, "127.0.0.1", server.port);
        put(&lab, 1, &config);
        struct probe_result result = wait_for_result(&lab, 1);
        if (result.outcome != PROBE_PASSED)
            fail_msg("version %x: %s", versions[i], result.detail);
        close_lab(&lab);
        server_stop(&server);
    }
}

/* ---- names ---- */

struct name_server {
    int fd;
    uint16_t port;
    pthread_t thread;
};

/* An A record of 127.0.0.1 for every name but those that begin with "no": they have none. */
static void *answer_names(void *context)
{
    static const uint8_t record[] = { 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1 };
    struct name_server *server = context;
    uint8_t packet[600];
    struct sockaddr_in from;
    socklen_t from_size = sizeof from;
    ssize_t size;
    while ((size = recvfrom(server->fd, packet, 512, 0, (struct sockaddr *)&from, &from_size)) >
           0) {
        bool has_record = memcmp(packet + 13, "no", 2) != 0 && packet[size - 3] == 1;
        packet[2] = 0x84;
        packet[3] = 0;
        packet[7] = has_record;
        if (has_record) {
            memcpy(packet + size, record, sizeof record);
            size += sizeof record;
        }
        sendto(server->fd, packet, (size_t)size, 0, (struct sockaddr *)&from, from_size);
    }
    return NULL;
}

static void name_server_start(struct name_server *server, char out_text[32])
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    server->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(server->fd, (struct sockaddr *)&address, size), 0);
    getsockname(server->fd, (struct sockaddr *)&address, &size);
    snprintf(out_text, 32, "127.0.0.1@%u", ntohs(address.sin_port));
    assert_int_equal(pthread_create(&server->thread, NULL, answer_names, server), 0);
}

static void name_server_stop(struct name_server *server)
{
    shutdown(server->fd, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->fd);
}

static void names_are_resolved(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *name, *expect;
        bool deny_special;
    } rows[] = {
        { "R-HCE-4", "web.test", "Success: HTTP Status Code 200, OK. Resolved IP: 127.0.0.1",
          false },
        { "S-30k: no A record", "no.test",
          "Failure: DNS resolution failed: the name has no A record", false },
        { "/etc/hosts", "localhost", "Success: HTTP Status Code 200, OK. Resolved IP: 127.0.0.1",
          false },
        { "R-HCE-6", "web.test",
          "Failure: The address is private, loopback or otherwise special, and this server is set "
          "to refuse these. Resolved IP: 127.0.0.1",
          true },
    };
    struct name_server names;
    char resolver[32];
    name_server_start(&names, resolver);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct server server = { .reply = OK "\r\n" };
        struct lab lab;
        char text[PROBE_TEXT_SIZE];
        server_start(&server, AF_INET);
        open_lab(
            &lab,
            &(struct prober_settings){ .resolver = resolver, .deny_special = rows[i].deny_special },
            "us-east-1");
        struct health_check_config config = config_of(HEALTH_CHECK_HTTP, NULL, server.port);
        strcpy(config.domain_name, rows[i].name);
        put(&lab, 1, &config);
        struct probe_result result = wait_for_result(&lab, 1);
        if (strcmp(probe_result_text(text, &result), rows[i].expect) != 0)
            fail_msg("%s: %s", rows[i].why, text);
        close_lab(&lab);
        server_stop(&server);
    }
    name_server_stop(&names);
}

static void a_name_server_is_an_address(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "x", "127.0.0.1@", "127.0.0.1@0", "127.0.0.1@65536", "127.0.0.0/8", "127.0.0.1@ 53", "@53"
    };
    struct checker_list list = { .count = 1 };
    struct health_table *table = health_table_create(2);
    struct board *board = board_create(table, &list);
    struct dice dice = { { 1, 2 } };
    for (unsigned i = 0; i < COUNT_OF(wrong); i++) {
        struct prober *prober = NULL;
        struct problem problem;
        struct prober_settings settings = {
            .board = board, .probes_max = 1, .resolver = wrong[i], .dice = &dice
        };
        assert_int_equal(prober_create(&settings, &prober, &problem), SP_EINVAL);
        assert_non_null(strstr(problem.text, "ADDRESS@PORT"));
        assert_null(prober);
    }
    prober_destroy(NULL);
    board_destroy(board);
    health_table_destroy(table);
}

/* ---- the thread ---- */

static void wait_for_accepted(struct server *server, unsigned count)
{
    for (int ms = 0; ms < PATIENCE; ms += 5) {
        pthread_mutex_lock(&server->lock);
        bool enough = server->accepted >= count;
        pthread_mutex_unlock(&server->lock);
        if (enough)
            return;
        nap();
    }
    fail_msg("no connection number %u", count);
}

static void looks_go_on_until_the_check_is_gone(void **state)
{
    (void)state;
    struct server server = { .manner = STAY_SILENT };
    struct lab lab;
    server_start(&server, AF_INET);
    open_lab(&lab, &(struct prober_settings){ 0 }, "us-east-1@127.0.0.3");
    struct health_check_config config = config_of(HEALTH_CHECK_TCP, "127.0.0.1", server.port);
    put(&lab, 1, &config);
    wait_for_accepted(&server, 3); /* R-HCE-2: again and again */
    config.type = HEALTH_CHECK_HTTP;
    put(&lab, 1, &config);
    wait_for_accepted(&server, 4);
    while (figures_of(&lab).under_way == 0)
        nap();
    board_remove(lab.board, 1, 5000); /* while a look is under way */
    while (figures_of(&lab).under_way != 0)
        nap();
    struct prober_figures figures = figures_of(&lab);
    assert_int_equal(figures.failed, 0); /* and nobody has heard of it */
    assert_true(figures.passed >= 3);
    assert_true(figures.cpu_us > 0);
    close_lab(&lab);
    server_stop(&server);
}

static void those_that_find_no_place_wait(void **state)
{
    (void)state;
    struct server server = { .manner = STAY_SILENT };
    struct lab lab;
    server_start(&server, AF_INET);
    open_lab(&lab, &(struct prober_settings){ .probes_max = 1 }, "us-east-1");
    struct health_check_config config = config_of(HEALTH_CHECK_HTTP, "127.0.0.1", server.port);
    for (health_slot slot = 1; slot <= 3; slot++)
        put(&lab, slot, &config);
    for (health_slot slot = 1; slot <= 3; slot++) {
        wait_for_result(&lab, slot);
        assert_in_range(figures_of(&lab).under_way, 0, 1);
    }
    assert_true(figures_of(&lab).lateness_ms_max > 0);
    close_lab(&lab);
    server_stop(&server);
}

static void a_look_that_we_cannot_begin_says_nothing(void **state)
{
    (void)state;
    struct server server = { .manner = STAY_SILENT };
    struct lab lab;
    server_start(&server, AF_INET);
    log_open("/dev/null", LOG_LEVEL_ERROR, false);
    open_lab(&lab, &(struct prober_settings){ 0 }, "us-east-1@192.0.2.77"); /* not ours */
    struct health_check_config config = config_of(HEALTH_CHECK_TCP, "127.0.0.1", server.port);
    put(&lab, 1, &config);
    for (int ms = 0; ms < PATIENCE && figures_of(&lab).not_started < 2; ms += 5)
        nap();
    assert_true(figures_of(&lab).not_started >= 2); /* it tries again */
    assert_int_equal(figures_of(&lab).failed, 0);
    assert_true(health_is_up(lab.table, 1));
    assert_int_equal(last_of(&lab, 1).at_ms, 0);
    close_lab(&lab);
    server_stop(&server);
}

/* The name server may be well. */
static void a_name_that_we_cannot_ask_for_says_nothing(void **state)
{
    (void)state;
    struct name_server names;
    struct lab lab;
    char resolver[32];
    struct rlimit before;
    log_open("/dev/null", LOG_LEVEL_ERROR, false);
    name_server_start(&names, resolver);
    open_lab(&lab, &(struct prober_settings){ .resolver = resolver }, "us-east-1");
    struct health_check_config config = config_of(HEALTH_CHECK_TCP, NULL, 9);
    strcpy(config.domain_name, "web.test");
    int next = dup(0);
    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    struct rlimit none = { (rlim_t)next, before.rlim_max };
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
    put(&lab, 1, &config);
    for (int ms = 0; ms < PATIENCE && figures_of(&lab).not_started < 2; ms += 5)
        nap();
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    assert_true(figures_of(&lab).not_started >= 2);
    assert_int_equal(figures_of(&lab).failed, 0);
    close_lab(&lab);
    name_server_stop(&names);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_kind_of_end_has_its_outcome),
    cmocka_unit_test(a_first_line_continues_nothing_of_an_earlier_response),
    cmocka_unit_test(nobody_listening_is_told_with_the_reason),
    cmocka_unit_test(the_request_says_what_it_should),
    cmocka_unit_test(names_are_offered_as_the_check_says),
    cmocka_unit_test(tls_that_wants_a_name_says_so),
    cmocka_unit_test(a_handshake_that_is_cut_off_says_how),
    cmocka_unit_test(old_tls_will_do),
    cmocka_unit_test(names_are_resolved),
    cmocka_unit_test(a_name_server_is_an_address),
    cmocka_unit_test(looks_go_on_until_the_check_is_gone),
    cmocka_unit_test(those_that_find_no_place_wait),
    cmocka_unit_test(a_look_that_we_cannot_begin_says_nothing),
    cmocka_unit_test(a_name_that_we_cannot_ask_for_says_nothing),
};

int main(int argc, char **argv)
{
    signal(SIGPIPE, SIG_IGN); /* for the servers */
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
