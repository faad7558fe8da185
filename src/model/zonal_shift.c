#include "signpost/model/zonal_shift.h"

#include "word.h"

static const char *const status_names[SHIFT_STATUS_COUNT] = { "ACTIVE", "EXPIRED", "CANCELED" };

const char *shift_status_name(enum shift_status status)
{
    return status_names[status];
}

int shift_status_find(const char *name, enum shift_status *out_status)
{
    unsigned number;
    int rc = word_find(status_names, SHIFT_STATUS_COUNT, "status", name, &number, NULL);
    if (rc == 0)
        *out_status = (enum shift_status)number;
    return rc;
}

/* ---- what a user says ---- */

/* The digits as a number of units; 0: too many of them, or something else. */
static uint64_t read_number(const char *digits, size_t size)
{
    uint64_t number = 0;
    if (size > 5)
        return 0;
    for (size_t i = 0; i < size; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return 0;
        number = number * 10 + (uint64_t)(digits[i] - '0');
    }
    return number;
}

int shift_time_from_text(const char *text, uint64_t *out_ms, struct problem *out_problem)
{
    size_t size = strlen(text);
    uint64_t number = size > 1 && text[0] != '0' ? read_number(text, size - 1) : 0;
    uint64_t unit_ms = 0;
    if (number > 0 && text[size - 1] == 'm')
        unit_ms = 60 * 1000;
    else if (number > 0 && text[size - 1] == 'h')
        unit_ms = 3600 * 1000;
    uint64_t time_ms = number * unit_ms;
    if (time_ms == 0 || time_ms > SHIFT_MS_MAX)
        return problem_set(out_problem, SP_EINVAL,
                           "\"%.40s\" is no time for a zonal shift: it must be a number of minutes "
                           "or hours, such as 30m or 2h, and at most 72h",
                           text);
    *out_ms = time_ms;
    return 0;
}

int shift_comment_check(const char *comment, struct problem *out_problem)
{
    if (strlen(comment) <= SHIFT_COMMENT_SIZE_MAX && !word_has_control(comment))
        return 0;
    return problem_set(out_problem, SP_EINVAL,
                       "the comment must have at most %d octets, without control characters",
                       SHIFT_COMMENT_SIZE_MAX);
}

/* ---- what it does ---- */

static bool has_healthy_target(const struct resource_entry *entry)
{
    for (uint32_t i = 0; i < entry->target_count; i++)
        if (entry->targets[i].healthy > 0)
            return true;
    return entry->target_count == 0;
}

bool shift_applies(const struct resource_entry *entry, const char *away_from)
{
    uint32_t there = 0;
    for (uint32_t i = 0; i < entry->address_count; i++)
        there += strcmp(entry->addresses[i].zone, away_from) == 0;
    return there > 0 && there < entry->address_count && !entry->is_down &&
           has_healthy_target(entry);
}

static bool is_zone(const char *zone, const char *name)
{
    return strcmp(zone, name) == 0;
}

/* Names of Regions end in a number, and those of their zones go on with letters. */
static bool is_in_place(const char *zone, const char *place)
{
    size_t size = strlen(place);
    if (is_zone(zone, place))
        return true;
    if (size == 0 || place[size - 1] < '0' || place[size - 1] > '9' ||
        strncmp(zone, place, size) != 0)
        return false;
    return zone[size + strspn(zone + size, "abcdefghijklmnopqrstuvwxyz")] == '\0';
}

static void leave(struct resource_entry *entry, const char *name,
                  bool (*is_meant)(const char *zone, const char *name))
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < entry->address_count; i++)
        if (!is_meant(entry->addresses[i].zone, name))
            entry->addresses[kept++] = entry->addresses[i];
    entry->address_count = kept;
}

void resource_leave_zone(struct resource_entry *entry, const char *zone)
{
    leave(entry, zone, is_zone);
}

void resource_lose_place(struct resource_entry *entry, const char *place)
{
    leave(entry, place, is_in_place);
}
