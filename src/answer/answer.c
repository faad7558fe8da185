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

/* What must never happen has happened: a loop among the zone's own records most likely. */
static enum outcome answer_broken(struct reply *reply)
{
    dns_writer_rewind(&reply->writer);
    reply->rcode = DNS_SERVFAIL;
    reply->authoritative = false;
    return OUTCOME_DONE;
}

static enum outcome put_answer(struct reply *reply, bool has_fitted)
{
    if (has_fitted)
        return OUTCOME_POSITIVE;
    reply__truncate(reply);
    return OUTCOME_DONE;
}

/* R-ANS-20: that no member applies is no error and no missing name.  *out_chosen: the set whose
 * records were written, or one of them. */
static enum outcome answer_group(struct reply *reply, const struct step *step,
                                 const struct group *group, const struct rrset **out_chosen)
{
    struct choice choice;
    reply__choose(reply, group, &choice);
    if (choice.kind == CHOICE_BROKEN)
        return answer_broken(reply);
    if (choice.kind == CHOICE_NOTHING)
        return answer_no(reply, DNS_NOERROR);
    *out_chosen = choice.sets[0];
    return put_answer(reply,
                      reply__put_choice(reply, DNS_ANSWER, step->owner, step->name, &choice));
}

static enum outcome answer_set(struct reply *reply, const struct step *step,
                               const struct rrset *set, const struct rrset **out_chosen)
{
    if (set->group != NULL)
        return answer_group(reply, step, set->group, out_chosen);
    *out_chosen = set;
    return put_answer(reply, reply__put(reply, DNS_ANSWER, step->owner, step->name, set));
}

/* R-ANS-26, a policy applied once for each type; with minimal-any just the first set that answers
 * (RFC 8482 §4.1).  Types without an answer for this client are left out. */
static enum outcome answer_any(struct reply *reply, const struct step *step,
                               const struct zone_name *name)
{
    bool is_minimal = reply->view->snapshot->options.minimal_any;
    unsigned put_count = 0;
    for (unsigned i = 0; i < name->set_count && !(is_minimal && put_count > 0); i++) {
        const struct rrset *set = &name->sets[i];
        struct choice choice = { .kind = CHOICE_FOUND, .set_count = 1, .ttl_s = set->ttl_s };
        choice.sets[0] = set;
        if (set->group != NULL)
            reply__choose(reply, set->group, &choice);
        if (choice.kind == CHOICE_BROKEN)
            return answer_broken(reply);
        if (choice.kind == CHOICE_NOTHING)
            continue;
        if (!reply__put_choice(reply, DNS_ANSWER, step->owner, step->name, &choice))
            return put_answer(reply, false);
        put_count++;
    }
    return put_count > 0 ? OUTCOME_POSITIVE : answer_no(reply, DNS_NOERROR);
}

/* R-ANS-9 and R-ANS-10: the chain is followed as long as this zone is the one that answers. */
static enum outcome answer_cname(struct reply *reply, const struct step *step,
                                 const struct rrset *cname, struct target *out_target)
{
    const struct rrset *chosen; /* of a group, the one that was drawn (R-ANS-12) */
    enum outcome outcome = answer_set(reply, step, cname, &chosen);
    if (outcome != OUTCOME_POSITIVE)
        return outcome;
    out_target->name = chosen->records.data + RRSET_FIXED_SIZE;
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
    const struct rrset *set = zone_name_set(match.name, type), *chosen;
    if (set != NULL)
        return answer_set(reply, step, set, &chosen);
    const struct rrset *cname = zone_name_set(match.name, DNS_TYPE_CNAME);
    if (cname != NULL)
        return answer_cname(reply, step, cname, out_target);
    return answer_no(reply, DNS_NOERROR);
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
        if (length == CNAME_CHAIN_MAX) /* R-ANS-11 */
            return answer_broken(reply);
        step = (struct step){ &target->path, target->name, { 0, target->name } };
    }
}

/* R-ANS-14 to R-ANS-16: who else to ask, and where to find them; left out when room is short. */
static void add_company(struct reply *reply)
{
    const struct zone *zone = reply->zone;
    if (zone->ns != NULL && !reply__holds(reply, DNS_TYPE_NS, zone->name))
        reply__put_ns(reply);
    reply->trace = reply->evaluation.trace = NULL; /* who asks why means the answer */
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

static size_t close_reply(struct reply *reply, struct answer_note *out_note)
{
    const struct dns_query *query = reply->query;
    if (reply->is_evaluating)
        reply->writer.subnet_scope = reply->evaluation.scope;
    out_note->qtype = query->question_size > 0 ? query->type : 0;
    out_note->rcode = (uint8_t)reply->rcode;
    out_note->truncated = reply->truncated;
    return dns_writer_close(&reply->writer, reply->rcode, reply->authoritative, reply->truncated);
}

static bool source_is_in(const struct view *view, const struct prefix_list *list)
{
    struct ip_prefix source;
    if (list->count == 0)
        return false;
    prefix_from_address(&source, view->source);
    return prefix_list_contains(list, &source);
}

/* The same, with the reason in the reply when there was anything to choose (RFC 8914).  Apart, so
 * that only those who get it pay for its room on the stack. */
static __attribute__((noinline)) size_t explain(struct reply *reply, struct dns_query *query,
                                                struct answer_note *out_note)
{
    char text[EXPLANATION_SIZE];
    struct trace_step steps[EXPLANATION_STEPS];
    struct trace own, *trace = reply->trace;
    if (trace == NULL) {
        trace_init(&own, steps, EXPLANATION_STEPS);
        trace = reply->trace = &own;
    }
    answer_question(reply, query);
    if (trace->count > 0)
        reply->writer.explanation =
            (struct span){ (const uint8_t *)text, trace_line(trace, text, sizeof text) };
    return close_reply(reply, out_note);
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
    if (query.has_subnet && !source_is_in(view, &options->client_subnet))
        query.has_subnet = false; /* as if we did not know the option */

    reply.view = view;
    reply.query = &query;
    reply.authoritative = false;
    reply.truncated = false;
    reply.set_count = 0;
    reply.trace = view->trace;
    reply.is_evaluating = false;
    dns_writer_open(&reply.writer, reply_data, reply_size_max(view, &query), &query,
                    options->edns_size, (struct span){ options->nsid, options->nsid_size });
    if (verdict != DNS_NOERROR) {
        reply.rcode = (enum dns_rcode)verdict;
        return close_reply(&reply, out_note);
    }
    if (query.has_edns && source_is_in(view, &options->explain_clients))
        return explain(&reply, &query, out_note);
    answer_question(&reply, &query);
    return close_reply(&reply, out_note);
}
