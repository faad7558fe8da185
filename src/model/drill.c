#include "signpost/model/drill.h"

#include "signpost/dns/name.h"
#include "signpost/model/health_check.h"
#include "signpost/model/resource.h"
#include "signpost/model/routing_control.h"

#include "word.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* "break[2]: ": where in a definition something is wrong. */
#define PLACE_SIZE 40

const char *drill_break_kind_name(enum drill_break_kind kind)
{
    static const char *const names[DRILL_BREAK_KIND_COUNT] = { "check", "region", "zone", "control",
                                                               "hook" };
    return names[kind];
}

int drill_break_kind_find(const char *name, enum drill_break_kind *out_kind)
{
    for (unsigned i = 0; i < DRILL_BREAK_KIND_COUNT; i++)
        if (strcmp(drill_break_kind_name((enum drill_break_kind)i), name) == 0) {
            *out_kind = (enum drill_break_kind)i;
            return 0;
        }
    return SP_EINVAL;
}

/* ---- times ---- */

int drill_time_read(const char *text, uint64_t *out_ms, struct problem *out_problem)
{
    static const struct unit {
        const char *name;
        uint64_t ms;
    } units[] = {
        { "", 1000 }, { "s", 1000 }, { "m", 60 * 1000 }, { "h", 3600 * 1000 }, { "d", 86400 * 1000 }
    };
    char *end = NULL;
    errno = 0;
    unsigned long long number = strtoull(text, &end, 10);
    for (unsigned i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (text[0] < '0' || text[0] > '9' || strcmp(end, units[i].name) != 0)
            continue;
        if (errno != 0 || number > DRILL_MS_MAX / units[i].ms)
            return problem_set(out_problem, SP_ELIMIT, "\"%.40s\" is too long: at most %llu hours",
                               text, DRILL_MS_MAX / 3600000);
        *out_ms = number * units[i].ms;
        return 0;
    }
    return problem_set(out_problem, SP_EINVAL,
                       "\"%.40s\" is no time: write \"90s\", \"2m\", \"1h\" or a number of seconds",
                       text);
}

static int check_time(const char *what, uint64_t ms, uint64_t least_ms, struct problem *out_problem)
{
    if (ms < least_ms)
        return problem_set(out_problem, SP_EINVAL, "%s: it must be at least %llu s", what,
                           (unsigned long long)(least_ms / 1000));
    if (ms > DRILL_MS_MAX)
        return problem_set(out_problem, SP_ELIMIT, "%s: it may be %llu hours at most", what,
                           DRILL_MS_MAX / 3600000);
    return 0;
}

/* ---- what breaks ---- */

/* Puts the place in front of what a check of the model says. */
static int locate(const char *place, int rc, struct problem *out_problem)
{
    if (rc == 0 || out_problem == NULL)
        return rc;
    struct problem inner = *out_problem;
    return problem_set(out_problem, rc, "%s: %.900s", place, inner.text);
}

static int check_zone(const char *place, const struct drill_break *part,
                      struct problem *out_problem)
{
    if (word_is_right(part->target, RESOURCE_ZONE_SIZE - 1, "-_"))
        return 0;
    return problem_set(out_problem, SP_EINVAL,
                       "%s: \"%.40s\" cannot be %s: it must be 1 to %d letters, digits, \"-\" "
                       "and \"_\"",
                       place, part->target,
                       part->kind == DRILL_BREAK_ZONE ? "an availability zone" : "a Region",
                       RESOURCE_ZONE_SIZE - 1);
}

/* One list of names, of health checks or of safety rules: none twice. */
static int check_names(const char *place, const struct drill_break *part,
                       struct problem *out_problem)
{
    int rc = 0;
    if (part->name_count > DRILL_NAMES_MAX)
        return problem_set(
            out_problem, SP_ELIMIT, "%s: it names %u %s; at most %d", place, part->name_count,
            part->kind == DRILL_BREAK_HOOK ? "checks" : "safety rules", DRILL_NAMES_MAX);
    for (unsigned i = 0; rc == 0 && i < part->name_count; i++) {
        rc = part->kind == DRILL_BREAK_HOOK
                 ? health_check_id_check(part->names[i], out_problem)
                 : recovery_name_check("the safety rule", part->names[i], out_problem);
        rc = locate(place, rc, out_problem);
        for (unsigned j = 0; rc == 0 && j < i; j++)
            if (strcmp(part->names[i], part->names[j]) == 0)
                rc = problem_set(out_problem, SP_EINVAL, "%s: \"%s\" is named twice", place,
                                 part->names[i]);
    }
    return rc;
}

static int check_command(const char *place, const char *member, const char *command,
                         struct problem *out_problem)
{
    if (strlen(command) <= DRILL_COMMAND_SIZE_MAX)
        return 0;
    return problem_set(out_problem, SP_ELIMIT,
                       "%s: the command \"%s\" is too long; at most %d octets: put it into a "
                       "script",
                       place, member, DRILL_COMMAND_SIZE_MAX);
}

/* What a hook does may end by itself, so it need not restore anything. */
static int check_hook(const char *place, const struct drill_break *part,
                      struct problem *out_problem)
{
    if (part->start[0] == '\0')
        return problem_set(out_problem, SP_EINVAL,
                           "%s: a hook needs \"start\", the command that breaks something", place);
    int rc = check_command(place, "start", part->start, out_problem);
    return rc == 0 ? check_command(place, "restore", part->restore, out_problem) : rc;
}

