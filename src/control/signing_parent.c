/*
 * What the parent of a zone says of it, where the parent is a public zone that is served here too.
 */
#include "signing.h"

#include <string.h>

/* Of each key, and whether there is any at all. */
struct ds_search {
    unsigned key_count;
    uint8_t expected[KEY_SIGNING_KEYS_MAX][DS_RDATA_SIZE];
    struct parent_view *view;
};

static void search_records(struct ds_search *search, const struct dns_records *records)
{
    const uint8_t *at = records->data;
    for (uint32_t i = 0; i < records->count; i++) {
        size_t size = get_u16(at + RRSET_FIXED_SIZE - 2);
        const uint8_t *rdata = at + RRSET_FIXED_SIZE;
        bool is_strange = true;
        for (unsigned key = 0; key < search->key_count; key++)
            if (size == DS_RDATA_SIZE && memcmp(rdata, search->expected[key], size) == 0) {
                search->view->is_in_parent[key] = true;
                is_strange = false;
            }
        search->view->has_ds = true;
        search->view->has_strange_ds |= is_strange;
        at = rdata + size;
    }
}

/* A DS behind a policy counts: some client gets it. */
static void search_set(struct ds_search *search, const struct rrset *set)
{
    if (set->group == NULL) {
        search_records(search, &set->records);
        return;
    }
    for (unsigned i = 0; i < set->group->member_count; i++)
        if (set->group->members[i].kind == MEMBER_VALUES)
            search_records(search, &set->group->members[i].values.records);
}

static int expect_keys(const struct zone_keys *keys, struct ds_search *search,
                       struct problem *out_problem)
{
    uint8_t dnskey[DNSKEY_RDATA_SIZE], digest[KEY_DIGEST_SIZE];
    for (unsigned i = 0; i < keys->ksk_count; i++) {
        key_dnskey_rdata(&keys->ksks[i], dnskey);
        int rc = control__ds_digest(keys->zone->name, dnskey, digest, out_problem);
        if (rc != 0)
            return rc;
        key_ds_rdata(key_tag(dnskey), digest, search->expected[i]);
    }
    search->key_count = keys->ksk_count;
    return 0;
}

/* Where a cut of the zone above lies between the two, the parent is somebody else's. */
static const struct zone_name *find_at_parent(struct control *control, const uint8_t *zone_name,
                                              const struct zone **out_parent)
{
    struct name_path path, above;
    *out_parent = NULL;
    if (zone_name[0] == 0)
        return NULL;
    const uint8_t *name_above = dns_name_skip(zone_name, 1);
    dns_path_init(&above, name_above, dns_name_size(name_above));
    const struct zone *parent = snapshot_find(control->published, &above);
    if (parent == NULL)
        return NULL;
    dns_path_init(&path, zone_name, dns_name_size(zone_name));
    struct zone_match match = zone_find(parent, &path);
    if (match.kind == ZONE_MATCH_CUT && match.skipped_labels > 0)
        return NULL;
    *out_parent = parent;
    return match.kind == ZONE_MATCH_CUT ? match.name
                                        : zone_find_exact(parent, zone_name, path.hashes[0]);
}

bool control__is_published(const struct zone_keys *keys, unsigned which)
{
    return keys->ksks[which].is_active && keys->ksks[which].changed_ms <= keys->ring.signed_ms;
}

static enum parent_state state_of(const struct zone_keys *keys, const struct parent_view *view,
                                  bool has_cut)
{
    if (view->zone == NULL)
        return PARENT_ELSEWHERE;
    if (view->zone->signing == NULL)
        return PARENT_UNSIGNED;
    if (!has_cut)
        return PARENT_NO_CUT;
    for (unsigned i = 0; i < keys->ksk_count; i++)
        if (view->is_in_parent[i] &&
            (keys->status == SIGNING_ON ? control__is_published(keys, i) : keys->ksks[i].is_active))
            return PARENT_HAS_DS;
    return view->has_ds ? PARENT_OTHER_DS : PARENT_NO_DS;
}

int control__look_at_parent(struct control *control, const struct zone_keys *keys,
                            struct parent_view *out_view, struct problem *out_problem)
{
    struct ds_search search = { .view = out_view };
    *out_view = (struct parent_view){ .state = PARENT_ELSEWHERE };
    const struct zone_name *name = find_at_parent(control, keys->zone->name, &out_view->zone);
    const struct rrset *ds = name == NULL ? NULL : zone_name_set(name, DNS_TYPE_DS);
    int rc = ds == NULL ? 0 : expect_keys(keys, &search, out_problem);
    if (rc == 0 && ds != NULL)
        search_set(&search, ds);
    out_view->state =
        state_of(keys, out_view, name != NULL && zone_name_set(name, DNS_TYPE_NS) != NULL);
    return rc;
}

bool control__is_replaced(const struct zone_keys *keys, unsigned which,
                          const struct parent_view *parent)
{
    if (keys->ksks[which].trouble[0] == '\0')
        return false;
    for (unsigned i = 0; i < keys->ksk_count; i++)
        if (i != which && keys->ksks[i].is_active && keys->ksks[i].trouble[0] == '\0' &&
            parent->is_in_parent[i])
            return true;
    return false;
}
