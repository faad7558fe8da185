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
    OUTCOME_FOLLOW,      /* a CNAME into the same zone was written: look up its target */
    OUTCOME_POSITIVE,    /* the answer is complete; apex NS and addresses may join it */
    OUTCOME_DONE,        /* nothing may join it: a referral, a negative answer, TC, an error */
    OUTCOME_NOT_SPECIAL, /* of answer_special alone: look further */
};

/* The name being looked up, and how the reply refers to it as an owner. */
struct step {
    const struct name_path *path;
    struct reply_owner owner;
    struct zone_match match; /* what the zone has at that name */
};

struct target {
    struct name_path path;
    const uint8_t *name; /* where the CNAME that led here has it */
};

/* Whether the zone that begins at that name is here too.  Who asks us finds it, delegated or not,
 * so the zone above must not say that there is none. */
static bool is_zone_of_its_own(const struct reply *reply, const struct step *step)
{
    return reply->query->type == DNS_TYPE_DS &&
           snapshot_find(reply->view->snapshot, step->path) != reply->zone;
}

/* What the NSEC record of a negative answer is to say. */
static enum nsec_form denial_of(const struct reply *reply, const struct step *step)
{
    bool is_compact = reply->view->snapshot->options.denial == DENIAL_COMPACT;
    const struct zone_match *match = &step->match;
    if (match->kind == ZONE_MATCH_CUT || is_zone_of_its_own(reply, step))
        return NSEC_INSECURE;
    if (match->kind == ZONE_MATCH_NONE)
        return is_compact ? NSEC_NXNAME : NSEC_BARE;
    /* Nobody asks for a set of type ANY, so nothing can lack it. */
    return match->name->set_count == 0 || reply->query->type == DNS_TYPE_ANY ? NSEC_BARE
                                                                             : NSEC_LACKS;
}

/* A name that does not exist is told as one that has nothing, with no more than one signature: only
 * who knows of the trick gets NXDOMAIN with it (R-SEC-11, RFC 9824 §5.1). */
static enum dns_rcode signed_rcode(const struct reply *reply, enum dns_rcode rcode)
{
    return reply->writer.compact_ok ? rcode : DNS_NOERROR;
}

/* The SOA's TTL is what caches keep a "no" for: RFC 2308 §3, R-ANS-19 to 21. */
static enum outcome answer_no(struct reply *reply, const struct step *step, enum dns_rcode rcode)
{
    reply->rcode = reply->is_signing ? signed_rcode(reply, rcode) : rcode;
    bool has_fitted = reply->zone->soa == NULL || reply__put_soa(reply);
    if (has_fitted && reply->is_signing)
        has_fitted = reply__put_nsec(reply, DNS_AUTHORITY, &step->owner, denial_of(reply, step),
                                     reply->query->type);
    if (!has_fitted)
        reply__give_up(reply);
    return OUTCOME_DONE;
}

/* R-SEC-15: the delegation's DS, or that it has none.  A DS under a policy is chosen as any set. */
static bool put_delegation_signer(struct reply *reply, const struct reply_owner *owner,
                                  const struct zone_name *name)
{
    const struct rrset *ds = zone_name_set(name, DNS_TYPE_DS);
    struct choice choice = { .kind = CHOICE_NOTHING };
    if (ds != NULL && ds->group == NULL)
        return reply__put(reply, DNS_AUTHORITY, owner, ds);
    if (ds != NULL)
        reply__choose(reply, ds->group, &choice);
    return choice.kind == CHOICE_FOUND
               ? reply__put_choice(reply, DNS_AUTHORITY, owner, &choice)
               : reply__put_nsec(reply, DNS_AUTHORITY, owner, NSEC_INSECURE, 0);
}

/* R-ANS-13.  Behind a CNAME the referral is for its target, and AA stays for the CNAME
 * (RFC 1034 §4.3.2, step 3b). */
