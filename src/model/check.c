/*
 * What may not stand together, whatever way it came.  Whether a value is right in itself was
 * settled when it was read (dns_rdata_check).
 */
#include "check.h"

#include "aliases.h"

#include "signpost/base/limits.h"
#include "signpost/dns/types.h"

#include <stdio.h>
#include <string.h>

struct name_text name_text_of(const uint8_t *name)
{
    struct name_text name_text;
    dns_name_to_octal(name_text.text, name);
    return name_text;
}

/* ---- one set in its place ---- */

bool check__outside(struct faults *faults, const struct hosted_zone *zone, const uint8_t *owner,
                    uint32_t line)
{
    if (dns_name_is_within(owner, zone->name))
        return false;
    faults_add_text(faults, line, "RRSet with DNS name %s is not permitted in zone %s",
                    name_text_of(owner).text, name_text_of(zone->name).text);
    return true;
}

/* NS, SOA and DS are simple only, nobody's alias, and a CNAME has one value: table 4.2. */
static void check_kind(struct faults *faults, const uint8_t *owner, const struct record_set *set)
{
    bool is_fixed =
        set->type == DNS_TYPE_NS || set->type == DNS_TYPE_SOA || set->type == DNS_TYPE_DS;
    bool is_single = set->type == DNS_TYPE_CNAME || set->type == DNS_TYPE_SOA;
    if (is_fixed && set->policy != ROUTING_SIMPLE)
        faults_add(faults, set->line, owner, set->type,
                   "records of this type have no policy other than simple");
    if (set->type == DNS_TYPE_CNAME && set->policy == ROUTING_MULTIVALUE)
        faults_add(faults, set->line, owner, set->type, "a CNAME cannot be a multivalue answer");
    if (is_single && set->value_count > 1) /* R-REC-5 */
        faults_add(faults, set->line, owner, set->type, "it has %u values and may have only one",
                   set->value_count);
    if ((set->type == DNS_TYPE_NS || set->type == DNS_TYPE_SOA) && set->alias != NULL)
        faults_add(faults, set->line, owner, set->type,
                   "it cannot be an alias, because NS and SOA records cannot be targets");
}

void check__place(struct faults *faults, const struct hosted_zone *zone, const uint8_t *owner,
                  const struct record_set *set)
{
    bool at_apex = dns_name_equal(owner, zone->name);
    if (set->type == DNS_TYPE_CNAME && at_apex) /* R-ALI-2 too: whatever the set is */
        faults_add_text(faults, set->line,
                        "RRSet of type CNAME with DNS name %s is not permitted at apex in zone %s",
                        name_text_of(owner).text, name_text_of(zone->name).text);
    if (set->type == DNS_TYPE_SOA && !at_apex)
        faults_add(faults, set->line, owner, set->type, "a SOA stands only at the top of the zone");
    if (set->type == DNS_TYPE_NS && dns_name_is_wildcard(owner)) /* R-NAM-9 */
        faults_add(faults, set->line, owner, set->type, "a wildcard cannot be delegated");
    check_kind(faults, owner, set);
}

/* ---- two sets side by side ---- */

/* A-CHG-43.  Simple sets have words of their own. */
static const char *const other_policy[ROUTING_POLICY_COUNT] = {
    [ROUTING_WEIGHTED] = "as a non-weighted set exists with the same name and type.",
    [ROUTING_LATENCY] = "as a non-latency set exists with the same name and type.",
    [ROUTING_FAILOVER] = "as a non-failover set exists with the same name and type.",
    [ROUTING_GEOLOCATION] = "as a non-geolocation set exists with the same name and type.",
    [ROUTING_MULTIVALUE] =
        "because a non multivalue answer rrset exists with the same name and type.",
    [ROUTING_CIDR] = "as a non-CIDR set exists with the same name and type.",
    [ROUTING_GEOPROXIMITY] = "as a non-geoproximity set exists with the same name and type.",
};

/* A-CHG-45, R-REC-8, R-GPX-9: what two sets of a group may not have in common. */
static const char *const same_place[ROUTING_POLICY_COUNT] = {
    [ROUTING_LATENCY] =
        "because a latency RRSet with the same name, type and region already exists.",
    [ROUTING_FAILOVER] =
        "because a failover RRSet with the same name, type and failover role already exists.",
    [ROUTING_GEOLOCATION] =
        "because a geolocation RRSet with the same name, type and location already exists.",
    [ROUTING_CIDR] = "because a CIDR RRSet with the same name, type and location already exists.",
    [ROUTING_GEOPROXIMITY] =
        "because a geoproximity RRSet with the same name, type and place already exists.",
};

static bool is_same_coordinate(const char *a, const char *b)
{
    int a_hundredths = 0, b_hundredths = 0;
    check__coordinate(a, 180, &a_hundredths);
    check__coordinate(b, 180, &b_hundredths);
    return a_hundredths == b_hundredths;
}

