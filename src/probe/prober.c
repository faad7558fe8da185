#include "internal.h"

#include "signpost/base/clock.h"
#include "signpost/base/log.h"

#include <ares.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define COUNT_WAITING_MS 1000
#define COMPLAIN_MS      60000

static uint64_t now_ms(void)
{
    return now_us() / 1000;
}

/* ---- looks ---- */

static void on_due(uv_timer_t *timer);

/* While all the places are taken, the end of a look is what begins the next. */
static void arm(struct prober *prober, uint64_t least_ms)
{
    uint64_t due_ms, now = now_ms();
    if (prober->under_way >= prober->probes_max || !schedule__peek(&prober->schedule, &due_ms))
        uv_timer_stop(&prober->due);
    else
        uv_timer_start(&prober->due, on_due, due_ms > now + least_ms ? due_ms - now : least_ms, 0);
}

static void count_waiting(struct prober *prober, uint64_t now)
{
    if (prober->under_way < prober->probes_max) {
        atomic_store_explicit(&prober->counters.waiting, 0, memory_order_relaxed);
    } else if (now >= prober->counted_waiting_ms + COUNT_WAITING_MS) {
        prober->counted_waiting_ms = now;
        atomic_store_explicit(&prober->counters.waiting,
                              schedule__count_due(&prober->schedule, now), memory_order_relaxed);
    }
}

static void set_under_way(struct prober *prober, unsigned count)
{
    prober->under_way = count;
    atomic_store_explicit(&prober->counters.under_way, count, memory_order_relaxed);
}

static void count_start(struct prober *prober, uint64_t late_ms)
{
    struct prober_counters *counters = &prober->counters;
    counter_add(&counters->started, 1);
    counter_add(&counters->lateness_ms_sum, late_ms);
    if (late_ms > counter_read(&counters->lateness_ms_max))
        atomic_store_explicit(&counters->lateness_ms_max, late_ms, memory_order_relaxed);
    set_under_way(prober, prober->under_way + 1);
}

static uint32_t interval_ms(const struct watch *watch)
{
    return watch->endpoint.target.request_interval_s * 1000u;
}

static void look_again(struct prober *prober, const struct watch *watch, unsigned checker)
{
    struct look look = { .due_ms = now_ms() + interval_ms(watch),
                         .slot = watch->endpoint.target.slot,
                         .generation = watch->endpoint.target.generation,
                         .checker = checker };
    schedule__add(&prober->schedule, &look);
    arm(prober, 0);
}

/* One line a minute at most: when one look cannot be started, others cannot either. */
static void count_not_started(struct prober *prober, const char *why)
{
    uint64_t now = now_ms();
    counter_add(&prober->counters.not_started, 1);
    if (prober->complained_ms != 0 && now < prober->complained_ms + COMPLAIN_MS)
        return;
    prober->complained_ms = now;
    log_write(LOG_LEVEL_WARNING,
              "a probe could not be started; its health check stays as it is until the next one",
              "why", why, NULL);
}

static struct attempt *take_idle(struct prober *prober)
{
    struct attempt *attempt = prober->idle;
    if (attempt == NULL)
        return attempt__create(prober);
    prober->idle = attempt->next;
    return attempt;
}

static void begin_look(struct prober *prober, const struct look *look, uint64_t now)
{
    struct watch *watch = prober->watches[look->slot];
    if (watch == NULL || watch->endpoint.target.generation != look->generation)
        return;
    struct attempt *attempt = take_idle(prober);
    if (attempt == NULL) {
        count_not_started(prober, "no memory");
        look_again(prober, watch, look->checker);
        return;
    }
    count_start(prober, now - look->due_ms);
    attempt__start(attempt, watch, look->checker);
}

/* Those beyond the first few wait for a millisecond: a timer that is set to no time at all runs
 * again before any socket is looked at. */
static void on_due(uv_timer_t *timer)
{
    struct prober *prober = timer->data;
    struct look look;
    uint64_t now = now_ms();
    for (unsigned i = 0; i < PROBES_BEGUN_AT_ONCE && prober->under_way < prober->probes_max; i++) {
        if (!schedule__take(&prober->schedule, now, &look))
            break;
        begin_look(prober, &look, now);
    }
    count_waiting(prober, now);
    arm(prober, 1);
}

