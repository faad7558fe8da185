/*
 * A check is observed by its checkers, its children, or by being told; what is observed goes
 * through Disabled, Inverted and the override, and the result stands in the health table.  Every
 * public function that may turn something ends in settle(), which compares with the table, writes
 * the new word, notes the turn and goes on to the calculated checks that have this one as a child.
 * Those cannot be children themselves (R-HCC-1), so that is one step.
 */
#include "watched.h"

#include "signpost/base/span.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct turn {
    health_slot slot;
    struct health_event event;
};

struct waker {
    void (*wake)(void *context);
    void *context;
};

struct board {
    pthread_mutex_t lock;
    struct health_table *table;
    struct checker_list checkers;
    struct slot_queue news, urgent_news, orders;
    struct turn *turns; /* a ring of HEALTH_EVENTS_WAITING_MAX */
    unsigned first_turn, turn_count;
    uint32_t generation; /* the last one given out */
    uint64_t expiry_ms;  /* no override expires before; 0: none does */
    struct waker on_news, on_orders;
    bool has_news, has_orders; /* somebody must be told once the lock is off */
    struct watched *watched[]; /* by slot */
};

/* ---- locking ---- */

static void lock(struct board *board)
{
    pthread_mutex_lock(&board->lock);
}

/* Wakes whoever is concerned, without the lock, so that they do not wait for it at once. */
static void unlock(struct board *board)
{
    bool news = board->has_news && board->on_news.wake != NULL;
    bool orders = board->has_orders && board->on_orders.wake != NULL;
    board->has_news = board->has_orders = false;
    pthread_mutex_unlock(&board->lock);
    if (news)
        board->on_news.wake(board->on_news.context);
    if (orders)
        board->on_orders.wake(board->on_orders.context);
}

/* ---- life ---- */

struct board *board_create(struct health_table *table, const struct checker_list *checkers)
{
    uint32_t slot_count = health_table_size(table);
    struct board *board = calloc(1, sizeof *board + slot_count * sizeof(struct watched *));
    if (board == NULL)
        return NULL;
    pthread_mutex_init(&board->lock, NULL);
    board->table = table;
    board->checkers = *checkers;
    board->turns = malloc(HEALTH_EVENTS_WAITING_MAX * sizeof *board->turns);
    if (board->turns == NULL || !slot_queue__init(&board->news, slot_count) ||
        !slot_queue__init(&board->urgent_news, slot_count) ||
        !slot_queue__init(&board->orders, slot_count)) {
        board_destroy(board);
        return NULL;
    }
    return board;
}

void board_destroy(struct board *board)
{
    if (board == NULL)
        return;
    for (uint32_t slot = 0; slot < health_table_size(board->table); slot++)
        watched__destroy(board->watched[slot]);
    slot_queue__finish(&board->news);
    slot_queue__finish(&board->urgent_news);
    slot_queue__finish(&board->orders);
    free(board->turns);
    pthread_mutex_destroy(&board->lock);
    free(board);
}

const struct health_table *board_table(const struct board *board)
{
    return board->table;
}

const struct checker_list *board_checkers(const struct board *board)
{
    return &board->checkers;
}

void board_on_news(struct board *board, void (*wake)(void *context), void *context)
{
    board->on_news = (struct waker){ wake, context };
}

void board_on_orders(struct board *board, void (*wake)(void *context), void *context)
{
    board->on_orders = (struct waker){ wake, context };
}

/* ---- what is new ---- */

static void note_news(struct board *board, const struct watched *watched)
{
    slot_queue__add(&board->news, watched->slot);
}

static void note_urgent_news(struct board *board, const struct watched *watched)
{
    slot_queue__add(&board->urgent_news, watched->slot);
    board->has_news = true;
}

