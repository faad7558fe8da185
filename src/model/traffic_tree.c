/*
 * A document as record sets.  Every rule that the start leads to is a group at a hidden name, the
 * root an alias to the first of them.  Rules are made from the bottom up, because an alias is
 * accepted only when its target is there (A-CHG-50).
 */
#include "signpost/model/traffic_policy.h"

#include "signpost/dns/types.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define LABEL_REFERENCE_MAX 60 /* octets of each id that a set identifier is made of */

struct making {
    struct arena *arena;
    const struct traffic_document *document;
    const struct traffic_tree *tree;
    const uint8_t **names; /* of the rules that are used: where their groups stand */
    struct change_item *items;
    uint32_t count;
    bool is_out_of_memory;
};

void traffic_tree_prefix(char out[TRAFFIC_PREFIX_SIZE], int64_t number)
{
    snprintf(out, TRAFFIC_PREFIX_SIZE, "T%" PRId64 "v", number);
}

/* "T7v2-0-geo-1": the rule's own id is for whoever reads a trace; it goes first where the zone's
 * name is so long that there is little room. */
static const uint8_t *make_name(struct making *making, unsigned rule)
{
    char label[TRAFFIC_PREFIX_SIZE + 32 + TRAFFIC_ID_SIZE_MAX];
    const struct traffic_tree *tree = making->tree;
    size_t zone_size = dns_name_size(tree->zone->name);
    size_t room = DNS_NAME_SIZE_MAX - zone_size;
    traffic_tree_prefix(label, tree->number);
    size_t least = strlen(label);
    least += (size_t)snprintf(label + least, sizeof label - least, "%u-%u", tree->generation, rule);
    size_t size = least + (size_t)snprintf(label + least, sizeof label - least, "-%s",
                                           making->document->rules[rule].id);
    size_t most = room - 1 < DNS_LABEL_SIZE_MAX ? room - 1 : DNS_LABEL_SIZE_MAX;
    if (room == 0 || least > most)
        return NULL;
    size = size < most ? size : most;
    uint8_t *name = arena_alloc(making->arena, 1 + size + zone_size);
    if (name == NULL) {
        making->is_out_of_memory = true;
        return NULL;
    }
    name[0] = (uint8_t)size;
    memcpy(name + 1, label, size);
    memcpy(name + 1 + size, tree->zone->name, zone_size);
    return name;
}

static int make_names(struct making *making, struct problem *out_problem)
{
    const struct traffic_document *document = making->document;
    making->names =
        arena_alloc(making->arena, (document->rule_count + (size_t)1) * sizeof *making->names);
    making->is_out_of_memory = making->names == NULL;
    for (unsigned i = 0; !making->is_out_of_memory && i < document->rule_count; i++) {
        if (!document->rules[i].is_used)
            continue;
        making->names[i] = make_name(making, i);
        if (making->names[i] == NULL && !making->is_out_of_memory)
            return problem_set(out_problem, SP_EINVAL,
                               "the name of the zone is too long for traffic policies: it leaves "
                               "no room for another label");
    }
    return 0;
}

/* ---- what a set holds ---- */

static void put_value(struct making *making, struct record_set *set,
                      const struct traffic_endpoint *endpoint)
{
    size_t size = 2 + endpoint->rdata.size;
    uint8_t *packed = arena_alloc(making->arena, size);
    if (packed == NULL) {
        making->is_out_of_memory = true;
        return;
    }
    put_u16(packed, (uint16_t)endpoint->rdata.size);
    memcpy(packed + 2, endpoint->rdata.data, endpoint->rdata.size);
    set->values = (struct span){ packed, size };
    set->value_count = 1;
    set->ttl_s = making->tree->ttl_s;
}

static void put_alias(struct making *making, struct record_set *set, const char *zone_id,
                      const uint8_t *name, bool evaluate_health)
{
    struct alias_target *alias = arena_alloc(making->arena, sizeof *alias);
    if (alias == NULL) {
        making->is_out_of_memory = true;
        return;
    }
    snprintf(alias->zone_id, sizeof alias->zone_id, "%s", zone_id);
    alias->name = name;
    alias->evaluate_health = evaluate_health;
    set->alias = alias;
}