void prober__look_ended(struct prober *prober, struct attempt *attempt)
{
    const struct watch *watch = attempt->watch;
    struct probe_result *result = &attempt->judge.result;
    set_under_way(prober, prober->under_way - 1);
    if (result->outcome == PROBE_NOT_STARTED) {
        count_not_started(prober, result->detail);
    } else {
        counter_add(probe_passed(result) ? &prober->counters.passed : &prober->counters.failed, 1);
        result->at_ms = clock_unix_ms();
        board_report(prober->board, watch->endpoint.target.slot, watch->endpoint.target.generation,
                     attempt->checker, result);
    }
    look_again(prober, watch, attempt->checker);
}

void prober__put_back(struct prober *prober, struct attempt *attempt)
{
    if (atomic_load(&prober->stopping)) {
        attempt__destroy(attempt);
        return;
    }
    attempt->next = prober->idle;
    prober->idle = attempt;
}

/* ---- orders ---- */

static void destroy_watch(struct watch *watch)
{
    if (watch == NULL)
        return;
    endpoint__finish(&watch->endpoint);
    free(watch);
}

static void forget_watch(struct prober *prober, health_slot slot)
{
    struct watch *watch = prober->watches[slot];
    if (watch == NULL)
        return;
    while (watch->attempts != NULL) {
        set_under_way(prober, prober->under_way - 1);
        attempt__cancel(watch->attempts);
    }
    prober->watches[slot] = NULL;
    destroy_watch(watch);
}

static struct watch *create_watch(const struct probe_target *target)
{
    struct watch *watch = calloc(1, sizeof *watch);
    if (watch == NULL || endpoint__init(&watch->endpoint, target) != 0) {
        free(watch);
        return NULL;
    }
    return watch;
}

static void schedule_first_looks(struct prober *prober, const struct watch *watch,
                                 uint64_t checkers)
{
    unsigned count = (unsigned)__builtin_popcountll(checkers);
    uint32_t phase = (uint32_t)(dice_next(&prober->dice) >> 32);
    unsigned number = dice_below(&prober->dice, count); /* who is the first */
    uint64_t now = now_ms();
    for (; checkers != 0; checkers &= checkers - 1, number++) {
        struct look look = {
            .due_ms = schedule__first_look(now, interval_ms(watch), number % count, count, phase),
            .slot = watch->endpoint.target.slot,
            .generation = watch->endpoint.target.generation,
            .checker = (unsigned)__builtin_ctzll(checkers),
        };
        schedule__add(&prober->schedule, &look);
    }
}

/* Looks under way will be put into the schedule again, so their room is kept. */
static void follow_order(struct prober *prober, const struct board_order *order)
{
    struct probe_target target;
    forget_watch(prober, order->slot);
    if (order->is_gone || !board_read_target(prober->board, order, &target) || target.checkers == 0)
        return;
    struct watch *watch = create_watch(&target);
    unsigned count = (unsigned)__builtin_popcountll(target.checkers);
    if (watch == NULL || schedule__reserve(&prober->schedule, count + prober->under_way) != 0) {
        log_write(LOG_LEVEL_ERROR, "no memory to probe a health check: it stays as it is", "id",
                  target.id, NULL);
        destroy_watch(watch);
        return;
    }
    prober->watches[order->slot] = watch;
    schedule_first_looks(prober, watch, target.checkers);
}

static void follow_orders(struct prober *prober)
{
    struct board_order order;
    while (board_take_order(prober->board, &order))
        follow_order(prober, &order);
    arm(prober, 0);
}

/* ---- the thread ---- */

static void stop(struct prober *prober)
{
    struct attempt *idle;
    for (health_slot slot = 0; slot < prober->watch_count; slot++)
        forget_watch(prober, slot);
    while ((idle = prober->idle) != NULL) {
        prober->idle = idle->next;
        attempt__destroy(idle);
    }
    resolver__destroy(prober->resolver);
    http__destroy(prober->http);
    uv_close((uv_handle_t *)&prober->wake, NULL);
    uv_close((uv_handle_t *)&prober->due, NULL);
}

static void on_wake(uv_async_t *wake)
{
    struct prober *prober = wake->data;
    if (atomic_load(&prober->stopping))
        stop(prober);
    else
        follow_orders(prober);
}

/* Signals are for the main thread; and a connection that has gone is no reason to end. */
static void run(void *context)
{
    struct prober *prober = context;
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    pthread_setname_np(pthread_self(), "probe");
    uv_run(&prober->loop, UV_RUN_DEFAULT);
}

static void wake_up(void *context)
{
    struct prober *prober = context;
    uv_async_send(&prober->wake);
}

int prober_start(struct prober *prober, struct problem *out_problem)
{
    int rc = uv_thread_create(&prober->thread, run, prober);
    if (rc != 0)
        return problem_set(out_problem, SP_EIO, "cannot start the thread of the health checks: %s",
                           uv_strerror(rc));
    prober->is_running = true;
    wake_up(prober); /* orders may be waiting already */
    return 0;
}

