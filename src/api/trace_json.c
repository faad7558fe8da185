#include "trace_json.h"

#include "signpost/control/checks.h"
#include "signpost/model/zone_file.h"

#include <math.h>
#include <string.h>

/* Where reading the steps stands. */
struct walk {
    struct control *control;
    const struct explanation *explanation;
    const struct supposition *supposition;
    int64_t now_s;
    unsigned at;
};

static const struct trace_step *current(const struct walk *walk)
{
    const struct trace *trace = walk->explanation->trace;
    return walk->at < trace->count ? &trace->steps[walk->at] : NULL;
}

/* ---- what a member is ---- */

json_t *trace_json_values(const struct rrset *set)
{
    struct arena *arena = arena_create();
    json_t *list = json_array();
    const uint8_t *record = set->records.data;
    for (uint32_t i = 0; i < set->records.count && arena != NULL; i++) {
        struct span rdata = { record + RRSET_FIXED_SIZE, get_u16(record + 8) };
        const char *text = rdata_to_text(arena, set->records.type, rdata);
        json_array_append_new(list, text != NULL ? api_json_text(text) : NULL);
        record += RRSET_FIXED_SIZE + rdata.size;
    }
    arena_destroy(arena);
    return list;
}

static double degrees(double radians)
{
    return round(radians * 180 / M_PI * 100) / 100;
}

static json_t *proximity_object(const struct member *member)
{
    const struct geo_point *point = &member->by.proximity.point;
    return json_pack("{s:f,s:f,s:i}", "latitude", degrees(asin(point->z)), "longitude",
                     degrees(atan2(point->y, point->x)), "bias", member->by.proximity.bias);
}

/* Codes are of fixed length, ended by zeros that may be missing. */
static void set_code(json_t *object, const char *name, const char *code, size_t size)
{
    if (code[0] != '\0')
        json_object_set_new(object, name, json_stringn(code, strnlen(code, size)));
}

static json_t *location_object(const struct member *member)
{
    json_t *object = json_object();
    if (member->by.location.continent != GEO_CONTINENT_NONE)
        json_object_set_new(object, "continent",
                            json_string(geo_continent_code(member->by.location.continent)));
    set_code(object, "country", member->by.location.country, 2);
    set_code(object, "subdivision", member->by.location.subdivision, 3);
    return object;
}

/* What the policy chooses by, named as in a record set. */
static void set_policy_fields(json_t *object, const struct group *group,
                              const struct member *member)
{
    switch (group->policy) {
    case ROUTING_WEIGHTED:
        json_object_set_new(object, "weight", json_integer(member->by.weight));
        break;
    case ROUTING_LATENCY:
        json_object_set_new(object, "region", json_string(geo_region_at(member->by.region)->name));
        break;
    case ROUTING_FAILOVER:
        json_object_set_new(object, "failover",
                            json_string(member->by.is_primary ? "PRIMARY" : "SECONDARY"));
        break;
    case ROUTING_GEOLOCATION:
        json_object_set_new(object, "geolocation", location_object(member));
        break;
    case ROUTING_GEOPROXIMITY:
        json_object_set_new(object, "geoproximity", proximity_object(member));
        break;
    case ROUTING_CIDR:
        json_object_set_new(object, "cidr",
                            json_pack("{s:s}", "location", member->by.cidr_location));
        break;
    default:
        break;
    }
}

static void set_content(json_t *object, const struct walk *walk, const struct group *group,
                        const struct member *member)
{
    const struct rrset *leaf = explanation_leaf(walk->explanation, group, member);
    if (member->kind != MEMBER_VALUES) {
        json_object_set_new(object, member->kind == MEMBER_ALIAS ? "target" : "resource",
                            api_json_name(member->target));
        json_object_set_new(object, "evaluate_target_health",
                            json_boolean(member->evaluates_target));
    }
    if (leaf != NULL) {
        json_object_set_new(object, "ttl", json_integer(leaf->ttl_s));
        json_object_set_new(object, "values", trace_json_values(leaf));
    }
}

/* ---- what became of it ---- */

static bool is_supposed(const struct walk *walk, const char *check_id)
{
    for (unsigned i = 0; i < walk->supposition->count; i++)
        if (strcmp(walk->supposition->checks[i].id, check_id) == 0)
            return true;
    return false;
}

/* Who says so, and what for.  The override may be gone by now: then nobody is named. */
static void set_override(json_t *object, const struct walk *walk, const char *check_id)
{
    struct check_view view;
    struct problem ignored;
    json_object_set_new(object, "set", json_true());
    if (control_read_check(walk->control, check_id, &view, &ignored) != 0 ||
        !view.status.override.given)
        return;
    json_object_set_new(object, "owner", api_json_text(view.status.override.owner));
    json_object_set_new(object, "reason", api_json_text(view.status.override.reason));
}