static int check_break(const char *place, const struct drill_break *part,
                       struct problem *out_problem)
{
    int rc = 0;
    switch (part->kind) {
    case DRILL_BREAK_CHECK:
        rc = locate(place, health_check_id_check(part->target, out_problem), out_problem);
        break;
    case DRILL_BREAK_REGION:
    case DRILL_BREAK_ZONE:
        rc = check_zone(place, part, out_problem);
        break;
    case DRILL_BREAK_CONTROL:
        rc = locate(place, recovery_name_check("the routing control", part->target, out_problem),
                    out_problem);
        break;
    case DRILL_BREAK_HOOK:
        rc = check_hook(place, part, out_problem);
        break;
    }
    return rc == 0 ? check_names(place, part, out_problem) : rc;
}

static bool breaks_the_same(const struct drill_break *a, const struct drill_break *b)
{
    return a->kind == b->kind && a->kind != DRILL_BREAK_HOOK && strcmp(a->target, b->target) == 0;
}

static int check_breaks(const struct drill_plan *plan, struct problem *out_problem)
{
    char place[PLACE_SIZE];
    int rc = 0;
    if (plan->break_count == 0)
        return problem_set(out_problem, SP_EINVAL,
                           "break: a drill must break something: a check, a Region or zone, a "
                           "routing control, or what a hook does");
    if (plan->break_count > DRILL_STEPS_MAX)
        return problem_set(out_problem, SP_ELIMIT, "break: %u things are too many; at most %d",
                           plan->break_count, DRILL_STEPS_MAX);
    for (unsigned i = 0; rc == 0 && i < plan->break_count; i++) {
        snprintf(place, sizeof place, "break[%u]", i);
        rc = check_break(place, &plan->breaks[i], out_problem);
        for (unsigned j = 0; rc == 0 && j < i; j++)
            if (breaks_the_same(&plan->breaks[i], &plan->breaks[j]))
                rc = problem_set(out_problem, SP_EINVAL, "%s: break[%u] breaks \"%.80s\" already",
                                 place, j, plan->breaks[i].target);
    }
    return rc;
}

/* ---- what is watched ---- */

static bool watches_the_same(const struct drill_watch *a, const struct drill_watch *b)
{
    return dns_name_equal(a->name, b->name) && a->type == b->type &&
           a->has_client == b->has_client &&
           (!a->has_client || prefix_compare(&a->client, &b->client) == 0);
}

static int check_watches(const struct drill_plan *plan, struct problem *out_problem)
{
    if (plan->watch_count > DRILL_WATCHES_MAX)
        return problem_set(out_problem, SP_ELIMIT, "watch: %u questions are too many; at most %d",
                           plan->watch_count, DRILL_WATCHES_MAX);
    for (unsigned i = 0; i < plan->watch_count; i++)
        for (unsigned j = 0; j < i; j++)
            if (watches_the_same(&plan->watches[i], &plan->watches[j]))
                return problem_set(out_problem, SP_EINVAL,
                                   "watch[%u]: it is the same question as watch[%u]", i, j);
    return 0;
}

/* A drill that only breaks is fine, as long as nobody wants to know how well it went. */
static int check_objectives(const struct drill_plan *plan, struct problem *out_problem)
{
    const struct drill_objectives *objectives = &plan->objectives;
    bool any = objectives->turned_within_ms > 0 || objectives->back_within_ms > 0 ||
               objectives->cached_within_ms > 0 || objectives->never_empty;
    if (any && plan->watch_count == 0)
        return problem_set(out_problem, SP_EINVAL,
                           "objectives: nothing is watched that could meet or miss them: add the "
                           "questions to \"watch\"");
    int rc = check_time("objectives.turned_within", objectives->turned_within_ms, 0, out_problem);
    if (rc == 0)
        rc = check_time("objectives.back_within", objectives->back_within_ms, 0, out_problem);
    if (rc == 0)
        rc = check_time("objectives.cached_within", objectives->cached_within_ms, 0, out_problem);
    return rc;
}

/* ---- the whole ---- */

static int check_name(const char *name, struct problem *out_problem)
{
    if (strlen(name) > DRILL_NAME_SIZE_MAX)
        return problem_set(out_problem, SP_EINVAL, "name: it is too long; at most %d octets",
                           DRILL_NAME_SIZE_MAX);
    for (const char *c = name; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return problem_set(out_problem, SP_EINVAL,
                               "name: it has control characters; a name is one line of text");
    return 0;
}

int drill_plan_check(const struct drill_plan *plan, struct problem *out_problem)
{
    int rc = check_name(plan->name, out_problem);
    if (rc == 0)
        rc = check_time("for", plan->for_ms, 1000, out_problem);
    if (rc == 0)
        rc = check_time("settle", plan->settle_ms, 0, out_problem);
    if (rc == 0)
        rc = check_breaks(plan, out_problem);
    if (rc == 0)
        rc = check_watches(plan, out_problem);
    if (rc == 0)
        rc = check_objectives(plan, out_problem);
    return rc;
}

const char *drill_plan_name(char out[DRILL_NAME_SIZE_MAX + 1], const struct drill_plan *plan)
{
    const struct drill_break *first = &plan->breaks[0];
    bool is_hook = first->kind == DRILL_BREAK_HOOK;
    const char *state = first->kind == DRILL_BREAK_CONTROL ? first->up ? " On" : " Off"
                        : first->kind == DRILL_BREAK_CHECK ? first->up ? " up" : " down"
                                                           : " lost";
    char more[32] = "";
    if (plan->break_count > 1)
        snprintf(more, sizeof more, " and %u more", plan->break_count - 1);
    if (plan->name[0] != '\0')
        snprintf(out, DRILL_NAME_SIZE_MAX + 1, "%s", plan->name);
    else
        snprintf(out, DRILL_NAME_SIZE_MAX + 1, "%.40s%s%s", is_hook ? "a hook" : first->target,
                 is_hook ? "" : state, more);
    return out;
}
