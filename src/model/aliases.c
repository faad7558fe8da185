/*
 * The sets of one name and type are a node, each alias among them leads to another node.  One walk,
 * depth first and without recursion, finds what comes back to a node that is still open, and how
 * many aliases are below each node.  No node is walked twice, however many ways lead there.
 */
#include "aliases.h"

#include "check.h"

#include "signpost/base/hash.h"
#include "signpost/base/limits.h"
#include "signpost/dns/rdata.h"
#include "signpost/dns/types.h"
#include "signpost/model/service_zones.h"

#define SLOTS_FIRST 64

struct node {
    const struct draft_name *name;
    uint16_t type;
    bool is_visited;
    bool is_open;                /* the walk is at it, or below it */
    uint32_t height;             /* aliases in the longest chain that begins here */
    const struct record_set *at; /* while it is open: the set that is being followed */
    struct node *parent;         /* where the walk came from */
};

struct walk {
    const struct draft *draft;
    struct draft *fetched; /* the same, when names may be fetched into it; else NULL */
    const struct model_references *references;
    struct faults *faults;
    struct problem *problem;

    struct arena *arena;
    struct node **slots; /* by name and type; half of them are free */
    uint32_t slot_count; /* a power of two */
    uint32_t node_count;
    const struct node *changed; /* of the one set that is checked; NULL: every set is */
};

/* ---- nodes ---- */

static struct node **find_slot(const struct walk *walk, const struct draft_name *name,
                               uint16_t type)
{
    uint32_t mask = walk->slot_count - 1;
    uint64_t hash = hash_bytes(hash_key[0], (const uint8_t *)&name, sizeof name) + type;
    uint32_t at = (uint32_t)hash & mask;
    while (walk->slots[at] != NULL &&
           (walk->slots[at]->name != name || walk->slots[at]->type != type))
        at = (at + 1) & mask;
    return &walk->slots[at];
}

static int grow(struct walk *walk)
{
    struct node **old_slots = walk->slots;
    uint32_t old_count = walk->slot_count;
    uint32_t slot_count = old_count == 0 ? SLOTS_FIRST : 2 * old_count;
    struct node **slots = arena_alloc(walk->arena, slot_count * sizeof *slots);
    if (slots == NULL)
        return SP_ENOMEM;
    walk->slots = slots;
    walk->slot_count = slot_count;
    for (uint32_t i = 0; i < old_count; i++)
        if (old_slots[i] != NULL)
            *find_slot(walk, old_slots[i]->name, old_slots[i]->type) = old_slots[i];
    return 0;
}

static struct node *get_node(struct walk *walk, const struct draft_name *name, uint16_t type)
{
    if (walk->node_count >= walk->slot_count / 2 && grow(walk) != 0)
        return NULL;
    struct node **slot = find_slot(walk, name, type);
    if (*slot != NULL)
        return *slot;
    struct node *node = arena_alloc(walk->arena, sizeof *node);
    if (node == NULL)
        return NULL;
    node->name = name;
    node->type = type;
    *slot = node;
    walk->node_count++;
    return node;
}

static int no_memory(struct walk *walk)
{
    return problem_set(walk->problem, SP_ENOMEM, "%s", status_text(SP_ENOMEM));
}

/* ---- targets ---- */

/* What is at that owner; *out_known: whether anybody can say. */
static int find_name(struct walk *walk, const uint8_t *owner, const struct draft_name **out_name,
                     bool *out_known)
{
    const struct model_references *references = walk->references;
    int rc = 0;
    *out_known = true;
    *out_name = draft_find(walk->draft, owner);
    if (*out_name != NULL || walk->fetched == NULL)
        return 0;
    *out_known = references != NULL && references->fetch_name != NULL;
    if (*out_known)
        rc = references->fetch_name(references->context, walk->fetched, owner, walk->problem);
    if (rc == 0)
        *out_name = draft_find(walk->draft, owner);
    return rc;
}

static void fault_target(struct walk *walk, const struct record_set *set, const char *why)
{
    faults_add_text(walk->faults, set->line,
                    "Tried to create an alias that targets %s, type %s in zone %s, but %s",
                    name_text_of(set->alias->name).text, dns_type_find(set->type)->name,
                    set->alias->zone_id, why);
}

static void fault_outside(struct walk *walk, const struct record_set *set)
{
    fault_target(walk, set, "the alias target name does not lie within the target zone");
}

static void fault_missing(struct walk *walk, const struct record_set *set)
{
    fault_target(walk, set, "that target was not found");
}