static enum outcome answer_referral(struct reply *reply, const struct step *step)
{
    const struct zone_match *match = &step->match;
    const struct rrset *ns = zone_name_set(match->name, DNS_TYPE_NS);
    struct reply_owner owner = {
        .at = { 0, match->name->owner },
        .name = match->name->owner,
        .hash = match->name->entry.hash,
        .is_foreseen = true,
    };
    if (step->owner.at.offset != 0)
        owner.at = dns_owner_in_question(reply->query, match->skipped_labels);
    else
        reply->authoritative = true;
    unsigned first = reply->set_count;
    if (!reply__put_unsigned(reply, DNS_AUTHORITY, &owner, ns) ||
        (reply->is_signing && !put_delegation_signer(reply, &owner, match->name)) ||
        !reply__add_addresses(reply, first, true))
        reply__give_up(reply);
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
    reply__give_up(reply);
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
        return answer_no(reply, step, DNS_NOERROR);
    *out_chosen = choice.sets[0];
    return put_answer(reply, reply__put_choice(reply, DNS_ANSWER, &step->owner, &choice));
}

static enum outcome answer_set(struct reply *reply, const struct step *step,
                               const struct rrset *set, const struct rrset **out_chosen)
{
    if (set->group != NULL)
        return answer_group(reply, step, set->group, out_chosen);
    *out_chosen = set;
    return put_answer(reply, reply__put(reply, DNS_ANSWER, &step->owner, set));
}

/* R-ANS-26, a policy applied once for each type; with minimal-any just the first set that answers
 * (RFC 8482 §4.1).  Types without an answer for this client are left out. */
static enum outcome answer_any(struct reply *reply, const struct step *step)
{
    const struct zone_name *name = step->match.name;
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
        if (!reply__put_choice(reply, DNS_ANSWER, &step->owner, &choice))
            return put_answer(reply, false);
        put_count++;
    }
    return put_count > 0 ? OUTCOME_POSITIVE : answer_no(reply, step, DNS_NOERROR);
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

/* What the NSEC record says to who asks for nothing else.  Caches conclude from it what is not
 * there (RFC 8198), so it must be true of every type. */
static enum nsec_form description_of(const struct reply *reply, const struct step *step)
{
    const struct zone_match *match = &step->match;
    if (match->kind == ZONE_MATCH_NONE || match->name->set_count == 0)
        return denial_of(reply, step);
    return zone_name_set(match->name, DNS_TYPE_CNAME) != NULL ? NSEC_ALIAS : NSEC_LACKS;
}

/* Types that no zone holds but every signed name has: its NSEC record, made as it is asked for, and
 * of signatures that record's (RFC 4034 §3: which of a name's RRSIG records is left to us). */
static enum outcome answer_signature(struct reply *reply, const struct step *step)
{
    enum nsec_form form = description_of(reply, step);
    bool has_fitted = reply->query->type == DNS_TYPE_NSEC
                          ? reply__put_nsec(reply, DNS_ANSWER, &step->owner, form, 0)
                          : reply__put_nsec_signature(reply, &step->owner, form);
    return put_answer(reply, has_fitted);
}

/* The set that key-signing keys have signed, when it is asked for, signed or not (R-SEC-10). */
static const struct signed_set *signed_set_at(const struct reply *reply, const struct step *step)
{
    const struct zone *zone = reply->zone;
    return zone->signing != NULL && step->match.name == zone->apex
               ? zone_signing_set(zone->signing, reply->query->type)
               : NULL;
}

/* What is asked of signed zones alone.  OUTCOME_NOT_SPECIAL: nothing of that kind. */
static enum outcome answer_special(struct reply *reply, const struct step *step)
{
    uint16_t type = reply->query->type;
    const struct signed_set *set = signed_set_at(reply, step);
    if (set != NULL)
        return put_answer(reply, reply__put_signed_ahead(reply, &step->owner, set));
    if (reply->is_signing && (type == DNS_TYPE_NSEC || type == DNS_TYPE_RRSIG))
        return answer_signature(reply, step);
    return OUTCOME_NOT_SPECIAL;
}

