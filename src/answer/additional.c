/*
 * answer/additional.c - the addresses that a client would ask for next.
 */
#include "reply.h"

#include "signpost/dns/name.h"
#include "signpost/dns/types.h"

/* The name that holds the target's addresses in the reply's own zone, or NULL. */
static const struct zone_name *find_target(const struct reply *reply, const uint8_t *target,
                                           bool with_glue, struct reply_owner *out_owner)
{
    struct name_path path;
    dns_path_init(&path, target, dns_name_size(target));
    if (snapshot_find(reply->view->snapshot, &path) != reply->zone)
        return NULL;
    struct zone_match match = zone_find(reply->zone, &path);
    *out_owner = (struct reply_owner){
        .at = { 0, target },
        .name = target,
        .hash = path.hashes[0],
        .is_foreseen = match.kind == ZONE_MATCH_NAME,
        .is_delegated = match.kind == ZONE_MATCH_CUT,
    };
    if (match.kind != ZONE_MATCH_CUT)
        return match.name;
    return with_glue ? zone_find_glue(reply->zone, &path) : NULL;
}

/* Addresses of one type; those under a policy are chosen for the same client. */
static bool add_set(struct reply *reply, const struct reply_owner *owner, const struct rrset *set)
{
    struct choice choice;
    if (reply__holds(reply, set->records.type, owner->name))
        return true;
    if (set->group == NULL)
        return reply__put(reply, DNS_ADDITIONAL, owner, set);
    reply__choose(reply, set->group, &choice);
    return choice.kind != CHOICE_FOUND || reply__put_choice(reply, DNS_ADDITIONAL, owner, &choice);
}

/* A client that is referred needs the addresses more than their signatures, for which there may be
 * neither room nor budget.  That alone is no reason for TC (RFC 4035 §3.1.1). */
static bool add_unsigned(struct reply *reply, const struct reply_owner *owner,
                         const struct rrset *set)
{
    struct reply_owner bare = *owner;
    bare.is_delegated = true;
    reply->sign_rc = 0;
    return add_set(reply, &bare, set);
}

static bool add_target(struct reply *reply, const uint8_t *target, bool with_glue)
{
    static const uint16_t address_types[] = { DNS_TYPE_A, DNS_TYPE_AAAA };
    struct reply_owner owner;
    const struct zone_name *name = find_target(reply, target, with_glue, &owner);
    for (unsigned i = 0; name != NULL && i < 2; i++) {
        const struct rrset *set = zone_name_set(name, address_types[i]);
        if (set != NULL && !add_set(reply, &owner, set) &&
            !(with_glue && add_unsigned(reply, &owner, set)))
            return false;
    }
    return true;
}

bool reply__add_addresses(struct reply *reply, unsigned first, bool with_glue)
{
    unsigned last = reply->set_count; /* addresses themselves bring nothing along */
    for (unsigned i = first; i < last; i++) {
        const struct rrset *set = reply->sets[i].set;
        int offset = rrset_target_offset(set->records.type);
        const uint8_t *record = set->records.data;
        for (uint32_t n = 0; set->points_inside && n < set->records.count; n++) {
            /* NS have a target each; of others a further one may be there without our knowing. */
            if (!with_glue && reply->set_count == REPLY_SETS_MAX)
                return true;
            if (!add_target(reply, record + RRSET_FIXED_SIZE + offset, with_glue))
                return false;
            record += RRSET_FIXED_SIZE + get_u16(record + 8);
        }
    }
    return true;
}
