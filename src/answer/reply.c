#include "reply.h"

#include "signpost/dns/name.h"

#include <string.h>

/* Fisher and Yates: every order is equally likely. */
static void shuffle(uint16_t *order, uint32_t count, struct dice *dice)
{
    for (uint32_t i = 0; i < count; i++)
        order[i] = (uint16_t)i;
    for (uint32_t i = count - 1; i > 0; i--) {
        uint32_t other = dice_below(dice, i + 1);
        uint16_t swap = order[i];
        order[i] = order[other];
        order[other] = swap;
    }
}

static void remember(struct reply *reply, const struct rrset *set, const uint8_t *owner_name)
{
    if (reply->set_count < REPLY_SETS_MAX)
        reply->sets[reply->set_count++] = (struct reply_set){ set, owner_name };
}

/* Pointing to the apex in the question is right for an owner in any case; RDATA is sent as stored,
 * and so only where the question's letters are the stored ones (R-NAM-2). */
static bool question_is_lower(const struct reply *reply)
{
    const struct dns_query *query = reply->query;
    return memcmp(query->packet.data + DNS_HEADER_SIZE, query->path.name, query->path.size) == 0;
}

static bool put_apex_set(struct reply *reply, const struct rrset *set,
                         const struct dns_block *block, uint32_t ttl_s)
{
    const struct zone *zone = reply->zone;
    struct dns_owner apex =
        dns_owner_in_question(reply->query, reply->query->path.label_count - zone->depth);
    bool use_block =
        block != NULL && dns_block_is_in_reach(&reply->writer, block) && question_is_lower(reply);
    bool put =
        use_block ? dns_writer_put_block(&reply->writer, DNS_AUTHORITY, block, apex.offset)
                  : dns_writer_put(&reply->writer, DNS_AUTHORITY, apex, &set->records, NULL, ttl_s);
    if (put)
        remember(reply, set, zone->name);
    return put;
}

bool reply__put_soa(struct reply *reply)
{
    const struct zone *zone = reply->zone;
    return put_apex_set(reply, zone->soa, zone->soa_block, zone->negative_ttl_s);
}

bool reply__put_ns(struct reply *reply)
{
    return put_apex_set(reply, reply->zone->ns, reply->zone->ns_block, DNS_TTL_STORED);
}

/* Apart, so that only sets of several records pay for the order's room on the stack. */
static __attribute__((noinline)) bool put_shuffled(struct reply *reply, enum dns_section section,
                                                   struct dns_owner owner, const struct rrset *set,
                                                   uint32_t ttl_s)
{
    uint16_t order[DNS_RECORDS_PER_MESSAGE_MAX];
    if (!dns_writer_may_hold(&reply->writer, &set->records))
        return false;
    shuffle(order, set->records.count, reply->view->dice);
    return dns_writer_put(&reply->writer, section, owner, &set->records, order, ttl_s);
}

static bool put(struct reply *reply, enum dns_section section, struct dns_owner owner,
                const uint8_t *owner_name, const struct rrset *set, uint32_t ttl_s)
{
    bool put = set->records.count == 1
                   ? dns_writer_put(&reply->writer, section, owner, &set->records, NULL, ttl_s)
                   : put_shuffled(reply, section, owner, set, ttl_s);
    if (put)
        remember(reply, set, owner_name);
    return put;
}

bool reply__put(struct reply *reply, enum dns_section section, struct dns_owner owner,
                const uint8_t *owner_name, const struct rrset *set)
{
    return put(reply, section, owner, owner_name, set, DNS_TTL_STORED);
}

/* One record of a set, any of them: they are all of one size (addresses). */
static struct dns_records one_of(const struct dns_records *records, struct dice *dice)
{
    uint32_t size = records->size / records->count;
    uint32_t index = dice_below(dice, records->count);
    return (struct dns_records){ records->type, 1, size, records->data + (size_t)index * size };
}

bool reply__put_choice(struct reply *reply, enum dns_section section, struct dns_owner owner,
                       const uint8_t *owner_name, const struct choice *choice)
{
    if (choice->gives_one) {
        struct dns_records one = one_of(&choice->sets[0]->records, reply->view->dice);
        if (!dns_writer_put(&reply->writer, section, owner, &one, NULL, DNS_TTL_STORED))
            return false;
        remember(reply, choice->sets[0], owner_name);
        return true;
    }
    struct dns_writer_mark mark = dns_writer_mark(&reply->writer, section);
    unsigned set_count = reply->set_count;
    for (unsigned i = 0; i < choice->set_count; i++) {
        if (put(reply, section, owner, owner_name, choice->sets[i], choice->ttl_s))
            continue;
        dns_writer_return(&reply->writer, section, mark);
        reply->set_count = set_count;
        return false;
    }
    return true;
}

/* R-ECS-2, R-ECS-3: the network in the option, unless it names none. */
static void set_client(struct client *client, const struct reply *reply)
{
    const struct dns_query *query = reply->query;
    client->is_from_subnet = query->has_subnet && query->subnet.length > 0;
    if (client->is_from_subnet)
        client->prefix = query->subnet;
    else
        prefix_from_address(&client->prefix, reply->view->source);
}

__attribute__((noinline)) void reply__choose(struct reply *reply, const struct group *group,
                                             struct choice *out_choice)
{
    const struct view *view = reply->view;
    struct evaluation *evaluation = &reply->evaluation;
    if (!reply->is_evaluating) {
        evaluation_init(evaluation, view->snapshot, view->health, view->dice, reply->trace);
        set_client(&evaluation->client, reply);
        evaluation->zone = reply->zone;
        reply->is_evaluating = true;
    }
    policy_choose(evaluation, group, out_choice);
}

bool reply__holds(const struct reply *reply, uint16_t type, const uint8_t *owner_name)
{
    for (unsigned i = 0; i < reply->set_count; i++)
        if (reply->sets[i].set->records.type == type &&
            dns_name_equal(reply->sets[i].owner, owner_name))
            return true;
    return false;
}

void reply__truncate(struct reply *reply)
{
    dns_writer_rewind(&reply->writer);
    reply->truncated = true;
}
