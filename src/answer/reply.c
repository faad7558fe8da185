#include "reply.h"

#include "signpost/base/status.h"
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

/* R-SEC-9; DNS_TTL_STORED stays where the stored one will do. */
static uint32_t served_ttl(const struct reply *reply, const struct rrset *set, uint32_t ttl_s)
{
    uint32_t meant_s = ttl_s == DNS_TTL_STORED ? set->ttl_s : ttl_s;
    return reply->zone->signing != NULL && meant_s > SIGNING_TTL_MAX ? SIGNING_TTL_MAX : ttl_s;
}

static bool sign_set(struct reply *reply, enum dns_section section, const struct reply_owner *owner,
                     const struct rrset *set, uint32_t ttl_s)
{
    const struct dns_records *part = &set->records;
    const struct sign_subject subject = {
        .type = set->records.type,
        .ttl_s = ttl_s == DNS_TTL_STORED ? set->ttl_s : ttl_s,
        .part_count = 1,
        .parts = &part,
        .content = set->content,
    };
    return reply__sign(reply, section, owner, &subject);
}

static bool put_apex_records(struct reply *reply, struct dns_owner apex, const struct rrset *set,
                             const struct dns_block *block, uint32_t ttl_s)
{
    uint32_t served_s = served_ttl(reply, set, ttl_s);
    bool use_block = block != NULL && served_s == ttl_s &&
                     dns_block_is_in_reach(&reply->writer, block) && question_is_lower(reply);
    return use_block
               ? dns_writer_put_block(&reply->writer, DNS_AUTHORITY, block, apex.offset)
               : dns_writer_put(&reply->writer, DNS_AUTHORITY, apex, &set->records, NULL, served_s);
}

static bool put_apex_set(struct reply *reply, const struct rrset *set,
                         const struct dns_block *block, uint32_t ttl_s)
{
    const struct zone *zone = reply->zone;
    const struct reply_owner apex = {
        dns_owner_in_question(reply->query, reply->query->path.label_count - zone->depth),
        zone->name,
        zone->entry.hash,
        .is_foreseen = true,
    };
    struct dns_writer_mark mark = dns_writer_mark(&reply->writer, DNS_AUTHORITY);
    if (!put_apex_records(reply, apex.at, set, block, ttl_s))
        return false;
    if (reply->is_signing &&
        !sign_set(reply, DNS_AUTHORITY, &apex, set, served_ttl(reply, set, ttl_s))) {
        dns_writer_return(&reply->writer, DNS_AUTHORITY, mark);
        return false;
    }
    remember(reply, set, zone->name);
    return true;
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

static bool put_records(struct reply *reply, enum dns_section section,
                        const struct reply_owner *owner, const struct rrset *set, uint32_t ttl_s)
{
    bool put = set->records.count == 1
                   ? dns_writer_put(&reply->writer, section, owner->at, &set->records, NULL, ttl_s)
                   : put_shuffled(reply, section, owner->at, set, ttl_s);
    if (put)
        remember(reply, set, owner->name);
    return put;
}

static bool wants_signature(const struct reply *reply, const struct reply_owner *owner)
{
    return reply->is_signing && !owner->is_delegated;
}

/* Takes back what was written since; always false. */
static bool take_back(struct reply *reply, enum dns_section section, struct dns_writer_mark mark,
                      unsigned set_count)
{
    dns_writer_return(&reply->writer, section, mark);
    reply->set_count = set_count;
    return false;
}

bool reply__put(struct reply *reply, enum dns_section section, const struct reply_owner *owner,
                const struct rrset *set)
{
    struct dns_writer_mark mark = dns_writer_mark(&reply->writer, section);
    unsigned set_count = reply->set_count;
    uint32_t ttl_s = served_ttl(reply, set, DNS_TTL_STORED);
    if (!put_records(reply, section, owner, set, ttl_s))
        return false;
    return !wants_signature(reply, owner) || sign_set(reply, section, owner, set, ttl_s) ||
           take_back(reply, section, mark, set_count);
}

bool reply__put_unsigned(struct reply *reply, enum dns_section section,
                         const struct reply_owner *owner, const struct rrset *set)
{
    return put_records(reply, section, owner, set, served_ttl(reply, set, DNS_TTL_STORED));
}

/* One record of a set, any of them: they are all of one size (addresses). */
static struct rrset one_of(const struct rrset *set, struct dice *dice)
{
    struct rrset one = *set;
    uint32_t index = dice_below(dice, set->records.count);
    one.records.count = 1;
    one.records.size = set->records.size / set->records.count;
    one.records.data += (size_t)index * one.records.size;
    one.content = records_content(&one.records);
    return one;
}

static bool put_one(struct reply *reply, enum dns_section section, const struct reply_owner *owner,
                    const struct rrset *set)
{
    const struct rrset one = one_of(set, reply->view->dice);
    if (!reply__put(reply, section, owner, &one))
        return false;
    struct reply_set *last = &reply->sets[reply->set_count - 1];
    if (last->set == &one)
        last->set = set; /* which lives as long as the reply */
    return true;
}

/* Several sets under one TTL are one set to the client, and have one signature (R-SEC-14).  Nobody
 * foresees what is drawn: of a hundred members there are more selections than any memory holds. */
static bool sign_choice(struct reply *reply, enum dns_section section,
                        const struct reply_owner *owner, const struct choice *choice,
                        uint32_t ttl_s)
{
    const struct dns_records *parts[MULTIVALUE_MAX];
    struct sign_subject subject = {
        .type = choice->sets[0]->records.type,
        .ttl_s = ttl_s,
        .part_count = choice->set_count,
        .parts = parts,
    };
    for (unsigned i = 0; i < choice->set_count; i++) {
        parts[i] = &choice->sets[i]->records;
        subject.content += choice->sets[i]->content;
    }
    struct reply_owner chosen = *owner;
    chosen.is_foreseen = owner->is_foreseen && !choice->is_drawn;
    return reply__sign(reply, section, &chosen, &subject);
}

bool reply__put_choice(struct reply *reply, enum dns_section section,
                       const struct reply_owner *owner, const struct choice *choice)
{
    if (choice->gives_one)
        return put_one(reply, section, owner, choice->sets[0]);
    struct dns_writer_mark mark = dns_writer_mark(&reply->writer, section);
    unsigned set_count = reply->set_count;
    uint32_t ttl_s = served_ttl(reply, choice->sets[0], choice->ttl_s);
    for (unsigned i = 0; i < choice->set_count; i++)
        if (!put_records(reply, section, owner, choice->sets[i], ttl_s))
            return take_back(reply, section, mark, set_count);
    return !wants_signature(reply, owner) || sign_choice(reply, section, owner, choice, ttl_s) ||
           take_back(reply, section, mark, set_count);
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

void reply__give_up(struct reply *reply)
{
    bool helps_over_tcp = reply->sign_rc == 0 || reply->sign_rc == SP_EAGAIN;
    dns_writer_rewind(&reply->writer);
    if (helps_over_tcp && (reply->sign_rc == 0 || !reply->view->over_tcp)) {
        reply->truncated = true;
    } else {
        reply->rcode = DNS_SERVFAIL;
        reply->authoritative = false;
    }
}
