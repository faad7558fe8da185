/*
 * A listener on a Unix socket in a directory of its own, and a client that is a plain blocking
 * socket: it writes everything it has to say before the loop turns, and reads when the loop is
 * done.
 */
#include "signpost/http/listener.h"

#include "signpost/base/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

struct bench {
    char directory[32];
    char path[64];
    uv_loop_t loop;
    struct http_listener *listener;
    bool wait; /* end leaves the exchange waiting */
    struct http_exchange *waiting;
    unsigned begun, ended, gone;
    size_t body_size;
    char target[256];
};

static void on_begin(void *context, struct http_exchange *exchange)
{
    struct bench *bench = context;
    bench->begun++;
    snprintf(bench->target, sizeof(bench->target), "%s", exchange->request.target);
    if (strcmp(exchange->request.method, "PATCH") == 0)
        exchange->response = (struct http_response){ .status = 405, .content_type = "text/plain" };
}

static void on_body(void *context, struct http_exchange *exchange, struct span piece)
{
    struct bench *bench = context;
    (void)exchange;
    bench->body_size += piece.size;
}

static void fill(struct http_exchange *exchange)
{
    exchange->response.status = 200;
    exchange->response.content_type = "text/plain";
    http_buffer_add_text(&exchange->response.body, "done");
}

static void on_end(void *context, struct http_exchange *exchange)
{
    struct bench *bench = context;
    bench->ended++;
    if (bench->wait) {
        bench->waiting = exchange;
        exchange->waiting = true;
    } else {
        fill(exchange);
    }
}

static void on_gone(void *context, struct http_exchange *exchange)
{
    struct bench *bench = context;
    bench->gone++;
    if (bench->waiting == exchange)
        bench->waiting = NULL;
}

static int set_up(void **state)
{
    struct bench *bench = calloc(1, sizeof(*bench));
    struct problem problem;
    int fd;
    strcpy(bench->directory, "/tmp/signpost-http-XXXXXX");
    assert_non_null(mkdtemp(bench->directory));
    snprintf(bench->path, sizeof(bench->path), "%s/sock", bench->directory);
    assert_int_equal(http_socket_unix(bench->path, &fd, &problem), 0);
    assert_int_equal(uv_loop_init(&bench->loop), 0);
    struct http_handler handler = { on_begin, on_body, on_end, on_gone, bench };
    assert_int_equal(http_listener_create(&bench->loop, fd, HTTP_LISTENER_LOCAL, &handler,
                                          &bench->listener, &problem),
                     0);
    *state = bench;
    return 0;
}

static int tear_down(void **state)
{
    struct bench *bench = *state;
    http_listener_destroy(bench->listener);
    uv_run(&bench->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&bench->loop), 0);
    assert_int_equal(bench->begun, bench->gone);
    unlink(bench->path);
    rmdir(bench->directory);
    free(bench);
    return 0;
}

static int dial(const struct bench *bench)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", bench->path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
    return fd;
}

static void say(int fd, const char *text)
{
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
}

/* Turns the loop until the client has something that ends like that. */
static void hear(struct bench *bench, int fd, char *out, size_t size, const char *ending)
{
    size_t length = 0;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    for (int turn = 0; turn < 10000; turn++) {
        /* UV_RUN_ONCE would wait for more even when a timer has just done what we are here for. */
        if (uv_run(&bench->loop, UV_RUN_NOWAIT) != 0)
            usleep(1000);
        ssize_t got = read(fd, out + length, size - 1 - length);
        length += got > 0 ? (size_t)got : 0;
        out[length] = '\0';
        if ((got == 0 && ending == NULL) || (ending != NULL && strstr(out, ending) != NULL))
            return;
    }
    fail_msg("never heard %s, only: %s", ending != NULL ? ending : "the end", out);
}

static void the_target_comes_through_untouched(void **state)
{
    struct bench *bench = *state;
    char reply[1024];
    int fd = dial(bench);
    say(fd, "GET /a%2Fb/%5c052?x=%26&y+z HTTP/1.1\r\nHost: x\r\n\r\n");
    hear(bench, fd, reply, sizeof(reply), "done");
    assert_string_equal(bench->target, "/a%2Fb/%5c052?x=%26&y+z");
    assert_non_null(strstr(reply, "HTTP/1.1 200"));
    close(fd);
}

