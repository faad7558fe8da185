#include "watched.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- making ---- */

static bool copy_target(struct watched *watched, const struct health_check_config *config)
{
    struct probe_target *target = calloc(1, sizeof *target);
    if (target == NULL)
        return false;
    target->slot = watched->slot;
    target->checkers = watched->checkers;
    strcpy(target->id, watched->id);
    target->type = config->type;
    target->has_address = config->has_address;
    target->address = config->address;
    target->port = health_check_port(config);
    target->request_interval_s = config->request_interval_s;
    target->enable_sni = config->enable_sni;
    strcpy(target->domain_name, config->domain_name);
    strcpy(target->resource_path, config->resource_path[0] != '\0' ? config->resource_path : "/");
    strcpy(target->search_string, config->search_string);
    watched->target = target;
    return true;
}

static struct checker_status *find_seen(struct checker_status *seen, unsigned count, uint8_t region,
                                        uint8_t number)
{
    for (unsigned i = 0; i < count; i++)
        if (seen[i].region == region && seen[i].number == number)
            return &seen[i];
    return NULL;
}

/* A checker that was there before says what it said; one that is new what the check said. */
static void begin_checker(struct watched *watched, const struct checker *checker,
                          const struct health_status *restored, uint64_t now_ms)
{
    struct checker_status *seen = &watched->seen[watched->checker_count++];
    const struct checker_status *before =
        restored == NULL ? NULL
                         : find_seen((struct checker_status *)restored->checkers,
                                     restored->checker_count, checker->region, checker->number);
    if (before != NULL)
        *seen = *before;
    else
        *seen = (struct checker_status){ .region = checker->region,
                                         .number = checker->number,
                                         .up = watched->observed,
                                         .started_ms = now_ms };
}

static bool begin_checkers(struct watched *watched, const struct board_check *check,
                           const struct checker_list *checkers, uint64_t now_ms)
{
    watched->checkers = checker_list_select(checkers, check->config->regions);
    watched->seen = calloc(checkers->count, sizeof *watched->seen);
    if (watched->seen == NULL)
        return false;
    for (unsigned i = 0; i < checkers->count; i++)
        if ((watched->checkers >> i & 1) != 0)
            begin_checker(watched, &checkers->at[i], check->restored, now_ms);
    if (check->config->measure_latency) {
        watched->sums = calloc(CHECKER_REGION_COUNT, sizeof *watched->sums);
        if (watched->sums == NULL)
            return false;
    }
    return check->config->disabled || copy_target(watched, check->config);
}

static bool copy_children(struct watched *watched, const struct board_check *check)
{
    unsigned count = check->config->child_count;
    watched->children = calloc(count, sizeof *watched->children);
    if (count > 0 && watched->children == NULL)
        return false;
    for (unsigned i = 0; i < count; i++)
        watched->children[i] = check->children[i];
    watched->child_count = count;
    return true;
}

bool watched__set_override(struct watched *watched, const struct health_override *override)
{
    if (watched->override == NULL)
        watched->override = malloc(sizeof *watched->override);
    if (watched->override == NULL)
        return false;
    *watched->override = *override;
    watched->keeps_observed = watched->keeps_observed && override->regions == 0;
    return true;
}

static bool restore(struct watched *watched, const struct health_status *restored)
{
    watched->observed = restored->observed;
    watched->keeps_observed = true;
    memcpy(watched->observed_reason, restored->observed_reason, sizeof watched->observed_reason);
    return !restored->override.given || watched__set_override(watched, &restored->override);
}

