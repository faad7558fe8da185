/*
 * What was answered to one question, as far as it matters: not each reply, but when each answer was
 * seen first and last in each phase, and stretches of time for the picture.  So a drill of a day
 * takes no more memory than one of a minute.
 */
#include "drill.h"

#include <stdlib.h>
#include <string.h>

#define GAP_MS_MIN    3000
#define GAP_QUESTIONS 30 /* that may go by without an answer that takes turns with others */
#define ITEM_OTHERS   (DRILL_ITEMS_MAX - 1)

/* ---- items ---- */

static unsigned find_item(struct drill_lane *lane, const char *text)
{
    unsigned i = 0;
    while (i < lane->item_count && strcmp(lane->items[i].text, text) != 0)
        i++;
    if (i < lane->item_count)
        return i;
    if (i > ITEM_OTHERS)
        return ITEM_OTHERS;
    lane->items[i] = (struct drill_item){ .open = -1 };
    lane->items[i].text = strdup(i == ITEM_OTHERS ? "(others)" : text);
    if (lane->items[i].text == NULL) {
        complain("no memory");
        exit(EXIT_REFUSED);
    }
    lane->item_count++;
    return i;
}

/* "192.0.2.1 192.0.2.2" */
static unsigned find_whole(struct drill_lane *lane, const char *const *values, unsigned count)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (out == NULL) {
        complain("no memory");
        exit(EXIT_REFUSED);
    }
    for (unsigned i = 0; i < count; i++)
        fprintf(out, "%s%s", i > 0 ? " " : "", values[i]);
    fclose(out);
    unsigned item = find_item(lane, text);
    free(text);
    return item;
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

uint64_t lane_items(struct drill_lane *lane, const char **values, unsigned count)
{
    uint64_t items = 0;
    if (count == 0)
        return lane_empty_item(lane, "NODATA");
    qsort(values, count, sizeof(*values), compare_texts);
    if (!lane->by_value)
        return 1ull << find_whole(lane, values, count);
    for (unsigned i = 0; i < count; i++)
        items |= 1ull << find_item(lane, values[i]);
    return items;
}

uint64_t lane_empty_item(struct drill_lane *lane, const char *word)
{
    unsigned item = find_item(lane, word);
    lane->items[item].is_empty = item != ITEM_OTHERS;
    return 1ull << item;
}

/* ---- what is expected ---- */

static uint64_t expected_items(struct drill_lane *lane, const json_t *values)
{
    const char *texts[DRILL_ITEMS_MAX];
    unsigned count = 0;
    size_t index;
    const json_t *value;
    json_array_foreach(values, index, value)
    {
        if (json_is_string(value) && count < DRILL_ITEMS_MAX)
            texts[count++] = json_string_value(value);
    }
    return lane_items(lane, texts, count);
}

static void expect(struct drill_lane *lane, const json_t *answers, bool during)
{
    size_t index;
    const json_t *values;
    json_array_foreach(answers, index, values)
    {
        uint64_t items = expected_items(lane, values);
        for (unsigned i = 0; i < lane->item_count; i++) {
            lane->items[i].expected_before |= !during && (items >> i & 1) != 0;
            lane->items[i].expected_during |= during && (items >> i & 1) != 0;
        }
    }
}

void lane_init(struct drill_lane *lane, const json_t *watch, int64_t every_ms)
{
    const json_t *before = json_object_get(watch, "before");
    const json_t *during = json_object_get(watch, "during");
    size_t most = json_array_size(before) > json_array_size(during) ? json_array_size(before)
                                                                    : json_array_size(during);
    memset(lane, 0, sizeof(*lane));
    lane->name = text_of(watch, "name");
    lane->type = text_of(watch, "type");
    lane->client = text_of(watch, "client");
    lane->by_value = most > DRILL_ANSWERS_WHOLE_MAX;
    lane->alternates = most > 1;
    lane->expects_change = json_is_true(json_object_get(watch, "changes"));
    lane->gap_ms = every_ms * GAP_QUESTIONS > GAP_MS_MIN ? every_ms * GAP_QUESTIONS : GAP_MS_MIN;
    lane->silence = -1;
    for (int phase = 0; phase < PHASE_COUNT; phase++)
        lane->first_reply_ms[phase] = NEVER;
    expect(lane, before, false);
    expect(lane, during, true);
}