static void note_turn(struct board *board, const struct watched *watched,
                      const struct health_event *event)
{
    unsigned at = (board->first_turn + board->turn_count) % HEALTH_EVENTS_WAITING_MAX;
    board->turns[at] = (struct turn){ watched->slot, *event };
    if (board->turn_count < HEALTH_EVENTS_WAITING_MAX)
        board->turn_count++;
    else
        board->first_turn = (board->first_turn + 1) % HEALTH_EVENTS_WAITING_MAX;
    note_urgent_news(board, watched);
}

/* ---- turning ---- */

/* Why something is being looked at again. */
struct occasion {
    uint64_t now_ms;
    enum health_cause cause;
    const char *reason;
    const struct probe_result *result; /* NULL: no probe */
};

static struct health_event event_of(const struct watched *watched, const struct occasion *occasion,
                                    bool up)
{
    const struct probe_result *result = occasion->result;
    struct health_event event = {
        .at_ms = occasion->now_ms,
        .up = up,
        .cause = occasion->cause,
        .healthy_count = watched->healthy_count,
        .watched_count = watched->watched_count,
        .connection_ms = result != NULL ? result->connection_ms : -1,
        .tls_ms = result != NULL ? result->tls_ms : -1,
        .first_byte_ms = result != NULL ? result->first_byte_ms : -1,
    };
    snprintf(event.reason, sizeof event.reason, "%s", occasion->reason);
    return event;
}

static void settle(struct board *board, struct watched *watched, const struct occasion *occasion);

static void settle_parents(struct board *board, const struct watched *child, bool up,
                           uint64_t now_ms)
{
    char reason[HEALTH_REASON_SIZE];
    struct occasion occasion = { now_ms, HEALTH_CAUSE_CHILDREN, reason, NULL };
    snprintf(reason, sizeof reason, "%s is %s", child->id, up ? "up" : "down");
    for (unsigned i = 0; i < child->parent_count; i++)
        settle(board, board->watched[child->parents[i]], &occasion);
}

/* Brings the table in line with what the check says now. */
static void settle(struct board *board, struct watched *watched, const struct occasion *occasion)
{
    struct health_state before = health_state(board->table, watched->slot);
    watched__observe(watched, board->table);
    struct health_state now = {
        .up = watched__effective(watched),
        .is_set = watched__is_set(watched),
        .since_ms = before.since_ms,
    };
    if (now.up != before.up) {
        struct health_event event = event_of(watched, occasion, now.up);
        now.since_ms = occasion->now_ms;
        health_restore(board->table, watched->slot, now);
        note_turn(board, watched, &event);
        settle_parents(board, watched, now.up, occasion->now_ms);
    } else if (now.is_set != before.is_set) {
        health_restore(board->table, watched->slot, now);
    }
}

/* ---- control: checks ---- */

static void forget_parent(struct board *board, const struct watched *parent)
{
    for (unsigned i = 0; i < parent->child_count; i++)
        if (board->watched[parent->children[i]] != NULL)
            watched__remove_parent(board->watched[parent->children[i]], parent->slot);
}

static bool remember_parent(struct board *board, const struct watched *parent)
{
    for (unsigned i = 0; i < parent->child_count; i++)
        if (board->watched[parent->children[i]] != NULL &&
            !watched__add_parent(board->watched[parent->children[i]], parent->slot))
            return false;
    return true;
}

static void give_order(struct board *board, health_slot slot)
{
    slot_queue__add(&board->orders, slot);
    board->has_orders = true;
}

/* Puts the fresh one in the place of what was there.  SP_ENOMEM: nothing has changed. */
static int replace(struct board *board, struct watched *fresh)
{
    struct watched *old = board->watched[fresh->slot];
    if (old != NULL)
        forget_parent(board, old);
    if (!remember_parent(board, fresh)) {
        forget_parent(board, fresh);
        if (old != NULL)
            remember_parent(board, old); /* the room for it is there still */
        return SP_ENOMEM;
    }
    if (old != NULL)
        watched__take_over(fresh, old);
    watched__destroy(old);
    board->watched[fresh->slot] = fresh;
    return 0;
}

