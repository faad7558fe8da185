/*
 * A trace on one line: the way from the group that was asked to the records that answer, and beside
 * each step what was passed over because it was not healthy.
 */
#include "signpost/policy/trace.h"

#include "signpost/dns/name.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct line {
    char *data;
    size_t size;
    size_t room; /* the final zero included */
};

static void put(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(line->data + line->size, line->room - line->size, format, arguments);
    va_end(arguments);
    if (size > 0)
        line->size += (size_t)size;
    if (line->size >= line->room)
        line->size = line->room - 1;
}

/* Set identifiers are the user's and may hold anything. */
static void put_text(struct line *line, const char *text)
{
    for (; *text != '\0' && line->size + 1 < line->room; text++) {
        bool is_plain = *text >= ' ' && *text <= '~';
        line->data[line->size++] = is_plain ? *text : '?';
    }
    line->data[line->size] = '\0';
}

static void put_place(struct line *line, uint8_t continent, const char *country,
                      const char *subdivision)
{
    if (subdivision[0] != '\0')
        put(line, "%.2s-%.3s", country, subdivision);
    else if (country[0] != '\0')
        put(line, "%.2s", country);
    else if (continent != GEO_CONTINENT_NONE)
        put(line, "continent %s", geo_continent_code(continent));
    else
        put(line, "unknown");
}