static void a_body_arrives_whole_and_the_connection_stays(void **state)
{
    struct bench *bench = *state;
    char reply[1024];
    int fd = dial(bench);
    say(fd, "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
            "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n");
    hear(bench, fd, reply, sizeof(reply), "done");
    assert_int_equal(bench->body_size, 11);
    say(fd, "GET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    hear(bench, fd, reply, sizeof(reply), "done");
    assert_int_equal(bench->begun, 2);
    assert_string_equal(bench->target, "/b");
    close(fd);
}

static void a_refusal_lets_the_body_pass_by(void **state)
{
    struct bench *bench = *state;
    char reply[1024];
    int fd = dial(bench);
    say(fd, "PATCH /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello");
    hear(bench, fd, reply, sizeof(reply), "\r\n\r\n");
    assert_non_null(strstr(reply, "HTTP/1.1 405"));
    assert_int_equal(bench->body_size, 0);
    assert_int_equal(bench->ended, 0);
    close(fd);
}

static void who_asks_before_sending_is_refused_before_sending(void **state)
{
    struct bench *bench = *state;
    char reply[1024];
    int fd = dial(bench);
    say(fd, "PATCH /a HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    hear(bench, fd, reply, sizeof(reply), "\r\n\r\n");
    assert_non_null(strstr(reply, "HTTP/1.1 405"));
    close(fd);
}

static void a_waiting_exchange_holds_up_nobody(void **state)
{
    struct bench *bench = *state;
    char reply[1024];
    int first = dial(bench), second = dial(bench);
    bench->wait = true;
    say(first, "GET /first HTTP/1.1\r\nHost: x\r\n\r\n");
    while (bench->waiting == NULL)
        uv_run(&bench->loop, UV_RUN_ONCE);
    bench->wait = false;
    say(second, "GET /second HTTP/1.1\r\nHost: x\r\n\r\n");
    hear(bench, second, reply, sizeof(reply), "done");
    assert_int_equal(http_listener_busy(bench->listener), 1);

    struct http_exchange *exchange = bench->waiting;
    fill(exchange);
    exchange->resume(exchange);
    hear(bench, first, reply, sizeof(reply), "done");
    close(first);
    close(second);
}

static void stopping_with_a_waiting_exchange_is_clean(void **state)
{
    struct bench *bench = *state;
    int fd = dial(bench);
    bench->wait = true;
    say(fd, "GET /first HTTP/1.1\r\nHost: x\r\n\r\n");
    while (bench->waiting == NULL)
        uv_run(&bench->loop, UV_RUN_ONCE);
    close(fd); /* tear_down counts that the exchange is gone */
}

static void a_client_that_hangs_up_is_forgotten(void **state)
{
    struct bench *bench = *state;
    int fd = dial(bench);
    say(fd, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhello");
    while (bench->body_size == 0)
        uv_run(&bench->loop, UV_RUN_ONCE);
    close(fd);
    for (int turn = 0; turn < 1000 && bench->gone == 0; turn++)
        uv_run(&bench->loop, UV_RUN_ONCE);
    assert_int_equal(bench->gone, 1);
    assert_int_equal(bench->ended, 0);
}

static void a_quiet_listener_ends_what_it_has_begun(void **state)
{
    struct bench *bench = *state;
    char reply[1024];
    int idle = dial(bench), busy = dial(bench);
    bench->wait = true;
    say(busy, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    while (bench->waiting == NULL)
        uv_run(&bench->loop, UV_RUN_ONCE);
    http_listener_quiesce(bench->listener);
    hear(bench, idle, reply, sizeof(reply), NULL);
    assert_string_equal(reply, "");
    fill(bench->waiting);
    bench->waiting->resume(bench->waiting);
    hear(bench, busy, reply, sizeof(reply), "done");
    assert_non_null(strstr(reply, "close"));
    assert_int_equal(http_listener_busy(bench->listener), 0);
    close(idle);
    close(busy);
}

static void a_living_socket_is_not_taken_and_a_dead_one_is(void **state)
{
    struct bench *bench = *state;
    struct problem problem = { 0 };
    struct stat status;
    char path[80];
    int fd;
    assert_int_equal(http_socket_unix(bench->path, &fd, &problem), SP_EBUSY);
    assert_non_null(strstr(problem.text, "another signpostd runs already"));

    snprintf(path, sizeof(path), "%s/dead", bench->directory);
    assert_int_equal(http_socket_unix(path, &fd, &problem), 0);
    close(fd);
    assert_int_equal(http_socket_unix(path, &fd, &problem), 0);
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0660);
    close(fd);
    unlink(path);

    fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    close(fd);
    assert_int_equal(http_socket_unix(path, &fd, &problem), SP_EINVAL);
    assert_non_null(strstr(problem.text, "is no socket"));
    assert_int_equal(access(path, F_OK), 0);
    unlink(path);
}

static void any_address_of_ours_is_listened_on(void **state)
{
    struct problem problem = { 0 };
    struct sockaddr_storage address = { .ss_family = AF_INET };
    struct in_addr *host = &((struct sockaddr_in *)&address)->sin_addr;
    int fd;
    (void)state;
    host->s_addr = htonl(0xc0000201); /* 192.0.2.1 is nobody's */
    assert_int_equal(http_socket_tcp(&address, &fd, &problem), SP_EIO);
    assert_non_null(strstr(problem.text, "cannot listen on 192.0.2.1@0"));
    host->s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(http_socket_tcp(&address, &fd, &problem), 0);
    assert_int_not_equal(http_socket_port(fd), 0);
    close(fd);
}

#define WITH_BENCH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_BENCH(the_target_comes_through_untouched),
        WITH_BENCH(a_body_arrives_whole_and_the_connection_stays),
        WITH_BENCH(a_refusal_lets_the_body_pass_by),
        WITH_BENCH(who_asks_before_sending_is_refused_before_sending),
        WITH_BENCH(a_waiting_exchange_holds_up_nobody),
        WITH_BENCH(stopping_with_a_waiting_exchange_is_clean),
        WITH_BENCH(a_client_that_hangs_up_is_forgotten),
        WITH_BENCH(a_quiet_listener_ends_what_it_has_begun),
        WITH_BENCH(a_living_socket_is_not_taken_and_a_dead_one_is),
        cmocka_unit_test(any_address_of_ours_is_listened_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