/* The word of one that was not there before; a new check's first state counts as a turn. */
static void begin(struct board *board, struct watched *fresh, const struct health_status *restored,
                  uint64_t now_ms)
{
    struct occasion occasion = { now_ms, HEALTH_CAUSE_CREATED, "created", NULL };
    watched__observe(fresh, board->table);
    struct health_state state = { watched__effective(fresh), watched__is_set(fresh), now_ms };
    if (restored != NULL)
        state = (struct health_state){ restored->up, watched__is_set(fresh), restored->since_ms };
    health_restore(board->table, fresh->slot, state);
    if (restored != NULL)
        return;
    struct health_event event = event_of(fresh, &occasion, state.up);
    note_turn(board, fresh, &event);
}

/* Keeps in mind when to look for overrides that have expired. */
static void note_expiry(struct board *board, const struct watched *watched)
{
    uint64_t expires_ms = watched->override != NULL ? watched->override->expires_ms : 0;
    if (expires_ms != 0 && (board->expiry_ms == 0 || expires_ms < board->expiry_ms))
        board->expiry_ms = expires_ms;
}

int board_put(struct board *board, const struct board_check *check, uint64_t now_ms)
{
    struct occasion occasion = { now_ms, HEALTH_CAUSE_CONFIG,
                                 check->restored != NULL ? "found so at the start"
                                                         : "the check was changed",
                                 NULL };
    struct watched *fresh = watched__create(check, &board->checkers, now_ms);
    if (fresh == NULL)
        return SP_ENOMEM;
    lock(board);
    bool is_new = board->watched[check->slot] == NULL;
    int rc = replace(board, fresh);
    if (rc == 0) {
        fresh->generation = ++board->generation;
        if (is_new)
            begin(board, fresh, check->restored, now_ms);
        else
            note_urgent_news(board, fresh);
        note_expiry(board, fresh);
        settle(board, fresh, &occasion);
        give_order(board, check->slot);
    }
    unlock(board);
    if (rc != 0)
        watched__destroy(fresh);
    return rc;
}

void board_remove(struct board *board, health_slot slot, uint64_t now_ms)
{
    lock(board);
    struct watched *watched = board->watched[slot];
    if (watched != NULL) {
        forget_parent(board, watched);
        board->watched[slot] = NULL;
        health_restore(board->table, slot, (struct health_state){ .up = true });
        settle_parents(board, watched, true, now_ms);
        watched__destroy(watched);
        give_order(board, slot);
    }
    unlock(board);
}

/* ---- control: what it says ---- */

static enum health_cause cause_of_telling(enum health_check_type type)
{
    return type == HEALTH_CHECK_CLOUDWATCH_METRIC  ? HEALTH_CAUSE_ALARM
           : type == HEALTH_CHECK_RECOVERY_CONTROL ? HEALTH_CAUSE_CONTROL
                                                   : HEALTH_CAUSE_CONFIG;
}

void board_observe(struct board *board, health_slot slot, bool up, const char *reason,
                   uint64_t now_ms)
{
    lock(board);
    struct watched *watched = board->watched[slot];
    if (watched != NULL) {
        struct occasion occasion = { now_ms, cause_of_telling(watched->type), reason, NULL };
        watched->observed = up;
        snprintf(watched->observed_reason, sizeof watched->observed_reason, "%s", reason);
        note_urgent_news(board, watched);
        settle(board, watched, &occasion);
    }
    unlock(board);
}

/* "set by alice: drill" */
static const char *describe_override(const struct health_override *override,
                                     char out[HEALTH_REASON_SIZE])
{
    if (!override->given)
        return "no longer set";
    size_t size = strlen(override->reason);
    if (size > OVERRIDE_REASON_TOLD_MAX)
        size = text_whole_size(override->reason, OVERRIDE_REASON_TOLD_MAX);
    snprintf(out, HEALTH_REASON_SIZE, "set by %s%s%.*s", override->owner, size > 0 ? ": " : "",
             (int)size, override->reason);
    return out;
}