void lane_finish(struct drill_lane *lane)
{
    for (unsigned i = 0; i < lane->item_count; i++)
        free(lane->items[i].text);
    lane->item_count = 0;
}

/* ---- stretches ---- */

/* A new one; -1: there is no room, and the picture goes without it. */
static int begin_segment(struct drill_lane *lane, uint8_t item, int64_t ms)
{
    /* Answers that take turns all the time are shown side by side, though nobody expected it. */
    if (lane->segment_count == DRILL_SEGMENTS_MAX / 2)
        lane->alternates = true;
    if (lane->segment_count == DRILL_SEGMENTS_MAX) {
        lane->is_cut = true;
        return -1;
    }
    lane->segments[lane->segment_count] = (struct drill_segment){ ms, ms, item };
    return (int)lane->segment_count++;
}

static void extend(struct drill_lane *lane, unsigned index, int64_t ms)
{
    struct drill_item *item = &lane->items[index];
    struct drill_segment *open = item->open >= 0 ? &lane->segments[item->open] : NULL;
    bool is_full = lane->segment_count == DRILL_SEGMENTS_MAX;
    if (open != NULL && (!lane->alternates || is_full || ms - open->to_ms <= lane->gap_ms))
        open->to_ms = ms;
    else
        item->open = begin_segment(lane, (uint8_t)index, ms);
}

/* ---- replies ---- */

static void see(struct drill_sighting *seen, int64_t ms, uint32_t ttl_s)
{
    int64_t expires_ms = ms + (int64_t)ttl_s * 1000;
    if (seen->count == 0)
        *seen = (struct drill_sighting){ .first_ms = ms, .expires_ms = expires_ms };
    seen->count++;
    seen->last_ms = ms;
    seen->next_ms = NEVER;
    if (expires_ms > seen->expires_ms)
        seen->expires_ms = expires_ms;
}

/* An item that this reply has not. */
static void miss(struct drill_lane *lane, struct drill_item *item, enum drill_phase phase,
                 int64_t ms)
{
    struct drill_sighting *seen = &item->seen[phase];
    if (seen->count > 0 && seen->next_ms == NEVER)
        seen->next_ms = ms;
    if (!lane->alternates && lane->segment_count < DRILL_SEGMENTS_MAX)
        item->open = -1;
}

void lane_reply(struct drill_lane *lane, enum drill_phase phase, int64_t ms, uint64_t items,
                uint32_t ttl_s)
{
    bool is_empty = false;
    for (unsigned i = 0; i < lane->item_count; i++) {
        struct drill_item *item = &lane->items[i];
        if ((items >> i & 1) == 0) {
            miss(lane, item, phase, ms);
            continue;
        }
        see(&item->seen[phase], ms, ttl_s);
        extend(lane, i, ms);
        is_empty |= item->is_empty;
    }
    if (lane->replies[phase]++ == 0)
        lane->first_reply_ms[phase] = ms;
    lane->asked++;
    lane->empty += is_empty;
    lane->silence = -1;
}

void lane_silence(struct drill_lane *lane, int64_t ms)
{
    lane->asked++;
    lane->unanswered++;
    if (lane->silence >= 0)
        lane->segments[lane->silence].to_ms = ms;
    else
        lane->silence = begin_segment(lane, ITEM_NONE, ms);
    for (unsigned i = 0; i < lane->item_count && !lane->alternates; i++)
        lane->items[i].open = -1;
}