struct watched *watched__create(const struct board_check *check,
                                const struct checker_list *checkers, uint64_t now_ms)
{
    const struct health_check_config *config = check->config;
    struct watched *watched = calloc(1, sizeof *watched);
    if (watched == NULL)
        return NULL;
    watched->slot = check->slot;
    strncpy(watched->id, check->id, sizeof watched->id - 1);
    watched->type = config->type;
    watched->inverted = config->inverted;
    watched->disabled = config->disabled;
    watched->failure_threshold = config->failure_threshold;
    watched->health_threshold = config->health_threshold;
    watched->observed = !check->begins_down; /* R-HCK-4 */
    if (check->reason != NULL)
        snprintf(watched->observed_reason, sizeof watched->observed_reason, "%s", check->reason);
    bool made = check->restored == NULL || restore(watched, check->restored);
    if (made && health_check_type_is_endpoint(config->type))
        made = begin_checkers(watched, check, checkers, now_ms);
    if (made && config->type == HEALTH_CHECK_CALCULATED)
        made = copy_children(watched, check);
    if (made)
        return watched;
    watched__destroy(watched);
    return NULL;
}

void watched__destroy(struct watched *watched)
{
    if (watched == NULL)
        return;
    free(watched->target);
    free(watched->sums);
    free(watched->override);
    free(watched->seen);
    free(watched->children);
    free(watched->parents);
    free(watched);
}

/* Whatever the old one owned moves by swapping, so that destroying it frees what is left over. */
void watched__take_over(struct watched *fresh, struct watched *old)
{
    bool was_enabled_again = /* R-HCK-6; what was told stays true */
        old->disabled && !fresh->disabled && fresh->type != HEALTH_CHECK_MANUAL;
    fresh->override = old->override;
    old->override = NULL;
    fresh->parents = old->parents;
    fresh->parent_count = old->parent_count;
    fresh->parent_room = old->parent_room;
    old->parents = NULL;
    fresh->observed = was_enabled_again || old->observed;
    memcpy(fresh->observed_reason, old->observed_reason, sizeof fresh->observed_reason);
    for (unsigned i = 0; i < fresh->checker_count; i++) {
        struct checker_status *seen = &fresh->seen[i];
        const struct checker_status *before =
            find_seen(old->seen, old->checker_count, seen->region, seen->number);
        seen->up = fresh->observed;
        if (before != NULL)
            *seen = *before;
        if (was_enabled_again) {
            seen->up = true;
            seen->streak = 0;
        }
    }
    if (fresh->sums != NULL && old->sums != NULL)
        memcpy(fresh->sums, old->sums, CHECKER_REGION_COUNT * sizeof *fresh->sums);
}

/* ---- parents ---- */

bool watched__add_parent(struct watched *child, health_slot parent)
{
    if (child->parent_count == child->parent_room) {
        unsigned room = child->parent_room == 0 ? 4 : 2 * child->parent_room;
        health_slot *parents = realloc(child->parents, room * sizeof *parents);
        if (parents == NULL)
            return false;
        child->parents = parents;
        child->parent_room = room;
    }
    child->parents[child->parent_count++] = parent;
    return true;
}

void watched__remove_parent(struct watched *child, health_slot parent)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < child->parent_count; i++)
        if (child->parents[i] != parent)
            child->parents[kept++] = child->parents[i];
    child->parent_count = kept;
}

/* ---- observing ---- */

/* What a checker says, the override of its Region above its own verdict. */
static bool says_up(const struct watched *watched, const struct checker_status *seen)
{
    const struct health_override *override = watched->override;
    if (override != NULL && (override->regions >> seen->region & 1) != 0)
        return override->up;
    return seen->up;
}

static void count_checkers(struct watched *watched)
{
    watched->watched_count = (uint16_t)watched->checker_count;
    watched->healthy_count = 0;
    for (unsigned i = 0; i < watched->checker_count; i++)
        watched->healthy_count += says_up(watched, &watched->seen[i]);
}

static void count_children(struct watched *watched, const struct health_table *table)
{
    watched->watched_count = (uint16_t)watched->child_count;
    watched->healthy_count = 0;
    for (unsigned i = 0; i < watched->child_count; i++)
        watched->healthy_count += health_is_up(table, watched->children[i]);
}

void watched__observe(struct watched *watched, const struct health_table *table)
{
    if (watched->type == HEALTH_CHECK_CALCULATED) {
        count_children(watched, table);
        watched->observed = watched->healthy_count >= watched->health_threshold; /* R-HCC-2 */
    } else if (watched->checker_count > 0) {
        count_checkers(watched);
        if (!watched->keeps_observed)
            watched->observed = health_aggregate(watched->healthy_count, watched->watched_count);
    }
}

