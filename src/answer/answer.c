/*
 * answer/answer.c - the way of a question through one zone.
 *
 * One turn of the loop in answer_in_zone looks up one name: the question's, then the target of each
 * CNAME.  Every turn ends in one of the outcomes below and only a CNAME goes on.
 */
#include "signpost/answer/answer.h"

#include "signpost/dns/name.h"
#include "signpost/dns/query.h"

#include "reply.h"

enum outcome {
    OUTCOME_FOLLOW,   /* a CNAME into the same zone was written: look up its target */
    OUTCOME_POSITIVE, /* the answer is complete; apex NS and addresses may join it */
    OUTCOME_DONE,     /* nothing may join it: a referral, a negative answer, TC, an error */
};

/* The name being looked up, and how the reply refers to it as an owner. */
struct step {
    const struct name_path *path;
    const uint8_t *name; /* lower case; lives as long as the reply */
    struct dns_owner owner;
};

struct target {
    struct name_path path;
    const uint8_t *name; /* where the CNAME that led here has it */
};

/* The SOA's TTL is what caches keep a "no" for: RFC 2308 §3, R-ANS-19 to 21. */
static enum outcome answer_no(struct reply *reply, enum dns_rcode rcode)
{
    reply->rcode = rcode;
    if (reply->zone->soa != NULL && !reply__put_soa(reply))
        reply__truncate(reply);
    return OUTCOME_DONE;
}

/* R-ANS-13.  Behind a CNAME the referral is for its target, and AA stays for the CNAME
 * (RFC 1034 §4.3.2, step 3b). */
static enum outcome answer_referral(struct reply *reply, const struct step *step,
                                    const struct zone_match *match)
{
    const struct rrset *ns = zone_name_set(match->name, DNS_TYPE_NS);
    struct dns_owner owner = { 0, match->name->owner };
    if (step->owner.offset != 0)
        owner = dns_owner_in_question(reply->query, match->skipped_labels);
    else
        reply->authoritative = true;
    unsigned first = reply->set_count;
    if (!reply__put(reply, DNS_AUTHORITY, owner, match->name->owner, ns) ||
        !reply__add_addresses(reply, first, true))
        reply__truncate(reply);
    return OUTCOME_DONE;
}

static enum outcome answer_set(struct reply *reply, const struct step *step,
                               const struct rrset *set)
{
    if (reply__put(reply, DNS_ANSWER, step->owner, step->name, set))
        return OUTCOME_POSITIVE;
    reply__truncate(reply);
    return OUTCOME_DONE;
}

/* R-ANS-26; with minimal-any just the first set (RFC 8482 §4.1). */
static enum outcome answer_any(struct reply *reply, const struct step *step,
                               const struct zone_name *name)
{
    unsigned count = name->set_count;
    if (count == 0)
        return answer_no(reply, DNS_NOERROR);
    if (reply->view->snapshot->options.minimal_any)
        count = 1;
    enum outcome outcome = OUTCOME_POSITIVE;
    for (unsigned i = 0; i < count && outcome == OUTCOME_POSITIVE; i++)
        outcome = answer_set(reply, step, &name->sets[i]);
    return outcome;
}

/* R-ANS-9 and R-ANS-10: the chain is followed as long as this zone is the one that answers. */
static enum outcome answer_cname(struct reply *reply, const struct step *step,
                                 const struct rrset *cname, struct target *out_target)
{
    enum outcome outcome = answer_set(reply, step, cname);
    if (outcome != OUTCOME_POSITIVE)
        return outcome;
    out_target->name = cname->records.data + RRSET_FIXED_SIZE;
    dns_path_init(&out_target->path, out_target->name, dns_name_size(out_target->name));
    bool is_ours = snapshot_find(reply->view->snapshot, &out_target->path) == reply->zone;
    return is_ours ? OUTCOME_FOLLOW : OUTCOME_POSITIVE;
}

static enum outcome answer_step(struct reply *reply, const struct step *step,
                                struct target *out_target)
{
    uint16_t type = reply->query->type;
    struct zone_match match = zone_find(reply->zone, step->path);
    /* DS belongs to the parent's side of the cut: RFC 4035 §3.1.4.1. */
    bool is_ds_at_cut = type == DNS_TYPE_DS && match.skipped_labels == 0;
    if (match.kind == ZONE_MATCH_CUT && !is_ds_at_cut)
        return answer_referral(reply, step, &match);

