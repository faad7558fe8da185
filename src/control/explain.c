#include "signpost/control/explain.h"

#include "asker.h"

#include "signpost/dns/name.h"

#include <stdlib.h>

/* What is handed out, and what it stands on. */
struct explained {
    struct explanation explanation; /* must stay the first member */
    struct asker *asker;
    struct arena *arena;
    const struct zone *zone; /* of the question's name; NULL: none */
    struct ip_prefix client;
};

static const struct zone *find_zone(const struct snapshot *snapshot, const uint8_t *name)
{
    struct name_path path;
    uint8_t lower[DNS_NAME_SIZE_MAX];
    size_t size = dns_name_size(name);
    dns_name_lower(lower, name, size);
    dns_path_init(&path, lower, size);
    return snapshot_find(snapshot, &path);
}

/* As R-ECS-2 and R-ECS-3 have it; when a policy has asked, it is what the policy got. */
static void locate_client(struct explained *explained, const struct question *question)
{
    struct explanation *explanation = &explained->explanation;
    const struct trace *trace = &explained->asker->trace;
    bool by_subnet = question->has_subnet && question->subnet.length > 0;
    explained->client = by_subnet ? question->subnet : question->source;
    if (trace->has_client)
        explained->client = trace->client;
    explanation->client = &explained->client;
    explanation->place_source = geography_locate(explained->asker->snapshot->geography,
                                                 &explained->client, &explanation->place);
}

static int read_reply(struct explained *explained, struct problem *out_problem)
{
    struct explanation *explanation = &explained->explanation;
    struct dns_message message;
    explanation->reply = (struct span){ explained->asker->reply, explained->asker->reply_size };
    int rc = dns_message_read(&message, explanation->reply, explained->arena, out_problem);
    if (rc != 0)
        return rc;
    explanation->rcode = message.rcode;
    explanation->is_authoritative = message.is_authoritative;
    explanation->is_truncated = message.is_truncated;
    explanation->answer_count = message.answer_count;
    explanation->answers = message.answers;
    explanation->has_scope = message.has_scope;
    explanation->scope = message.scope;
    return 0;
}

static int fill_in(struct explained *explained, const struct question *question,
                   struct problem *out_problem)
{
    struct asker *asker = explained->asker;
    explained->arena = arena_create();
    if (explained->arena == NULL)
        return SP_ENOMEM;
    asker__prepare(asker, question);
    asker__ask(asker);
    explained->explanation.trace = &asker->trace;
    explained->zone = find_zone(asker->snapshot, question->name);
    locate_client(explained, question);
    return read_reply(explained, out_problem);
}

int control_explain(struct control *control, const struct question *question,
                    const struct supposition *supposition, uint64_t seed,
                    struct explanation **out_explanation, struct problem *out_problem)
{
    struct explained *explained = calloc(1, sizeof *explained);
    int rc = explained == NULL ? SP_ENOMEM : 0;
    if (rc == 0)
        rc = asker__create(control, supposition, seed, &explained->asker, out_problem);
    if (rc == 0)
        rc = fill_in(explained, question, out_problem);
    if (rc == 0)
        *out_explanation = &explained->explanation;
    else if (explained != NULL)
        explanation_destroy(&explained->explanation);
    return rc;
}

static int confine(struct explained *explained, struct control *control,
                   const struct hosted_zone *zone, const struct question *question,
                   const struct place *strangers, struct problem *out_problem)
{
    int rc = asker__confine(explained->asker, control, zone, question->name, out_problem);
    return rc == 0 && strangers != NULL ? asker__place_strangers(explained->asker, strangers) : rc;
}

int control_explain_zone(struct control *control, const struct hosted_zone *zone,
                         const struct question *question, const struct place *strangers,
                         uint64_t seed, struct explanation **out_explanation,
                         struct problem *out_problem)
{
    struct explained *explained = calloc(1, sizeof *explained);
    int rc = explained == NULL ? SP_ENOMEM : 0;
    if (rc == 0)
        rc = asker__create(control, NULL, seed, &explained->asker, out_problem);
    if (rc == 0)
        rc = confine(explained, control, zone, question, strangers, out_problem);
    if (rc == 0)
        rc = fill_in(explained, question, out_problem);
    if (rc == 0)
        *out_explanation = &explained->explanation;
    else if (explained != NULL)
        explanation_destroy(&explained->explanation);
    return rc;
}

void explanation_destroy(struct explanation *explanation)
{
    struct explained *explained = (struct explained *)explanation;
    if (explained == NULL)
        return;
    asker__destroy(explained->asker);
    arena_destroy(explained->arena);
    free(explained);
}

static const struct rrset *leaf_of_resource(const struct snapshot *snapshot,
                                            const struct group *group, const struct member *member)
{
    const struct resource *resource =
        snapshot_resource(snapshot, member->target, member->target_hash);
    return resource == NULL ? NULL : resource_set(resource, group->type);
}

static const struct rrset *leaf_of_alias(const struct zone *zone, const struct group *group,
                                         const struct member *member)
{
    const struct zone_name *name =
        zone == NULL ? NULL : zone_find_exact(zone, member->target, member->target_hash);
    const struct rrset *set = name == NULL ? NULL : zone_name_set(name, group->type);
    return set != NULL && set->group == NULL ? set : NULL;
}

const struct rrset *explanation_leaf(const struct explanation *explanation,
                                     const struct group *group, const struct member *member)
{
    const struct explained *explained = (const struct explained *)explanation;
    if (member->kind == MEMBER_VALUES)
        return &member->values;
    if (member->kind == MEMBER_RESOURCE)
        return leaf_of_resource(explained->asker->snapshot, group, member);
    return leaf_of_alias(explained->zone, group, member);
}