static bool is_same_proximity(const struct routing *a, const struct routing *b)
{
    return strcmp(a->region, b->region) == 0 &&
           strcmp(a->local_zone_group, b->local_zone_group) == 0 &&
           (*a->latitude == '\0') == (*b->latitude == '\0') &&
           is_same_coordinate(a->latitude, b->latitude) &&
           is_same_coordinate(a->longitude, b->longitude);
}

static bool is_same_place(enum routing_policy policy, const struct routing *a,
                          const struct routing *b)
{
    switch (policy) {
    case ROUTING_LATENCY:
        return strcmp(a->region, b->region) == 0;
    case ROUTING_FAILOVER:
        return a->is_primary == b->is_primary;
    case ROUTING_GEOLOCATION:
        return strcmp(a->continent, b->continent) == 0 && strcmp(a->country, b->country) == 0 &&
               strcmp(a->subdivision, b->subdivision) == 0;
    case ROUTING_CIDR:
        return strcmp(a->location, b->location) == 0;
    case ROUTING_GEOPROXIMITY:
        return is_same_proximity(a, b);
    default:
        return false;
    }
}

static void refuse_member(struct reason *reason, const uint8_t *owner, const struct record_set *set,
                          const char *region, const char *why)
{
    reason_set(reason, "RRSet with DNS name %s, type %s, SetIdentifier %s%s%s cannot be created %s",
               name_text_of(owner).text, dns_type_find(set->type)->name, set->set_identifier,
               *region == '\0' ? "" : ", and Region Name=", region, why);
}

/* Two sets of one type. */
static void check_member(const uint8_t *owner, const struct record_set *set,
                         const struct record_set *other, struct reason *reason)
{
    if (set->policy == ROUTING_SIMPLE) /* A-CHG-42 */
        reason_set(
            reason,
            "RRSet with DNS name %s, type %s cannot be created as other RRSets exist with the "
            "same name and type.",
            name_text_of(owner).text, dns_type_find(set->type)->name);
    else if (set->policy != other->policy)
        refuse_member(reason, owner, set, "", other_policy[set->policy]);
    else if (set->policy == ROUTING_CIDR &&
             strcmp(set->routing->collection, other->routing->collection) != 0) /* R-CID-4 */
        refuse_member(reason, owner, set, "",
                      "because a CIDR RRSet with the same name and type has another collection.");
    else if (is_same_place(set->policy, set->routing, other->routing))
        refuse_member(reason, owner, set,
                      set->policy == ROUTING_LATENCY ? set->routing->region : "",
                      same_place[set->policy]);
}

void check__neighbour(const struct hosted_zone *zone, const uint8_t *owner,
                      const struct record_set *set, const struct record_set *other,
                      struct reason *out_reason)
{
    bool is_cname = set->type == DNS_TYPE_CNAME;
    out_reason->text[0] = '\0';
    if (set->type == other->type)
        check_member(owner, set, other, out_reason);
    else if (is_cname) /* A-CHG-40 */
        reason_set(
            out_reason,
            "RRSet of type CNAME with DNS name %s is not permitted as it conflicts with other "
            "records with the same DNS name in zone %s",
            name_text_of(owner).text, name_text_of(zone->name).text);
    else if (other->type == DNS_TYPE_CNAME) /* A-CHG-41 */
        reason_set(out_reason,
                   "RRSet of type %s with DNS name %s is not permitted because a conflicting RRSet "
                   "of type CNAME with the same DNS name already exists in zone %s",
                   dns_type_find(set->type)->name, name_text_of(owner).text,
                   name_text_of(zone->name).text);
}

void check__neighbour_ttl(const uint8_t *owner, const struct record_set *set,
                          const struct record_set *other, struct reason *out_reason)
{
    out_reason->text[0] = '\0';
    if (set->type == other->type && set->policy == ROUTING_WEIGHTED &&
        other->policy == ROUTING_WEIGHTED && set->alias == NULL && other->alias == NULL &&
        set->ttl_s != other->ttl_s)
        refuse_member(out_reason, owner, set, "", "as weighted sets must contain the same TTL.");
}

uint32_t check__group_limit(enum routing_policy policy)
{
    return policy == ROUTING_GEOPROXIMITY ? GROUP_MEMBERS_MAX_PROXIMITY : GROUP_MEMBERS_MAX;
}

void check__fault_group(struct faults *faults, const uint8_t *owner, const struct record_set *set,
                        uint32_t limit)
{
    faults_add(faults, set->line, owner, set->type, "a group of %s sets has at most %u of them",
               routing_policy_name(set->policy), limit);
}

void check__apex(struct faults *faults, struct record_set *sets)
{
    if (record_set_find(sets, DNS_TYPE_SOA) == NULL)
        faults_add_text(faults, 0, "A HostedZone must contain exactly one SOA record.");
    if (record_set_find(sets, DNS_TYPE_NS) == NULL)
        faults_add_text(faults, 0,
                        "A HostedZone must contain at least one NS record for the zone itself.");
}