    reply->authoritative = true;
    if (match.kind == ZONE_MATCH_NONE)
        return answer_no(reply, DNS_NXDOMAIN);
    if (type == DNS_TYPE_ANY)
        return answer_any(reply, step, match.name);
    const struct rrset *set = zone_name_set(match.name, type);
    if (set != NULL)
        return answer_set(reply, step, set);
    const struct rrset *cname = zone_name_set(match.name, DNS_TYPE_CNAME);
    if (cname != NULL)
        return answer_cname(reply, step, cname, out_target);
    return answer_no(reply, DNS_NOERROR);
}

/* R-ANS-11: a chain longer than the limit is a mistake in the zone, a loop most likely. */
static enum outcome answer_too_long(struct reply *reply)
{
    dns_writer_rewind(&reply->writer);
    reply->rcode = DNS_SERVFAIL;
    reply->authoritative = false;
    return OUTCOME_DONE;
}

static enum outcome answer_chain(struct reply *reply)
{
    struct target targets[2]; /* the one being looked up and the one found */
    struct step step = { &reply->query->path, reply->query->path.name,
                         dns_owner_in_question(reply->query, 0) };
    for (unsigned length = 0;; length++) {
        struct target *target = &targets[length % 2];
        enum outcome outcome = answer_step(reply, &step, target);
        if (outcome != OUTCOME_FOLLOW)
            return outcome;
        if (length == CNAME_CHAIN_MAX)
            return answer_too_long(reply);
        step = (struct step){ &target->path, target->name, { 0, target->name } };
    }
}

/* R-ANS-14 to R-ANS-16: who else to ask, and where to find them; left out when room is short. */
static void add_company(struct reply *reply)
{
    const struct zone *zone = reply->zone;
    if (zone->ns != NULL && !reply__holds(reply, zone->ns, zone->name))
        reply__put_ns(reply);
    reply__add_addresses(reply, 0, false);
}

static void answer_in_zone(struct reply *reply)
{
    if (answer_chain(reply) == OUTCOME_POSITIVE &&
        !reply->view->snapshot->options.minimal_responses)
        add_company(reply);
}

/* The zone that answers: the most specific one, but for DS the one above (R-ANS-13). */
static const struct zone *choose_zone(const struct snapshot *snapshot,
                                      const struct dns_query *query)
{
    const struct zone *zone = snapshot_find(snapshot, &query->path);
    if (zone == NULL || query->type != DNS_TYPE_DS || query->path.label_count != zone->depth)
        return zone;
    const struct zone *above = snapshot_find_above(snapshot, &query->path, zone);
    return above != NULL ? above : zone;
}

static void answer_question(struct reply *reply, struct dns_query *query)
{
    bool is_transfer = query->type == DNS_TYPE_AXFR || query->type == DNS_TYPE_IXFR;
    reply->rcode = DNS_REFUSED;
    if (query->class != DNS_CLASS_IN || is_transfer) /* R-ANS-1, R-ANS-2 */
        return;
    dns_path_hash(&query->path);
    reply->zone = choose_zone(reply->view->snapshot, query);
    if (reply->zone == NULL) /* R-ZON-12 */
        return;
    reply->rcode = DNS_NOERROR;
    answer_in_zone(reply);
}

static size_t reply_size_max(const struct view *view, const struct dns_query *query)
{
    uint16_t ours = view->snapshot->options.edns_size;
    if (view->over_tcp)
        return ANSWER_SIZE_MAX_TCP;
    return query->udp_size < ours ? query->udp_size : ours;
}

size_t answer_query(const struct view *view, struct span packet, uint8_t *reply_data,
                    struct answer_note *out_note)
{
    struct dns_query query;
    struct reply reply;
    const struct answer_options *options = &view->snapshot->options;
    int verdict = dns_query_parse(&query, packet);
    if (verdict == DNS_SILENCE)
        return 0;

    reply.view = view;
    reply.query = &query;
    reply.authoritative = false;
    reply.truncated = false;
    reply.set_count = 0;
    dns_writer_open(&reply.writer, reply_data, reply_size_max(view, &query), &query,
                    options->edns_size, (struct span){ options->nsid, options->nsid_size });
    if (verdict == DNS_NOERROR)
        answer_question(&reply, &query);
    else
        reply.rcode = (enum dns_rcode)verdict;

    out_note->qtype = query.question_size > 0 ? query.type : 0;
    out_note->rcode = (uint8_t)reply.rcode;
    out_note->truncated = reply.truncated;
    return dns_writer_close(&reply.writer, reply.rcode, reply.authoritative, reply.truncated);
}
