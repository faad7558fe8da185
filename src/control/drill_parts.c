/*
 * Which checks matter to a question is read off the published zones: every group that the name
 * leads to is walked, through aliases and CNAMEs, whatever would be answered now.  A group is
 * walked once; trees beyond DRILL_GROUPS_MAX are walked so far.
 */
#include "drill_parts.h"

#include "checks.h"

#include "signpost/control/checks.h"
#include "signpost/control/resources.h"
#include "signpost/control/routing_controls.h"
#include "signpost/dns/name.h"
#include "signpost/model/zonal_shift.h"

#include <stdlib.h>
#include <string.h>

/* ---- whether everything is there ---- */

int control__locate(unsigned part, int rc, struct problem *out_problem)
{
    if (rc == 0 || out_problem == NULL)
        return rc;
    struct problem inner = *out_problem;
    return problem_set(out_problem, rc, "break[%u]: %.900s", part,
                       inner.text[0] != '\0' ? inner.text : status_text(rc));
}

struct zone_search {
    const char *name;
    bool found;
};

static int look_for_zone(void *context, const struct resource_entry *entry)
{
    struct zone_search *search = context;
    struct resource_entry rest = *entry;
    resource_lose_place(&rest, search->name);
    search->found = search->found || rest.address_count < entry->address_count;
    return 0;
}

static int check_zone(struct control *control, const char *name, struct problem *out_problem)
{
    struct zone_search search = { .name = name };
    struct store_object_visitor visitor = { .resource = look_for_zone, .context = &search };
    int rc = control_list_resources(control, &visitor, out_problem);
    if (rc != 0 || search.found)
        return rc;
    return problem_set(out_problem, SP_ENOENT,
                       "no resource has an address in %s: \"signpost resource list\" shows the "
                       "zones of each",
                       name);
}

static int check_hook(const struct control *control, const struct drill_break *part,
                      struct problem *out_problem)
{
    for (unsigned i = 0; i < part->name_count; i++)
        if (!control_has_check(control, part->names[i]))
            return control__no_such_check(part->names[i], out_problem);
    return 0;
}

static int check_break(struct control *control, const struct drill_break *part,
                       struct problem *out_problem)
{
    struct routing_control found;
    switch (part->kind) {
    case DRILL_BREAK_CHECK:
        return control_has_check(control, part->target)
                   ? 0
                   : control__no_such_check(part->target, out_problem);
    case DRILL_BREAK_REGION:
    case DRILL_BREAK_ZONE:
        return check_zone(control, part->target, out_problem);
    case DRILL_BREAK_CONTROL:
        return control_read_routing_control(control, part->target, &found, out_problem);
    default:
        return check_hook(control, part, out_problem);
    }
}

static const struct zone *find_zone(const struct control *control, const uint8_t *name,
                                    struct name_path *out_path)
{
    dns_path_init(out_path, name, dns_name_size(name));
    return snapshot_find(control->published, out_path);
}

static int check_watch(const struct control *control, const struct drill_plan *plan, unsigned i,
                       struct problem *out_problem)
{
    struct name_path path;
    char text[DNS_NAME_TEXT_SIZE];
    if (find_zone(control, plan->watches[i].name, &path) != NULL)
        return 0;
    dns_name_to_text(text, plan->watches[i].name);
    return problem_set(out_problem, SP_ENOENT,
                       "watch[%u]: no zone here has the name %.300s: \"signpost zone list\" shows "
                       "those that are there",
                       i, text);
}

int control__check_drill(struct control *control, const struct drill_plan *plan,
                         struct problem *out_problem)
{
    int rc = drill_plan_check(plan, out_problem);
    for (unsigned i = 0; rc == 0 && i < plan->break_count; i++)
        rc = control__locate(i, check_break(control, &plan->breaks[i], out_problem), out_problem);
    for (unsigned i = 0; rc == 0 && i < plan->watch_count; i++)
        rc = check_watch(control, plan, i, out_problem);
    return rc;
}

unsigned control__drill_zones(const struct drill_plan *plan, const char *out_zones[DRILL_STEPS_MAX])
{
    unsigned count = 0;
    for (unsigned i = 0; i < plan->break_count; i++)
        if (plan->breaks[i].kind == DRILL_BREAK_REGION || plan->breaks[i].kind == DRILL_BREAK_ZONE)
            out_zones[count++] = plan->breaks[i].target;
    return count;
}

/* ---- checks of a question ---- */

struct check_set *control__create_check_set(const struct control *control)
{
    uint32_t slot_count = health_table_size(control->health);
    struct check_set *set = calloc(1, sizeof *set + slot_count * sizeof set->has[0]);
    if (set != NULL)
        set->slot_count = slot_count;
    return set;
}

/* A walk over all that a name leads to.  Groups are found again in a table that is at most half
 * full. */
struct walk {
    const struct control *control;
    struct check_set *set;
    unsigned group_count;
    unsigned names_left;
    unsigned chain; /* of CNAMEs, which may go in circles (R-ANS-11) */
    const struct group *groups[2 * DRILL_GROUPS_MAX];
};

static bool is_new_group(struct walk *walk, const struct group *group)
{
    size_t at = ((uintptr_t)group / sizeof(void *)) % (2 * DRILL_GROUPS_MAX);
    while (walk->groups[at] != NULL && walk->groups[at] != group)
        at = (at + 1) % (2 * DRILL_GROUPS_MAX);
    if (walk->groups[at] == group || walk->group_count == DRILL_GROUPS_MAX)
        return false;
    walk->groups[at] = group;
    walk->group_count++;
    return true;
}