static void put_target(struct making *making, struct record_set *set,
                       const struct traffic_reference *to, bool evaluate_health)
{
    const struct traffic_endpoint *endpoint =
        to->is_rule ? NULL : &making->document->endpoints[to->index];
    if (endpoint == NULL)
        put_alias(making, set, making->tree->zone->public_id, making->names[to->index],
                  evaluate_health);
    else if (endpoint->is_value)
        put_value(making, set, endpoint);
    else
        put_alias(making, set, RESOURCE_ZONE_ID, endpoint->name,
                  evaluate_health && resource_kind_may_evaluate(endpoint->kind));
}

/* ---- sets ---- */

static const char *id_of(const struct traffic_document *document,
                         const struct traffic_reference *to)
{
    return to->is_rule ? document->rules[to->index].id : document->endpoints[to->index].id;
}

/* "geo-1: DE", or "blue-green: 2 green" where the policy has no word for the member. */
static const char *make_identifier(struct making *making, const struct traffic_rule *rule,
                                   unsigned index)
{
    const struct traffic_member *member = &rule->members[index];
    const char *text =
        member->label != NULL
            ? arena_format(making->arena, "%.*s: %s", LABEL_REFERENCE_MAX, rule->id, member->label)
            : arena_format(making->arena, "%.*s: %u %.*s", LABEL_REFERENCE_MAX, rule->id, index + 1,
                           LABEL_REFERENCE_MAX, id_of(making->document, &member->to));
    making->is_out_of_memory = making->is_out_of_memory || text == NULL;
    return text;
}

static struct record_set *add_item(struct making *making, const uint8_t *owner)
{
    struct change_item *item = &making->items[making->count++];
    item->action = CHANGE_CREATE;
    memcpy(item->owner, owner, dns_name_size(owner));
    item->set.type = making->document->type;
    item->set.set_identifier = "";
    return &item->set;
}

static void make_rule(struct making *making, unsigned index)
{
    const struct traffic_rule *rule = &making->document->rules[index];
    for (unsigned i = 0; i < rule->member_count; i++) {
        const struct traffic_member *member = &rule->members[i];
        struct record_set *set = add_item(making, making->names[index]);
        set->policy = rule->policy;
        set->set_identifier = make_identifier(making, rule, i);
        set->health_check = member->health_check;
        set->routing = rule->policy == ROUTING_MULTIVALUE ? NULL : &member->routing;
        put_target(making, set, &member->to, member->evaluate_health);
    }
}

static void make_root(struct making *making)
{
    struct record_set *set = add_item(making, making->tree->name);
    set->traffic_policy_instance = making->tree->instance;
    put_target(making, set, &making->document->start, true);
}

static uint32_t count_sets(const struct traffic_document *document)
{
    uint32_t count = 1;
    for (unsigned i = 0; i < document->rule_count; i++)
        if (document->rules[i].is_used)
            count += document->rules[i].member_count;
    return count;
}

static void make_sets(struct making *making)
{
    const struct traffic_document *document = making->document;
    making->items = arena_alloc(making->arena, count_sets(document) * sizeof *making->items);
    making->is_out_of_memory = making->items == NULL;
    if (making->is_out_of_memory)
        return;
    for (unsigned i = 0; i < document->rule_count; i++)
        if (document->rules[document->order[i]].is_used)
            make_rule(making, document->order[i]);
    make_root(making);
}

int traffic_tree_make(struct arena *arena, const struct traffic_document *document,
                      const struct traffic_tree *tree, struct change_batch *out_batch,
                      struct problem *out_problem)
{
    struct making making = { .arena = arena, .document = document, .tree = tree };
    int rc = make_names(&making, out_problem);
    if (rc == 0 && !making.is_out_of_memory)
        make_sets(&making);
    if (making.is_out_of_memory)
        rc = problem_set(out_problem, SP_ENOMEM, "%s", status_text(SP_ENOMEM));
    if (rc == 0)
        *out_batch = (struct change_batch){ making.count, making.items };
    return rc;
}
