/*
 * What may not stand together, whatever way it came.  Whether a value is right in itself was
 * settled when it was read (dns_rdata_check).
 */
#include "check.h"

#include "signpost/base/limits.h"
#include "signpost/dns/types.h"

/* Of two lines that do not go together, people look for the slip in the later one. */
static uint32_t later(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* R-REC-4: a CNAME name carries nothing else. */
static void check_cname(struct faults *faults, const struct draft_name *name,
                        const struct record_set *cname, bool at_apex)
{
    if (at_apex) {
        faults_add(faults, cname->line, name->owner, DNS_TYPE_CNAME,
                   "the top of a zone cannot be a CNAME, because its SOA and NS stand there");
        return;
    }
    const struct record_set *other = name->sets == cname ? cname->next : name->sets;
    if (other == NULL)
        return;
    faults_add(faults, later(cname->line, other->line), name->owner, DNS_TYPE_CNAME,
               "a CNAME is not permitted beside records of other types at the same name (here %s)",
               dns_type_find(other->type)->name);
}

static void check_set(struct faults *faults, const struct draft_name *name,
                      const struct record_set *set, bool at_apex)
{
    uint32_t line = set->line;
    bool is_single = set->type == DNS_TYPE_CNAME || set->type == DNS_TYPE_SOA;

    if (set->ttl_s > DNS_TTL_MAX)
        faults_add(faults, line, name->owner, set->type, "the TTL %u is above %u", set->ttl_s,
                   DNS_TTL_MAX);
    if (set->value_count == 0)
        faults_add(faults, line, name->owner, set->type, "the record set has no value");
    if (is_single && set->value_count > 1) /* R-REC-5 */
        faults_add(faults, line, name->owner, set->type, "it has %u values and may have only one",
                   set->value_count);
    if (set->type == DNS_TYPE_SOA && !at_apex)
        faults_add(faults, line, name->owner, set->type,
                   "a SOA stands only at the top of the zone");
    if (set->type == DNS_TYPE_NS && dns_name_is_wildcard(name->owner)) /* R-NAM-9 */
        faults_add(faults, line, name->owner, set->type, "a wildcard cannot be delegated");
}

/* R-ZON-4. */
static void check_apex(struct faults *faults, const struct draft_name *apex)
{
    if (record_set_find(apex->sets, DNS_TYPE_SOA) == NULL)
        faults_add(faults, 0, apex->owner, DNS_TYPE_SOA, "a zone must keep its SOA record");
    if (record_set_find(apex->sets, DNS_TYPE_NS) == NULL)
        faults_add(faults, 0, apex->owner, DNS_TYPE_NS, "a zone must keep its NS records");
}

static void check_name(struct faults *faults, const struct draft *draft,
                       const struct draft_name *name)
{
    bool at_apex = dns_name_equal(name->owner, draft->zone.name);

    if (!dns_name_is_within(name->owner, draft->zone.name)) { /* R-NAM-10 */
        faults_add(faults, name->sets == NULL ? 0 : name->sets->line, name->owner, 0,
                   "the name is outside the zone");
        return;
    }
    for (struct record_set *set = name->sets; set != NULL; set = set->next)
        check_set(faults, name, set, at_apex);

    struct record_set *cname = record_set_find(name->sets, DNS_TYPE_CNAME);
    if (cname != NULL)
        check_cname(faults, name, cname, at_apex);
    if (at_apex)
        check_apex(faults, name);
}

void draft__check(const struct draft *draft, struct faults *faults)
{
    for (uint32_t i = 0; i < draft->name_count; i++)
        check_name(faults, draft, draft->names[i]);

    /* A draft of a few names leaves an apex that it does not hold as it is. */
    if (draft->whole && draft_find(draft, draft->zone.name) == NULL) {
        struct draft_name apex = { .owner = draft->zone.name };
        check_apex(faults, &apex);
    }
}

int draft_check(const struct draft *draft, struct problem *out_problem)
{
    struct faults faults;
    faults_init(&faults, NULL);
    draft__check(draft, &faults);
    return faults_report(&faults, out_problem);
}