static void take_off_override(struct board *board, struct watched *watched, const char *reason,
                              uint64_t now_ms)
{
    struct occasion occasion = { now_ms, HEALTH_CAUSE_OVERRIDE, reason, NULL };
    free(watched->override);
    watched->override = NULL;
    note_urgent_news(board, watched);
    settle(board, watched, &occasion);
}

int board_override(struct board *board, health_slot slot, const struct health_override *override,
                   uint64_t now_ms)
{
    char text[HEALTH_REASON_SIZE];
    struct occasion occasion = { now_ms, HEALTH_CAUSE_OVERRIDE, describe_override(override, text),
                                 NULL };
    int rc = 0;
    lock(board);
    struct watched *watched = board->watched[slot];
    if (watched != NULL && !override->given) {
        take_off_override(board, watched, occasion.reason, now_ms);
    } else if (watched != NULL && !watched__set_override(watched, override)) {
        rc = SP_ENOMEM;
    } else if (watched != NULL) {
        note_expiry(board, watched);
        note_urgent_news(board, watched);
        settle(board, watched, &occasion);
    }
    unlock(board);
    return rc;
}

/* Takes off what has expired, and finds out anew when to look again. */
static void expire_all(struct board *board, uint64_t now_ms)
{
    board->expiry_ms = 0;
    for (uint32_t slot = 0; slot < health_table_size(board->table); slot++) {
        struct watched *watched = board->watched[slot];
        if (watched == NULL || watched->override == NULL)
            continue;
        if (watched->override->expires_ms != 0 && watched->override->expires_ms <= now_ms)
            take_off_override(board, watched, "no longer set: its time is over", now_ms);
        else
            note_expiry(board, watched);
    }
}

uint64_t board_expire(struct board *board, uint64_t now_ms)
{
    lock(board);
    if (board->expiry_ms != 0 && board->expiry_ms <= now_ms)
        expire_all(board, now_ms);
    uint64_t next_ms = board->expiry_ms;
    unlock(board);
    return next_ms;
}

/* ---- control: reading ---- */

void board_read(struct board *board, health_slot slot, struct health_status *out_status)
{
    lock(board);
    const struct watched *watched = board->watched[slot];
    struct health_state state = health_state(board->table, slot);
    if (watched != NULL)
        watched__read(watched, out_status);
    else
        *out_status = (struct health_status){ .observed = true };
    out_status->up = state.up;
    out_status->since_ms = state.since_ms;
    unlock(board);
}

bool board_take_event(struct board *board, health_slot *out_slot, struct health_event *out_event)
{
    lock(board);
    bool there = board->turn_count > 0;
    if (there) {
        *out_slot = board->turns[board->first_turn].slot;
        *out_event = board->turns[board->first_turn].event;
        board->first_turn = (board->first_turn + 1) % HEALTH_EVENTS_WAITING_MAX;
        board->turn_count--;
    }
    unlock(board);
    return there;
}

health_slot board_take_news(struct board *board, bool urgent)
{
    lock(board);
    health_slot slot = slot_queue__take(urgent ? &board->urgent_news : &board->news);
    unlock(board);
    return slot;
}

void board_return_news(struct board *board, health_slot slot, bool urgent)
{
    lock(board);
    slot_queue__add(urgent ? &board->urgent_news : &board->news, slot);
    unlock(board);
}

/* ---- what if ---- */

static bool suppose_one(const struct board *board, const struct supposed_slot *supposed)
{
    const struct watched *watched = board->watched[supposed->slot];
    if (watched == NULL || !supposed->is_observation)
        return supposed->up;
    if (watched__is_set(watched))
        return watched->override->up;
    return health_effective(supposed->up, watched->disabled, watched->inverted);
}