static void put_name(struct line *line, const uint8_t *name)
{
    char text[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(text, name);
    put_text(line, text);
}

/* What tells a member from the others of its group. */
static void put_label(struct line *line, const struct group *group, const struct member *member)
{
    switch (group->policy) {
    case ROUTING_LATENCY:
        put(line, "%s", geo_region_at(member->by.region)->name);
        break;
    case ROUTING_FAILOVER:
        put(line, member->by.is_primary ? "PRIMARY" : "SECONDARY");
        break;
    case ROUTING_GEOLOCATION:
        put_place(line, member->by.location.continent, member->by.location.country,
                  member->by.location.subdivision);
        break;
    case ROUTING_CIDR:
        put_text(line, member->by.cidr_location);
        break;
    case ROUTING_SIMPLE:
        if (member->target != NULL)
            put_name(line, member->target);
        break;
    default:
        put_text(line, member->identifier);
        break;
    }
}

size_t trace_label(const struct group *group, const struct member *member, char *out, size_t size)
{
    struct line line = { out, 0, size };
    out[0] = '\0';
    put_label(&line, group, member);
    return line.size;
}

static void put_score(struct line *line, const struct trace_step *step)
{
    switch (step->group->policy) {
    case ROUTING_WEIGHTED:
        if (step->member->by.weight == 0)
            put(line, " 1 of %u of weight 0", step->by.weight.total);
        else
            put(line, " %u/%u", step->member->by.weight, step->by.weight.total);
        break;
    case ROUTING_LATENCY:
        put(line, " %.0f ms %s", step->by.latency.milliseconds,
            step->by.latency.is_measured ? "measured" : "modelled");
        break;
    case ROUTING_GEOPROXIMITY:
        put(line, " %.0f km", step->by.distance.km);
        if (fabs(step->by.distance.km - step->by.distance.biased_km) >= 0.5)
            put(line, " as %.0f", step->by.distance.biased_km);
        break;
    case ROUTING_CIDR:
        if (step->by.block.length > 0)
            put(line, " /%u", step->by.block.length);
        break;
    default:
        break;
    }
}

static bool is_of_same_group(const struct trace_step *a, const struct trace_step *b)
{
    return a->group == b->group && a->depth == b->depth && a->is_last_resort == b->is_last_resort;
}

/* "down", or "down (set)": then somebody says so, whatever there is. */
static void put_state(struct line *line, const struct health_state *state)
{
    put(line, "%s%s", state->up ? "up" : "down", state->is_set ? " (set)" : "");
}

/* Members that would have come first, had they been healthy. */
static void put_passed_over(struct line *line, const struct trace *trace, unsigned index)
{
    const struct trace_step *taken = &trace->steps[index];
    bool begun = false;
    for (unsigned i = 0; i < index; i++) {
        const struct trace_step *step = &trace->steps[i];
        if (step->kind != TRACE_LEFT || !is_of_same_group(step, taken))
            continue;
        put(line, begun ? ", " : " (");
        begun = true;
        put_label(line, step->group, step->member);
        if (step->reason == TRACE_CHECK_DOWN) {
            put(line, ": check ");
            put_text(line, step->member->check_id);
            put(line, " ");
            put_state(line, &step->health);
        } else {
            put(line, ": %s", trace_reason_text((enum trace_reason)step->reason));
        }
    }
    if (begun)
        put(line, ")");
}

static unsigned count_taken(const struct trace *trace, const struct trace_step *like)
{
    unsigned count = 0;
    for (unsigned i = 0; i < trace->count; i++)
        count += trace->steps[i].kind == TRACE_TAKEN && is_of_same_group(&trace->steps[i], like);
    return count;
}

static void put_taken(struct line *line, const struct trace *trace, unsigned index)
{
    const struct trace_step *step = &trace->steps[index];
    const struct member *member = step->member;
    bool is_alias = step->group->policy == ROUTING_SIMPLE && member->target != NULL;
    put(line, "%s",
        is_alias ? "alias" : routing_policy_name((enum routing_policy)step->group->policy));
    if (step->group->policy == ROUTING_MULTIVALUE) {
        put(line, " %u of %u", count_taken(trace, step), step->group->member_count);
    } else if (step->group->policy != ROUTING_SIMPLE || is_alias) {
        put(line, " ");
        put_label(line, step->group, member);
        put_score(line, step);
    }
    if (step->group->policy != ROUTING_MULTIVALUE && member->check != HEALTH_NO_CHECK) {
        put(line, ", check ");
        put_state(line, &step->health);
    }
    if (step->is_last_resort)
        put(line, ", last resort");
    if (step->group->policy != ROUTING_MULTIVALUE)
        put_passed_over(line, trace, index);
    if (member->kind == MEMBER_RESOURCE && !is_alias) {
        put(line, " -> resource ");
        put_name(line, member->target);
    }
}

static bool is_first_of_set(const struct trace *trace, unsigned index)
{
    for (unsigned i = 0; i < index; i++)
        if (trace->steps[i].kind == TRACE_TAKEN &&
            is_of_same_group(&trace->steps[i], &trace->steps[index]))
            return false;
    return true;
}

/* Nobody answers: the last reason that is more than another member's being better. */
static void put_nothing(struct line *line, const struct trace *trace)
{
    const struct trace_step *first = &trace->steps[0], *why = NULL;
    for (unsigned i = 0; i < trace->count; i++)
        if (trace->steps[i].kind == TRACE_LEFT && trace->steps[i].reason != TRACE_NOT_NEEDED)
            why = &trace->steps[i];
    put(line, "%s: no answer", routing_policy_name((enum routing_policy)first->group->policy));
    if (why == NULL)
        return;
    put(line, ", ");
    put_label(line, why->group, why->member);
    put(line, ": %s", trace_reason_text((enum trace_reason)why->reason));
}

static void put_client(struct line *line, const struct trace *trace)
{
    static const char *const sources[] = {
        [PLACE_UNLOCATED] = "not located", [PLACE_TABLE] = "by table", [PLACE_MMDB] = "by mmdb"
    };
    char text[PREFIX_TEXT_SIZE];
    put(line, "; client %s", prefix_to_text(text, &trace->client));
    if (!trace->is_located)
        return;
    if (trace->source != PLACE_UNLOCATED) {
        put(line, " in ");
        put_place(line, trace->place.continent, trace->place.country, trace->place.subdivision);
    }
    put(line, " %s", sources[trace->source]);
    if (trace->client_assumed)
        put(line, ", taken as at us-east-1");
}

size_t trace_line(const struct trace *trace, char *out, size_t size)
{
    struct line line = { out, 0, size };
    out[0] = '\0';
    for (unsigned i = 0; i < trace->count; i++) {
        if (trace->steps[i].kind != TRACE_TAKEN || !is_first_of_set(trace, i))
            continue;
        if (line.size > 0)
            put(&line, " -> ");
        put_taken(&line, trace, i);
    }
    if (line.size == 0 && trace->count > 0)
        put_nothing(&line, trace);
    if (trace->has_client)
        put_client(&line, trace);
    return line.size;
}