/* ---- life ---- */

static void free_all(struct prober *prober)
{
    schedule__finish(&prober->schedule);
    free(prober->watches);
    free(prober);
    ares_library_cleanup();
    curl_global_cleanup();
}

void prober_destroy(struct prober *prober)
{
    if (prober == NULL)
        return;
    board_on_orders(prober->board, NULL, NULL);
    atomic_store(&prober->stopping, true);
    if (prober->is_running) {
        wake_up(prober);
        uv_thread_join(&prober->thread);
    } else {
        stop(prober);
        uv_run(&prober->loop, UV_RUN_DEFAULT);
    }
    uv_loop_close(&prober->loop);
    free_all(prober);
}

static int open_libraries(struct problem *out_problem)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
        return problem_set(out_problem, SP_EIO, "cannot set up libcurl");
    if (ares_library_init(ARES_LIB_INIT_ALL) == ARES_SUCCESS)
        return 0;
    curl_global_cleanup();
    return problem_set(out_problem, SP_EIO, "cannot set up c-ares");
}

static struct prober *create_empty(const struct prober_settings *settings)
{
    uint32_t slot_count = health_table_size(board_table(settings->board));
    struct prober *prober = calloc(1, sizeof *prober);
    struct watch **watches = calloc(slot_count, sizeof *watches);
    if (prober == NULL || watches == NULL) {
        free(prober);
        free(watches);
        return NULL;
    }
    prober->board = settings->board;
    prober->checkers = board_checkers(settings->board);
    prober->probes_max =
        settings->probes_max < PROBES_UNDER_WAY_MAX ? settings->probes_max : PROBES_UNDER_WAY_MAX;
    prober->deny_special = settings->deny_special;
    prober->dice = *settings->dice;
    prober->watches = watches;
    prober->watch_count = slot_count;
    return prober;
}

static int open_loop(struct prober *prober, struct problem *out_problem)
{
    int rc = uv_loop_init(&prober->loop);
    if (rc == 0 && (rc = uv_async_init(&prober->loop, &prober->wake, on_wake)) != 0)
        uv_loop_close(&prober->loop);
    if (rc != 0)
        return problem_set(out_problem, SP_EIO, "cannot make a loop for the health checks: %s",
                           uv_strerror(rc));
    uv_timer_init(&prober->loop, &prober->due); /* cannot fail */
    prober->wake.data = prober;
    prober->due.data = prober;
    return 0;
}

int prober_create(const struct prober_settings *settings, struct prober **out_prober,
                  struct problem *out_problem)
{
    int rc = open_libraries(out_problem);
    if (rc != 0)
        return rc;
    struct prober *prober = create_empty(settings);
    rc = prober == NULL ? problem_set(out_problem, SP_ENOMEM, "no memory for health checks")
                        : open_loop(prober, out_problem);
    if (rc != 0) {
        if (prober != NULL)
            free(prober->watches);
        free(prober);
        ares_library_cleanup();
        curl_global_cleanup();
        return rc;
    }
    rc = resolver__create(&prober->loop, settings->resolver, &prober->dice, &prober->resolver,
                          out_problem);
    if (rc == 0)
        rc = http__create(prober, &prober->http, out_problem);
    if (rc != 0) {
        prober_destroy(prober);
        return rc;
    }
    board_on_orders(prober->board, wake_up, prober);
    *out_prober = prober;
    return 0;
}

/* ---- figures ---- */

static uint64_t read_cpu_us(const struct prober *prober)
{
    clockid_t clock;
    struct timespec used;
    if (!prober->is_running || pthread_getcpuclockid(prober->thread, &clock) != 0 ||
        clock_gettime(clock, &used) != 0)
        return 0;
    return (uint64_t)used.tv_sec * 1000000 + (uint64_t)used.tv_nsec / 1000;
}

void prober_read_figures(const struct prober *prober, struct prober_figures *out_figures)
{
    const struct prober_counters *counters = &prober->counters;
    *out_figures = (struct prober_figures){
        .started = counter_read(&counters->started),
        .passed = counter_read(&counters->passed),
        .failed = counter_read(&counters->failed),
        .not_started = counter_read(&counters->not_started),
        .under_way = counter_read(&counters->under_way),
        .waiting = counter_read(&counters->waiting),
        .lateness_ms_sum = counter_read(&counters->lateness_ms_sum),
        .lateness_ms_max = counter_read(&counters->lateness_ms_max),
        .cpu_us = read_cpu_us(prober),
    };
}
