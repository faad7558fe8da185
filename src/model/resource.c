#include "signpost/model/resource.h"

#include "signpost/dns/name.h"
#include "signpost/dns/types.h"

#include "word.h"

#include <stdio.h>

/* How a kind of resource becomes healthy. */
enum judgement {
    JUDGE_DOWN_ONLY,   /* unless the registry says that it is down (R-ALI-13) */
    JUDGE_EVERY_GROUP, /* every target group has a healthy target (R-ALI-11) */
    JUDGE_ANY_TARGET,  /* there is a healthy instance (R-ALI-10) */
};

/* In the order of enum resource_kind. */
static const struct kind {
    const char *name;
    uint32_t ttl_s;
    enum judgement judgement;
    bool ipv6;
    bool may_evaluate;
    bool gives_one;
} kinds[RESOURCE_KIND_COUNT] = {
    { "application-load-balancer", 60, JUDGE_EVERY_GROUP, true, true, false },
    { "network-load-balancer", 60, JUDGE_EVERY_GROUP, true, true, false },
    { "classic-load-balancer", 60, JUDGE_ANY_TARGET, true, true, false },
    { "cloudfront", 60, JUDGE_DOWN_ONLY, true, false, false },
    { "s3-website", 5, JUDGE_DOWN_ONLY, false, true, true },
    { "api-gateway", 60, JUDGE_DOWN_ONLY, false, true, false },
    { "beanstalk", 60, JUDGE_EVERY_GROUP, false, true, false }, /* as its load balancer */
    { "vpc-endpoint", 60, JUDGE_DOWN_ONLY, false, true, false },
    { "global-accelerator", 300, JUDGE_DOWN_ONLY, true, true, false },
    { "other", 60, JUDGE_EVERY_GROUP, true, true, false },
};

const char *resource_kind_name(enum resource_kind kind)
{
    return kinds[kind].name;
}

int resource_kind_find(const char *name, enum resource_kind *out_kind, struct problem *out_problem)
{
    char list[512];
    size_t size = 0;
    for (unsigned i = 0; i < RESOURCE_KIND_COUNT; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            *out_kind = (enum resource_kind)i;
            return 0;
        }
        size += (size_t)snprintf(list + size, sizeof list - size, " %s", kinds[i].name);
    }
    return problem_set(out_problem, SP_EINVAL,
                       "unknown kind of resource \"%.40s\"; it may be one of:%s", name, list);
}

uint32_t resource_kind_ttl(enum resource_kind kind)
{
    return kinds[kind].ttl_s;
}

bool resource_kind_accepts_type(enum resource_kind kind, uint16_t type)
{
    return type == DNS_TYPE_A || (type == DNS_TYPE_AAAA && kinds[kind].ipv6);
}

bool resource_kind_may_evaluate(enum resource_kind kind)
{
    return kinds[kind].may_evaluate;
}

bool resource_kind_gives_one(enum resource_kind kind)
{
    return kinds[kind].gives_one;
}

/* ---- addresses ---- */

static int read_address(struct ip_prefix *out_address, const char *text,
                        struct problem *out_problem)
{
    const char *why =
        strchr(text, '/') != NULL ? "is a block" : prefix_from_text(out_address, text);
    if (why == NULL)
        return 0;
    return problem_set(out_problem, SP_EINVAL,
                       "\"%.60s\" %s: a resource has single addresses, such as 192.0.2.1", text,
                       why);
}

/* SP_EINVAL when the address is there, SP_ELIMIT when its family is complete. */
static int check_address(const struct resource_entry *entry, const struct ip_prefix *address,
                         const char *text, struct problem *out_problem)
{
    unsigned of_family = 0;
    for (uint32_t i = 0; i < entry->address_count; i++) {
        if (prefix_compare(&entry->addresses[i].address, address) == 0)
            return problem_set(out_problem, SP_EINVAL, "the address %.60s is there twice", text);
        of_family += entry->addresses[i].address.family == address->family;
    }
    if (of_family < RESOURCE_ADDRESSES_MAX)
        return 0;
    return problem_set(out_problem, SP_ELIMIT, "a resource has at most %d addresses of a family",
                       RESOURCE_ADDRESSES_MAX);
}

/* Behind the last address of the zone. */
static uint32_t find_place(const struct resource_entry *entry, const char *zone)
{
    uint32_t at = entry->address_count;
    while (at > 0 && strcmp(entry->addresses[at - 1].zone, zone) != 0)
        at--;
    return at > 0 ? at : entry->address_count;
}