/* ---- drafts ---- */

/* Of two sets that do not go together people look for the slip in the later line. */
static bool stands_before(const struct record_set *other, const struct record_set *set,
                          bool comes_first)
{
    return other->line < set->line || (other->line == set->line && comes_first);
}

/* What is wrong with the set when those that stand before it were there already: one reason is
 * enough. */
static void check_neighbours(struct faults *faults, const struct draft *draft,
                             const struct draft_name *name, const struct record_set *set)
{
    struct reason reason = { "" };
    uint32_t member_count = 0;
    bool comes_first = true;
    for (const struct record_set *other = name->sets; other != NULL; other = other->next) {
        if (other == set) {
            comes_first = false;
            continue;
        }
        if (!stands_before(other, set, comes_first))
            continue;
        member_count += other->type == set->type;
        check__neighbour(&draft->zone, name->owner, set, other, &reason);
        if (!reason_is_set(&reason))
            check__neighbour_ttl(name->owner, set, other, &reason);
        if (reason_is_set(&reason)) {
            faults_add_text(faults, set->line, "%s", reason.text);
            return;
        }
    }
    uint32_t limit = check__group_limit(set->policy);
    if (member_count == limit) /* once for all that follow */
        check__fault_group(faults, name->owner, set, limit);
}

/* Whether every set of the name has its shape; what compares sets may rely on it. */
static bool check_shapes(struct faults *faults, const struct draft_name *name)
{
    uint32_t faults_before = faults->count;
    for (const struct record_set *set = name->sets; set != NULL; set = set->next) {
        struct reason reason;
        check__shape(set, &reason);
        if (reason_is_set(&reason))
            faults_add(faults, set->line, name->owner, set->type, "%s", reason.text);
    }
    return faults->count == faults_before;
}

/* Where one of two could be told, it is the secondary. */
static int check_reference(const struct draft *draft, const struct model_references *references,
                           const struct draft_name *name, const struct record_set *set,
                           struct reason *reason, struct problem *out_problem)
{
    const struct hosted_zone *zone = &draft->zone;
    int rc = check__references(references, zone, set, reason, out_problem);
    if (rc == 0 && !reason_is_set(reason) && set->routing != NULL && !set->routing->is_primary)
        rc = check__both_roles(references, zone, name->sets, set, reason, out_problem);
    if (rc == 0 && !reason_is_set(reason))
        check__health_check(references, set, reason);
    return rc;
}

static int check_references(struct faults *faults, const struct draft *draft,
                            const struct model_references *references,
                            const struct draft_name *name, struct problem *out_problem)
{
    struct reason reason;
    int rc = 0;
    for (const struct record_set *set = name->sets; rc == 0 && set != NULL; set = set->next) {
        rc = check_reference(draft, references, name, set, &reason, out_problem);
        if (rc == 0 && reason_is_set(&reason))
            faults_add(faults, set->line, name->owner, set->type, "%s", reason.text);
    }
    return rc;
}

static void check_name(struct faults *faults, const struct draft *draft,
                       const struct draft_name *name)
{
    if (check__outside(faults, &draft->zone, name->owner,
                       name->sets == NULL ? 0 : name->sets->line))
        return;
    bool has_shape = check_shapes(faults, name);
    for (const struct record_set *set = name->sets; set != NULL; set = set->next) {
        uint32_t faults_before = faults->count;
        check__place(faults, &draft->zone, name->owner, set);
        if (has_shape && faults->count == faults_before && name->sets->next != NULL)
            check_neighbours(faults, draft, name, set);
    }
    if (dns_name_equal(name->owner, draft->zone.name))
        check__apex(faults, name->sets);
}

/* What was there before a change may name what is gone (R-REC-10, A-CHG-55); a whole draft is all
 * new. */
static int check_whole(struct faults *faults, const struct draft *draft,
                       const struct model_references *references, struct problem *out_problem)
{
    int rc = 0;
    if (draft_find(draft, draft->zone.name) == NULL)
        check__apex(faults, NULL);
    for (uint32_t i = 0; rc == 0 && i < draft->name_count; i++)
        rc = check_references(faults, draft, references, draft->names[i], out_problem);
    return rc == 0 ? aliases__check_all(draft, references, faults, out_problem) : rc;
}

int draft_check(const struct draft *draft, const char *file_name,
                const struct model_references *references, struct problem *out_problem)
{
    struct faults faults;
    int rc = 0;
    faults_init(&faults, file_name);
    for (uint32_t i = 0; i < draft->name_count; i++)
        check_name(&faults, draft, draft->names[i]);
    if (draft->whole)
        rc = check_whole(&faults, draft, references, out_problem);
    return rc == 0 ? faults_report(&faults, out_problem) : rc;
}