/* Of a name that the registry does not have. */
static bool is_in_zone_of_ours(const struct walk *walk, const struct record_set *set)
{
    const struct model_references *references = walk->references;
    const uint8_t *zone = references->zone_of == NULL
                              ? NULL
                              : references->zone_of(references->context, set->alias->name);
    return zone != NULL && !dns_name_equal(zone, walk->draft->zone.name);
}

/* A resource that is in no registry has no answer, and will have one when it is there; unless it is
 * no more than a name in another zone of ours. */
static int check_registered(struct walk *walk, const struct record_set *set)
{
    const struct model_references *references = walk->references;
    bool is_own = strcmp(set->alias->zone_id, RESOURCE_ZONE_ID) == 0;
    bool is_registered = references->find_resource == NULL;
    enum resource_kind kind;
    int rc = 0;
    if (!is_registered)
        rc = references->find_resource(references->context, set->alias->name, &is_registered, &kind,
                                       walk->problem);
    if (rc == 0 && !is_registered &&
        (references->needs_registered_targets || (is_own && is_in_zone_of_ours(walk, set))))
        fault_missing(walk, set);
    return rc;
}

/* A-CHG-53, A-CHG-54. */
static int check_service(struct walk *walk, const struct record_set *set)
{
    struct service_zone zone;
    if (strcmp(set->alias->zone_id, RESOURCE_ZONE_ID) == 0)
        return check_registered(walk, set);
    bool is_known = service_zone_find(set->alias->zone_id, &zone);
    if (is_known && service_zone_covers(&zone, set->alias->name))
        return check_registered(walk, set);
    fault_outside(walk, set);
    if (!is_known)
        fault_missing(walk, set);
    return 0;
}

/* A-CHG-52: the records of another zone are nobody's targets (R-ALI-1). */
static int check_other_zone(struct walk *walk, const struct record_set *set)
{
    const struct model_references *references = walk->references;
    bool is_zone = false;
    if (references == NULL || references->find_zone == NULL)
        return 0;
    int rc =
        references->find_zone(references->context, set->alias->zone_id, &is_zone, walk->problem);
    if (rc == 0 && is_zone)
        fault_missing(walk, set);
    return rc == 0 && !is_zone ? check_service(walk, set) : rc;
}

static int check_target(struct walk *walk, const struct record_set *set)
{
    const struct draft_name *name;
    bool is_known = true, is_there = false;
    if (!leads_inside(set, &walk->draft->zone))
        return check_other_zone(walk, set);
    if (!dns_name_is_within(set->alias->name, walk->draft->zone.name)) {
        fault_outside(walk, set);
    } else {
        int rc = find_name(walk, set->alias->name, &name, &is_known);
        if (rc != 0)
            return rc;
        is_there = name != NULL && record_set_find(name->sets, set->type) != NULL;
    }
    if (is_known && !is_there)
        fault_missing(walk, set);
    return 0;
}

/* ---- the walk ---- */

/* The name that a set leads to within the zone; NULL: it answers itself, or a resource does. */
static const uint8_t *target_of(const struct walk *walk, const struct record_set *set)
{
    struct span packed = set->values, rdata;
    const uint8_t *target = NULL;
    if (leads_inside(set, &walk->draft->zone))
        target = set->alias->name;
    else if (walk->changed != NULL && set->type == DNS_TYPE_CNAME &&
             dns_values_next(&packed, &rdata))
        target = rdata.data;
    return target != NULL && dns_name_is_within(target, walk->draft->zone.name) ? target : NULL;
}

/* *out_node NULL: the set leads to nothing that is there. */
static int follow(struct walk *walk, const struct record_set *set, struct node **out_node)
{
    const uint8_t *target = target_of(walk, set);
    const struct draft_name *name = NULL;
    bool is_known;
    *out_node = NULL;
    int rc = target == NULL ? 0 : find_name(walk, target, &name, &is_known);
    if (rc != 0 || name == NULL || record_set_find(name->sets, set->type) == NULL)
        return rc;
    *out_node = get_node(walk, name, set->type);
    return *out_node == NULL ? no_memory(walk) : 0;
}

static void fault_loop(struct walk *walk, const struct node *node, uint32_t line)
{
    faults_add_text(walk->faults, line,
                    "RRSet of type %s with DNS name %s is not permitted as it creates a CNAME or "
                    "alias loop in the zone.",
                    dns_type_find(node->type)->name, name_text_of(node->name->owner).text);
}

/* Of a change only what its own set brings about is its fault; in a whole zone each circle and each
 * chain is told once, where it closes or becomes too long. */