static void walk_name(struct walk *walk, const uint8_t *name, uint16_t type);

/* Where the records of a set lead: a CNAME to another name, others nowhere. */
static void walk_records(struct walk *walk, const struct rrset *set, uint16_t type)
{
    if (set->records.type == DNS_TYPE_CNAME && type != DNS_TYPE_CNAME && set->records.count > 0)
        walk_name(walk, set->records.data + RRSET_FIXED_SIZE, type);
}

static void walk_group(struct walk *walk, const struct zone *zone, const struct group *group,
                       uint16_t type)
{
    if (!is_new_group(walk, group))
        return;
    for (unsigned i = 0; i < group->member_count; i++) {
        const struct member *member = &group->members[i];
        if (member->check < walk->set->slot_count)
            walk->set->has[member->check] = true;
        if (member->kind == MEMBER_VALUES)
            walk_records(walk, &member->values, type);
        if (member->kind != MEMBER_ALIAS)
            continue;
        const struct zone_name *target = zone_find_exact(zone, member->target, member->target_hash);
        const struct rrset *set = target == NULL ? NULL : zone_name_set(target, group->type);
        if (set != NULL && set->group != NULL)
            walk_group(walk, zone, set->group, type);
        else if (set != NULL)
            walk_records(walk, set, type);
    }
}

static void walk_set(struct walk *walk, const struct zone *zone, const struct zone_name *name,
                     uint16_t type)
{
    const struct rrset *set = zone_name_set(name, type);
    if (set == NULL)
        set = zone_name_set(name, DNS_TYPE_CNAME);
    if (set != NULL && set->group != NULL)
        walk_group(walk, zone, set->group, type);
    else if (set != NULL)
        walk_records(walk, set, type);
}

static void walk_name(struct walk *walk, const uint8_t *name, uint16_t type)
{
    struct name_path path;
    uint8_t lower[DNS_NAME_SIZE_MAX];
    dns_name_lower(lower, name, dns_name_size(name));
    const struct zone *zone = find_zone(walk->control, lower, &path);
    if (zone == NULL || walk->names_left == 0 || walk->chain > CNAME_CHAIN_MAX)
        return;
    struct zone_match match = zone_find(zone, &path);
    if (match.kind != ZONE_MATCH_NAME && match.kind != ZONE_MATCH_WILDCARD)
        return;
    walk->names_left--;
    walk->chain++;
    walk_set(walk, zone, match.name, type);
    walk->chain--;
}

int control__add_children(struct control *control, struct check_set *set,
                          struct problem *out_problem)
{
    struct check_view *view = malloc(sizeof *view); /* large */
    int rc = view == NULL ? control__no_memory(out_problem) : 0;
    for (health_slot slot = 1; rc == 0 && slot < set->slot_count; slot++) {
        const struct known_check *known = set->has[slot] ? control__check_at(control, slot) : NULL;
        if (known == NULL || known->is_deleted || known->type != HEALTH_CHECK_CALCULATED)
            continue;
        rc = control_read_check(control, known->id, view, out_problem);
        for (unsigned i = 0; rc == 0 && i < view->check.config.child_count; i++)
            set->has[control_check_slot(control, view->check.config.children[i])] = true;
    }
    free(view);
    set->has[HEALTH_NO_CHECK] = false;
    return rc;
}

int control__add_checks_of_question(struct control *control, const struct drill_watch *watch,
                                    struct check_set *set, struct problem *out_problem)
{
    struct walk *walk = calloc(1, sizeof *walk);
    if (walk == NULL)
        return control__no_memory(out_problem);
    walk->control = control;
    walk->set = set;
    walk->names_left = DRILL_GROUPS_MAX;
    walk_name(walk, watch->name, watch->type);
    free(walk);
    return control__add_children(control, set, out_problem);
}

/* ---- checks of a plan ---- */

struct adding {
    const struct control *control;
    struct check_set *set;
};

static int add_check(void *context, const char *id)
{
    struct adding *adding = context;
    adding->set->has[control_check_slot(adding->control, id)] = true;
    return 0;
}

static int add_control(struct control *control, const char *name, struct adding *adding,
                       struct problem *out_problem)
{
    struct routing_control found;
    int rc = control_read_routing_control(control, name, &found, out_problem);
    if (rc == 0)
        return control_list_control_checks(control, &found, add_check, adding, out_problem);
    return rc == SP_ENOENT ? 0 : rc; /* gone meanwhile: it turns nothing */
}

int control__add_checks_of_plan(struct control *control, const struct drill_plan *plan,
                                struct check_set *set, struct problem *out_problem)
{
    struct adding adding = { control, set };
    int rc = 0;
    for (unsigned i = 0; rc == 0 && i < plan->break_count; i++) {
        const struct drill_break *part = &plan->breaks[i];
        if (part->kind == DRILL_BREAK_CHECK)
            add_check(&adding, part->target);
        if (part->kind == DRILL_BREAK_CONTROL)
            rc = add_control(control, part->target, &adding, out_problem);
        for (unsigned j = 0; part->kind == DRILL_BREAK_HOOK && j < part->name_count; j++)
            add_check(&adding, part->names[j]);
    }
    set->has[HEALTH_NO_CHECK] = false;
    return rc;
}