/* The calculated checks above, by what the copied table says of their children. */
static void suppose_parents(const struct board *board, struct health_table *table,
                            const struct watched *child)
{
    for (unsigned i = 0; child != NULL && i < child->parent_count; i++) {
        struct watched parent = *board->watched[child->parents[i]];
        struct health_state state = health_state(table, parent.slot);
        watched__observe(&parent, table);
        state.up = watched__effective(&parent);
        health_restore(table, parent.slot, state);
    }
}

struct health_table *board_suppose(struct board *board, const struct supposed_slot *supposed,
                                   unsigned count)
{
    lock(board);
    struct health_table *table = health_table_copy(board->table);
    for (unsigned i = 0; table != NULL && i < count; i++)
        health_restore(table, supposed[i].slot,
                       (struct health_state){ .up = suppose_one(board, &supposed[i]) });
    for (unsigned i = 0; table != NULL && i < count; i++)
        suppose_parents(board, table, board->watched[supposed[i].slot]);
    for (unsigned i = 0; table != NULL && i < count; i++) /* a parent may be supposed itself */
        health_restore(table, supposed[i].slot,
                       (struct health_state){ .up = suppose_one(board, &supposed[i]) });
    unlock(board);
    return table;
}

/* ---- the prober ---- */

bool board_take_order(struct board *board, struct board_order *out_order)
{
    lock(board);
    health_slot slot = slot_queue__take(&board->orders);
    const struct watched *watched = board->watched[slot];
    bool is_probed = watched != NULL && watched->target != NULL;
    *out_order = (struct board_order){ .slot = slot,
                                       .generation = is_probed ? watched->generation : 0,
                                       .is_gone = !is_probed };
    unlock(board);
    return slot != HEALTH_NO_CHECK;
}

/* The check as it was ordered, NULL when it is another one meanwhile. */
static struct watched *find_ordered(const struct board *board, health_slot slot,
                                    uint32_t generation)
{
    struct watched *watched = board->watched[slot];
    return watched != NULL && watched->generation == generation ? watched : NULL;
}

bool board_read_target(struct board *board, const struct board_order *order,
                       struct probe_target *out_target)
{
    lock(board);
    const struct watched *watched = find_ordered(board, order->slot, order->generation);
    bool there = watched != NULL && watched->target != NULL;
    if (there) {
        *out_target = *watched->target;
        out_target->generation = watched->generation;
    }
    unlock(board);
    return there;
}

static void report(struct board *board, struct watched *watched, struct checker_status *seen,
                   const struct probe_result *result)
{
    char text[PROBE_TEXT_SIZE];
    bool was_in_doubt = seen->streak > 0;
    bool turned = watched__report(watched, seen, result);
    if (turned || was_in_doubt || !probe_passed(result))
        note_news(board, watched);
    if (!turned)
        return;
    struct occasion occasion = { result->at_ms, HEALTH_CAUSE_PROBES,
                                 probe_result_text(text, result), result };
    settle(board, watched, &occasion);
}

void board_report(struct board *board, health_slot slot, uint32_t generation, unsigned checker,
                  const struct probe_result *result)
{
    lock(board);
    struct watched *watched = find_ordered(board, slot, generation);
    struct checker_status *seen =
        watched != NULL && watched->target != NULL ? watched__seen_by(watched, checker) : NULL;
    if (seen != NULL)
        report(board, watched, seen, result);
    unlock(board);
}

void board_read_latencies(struct board *board, health_slot slot,
                          struct latency_sums out_sums[CHECKER_REGION_COUNT])
{
    memset(out_sums, 0, CHECKER_REGION_COUNT * sizeof *out_sums);
    lock(board);
    const struct watched *watched = board->watched[slot];
    if (watched != NULL && watched->sums != NULL)
        memcpy(out_sums, watched->sums, CHECKER_REGION_COUNT * sizeof *out_sums);
    unlock(board);
}