bool watched__is_set(const struct watched *watched)
{
    return watched->override != NULL && watched->override->regions == 0;
}

bool watched__effective(const struct watched *watched)
{
    if (watched__is_set(watched))
        return watched->override->up;
    return health_effective(watched->observed, watched->disabled, watched->inverted);
}

/* ---- results ---- */

struct checker_status *watched__seen_by(const struct watched *watched, unsigned checker)
{
    if ((watched->checkers >> checker & 1) == 0)
        return NULL;
    uint64_t before = watched->checkers & (((uint64_t)1 << checker) - 1);
    return &watched->seen[__builtin_popcountll(before)];
}

static void add_time(float ms, uint64_t *count, double *sum)
{
    if (ms < 0)
        return;
    *count += 1;
    *sum += (double)ms;
}

bool watched__report(struct watched *watched, struct checker_status *seen,
                     const struct probe_result *result)
{
    bool passed = probe_passed(result);
    seen->last = *result;
    if (!passed)
        seen->last_failure = *result;
    if (watched->sums != NULL) {
        struct latency_sums *sums = &watched->sums[seen->region];
        add_time(result->connection_ms, &sums->connection_count, &sums->connection_ms);
        add_time(result->tls_ms, &sums->tls_count, &sums->tls_ms);
        add_time(result->first_byte_ms, &sums->first_byte_count, &sums->first_byte_ms);
    }
    if (passed == seen->up) {
        seen->streak = 0;
        return false;
    }
    if (++seen->streak < watched->failure_threshold)
        return false;
    seen->up = passed;
    seen->streak = 0;
    watched->keeps_observed = false;
    return true;
}

/* ---- reading ---- */

static void describe(const struct watched *watched, char out[HEALTH_REASON_SIZE])
{
    if (watched->disabled)
        snprintf(out, HEALTH_REASON_SIZE, "disabled");
    else if (watched->checker_count > 0)
        snprintf(out, HEALTH_REASON_SIZE, "%u of %u checkers say healthy", watched->healthy_count,
                 watched->watched_count);
    else if (watched->type == HEALTH_CHECK_CALCULATED)
        snprintf(out, HEALTH_REASON_SIZE, "%u of %u children are healthy, %u needed",
                 watched->healthy_count, watched->watched_count, watched->health_threshold);
    else
        memcpy(out, watched->observed_reason, HEALTH_REASON_SIZE);
}

void watched__read(const struct watched *watched, struct health_status *out_status)
{
    out_status->observed = watched->observed;
    describe(watched, out_status->observed_reason);
    out_status->healthy_count = watched->healthy_count;
    out_status->watched_count = watched->watched_count;
    out_status->override =
        watched->override != NULL ? *watched->override : (struct health_override){ 0 };
    out_status->checker_count = watched->checker_count;
    if (watched->checker_count > 0)
        memcpy(out_status->checkers, watched->seen, watched->checker_count * sizeof *watched->seen);
}

/* ---- queues ---- */

bool slot_queue__init(struct slot_queue *queue, uint32_t slot_count)
{
    *queue = (struct slot_queue){ .room = slot_count };
    queue->ring = malloc(slot_count * sizeof *queue->ring);
    queue->is_in = calloc(slot_count, sizeof *queue->is_in);
    return queue->ring != NULL && queue->is_in != NULL;
}

void slot_queue__finish(struct slot_queue *queue)
{
    free(queue->ring);
    free(queue->is_in);
}

void slot_queue__add(struct slot_queue *queue, health_slot slot)
{
    if (queue->is_in[slot])
        return;
    queue->is_in[slot] = true;
    queue->ring[(queue->first + queue->count++) % queue->room] = slot;
}

health_slot slot_queue__take(struct slot_queue *queue)
{
    if (queue->count == 0)
        return HEALTH_NO_CHECK;
    health_slot slot = queue->ring[queue->first];
    queue->first = (queue->first + 1) % queue->room;
    queue->count--;
    queue->is_in[slot] = false;
    return slot;
}