int resource_add_address(struct resource_entry *entry, const char *zone, const char *address,
                         struct problem *out_problem)
{
    struct ip_prefix read;
    if (!word_is_right(zone, RESOURCE_ZONE_SIZE - 1, "-_"))
        return problem_set(out_problem, SP_EINVAL,
                           "\"%.40s\" cannot be an availability zone: it must be 1 to %d letters, "
                           "digits, \"-\" and \"_\"",
                           zone, RESOURCE_ZONE_SIZE - 1);
    int rc = read_address(&read, address, out_problem);
    if (rc == 0)
        rc = check_address(entry, &read, address, out_problem);
    if (rc != 0)
        return rc;
    uint32_t at = find_place(entry, zone);
    struct resource_address *place = &entry->addresses[at];
    memmove(place + 1, place, (entry->address_count - at) * sizeof *place);
    entry->address_count++;
    *place = (struct resource_address){ .address = read };
    strcpy(place->zone, zone);
    return 0;
}

/* ---- health ---- */

int resource_add_targets(struct resource_entry *entry, const char *name, uint64_t healthy,
                         uint64_t registered, struct problem *out_problem)
{
    if (!word_is_right(name, RESOURCE_TARGET_SIZE - 1, "-_."))
        return problem_set(
            out_problem, SP_EINVAL,
            "\"%.40s\" cannot be a target group: it must be 1 to %d letters, digits, "
            "\"-\", \"_\" and \".\"",
            name, RESOURCE_TARGET_SIZE - 1);
    if (registered > UINT32_MAX || healthy > registered)
        return problem_set(out_problem, SP_EINVAL,
                           "target group %s: %llu healthy of %llu registered targets cannot be",
                           name, (unsigned long long)healthy, (unsigned long long)registered);
    for (uint32_t i = 0; i < entry->target_count; i++)
        if (strcmp(entry->targets[i].name, name) == 0)
            return problem_set(out_problem, SP_EINVAL, "target group %s is there twice", name);
    if (entry->target_count == RESOURCE_TARGETS_MAX)
        return problem_set(out_problem, SP_ELIMIT, "a resource has at most %d target groups",
                           RESOURCE_TARGETS_MAX);
    struct resource_targets *targets = &entry->targets[entry->target_count++];
    *targets = (struct resource_targets){ .healthy = (uint32_t)healthy,
                                          .registered = (uint32_t)registered };
    strcpy(targets->name, name);
    return 0;
}

bool resource_is_healthy(const struct resource_entry *entry)
{
    enum judgement judgement = kinds[entry->kind].judgement;
    uint32_t well = 0; /* groups with a healthy target */
    for (uint32_t i = 0; i < entry->target_count; i++)
        well += entry->targets[i].healthy > 0;
    if (entry->is_down)
        return false;
    if (judgement == JUDGE_DOWN_ONLY || entry->target_count == 0)
        return true;
    return judgement == JUDGE_EVERY_GROUP ? well == entry->target_count : well > 0;
}

/* ---- the whole ---- */

static bool has_ipv6(const struct resource_entry *entry)
{
    for (uint32_t i = 0; i < entry->address_count; i++)
        if (entry->addresses[i].address.family == IP_V6)
            return true;
    return false;
}

static const char *find_fault(const struct resource_entry *entry)
{
    if (entry->name[0] == 0)
        return "the root cannot be a resource";
    if (dns_name_is_wildcard(entry->name))
        return "its name begins with *";
    if (entry->ttl_s > DNS_TTL_MAX)
        return "its TTL must be a number of seconds from 0 to 2147483647";
    if (entry->address_count == 0)
        return "it has no address: give at least one availability zone with an address";
    if (!kinds[entry->kind].ipv6 && has_ipv6(entry))
        return "its kind has IPv4 addresses only";
    if (kinds[entry->kind].judgement == JUDGE_DOWN_ONLY && entry->target_count > 0)
        return "its kind has no target groups: say that it is down instead";
    return NULL;
}

int resource_check(const struct resource_entry *entry, struct problem *out_problem)
{
    char name[DNS_NAME_TEXT_SIZE];
    const char *why = find_fault(entry);
    if (why == NULL)
        return 0;
    dns_name_to_text(name, entry->name);
    return problem_set(out_problem, SP_EINVAL, "resource %.300s (%s): %s", name,
                       kinds[entry->kind].name, why);
}
