/*
 * answer/signing.c - signatures and proofs that something is not there, for who asks for them.
 */
#include "reply.h"

static int make_signature(struct reply *reply, const struct reply_owner *owner,
                          const struct sign_subject *set, uint8_t room[RRSIG_RECORD_SIZE_MAX],
                          struct dns_records *out_signature)
{
    const struct view *view = reply->view;
    const struct sign_time time = { view->now_ms, view->snapshot->options.signature_validity_s };
    struct sign_subject subject = *set;
    subject.owner = owner->name;
    subject.owner_hash = owner->hash;
    subject.is_foreseen = owner->is_foreseen;
    return signer_sign(view->signer, reply->zone, &subject, &time, room, out_signature);
}

__attribute__((noinline)) bool reply__sign(struct reply *reply, enum dns_section section,
                                           const struct reply_owner *owner,
                                           const struct sign_subject *set)
{
    uint8_t room[RRSIG_RECORD_SIZE_MAX];
    struct dns_records signature;
    int rc = make_signature(reply, owner, set, room, &signature);
    if (rc != 0) {
        reply->sign_rc = rc;
        return false;
    }
    return dns_writer_put(&reply->writer, section, owner->at, &signature, NULL, DNS_TTL_STORED);
}

/* ---- NSEC ---- */

struct nsec {
    uint8_t room[NSEC_RECORD_SIZE_MAX];
    struct dns_records records;
    const struct dns_records *part;
    struct sign_subject subject;
};

/* R-SEC-17 for its TTL. */
static void make_nsec(const struct reply *reply, const struct reply_owner *owner,
                      enum nsec_form form, uint16_t lacking, struct nsec *nsec)
{
    uint32_t ttl_s = reply->zone->negative_ttl_s;
    if (ttl_s > SIGNING_TTL_MAX)
        ttl_s = SIGNING_TTL_MAX;
    nsec_write(nsec->room, reply->zone, owner->name, form, lacking, ttl_s, &nsec->records);
    nsec->part = &nsec->records;
    nsec->subject = (struct sign_subject){
        .type = DNS_TYPE_NSEC,
        .ttl_s = ttl_s,
        .part_count = 1,
        .parts = &nsec->part,
        .content = records_content(&nsec->records),
    };
}

/* That something is missing nobody foresees: there are as many denials as names times types.  A
 * delegation without DS is what the zone holds. */
static bool sign_nsec(struct reply *reply, enum dns_section section,
                      const struct reply_owner *owner, enum nsec_form form, const struct nsec *nsec)
{
    struct reply_owner denied = *owner;
    denied.is_foreseen = owner->is_foreseen && form == NSEC_INSECURE;
    return reply__sign(reply, section, &denied, &nsec->subject);
}

bool reply__put_nsec(struct reply *reply, enum dns_section section, const struct reply_owner *owner,
                     enum nsec_form form, uint16_t lacking)
{
    struct nsec nsec;
    make_nsec(reply, owner, form, lacking, &nsec);
    return dns_writer_put(&reply->writer, section, owner->at, &nsec.records, NULL,
                          DNS_TTL_STORED) &&
           sign_nsec(reply, section, owner, form, &nsec);
}

bool reply__put_nsec_signature(struct reply *reply, const struct reply_owner *owner,
                               enum nsec_form form)
{
    struct nsec nsec;
    make_nsec(reply, owner, form, 0, &nsec);
    return sign_nsec(reply, DNS_ANSWER, owner, form, &nsec);
}

/* ---- what key-signing keys have signed ---- */

bool reply__put_signed_ahead(struct reply *reply, const struct reply_owner *owner,
                             const struct signed_set *set)
{
    if (!reply__put_unsigned(reply, DNS_ANSWER, owner, &set->set))
        return false;
    if (!reply->is_signing)
        return true;
    const struct dns_records *signatures =
        signed_set_signatures(set, (int64_t)(reply->view->now_ms / 1000));
    return dns_writer_put(&reply->writer, DNS_ANSWER, owner->at, signatures, NULL, DNS_TTL_STORED);
}