static enum outcome answer_step(struct reply *reply, struct step *step, struct target *out_target)
{
    uint16_t type = reply->query->type;
    const struct zone_match *match = &step->match;
    step->match = zone_find(reply->zone, step->path);
    step->owner.is_foreseen = match->kind == ZONE_MATCH_NAME || match->kind == ZONE_MATCH_CUT;
    /* DS belongs to the parent's side of the cut: RFC 4035 §3.1.4.1. */
    bool is_ds_at_cut = type == DNS_TYPE_DS && match->skipped_labels == 0;
    if (match->kind == ZONE_MATCH_CUT && !is_ds_at_cut)
        return answer_referral(reply, step);

    reply->authoritative = true;
    if (reply->zone->signing != NULL) {
        enum outcome special = answer_special(reply, step);
        if (special != OUTCOME_NOT_SPECIAL)
            return special;
    }
    if (match->kind == ZONE_MATCH_NONE)
        return answer_no(reply, step, is_zone_of_its_own(reply, step) ? DNS_NOERROR : DNS_NXDOMAIN);
    if (type == DNS_TYPE_ANY)
        return answer_any(reply, step);
    const struct rrset *set = zone_name_set(match->name, type), *chosen;
    if (set != NULL)
        return answer_set(reply, step, set, &chosen);
    const struct rrset *cname = zone_name_set(match->name, DNS_TYPE_CNAME);
    if (cname != NULL)
        return answer_cname(reply, step, cname, out_target);
    return answer_no(reply, step, DNS_NOERROR);
}

static enum outcome answer_chain(struct reply *reply)
{
    struct target targets[2]; /* the one being looked up and the one found */
    struct step step;
    step.path = &reply->query->path;
    step.owner = (struct reply_owner){ .at = dns_owner_in_question(reply->query, 0),
                                       .name = reply->query->path.name,
                                       .hash = reply->query->path.hashes[0] };
    for (unsigned length = 0;; length++) {
        struct target *target = &targets[length % 2];
        enum outcome outcome = answer_step(reply, &step, target);
        if (outcome != OUTCOME_FOLLOW)
            return outcome;
        if (length == CNAME_CHAIN_MAX) /* R-ANS-11 */
            return answer_broken(reply);
        step.path = &target->path;
        step.owner = (struct reply_owner){ .at = { 0, target->name },
                                           .name = target->name,
                                           .hash = target->path.hashes[0] };
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

static void begin_signing(struct reply *reply)
{
    const struct view *view = reply->view;
    if (view->signer == NULL)
        return;
    reply->is_signing = true;
    signer_set_tcp(view->signer, view->over_tcp);
    if (view->snapshot->options.denial == DENIAL_COMPACT)
        reply->writer.compact_ok = reply->query->compact_ok;
}

static void answer_question(struct reply *reply, struct dns_query *query)
{
    const struct answer_options *options = &reply->view->snapshot->options;
    bool is_transfer = query->type == DNS_TYPE_AXFR || query->type == DNS_TYPE_IXFR;
    reply->rcode = DNS_FORMERR;
    if (query->type == DNS_TYPE_NXNAME && options->denial == DENIAL_COMPACT) /* RFC 9824 §3.5 */
        return;
    reply->rcode = DNS_REFUSED;
    if (query->class != DNS_CLASS_IN || is_transfer) /* R-ANS-1, R-ANS-2 */
        return;
    dns_path_hash(&query->path);
    reply->zone = choose_zone(reply->view->snapshot, query);
    if (reply->zone == NULL) /* R-ZON-12 */
        return;
    reply->rcode = DNS_NOERROR;
    if (reply->zone->signing != NULL && query->dnssec_ok)
        begin_signing(reply);
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
    reply.is_signing = false;
    reply.sign_rc = 0;
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