/* A check that has been up from its start has no time; what is supposed was never so. */
static json_t *check_object(const struct walk *walk, const struct trace_step *step)
{
    int64_t since_s = (int64_t)(step->health.since_ms / 1000);
    json_t *object =
        json_pack("{s:o,s:b}", "id", api_json_text(step->member->check_id), "up", step->health.up);
    if (is_supposed(walk, step->member->check_id)) {
        json_object_set_new(object, "supposed", json_true());
    } else if (since_s > 0) {
        json_object_set_new(object, "since", api_json_time(since_s));
        json_object_set_new(object, "seconds", json_integer(walk->now_s - since_s));
    }
    if (step->health.is_set && !is_supposed(walk, step->member->check_id))
        set_override(object, walk, step->member->check_id);
    return object;
}

/* What the policy found out about it. */
static void set_findings(json_t *object, const struct trace_step *step)
{
    switch (step->group->policy) {
    case ROUTING_WEIGHTED:
        if (step->by.weight.total > 0)
            json_object_set_new(object, "draw",
                                json_pack("{s:I,s:I}", "draw", (json_int_t)step->by.weight.draw,
                                          "total", (json_int_t)step->by.weight.total));
        break;
    case ROUTING_LATENCY:
        json_object_set_new(object, "latency",
                            json_pack("{s:f,s:s}", "ms",
                                      round(step->by.latency.milliseconds * 10) / 10, "source",
                                      step->by.latency.is_measured ? "measured" : "modelled"));
        break;
    case ROUTING_GEOPROXIMITY:
        json_object_set_new(object, "distance",
                            json_pack("{s:f,s:f}", "km", round(step->by.distance.km), "biased_km",
                                      round(step->by.distance.biased_km)));
        break;
    case ROUTING_CIDR:
        if (step->by.block.length > 0)
            json_object_set_new(object, "block_length", json_integer(step->by.block.length));
        break;
    default:
        break;
    }
}

static const char *state_of(const struct trace_step *step)
{
    if (step->kind == TRACE_TAKEN)
        return "taken";
    return step->reason == TRACE_NOT_NEEDED ? "not needed" : "left";
}

static json_t *candidate_object(const struct walk *walk, const struct trace_step *step)
{
    char label[TRACE_LABEL_SIZE];
    const struct member *member = step->member;
    trace_label(step->group, member, label, sizeof(label));
    json_t *object = json_pack("{s:s,s:s}", "label", label, "state", state_of(step));
    if (step->kind == TRACE_LEFT)
        json_object_set_new(object, "reason",
                            json_string(trace_reason_text((enum trace_reason)step->reason)));
    if (member->identifier[0] != '\0')
        json_object_set_new(object, "set_identifier", api_json_text(member->identifier));
    set_policy_fields(object, step->group, member);
    set_findings(object, step);
    if (member->check_id[0] != '\0')
        json_object_set_new(object, "check", check_object(walk, step));
    set_content(object, walk, step->group, member);
    return object;
}

/* ---- the tree ---- */

static json_t *read_passes(struct walk *walk, unsigned depth);

/* A member, and below it what its branch was searched for. */
static json_t *read_candidate(struct walk *walk)
{
    const struct trace_step *step = current(walk);
    json_t *object = candidate_object(walk, step);
    walk->at++;
    json_t *groups = read_passes(walk, step->depth + 1u);
    if (json_array_size(groups) > 0)
        json_object_set(object, "groups", groups);
    json_decref(groups);
    return object;
}

/* One pass over a group.  A trace that was cut short ends anywhere. */
static json_t *read_pass(struct walk *walk)
{
    const struct trace_step *first = current(walk), *step;
    const char *outcome = "cut short";
    json_t *candidates = json_array();
    walk->at++;
    while ((step = current(walk)) != NULL && step->depth == first->depth && step->member != NULL)
        json_array_append_new(candidates, read_candidate(walk));
    if (step != NULL && step->depth == first->depth) {
        outcome = step->kind == TRACE_FOUND ? "found" : "nothing";
        walk->at++;
    }
    json_t *object =
        json_pack("{s:o,s:s,s:s,s:b,s:s,s:o}", "owner", api_json_name(first->group->owner), "type",
                  dns_type_find(first->group->type)->name, "policy",
                  routing_policy_name((enum routing_policy)first->group->policy), "last_resort",
                  first->is_last_resort, "outcome", outcome, "candidates", candidates);
    if (first->group->collection != NULL)
        json_object_set_new(object, "collection", json_string(first->group->collection));
    return object;
}

static json_t *read_passes(struct walk *walk, unsigned depth)
{
    const struct trace_step *step;
    json_t *list = json_array();
    while ((step = current(walk)) != NULL && step->kind == TRACE_GROUP && step->depth == depth)
        json_array_append_new(list, read_pass(walk));
    return list;
}

json_t *trace_json(struct control *control, const struct explanation *explanation,
                   const struct supposition *supposition, int64_t now_s)
{
    struct walk walk = { control, explanation, supposition, now_s, 0 };
    return read_passes(&walk, 0);
}
