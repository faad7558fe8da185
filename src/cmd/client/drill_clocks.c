/*
 * When answers turned, and when the last cached old one was gone.
 *
 * Where several answers take turns (weighted, multivalue), a single reply says little.  So answers
 * are told apart by where they belong: an *old* one belongs to the time before the break and not to
 * the time during it, a *new* one the other way round.  It has turned when no old one is seen any
 * more; or, when every answer of before is one during the break too, once a new one is seen.  Back
 * is the same the other way round.
 *
 * What belongs where, the prediction says, and what was seen before the break.  Without a change in
 * the prediction the replies alone can tell: an answer that has stayed away for so long that chance
 * is no excuse does not belong to the break.
 */
#include "drill.h"

/* Replies that an answer must miss where one was to be expected of them: e^-14, one in a million.
 */
#define MISSES_BEYOND_CHANCE 14

struct side {
    uint64_t old_items, new_items;
};

static bool was_before(const struct drill_item *item)
{
    return item->expected_before || item->seen[PHASE_BEFORE].count > 0;
}

/* Whether an answer has left with the break, going by how often it was seen before. */
static bool has_left(const struct drill_lane *lane, const struct drill_item *item)
{
    const struct drill_sighting *before = &item->seen[PHASE_BEFORE];
    const struct drill_sighting *broken = &item->seen[PHASE_BROKEN];
    uint64_t replies = lane->replies[PHASE_BROKEN];
    uint64_t asked_before = lane->replies[PHASE_BEFORE];
    if (before->count == 0 || replies == 0)
        return false;
    int64_t from_ms = lane->first_reply_ms[PHASE_BROKEN], to_ms = from_ms;
    for (unsigned i = 0; i < lane->item_count; i++)
        if (lane->items[i].seen[PHASE_BROKEN].count > 0 &&
            lane->items[i].seen[PHASE_BROKEN].last_ms > to_ms)
            to_ms = lane->items[i].seen[PHASE_BROKEN].last_ms;
    double missed = (double)replies;
    if (broken->count > 0)
        missed = to_ms == from_ms
                     ? 0
                     : missed * (double)(to_ms - broken->last_ms) / (double)(to_ms - from_ms);
    return missed * (double)before->count / (double)asked_before >= MISSES_BEYOND_CHANCE;
}

static struct side tell_apart(const struct drill_lane *lane)
{
    struct side side = { 0, 0 };
    for (unsigned i = 0; i < lane->item_count; i++) {
        const struct drill_item *item = &lane->items[i];
        bool seen = item->seen[PHASE_BROKEN].count > 0;
        bool left = lane->expects_change ? !item->expected_during : has_left(lane, item);
        if (was_before(item) && left)
            side.old_items |= 1ull << i;
        if (!was_before(item) && (seen || (lane->expects_change && item->expected_during)))
            side.new_items |= 1ull << i;
    }
    return side;
}

enum item_role lane_role(const struct drill_lane *lane, unsigned item)
{
    struct side side = tell_apart(lane);
    if ((side.old_items >> item & 1) != 0)
        return ITEM_OLD;
    return (side.new_items >> item & 1) != 0 ? ITEM_NEW : ITEM_OTHER;
}

/* From when on a phase shows nothing that is going, or something that is coming where nothing
 * goes. */
static int64_t turn_of(const struct drill_lane *lane, enum drill_phase phase, uint64_t going,
                       uint64_t coming)
{
    const struct drill_sighting *last = NULL;
    int64_t first_ms = NEVER;
    for (unsigned i = 0; i < lane->item_count; i++) {
        const struct drill_sighting *seen = &lane->items[i].seen[phase];
        if ((going >> i & 1) != 0 && seen->count > 0 &&
            (last == NULL || seen->last_ms > last->last_ms))
            last = seen;
        if ((coming >> i & 1) != 0 && seen->count > 0 && seen->first_ms < first_ms)
            first_ms = seen->first_ms;
    }
    if (going == 0)
        return first_ms;
    return last != NULL ? last->next_ms : lane->first_reply_ms[phase];
}

/* When the last cache has forgotten what went in a phase; it was last seen then, or before. */
static int64_t cache_end(const struct drill_lane *lane, enum drill_phase phase, uint64_t going)
{
    int64_t end_ms = NEVER;
    for (unsigned i = 0; i < lane->item_count; i++)
        for (int p = (int)phase - 1; p <= (int)phase; p++) {
            const struct drill_sighting *seen = &lane->items[i].seen[p];
            if ((going >> i & 1) != 0 && seen->count > 0 &&
                (end_ms == NEVER || seen->expires_ms > end_ms))
                end_ms = seen->expires_ms;
        }
    return end_ms;
}

static bool is_seen(const struct drill_lane *lane, enum drill_phase phase, uint64_t items)
{
    bool seen = false;
    for (unsigned i = 0; i < lane->item_count; i++)
        seen |= (items >> i & 1) != 0 && lane->items[i].seen[phase].count > 0;
    return seen;
}

void lane_clocks(const struct drill_lane *lane, int64_t restore_ms, struct drill_clocks *out_clocks)
{
    struct side side = tell_apart(lane);
    struct drill_clocks clocks = { lane->expects_change || (side.old_items | side.new_items) != 0,
                                   NEVER, NEVER, NEVER, NEVER };
    if (clocks.changed)
        clocks.turned_ms = turn_of(lane, PHASE_BROKEN, side.old_items, side.new_items);
    if (clocks.turned_ms != NEVER)
        clocks.cached_ms = cache_end(lane, PHASE_BROKEN, side.old_items);
    /* What never went away cannot come back. */
    bool was_away = clocks.turned_ms != NEVER || is_seen(lane, PHASE_AFTER, side.new_items);
    if (was_away && restore_ms != NEVER)
        clocks.back_ms = turn_of(lane, PHASE_AFTER, side.new_items, side.old_items);
    if (clocks.back_ms != NEVER)
        clocks.back_cached_ms = cache_end(lane, PHASE_AFTER, side.new_items);
    *out_clocks = clocks;
}

bool lane_is_settled(const struct drill_lane *lane, int64_t restore_ms, int64_t now_ms)
{
    struct drill_clocks clocks;
    lane_clocks(lane, restore_ms, &clocks);
    if (!clocks.changed || (clocks.turned_ms == NEVER && clocks.back_ms == NEVER))
        return lane->replies[PHASE_AFTER] > 0;
    return clocks.back_ms != NEVER &&
           (clocks.back_cached_ms == NEVER || now_ms >= clocks.back_cached_ms);
}