static void note_loop(struct walk *walk, const struct node *node, const struct node *target)
{
    if (walk->changed == NULL)
        fault_loop(walk, node, node->at->line);
    else if (target == walk->changed)
        fault_loop(walk, target, 0);
}

static void note_height(struct walk *walk, struct node *node, uint32_t below)
{
    if (node->at->alias == NULL)
        return; /* behind a CNAME a new search begins */
    uint32_t height = below + 1;
    if (height > node->height)
        node->height = height;
    bool is_fault = walk->changed == NULL ? height == ALIAS_DEPTH_MAX + 1
                                          : node == walk->changed && height > ALIAS_DEPTH_MAX;
    if (is_fault)
        faults_add(walk->faults, node->at->line, node->name->owner, node->type,
                   "the alias begins a chain of more than %d aliases", ALIAS_DEPTH_MAX);
}

static void open_node(struct node *node, struct node *parent, const struct record_set *first)
{
    node->is_visited = true;
    node->is_open = true;
    node->parent = parent;
    node->at = first;
}

/* Everything below is known: back to the node above, and on to its next set. */
static struct node *close_node(struct walk *walk, struct node *node)
{
    struct node *parent = node->parent;
    node->is_open = false;
    if (parent != NULL) {
        note_height(walk, parent, node->height);
        parent->at = parent->at->next;
    }
    return parent;
}

/* One step from a node that has a set to follow; the node where the walk is then. */
static int step(struct walk *walk, struct node **node_in_out)
{
    struct node *node = *node_in_out, *target;
    int rc = follow(walk, node->at, &target);
    if (rc != 0)
        return rc;
    if (target != NULL && !target->is_visited) {
        open_node(target, node, record_set_find(target->name->sets, target->type));
        *node_in_out = target;
        return 0;
    }
    if (target != NULL && target->is_open)
        note_loop(walk, node, target);
    else if (target != NULL)
        note_height(walk, node, target->height);
    node->at = node->at->next;
    return 0;
}

static int walk_from(struct walk *walk, struct node *start, const struct record_set *first)
{
    struct node *node = start;
    int rc = 0;
    open_node(start, NULL, first);
    while (rc == 0 && node != NULL) {
        if (node->at == NULL || node->at->type != node->type)
            node = close_node(walk, node);
        else
            rc = step(walk, &node);
    }
    return rc;
}

/* ---- who asks ---- */

static int begin(struct walk *walk, struct problem *out_problem)
{
    walk->problem = out_problem;
    walk->arena = arena_create();
    return walk->arena == NULL ? no_memory(walk) : 0;
}

static int walk_change(struct walk *walk, const struct draft_name *name,
                       const struct record_set *set)
{
    struct record_set alone = *set; /* the others of its group have not changed */
    struct node *start = get_node(walk, name, set->type);
    if (start == NULL)
        return no_memory(walk);
    alone.next = NULL;
    walk->changed = start;
    return walk_from(walk, start, &alone);
}

int aliases__check_change(struct draft *draft, const struct model_references *references,
                          const struct draft_name *name, const struct record_set *set,
                          struct faults *faults, struct problem *out_problem)
{
    struct walk walk = {
        .draft = draft, .fetched = draft, .references = references, .faults = faults
    };
    uint32_t faults_before = faults->count;
    if (set->alias == NULL && set->type != DNS_TYPE_CNAME)
        return 0;
    int rc = begin(&walk, out_problem);
    if (rc == 0 && set->alias != NULL)
        rc = check_target(&walk, set);
    if (rc == 0 && faults->count == faults_before)
        rc = walk_change(&walk, name, set);
    arena_destroy(walk.arena);
    return rc;
}

static int walk_all(struct walk *walk, const struct draft_name *name, const struct record_set *set)
{
    struct node *start = get_node(walk, name, set->type);
    if (start == NULL)
        return no_memory(walk);
    if (start->is_visited)
        return 0;
    return walk_from(walk, start, record_set_find(name->sets, set->type));
}

int aliases__check_all(const struct draft *draft, const struct model_references *references,
                       struct faults *faults, struct problem *out_problem)
{
    struct walk walk = { .draft = draft, .references = references, .faults = faults };
    int rc = begin(&walk, out_problem);
    for (uint32_t i = 0; i < draft->name_count; i++)
        for (const struct record_set *set = draft->names[i]->sets; rc == 0 && set != NULL;
             set = set->next) {
            if (set->alias == NULL)
                continue;
            rc = check_target(&walk, set);
            if (rc == 0 && leads_inside(set, &draft->zone))
                rc = walk_all(&walk, draft->names[i], set);
        }
    arena_destroy(walk.arena);
    return rc;
}
