/*
 * Signed zones over months (R-SEC-4 to R-SEC-8): ldns, an outsider, validates what is published,
 * and caches are thought of.  The clock is a number: this file has the functions of base/clock.h.
 */
#define WORLD_SIGNING options_of_signing
#include "signpost/model/key_schedule.h"

static struct signing_options options_of_signing = {
    .dnskey_ttl_s = 3600,
    .dnskey_interval_s = 86400,
    .signature_validity_s = 86400,
    .zsk_lifetime_s = 14 * 86400,
};

#include "full_disk.h"
#include "world.h"

#include "signpost/base/clock.h"
#include "signpost/control/key_signing_keys.h"
#include "signpost/store/signing.h"
#include "signpost/zone/signing.h"

#include <ldns/ldns.h>
#include <sqlite3.h>

#define ARN    "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-00000000000"
#define MINUTE 60000ull
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)
#define START  1800000000000ull

/* ---- the clock ---- */

static uint64_t now_ms = START;

uint64_t clock_unix_ms(void)
{
    return now_ms;
}

int64_t clock_unix_s(void)
{
    return (int64_t)(now_ms / 1000);
}

uint64_t clock_monotonic_ms(void)
{
    return now_ms;
}

static void tick(struct world *world)
{
    struct problem problem = { 0 };
    uint64_t next_ms = control_tick(world->control, now_ms, &problem);
    assert_string_equal(problem.text, "");
    assert_true(next_ms == 0 || next_ms >= now_ms);
}

/* Tick by tick, every ten minutes. */
static void pass(struct world *world, uint64_t ms)
{
    for (uint64_t end_ms = now_ms + ms; now_ms < end_ms;) {
        now_ms += 10 * MINUTE;
        tick(world);
    }
}

/* ---- zones ---- */

static struct hosted_zone create_zone(struct world *world, const char *text)
{
    static unsigned number;
    char reference[16];
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct hosted_zone zone = { 0 };
    struct change change;
    struct problem problem = { 0 };
    wire(name, text);
    snprintf(reference, sizeof reference, "%u", number++);
    struct zone_wish wish = { .name = name, .caller_reference = reference, .comment = "" };
    if (control_create_zone(world->control, &wish, &zone, &change, &problem) != 0)
        fail_msg("%s", problem.text);
    return zone;
}

static struct hosted_zone create_signed_zone(struct world *world, const char *text)
{
    struct hosted_zone zone = create_zone(world, text);
    struct change change;
    struct problem problem = { 0 };
    if (control_enable_signing(world->control, &zone, &change, &problem) != 0)
        fail_msg("%s", problem.text);
    return zone;
}

static const struct zone_signing *signing_of(struct world *world, const struct hosted_zone *zone)
{
    return snapshot_zone(control_snapshot(world->control), zone->name)->signing;
}

static struct signing_report report_of(struct world *world, const struct hosted_zone *zone)
{
    struct signing_report report;
    struct problem problem = { 0 };
    if (control_signing_report(world->control, zone, &report, &problem) != 0)
        fail_msg("%s", problem.text);
    return report;
}

/* "SIGNING signpost_1+ | A P": the zone's state, its keys (active with "+", in need of action with
 * "!", else "-") and the states of its zone-signing keys. */
static const char *describe(struct world *world, const struct hosted_zone *zone, char out[512])
{
    static const char *const states[] = { "NOT", "SIGNING", "ACTION", "FAILURE" };
    struct signing_report report = report_of(world, zone);
    int size = snprintf(out, 512, "%s", states[report.serves]);
    for (unsigned i = 0; i < report.ksk_count; i++)
        size += snprintf(out + size, 512 - (size_t)size, " %s%s", report.ksks[i].key.name,
                         !report.ksks[i].key.is_active ? "-"
                         : report.ksks[i].is_usable    ? "+"
                                                       : "!");
    size += snprintf(out + size, 512 - (size_t)size, " |");
    for (unsigned i = 0; i < report.zsk_count; i++)
        size += snprintf(out + size, 512 - (size_t)size, " %c", "PAR"[report.zsks[i].state]);
    return out;
}

static void assert_state(struct world *world, const struct hosted_zone *zone, const char *expect)
{
    char text[512];
    assert_string_equal(describe(world, zone, text), expect);
}

/* ---- a validator ---- */

static ldns_rr_list *read_records(const uint8_t *owner, const struct dns_records *records)
{
    ldns_rr_list *list = ldns_rr_list_new();
    const uint8_t *at = records->data;
    size_t owner_size = dns_name_size(owner);
    for (uint32_t i = 0; i < records->count; i++) {
        uint8_t whole[1024];
        size_t size = RRSET_FIXED_SIZE + get_u16(at + 8), position = 0;
        ldns_rr *rr = NULL;
        memcpy(whole, owner, owner_size);
        memcpy(whole + owner_size, at, size);
        assert_int_equal(
            ldns_wire2rr(&rr, whole, owner_size + size, &position, LDNS_SECTION_ANSWER),
            LDNS_STATUS_OK);
        ldns_rr_list_push_rr(list, rr);
        at += size;
    }
    return list;
}

static ldns_rr *make_ds(const struct hosted_zone *zone, const struct key_signing_key *key)
{
    char name[DNS_NAME_TEXT_SIZE], line[2048];
    struct key_texts texts;
    ldns_rr *ds = NULL;
    assert_int_equal(control_key_texts(zone, key, &texts, NULL), 0);
    dns_name_to_text(name, zone->name);
    snprintf(line, sizeof line, "%s 3600 IN DS %s", name, texts.ds_record);
    assert_int_equal(ldns_rr_new_frm_str(&ds, line, 0, NULL, NULL), LDNS_STATUS_OK);
    return ds;
}

/* The key of the set that the DS is of, if it is there. */
static ldns_rr *find_key(const ldns_rr_list *keys, const ldns_rr *ds)
{
    for (size_t i = 0; i < ldns_rr_list_rr_count(keys); i++) {
        ldns_rr *made = ldns_key_rr2ds(ldns_rr_list_rr(keys, i), LDNS_SHA256);
        bool same = ldns_rdf_compare(ldns_rr_rdf(made, 3), ldns_rr_rdf(ds, 3)) == 0;
        ldns_rr_free(made);
        if (same)
            return ldns_rr_list_rr(keys, i);
    }
    return NULL;
}

/* Whether a resolver that trusts this DS believes the DNSKEY set as it is served, and goes on to
 * for as long as it may keep it. */
static bool validates(const struct hosted_zone *zone, const struct signed_set *set,
                      const ldns_rr *ds)
{
    time_t now_s = (time_t)(now_ms / 1000);
    ldns_rr_list *records = read_records(zone->name, &set->set.records);
    ldns_rr_list *signatures = read_records(zone->name, signed_set_signatures(set, now_s));
    ldns_rr_list *trusted = ldns_rr_list_new();
    ldns_rr_list *all_keys = ldns_rr_list_clone(records);
    ldns_rr *key = find_key(all_keys, ds);
    bool valid = key != NULL;
    if (valid) {
        ldns_rr_list_push_rr(trusted, key);
        valid = ldns_verify_time(records, signatures, trusted, now_s, NULL) == LDNS_STATUS_OK &&
                ldns_verify_time(records, signatures, trusted, now_s + (time_t)set->set.ttl_s,
                                 NULL) == LDNS_STATUS_OK;
    }
    ldns_rr_list_free(trusted);
    ldns_rr_list_deep_free(all_keys);
    ldns_rr_list_deep_free(signatures);
    ldns_rr_list_deep_free(records);
    return valid;
}

static bool is_believed(struct world *world, const struct hosted_zone *zone, const ldns_rr *ds)
{
    return validates(zone, zone_signing_set(signing_of(world, zone), DNS_TYPE_DNSKEY), ds);
}

/* ---- caches ---- */

#define SEEN_MAX 64

/* What a resolver that asks every ten minutes has in its cache at worst. */
struct cache {
    unsigned count;
    uint16_t tags[SEEN_MAX];
    uint64_t published_ms[SEEN_MAX]; /* first seen in the set */
    uint64_t listed_ms[SEEN_MAX];    /* last seen in the set */
    uint64_t used_ms[SEEN_MAX];      /* last seen to sign */
};

static unsigned remember(struct cache *cache, uint16_t tag)
{
    for (unsigned i = 0; i < cache->count; i++)
        if (cache->tags[i] == tag)
            return i;
    assert_true(cache->count < SEEN_MAX);
    cache->tags[cache->count] = tag;
    cache->published_ms[cache->count] = now_ms;
    cache->used_ms[cache->count] = 0;
    return cache->count++;
}

static void look(struct world *world, const struct hosted_zone *zone, struct cache *cache)
{
    const struct zone_signing *signing = signing_of(world, zone);
    const struct signed_set *set = zone_signing_set(signing, DNS_TYPE_DNSKEY);
    const uint8_t *at = set->set.records.data;
    for (uint32_t i = 0; i < set->set.records.count; i++, at += 10 + DNSKEY_RDATA_SIZE)
        if (get_u16(at + 10) == ZSK_FLAGS)
            cache->listed_ms[remember(cache, key_tag(at + 10))] = now_ms;
    unsigned used = remember(cache, signing->key.tag);
    assert_int_equal(cache->listed_ms[used], now_ms);
    if (cache->used_ms[used] == 0 && cache->count > 1)
        assert_true(now_ms >= cache->published_ms[used] + set->set.ttl_s * 1000ull);
    cache->used_ms[used] = now_ms;
    for (unsigned i = 0; i < cache->count; i++)
        if (cache->listed_ms[i] < now_ms && cache->used_ms[i] > 0)
            assert_true(now_ms >=
                        cache->used_ms[i] + options_of_signing.signature_validity_s * 1000ull);
}

/* Ten minutes at a time: what is due happens, and caches are asked; every six hours ldns is. */
static void watch(struct world *world, const struct hosted_zone *zone, struct cache *cache,
                  const ldns_rr *ds, uint64_t ms)
{
    for (uint64_t end_ms = now_ms + ms; now_ms < end_ms;) {
        pass(world, 10 * MINUTE);
        look(world, zone, cache);
        if (now_ms % (6 * HOUR) == 0 && !is_believed(world, zone, ds))
            fail_msg("day %llu: not believed", (unsigned long long)((now_ms - START) / DAY));
    }
}

/* ---- months ---- */

static void half_a_year_goes_by(void **state)
{
    struct world *world = *state;
    struct cache cache = { 0 };
    struct hosted_zone zone = create_signed_zone(world, "lab.test.");
    struct signing_report report = report_of(world, &zone);
    struct key_signing_key old = report.ksks[0].key, new;
    struct change change;
    struct problem problem = { 0 };
    ldns_rr *old_ds = make_ds(&zone, &old);
    assert_int_equal(report.serves, SERVE_SIGNING);
    assert_string_equal(old.name, "signpost_1");
    look(world, &zone, &cache);
    watch(world, &zone, &cache, old_ds, 16 * DAY);
    assert_int_equal(cache.count, 2);
    restart(world); /* in the middle of things */
    watch(world, &zone, &cache, old_ds, 44 * DAY);

    assert_int_equal(control_finish_ksk_rotation(world->control, &zone, true, &new, &change, NULL),
                     SP_ECONFLICT); /* none is under way */
    assert_int_equal(control_begin_ksk_rotation(world->control, &zone, &new, &change, &problem), 0);
    assert_int_equal(control_begin_ksk_rotation(world->control, &zone, &new, &change, &problem),
                     SP_ECONFLICT);
    ldns_rr *new_ds = make_ds(&zone, &new);
    assert_true(is_believed(world, &zone, new_ds)); /* R-SEC-5: both sign */
    watch(world, &zone, &cache, old_ds, 3 * DAY);
    restart(world);
    watch(world, &zone, &cache, new_ds, 3 * DAY);
    assert_int_equal(control_finish_ksk_rotation(world->control, &zone, false, &old, &change, NULL),
                     SP_ECONFLICT); /* the parent is elsewhere */
    assert_int_equal(
        control_finish_ksk_rotation(world->control, &zone, true, &old, &change, &problem), 0);
    assert_string_equal(old.name, "signpost_1");
    assert_false(is_believed(world, &zone, old_ds));
    watch(world, &zone, &cache, new_ds, 90 * DAY);
    assert_int_equal(cache.count, 12);
    ldns_rr_free(old_ds);
    ldns_rr_free(new_ds);
}

static void a_daemon_that_was_off_catches_up(void **state)
{
    struct world *world = *state;
    struct hosted_zone zone = create_signed_zone(world, "lab.test.");
    struct signing_report report = report_of(world, &zone);
    ldns_rr *ds = make_ds(&zone, &report.ksks[0].key);
    pass(world, DAY);
    stop(world);
    now_ms += 21 * DAY;
    start(world); /* what has expired is signed before anybody asks */
    assert_true(is_believed(world, &zone, ds));
    now_ms -= 60 * DAY; /* and so when the clock is put back */
    tick(world);
    assert_true(is_believed(world, &zone, ds));
    stop(world);
    now_ms -= DAY;
    start(world);
    assert_true(is_believed(world, &zone, ds));
    ldns_rr_free(ds);
}

static void reread_options_are_followed_at_once(void **state)
{
    struct world *world = *state;
    struct hosted_zone zone = create_signed_zone(world, "lab.test.");
    struct signing_options other = options_of_signing;
    other.dnskey_ttl_s = 60;
    other.publish_cds = true;
    tick(world);
    assert_null(zone_signing_set(signing_of(world, &zone), DNS_TYPE_CDS));
    control_set_signing_options(world->control, &other);
    tick(world);
    const struct zone_signing *signing = signing_of(world, &zone);
    assert_int_equal(zone_signing_set(signing, DNS_TYPE_DNSKEY)->set.ttl_s, 60);
    const struct signed_set *cds = zone_signing_set(signing, DNS_TYPE_CDS);
    const struct signed_set *cdnskey = zone_signing_set(signing, DNS_TYPE_CDNSKEY);
    assert_int_equal(cds->set.records.count, 1);
    assert_int_equal(cdnskey->set.records.count, 1);
    assert_int_equal(get_u16(cdnskey->set.records.data + 10), KEY_FLAGS);
    assert_true(report_of(world, &zone).publishes_cds);

    /* RFC 7344 §4.1: signed by what the DNSKEY set has and a DS vouches for. */
    const struct signed_set *keys = zone_signing_set(signing, DNS_TYPE_DNSKEY);
    ldns_rr_list *list = read_records(zone.name, &cds->set.records);
    ldns_rr_list *signatures =
        read_records(zone.name, signed_set_signatures(cds, (int64_t)(now_ms / 1000)));
    ldns_rr_list *trusted = read_records(zone.name, &keys->set.records);
    assert_int_equal(ldns_verify_time(list, signatures, trusted, (time_t)(now_ms / 1000), NULL),
                     LDNS_STATUS_OK);
    ldns_rr_list_deep_free(list);
    ldns_rr_list_deep_free(signatures);
    ldns_rr_list_deep_free(trusted);
}

static void zsks_are_rolled_by_hand_too(void **state)
{
    struct world *world = *state;
    struct change change;
    struct hosted_zone zone = create_zone(world, "lab.test.");
    assert_int_equal(control_rotate_zsk(world->control, &zone, &change, NULL), SP_ECONFLICT);
    assert_int_equal(control_enable_signing(world->control, &zone, &change, NULL), 0);
    assert_int_equal(control_enable_signing(world->control, &zone, &change, NULL), 0);
    assert_state(world, &zone, "SIGNING signpost_1+ | A");
    assert_int_equal(control_rotate_zsk(world->control, &zone, &change, NULL), 0);
    assert_state(world, &zone, "SIGNING signpost_1+ | A P");
    assert_int_equal(control_rotate_zsk(world->control, &zone, &change, NULL), SP_ECONFLICT);
    pass(world, 2 * HOUR);
    assert_state(world, &zone, "SIGNING signpost_1+ | R A");
    pass(world, 25 * HOUR);
    assert_state(world, &zone, "SIGNING signpost_1+ | A");
    assert_int_equal(zone_signing_set(signing_of(world, &zone), DNS_TYPE_DNSKEY)->set.records.count,
                     2);
}

/* ---- what is lost ---- */

static void move(struct world *world, const char *from, const char *to)
{
    char old[256], new[256];
    snprintf(old, sizeof old, "%s/%s", world->scratch->directory, from);
    snprintf(new, sizeof new, "%s/%s", world->scratch->directory, to);
    assert_int_equal(rename(old, new), 0);
}

/* The file of a key, whatever its ending. */
static void find_file(struct world *world, const struct key_signing_key *key, char out[256])
{
    const char *stem = strrchr(key->arn, '/') + 1;
    DIR *directory = opendir(world->scratch->directory);
    struct dirent *entry;
    out[0] = '\0';
    while ((entry = readdir(directory)) != NULL)
        if (strncmp(entry->d_name, stem, strlen(stem)) == 0)
            snprintf(out, 256, "%s", entry->d_name);
    closedir(directory);
    assert_string_not_equal(out, "");
}

static void a_lost_key_needs_action_and_hurts_nobody_for_a_while(void **state)
{
    struct world *world = *state;
    char file[256];
    struct change change;
    struct hosted_zone zone = create_signed_zone(world, "lab.test.");
    struct key_signing_key key = report_of(world, &zone).ksks[0].key;
    ldns_rr *ds = make_ds(&zone, &key);
    pass(world, DAY);
    find_file(world, &key, file);
    stop(world);
    move(world, file, "elsewhere");
    start(world);
    assert_state(world, &zone, "ACTION signpost_1! | A"); /* R-SEC-4 */
    struct signing_report report = report_of(world, &zone);
    assert_non_null(strstr(report.message, "signpost_1"));
    assert_string_not_equal(report.ksks[0].message, "");
    for (unsigned day = 1; day < 15; day++) { /* R-SEC-6 */
        pass(world, DAY - 10 * MINUTE);
        assert_true(is_believed(world, &zone, ds));
        now_ms += 10 * MINUTE;
    }
    assert_state(world, &zone, "ACTION signpost_1! | A"); /* R-SEC-7: suspended */
    assert_int_equal(control_rotate_zsk(world->control, &zone, &change, NULL), SP_ECONFLICT);
    pass(world, 3 * DAY);
    assert_false(is_believed(world, &zone, ds));
    assert_non_null(strstr(report_of(world, &zone).message, "expired"));

    move(world, "elsewhere", file);
    pass(world, HOUR); /* it is tried again once an hour at least */
    assert_state(world, &zone, "SIGNING signpost_1+ | A P");
    assert_true(is_believed(world, &zone, ds));
    ldns_rr_free(ds);
}

static void a_lost_key_can_be_replaced(void **state)
{
    struct world *world = *state;
    char file[256];
    struct change change;
    struct key_signing_key new, third;
    struct problem problem = { 0 };
    struct hosted_zone zone = create_signed_zone(world, "lab.test.");
    struct key_signing_key old = report_of(world, &zone).ksks[0].key;
    ldns_rr *old_ds = make_ds(&zone, &old);
    find_file(world, &old, file);
    stop(world);
    move(world, file, "elsewhere");
    start(world);
    assert_int_equal(
        control_create_key(world->control, &zone, "new", ARN "2", true, &new, &change, &problem),
        0);
    assert_state(world, &zone, "ACTION signpost_1! new+ | A");
    assert_true(is_believed(world, &zone, old_ds)); /* as it was */
    assert_int_equal(control_set_key_active(world->control, &zone, "new", false, &change, &problem),
                     SP_EINVAL); /* the one that would be left cannot sign */
    assert_non_null(strstr(problem.text, "signpost_1"));
    assert_int_equal(
        control_set_key_active(world->control, &zone, "signpost_1", false, &change, &problem), 0);
    assert_state(world, &zone, "SIGNING signpost_1- new+ | A");
    ldns_rr *new_ds = make_ds(&zone, &new);
    assert_true(is_believed(world, &zone, new_ds));
    assert_false(is_believed(world, &zone, old_ds));
    assert_int_equal(
        control_set_key_active(world->control, &zone, "signpost_1", true, &change, &problem),
        SP_EINVAL);
    assert_int_equal(control_delete_key(world->control, &zone, "signpost_1", &change, &problem), 0);
    assert_int_equal(
        control_create_key(world->control, &zone, "third", ARN "3", true, &third, &change, NULL),
        0);
    assert_state(world, &zone, "SIGNING new+ third+ | A");
    assert_true(is_believed(world, &zone, new_ds));
    ldns_rr_free(old_ds);
    ldns_rr_free(new_ds);
}

static void a_key_that_cannot_be_used_cannot_begin_to_sign(void **state)
{
    struct world *world = *state;
    char file[256];
    struct change change;
    struct key_signing_key key;
    struct problem problem = { 0 };
    struct hosted_zone zone = create_zone(world, "lab.test.");
    assert_int_equal(
        control_create_key(world->control, &zone, "key", ARN "1", true, &key, &change, NULL), 0);
    find_file(world, &key, file);
    move(world, file, "elsewhere");
    restart(world);
    assert_int_equal(control_enable_signing(world->control, &zone, &change, &problem), SP_EINVAL);
    assert_state(world, &zone, "NOT key+ |");
    assert_null(signing_of(world, &zone));
    move(world, "elsewhere", file);
    assert_int_equal(control_enable_signing(world->control, &zone, &change, &problem), 0);
    assert_state(world, &zone, "SIGNING key+ | A");
}

static void without_its_credential_a_zone_says_that_it_fails(void **state)
{
    struct world *world = *state;
    struct hosted_zone zone = create_signed_zone(world, "lab.test.");
    ldns_rr *ds = make_ds(&zone, &report_of(world, &zone).ksks[0].key);
    stop(world);
    move(world, "credential", "elsewhere");
    start(world);
    assert_state(world, &zone, "FAILURE signpost_1! | A");
    assert_null(signing_of(world, &zone));
    assert_string_not_equal(report_of(world, &zone).message, "");
    stop(world);
    move(world, "elsewhere", "credential");
    start(world);
    assert_state(world, &zone, "SIGNING signpost_1+ | A");
    assert_true(is_believed(world, &zone, ds));
    ldns_rr_free(ds);
}

/* ---- zones come and go ---- */

static int replace(struct world *world, const char *zone_text)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct draft *draft = NULL;
    struct change change;
    wire(name, zone_text);
    assert_int_equal(control_draft_import(world->control, name, true, &draft, NULL), 0);
    assert_int_equal(draft_add_defaults(draft, control_defaults(world->control)), 0);
    int rc = control_import(world->control, draft, true, &change, NULL);
    draft_destroy(draft);
    return rc;
}

static void a_zone_stays_signed_whatever_is_done_to_its_records(void **state)
{
    struct world *world = *state;
    struct change change;
    struct hosted_zone zone = create_signed_zone(world, "lab.test.");
    ldns_rr *ds = make_ds(&zone, &report_of(world, &zone).ksks[0].key);
    assert_int_equal(replace(world, "lab.test."), 0);
    assert_true(is_believed(world, &zone, ds));

    /* Another of its name waits, signed, for its turn. */
    struct hosted_zone second = create_signed_zone(world, "lab.test.");
    ldns_rr *second_ds = make_ds(&second, &report_of(world, &second).ksks[0].key);
    assert_true(is_believed(world, &zone, ds));
    pass(world, 2 * DAY);
    assert_int_equal(control_delete_zone_id(world->control, &zone, &change, NULL), 0);
    assert_true(is_believed(world, &second, second_ds));
    assert_int_equal(control_delete_zone_id(world->control, &second, &change, NULL), 0);
    struct hosted_zone third = create_zone(world, "lab.test.");
    assert_null(signing_of(world, &third));
    pass(world, 2 * DAY);
    assert_state(world, &third, "NOT |");
    ldns_rr_free(ds);
    ldns_rr_free(second_ds);
}

static void signing_ends_and_begins_again(void **state)
{
    struct world *world = *state;
    struct change change;
    struct hosted_zone zone = create_signed_zone(world, "lab.test.");
    uint16_t tag = signing_of(world, &zone)->key.tag;
    assert_int_equal(control_rotate_zsk(world->control, &zone, &change, NULL), 0);
    assert_int_equal(control_set_signing(world->control, &zone, false, &change, NULL), 0);
    assert_null(signing_of(world, &zone));
    assert_state(world, &zone, "NOT signpost_1+ | A");
    restart(world);
    assert_null(signing_of(world, &zone));
    pass(world, 30 * DAY);
    assert_int_equal(control_enable_signing(world->control, &zone, &change, NULL), 0);
    assert_int_equal(signing_of(world, &zone)->key.tag, tag);
    assert_state(world, &zone, "SIGNING signpost_1+ | A P"); /* overdue by then */
}

/* ---- a database of before ---- */

/* The key of RFC 6605 §6.1, in PKCS #8 and as public half, as older versions had it in a zone. */
static void make_old_rows(struct world *world)
{
    static const char rows[] =
        "INSERT INTO key_pair VALUES ('" ARN "1', "
        "x'1A88C88615D437FBB8BF9E1942A1929F28562706AE6C2BD399E7B1BFB6D1E9E7"
        "5B92B4AA42917AE1C61B701EF035C3FE7BE3009CBAFE5A2F71316C902DCF0D00');"
        "INSERT INTO key_pair_before VALUES ('" ARN "1', "
        "x'1A88C88615D437FBB8BF9E1942A1929F28562706AE6C2BD399E7B1BFB6D1E9E7"
        "5B92B4AA42917AE1C61B701EF035C3FE7BE3009CBAFE5A2F71316C902DCF0D00', "
        "x'3041020100301306072A8648CE3D020106082A8648CE3D030107042730250201010420"
        "194E929D0FCEBBEC42E51BA6B88508B8966D7974F6CF43BFA24D6CDFC12DEA64');"
        "INSERT INTO key_signing_key VALUES (1, 1, 'old', '" ARN "1', 1, 6, 7, NULL);"
        "INSERT INTO zone_signing VALUES (1, 1);";
    sqlite3 *db = NULL;
    char *why = NULL;
    assert_int_equal(sqlite3_open(world->scratch->path, &db), SQLITE_OK);
    if (sqlite3_exec(db, rows, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s", why);
    sqlite3_close(db);
}

static int count_row(void *context, const struct key_pair *pair)
{
    (void)pair;
    ++*(unsigned *)context;
    return 0;
}

static unsigned count_old_pairs(struct world *world)
{
    unsigned count = 0;
    assert_int_equal(store_visit_old_pairs(world->store, count_row, &count, NULL), 0);
    return count;
}

/* What was to be signed before answers were, is signed at the first start that can. */
static void a_key_of_old_moves_and_keeps_its_ds(void **state)
{
    struct world *world = *state;
    char file[256];
    struct hosted_zone zone = create_zone(world, "example.net.");
    stop(world);
    make_old_rows(world);
    start(world);
    assert_state(world, &zone, "SIGNING old+ | A");
    assert_int_equal(count_old_pairs(world), 0);
    struct key_signing_key key = report_of(world, &zone).ksks[0].key;
    struct key_texts texts;
    assert_int_equal(control_key_texts(&zone, &key, &texts, NULL), 0);
    assert_string_equal(texts.ds_record,
                        "55648 13 2 "
                        "B4C8C1FE2E7477127B27115656AD6256F424625BF5C1E2770CE6D6E37DF61D17");
    ldns_rr *ds = make_ds(&zone, &key);
    assert_true(is_believed(world, &zone, ds));
    ldns_rr_free(ds);
    find_file(world, &key, file);
}

static void keys_of_old_wait_for_a_key_store_that_takes_them(void **state)
{
    struct world *world = *state;
    struct hosted_zone zone = create_signed_zone(world, "other.test.");
    struct change change;
    char file[256];
    struct key_signing_key key = report_of(world, &zone).ksks[0].key;
    find_file(world, &key, file);
    assert_int_equal(control_delete_zone_id(world->control, &zone, &change, NULL), 0);
    zone = create_zone(world, "example.net.");
    stop(world);
    make_old_rows(world);
    sqlite3 *db = NULL; /* the number of the zone */
    assert_int_equal(sqlite3_open(world->scratch->path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "UPDATE key_signing_key SET zone_id = 2;"
                                  "UPDATE zone_signing SET zone_id = 2",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    move(world, "credential", "elsewhere"); /* files are there: no new one is made */
    start(world);
    assert_state(world, &zone, "FAILURE old! |");
    assert_int_equal(count_old_pairs(world), 1);
    move(world, "elsewhere", "credential");
    pass(world, 2 * HOUR);
    assert_int_equal(count_old_pairs(world), 0);
    assert_state(world, &zone, "SIGNING old+ | A");
}

/* ---- a parent that is hosted here ---- */

static void change_parent(struct world *world, const char *owner, uint16_t type,
                          const uint8_t *packed, size_t size, uint32_t count)
{
    uint8_t parent[DNS_NAME_SIZE_MAX];
    struct change change;
    struct problem problem = { 0 };
    struct change_item item = { .action = count == 0 ? CHANGE_DELETE : CHANGE_UPSERT,
                                .set = { .type = type,
                                         .set_identifier = "",
                                         .ttl_s = 60,
                                         .value_count = count == 0 ? 1 : count,
                                         .values = { packed, size } } };
    struct change_batch batch = { 1, &item };
    wire(parent, "test.");
    wire(item.owner, owner);
    if (control_change(world->control, parent, &batch, &change, &problem) != 0)
        fail_msg("%s", problem.text);
}

static void delegate(struct world *world)
{
    static const uint8_t server[] = "\0\11\2ns\4host"; /* "ns.host.", packed */
    change_parent(world, "lab.test.", DNS_TYPE_NS, server, sizeof server, 1);
}

static size_t pack_ds(const struct hosted_zone *zone, const struct key_signing_key *key,
                      uint8_t *out)
{
    ldns_rr *ds = make_ds(zone, key);
    put_u16(out, DS_RDATA_SIZE);
    put_u16(out + 2, ldns_rdf2native_int16(ldns_rr_rdf(ds, 0)));
    out[4] = KEY_ALGORITHM;
    out[5] = KEY_DIGEST_TYPE;
    memcpy(out + 6, ldns_rdf_data(ldns_rr_rdf(ds, 3)), KEY_DIGEST_SIZE);
    ldns_rr_free(ds);
    return 2 + DS_RDATA_SIZE;
}

static void the_parent_s_ds_is_looked_at(void **state)
{
    struct world *world = *state;
    struct control *control = world->control;
    uint8_t ds[2 * (2 + DS_RDATA_SIZE)];
    struct change change;
    struct key_signing_key new, old;
    struct hosted_zone zone = create_signed_zone(world, "lab.test.");
    const struct key_signing_key first = report_of(world, &zone).ksks[0].key;
    assert_int_equal(report_of(world, &zone).parent, PARENT_ELSEWHERE);
    struct hosted_zone parent = create_zone(world, "test.");
    assert_int_equal(report_of(world, &zone).parent, PARENT_UNSIGNED);
    assert_int_equal(control_enable_signing(control, &parent, &change, NULL), 0);
    assert_int_equal(report_of(world, &zone).parent, PARENT_NO_CUT);
    delegate(world);
    assert_int_equal(report_of(world, &zone).parent, PARENT_NO_DS);
    size_t size = pack_ds(&zone, &first, ds);
    ds[10] ^= 1;
    change_parent(world, "lab.test.", DNS_TYPE_DS, ds, size, 1);
    assert_int_equal(report_of(world, &zone).parent, PARENT_OTHER_DS);
    ds[10] ^= 1;
    change_parent(world, "lab.test.", DNS_TYPE_DS, ds, size, 1);
    struct signing_report report = report_of(world, &zone);
    assert_int_equal(report.parent, PARENT_HAS_DS);
    assert_true(report.ksks[0].is_in_parent);
    assert_true(dns_name_equal(report.parent_name, parent.name));

    /* R-SEC-8. */
    assert_int_equal(control_set_signing(control, &zone, false, &change, NULL), SP_ECONFLICT);
    assert_int_equal(control_begin_ksk_rotation(control, &zone, &new, &change, NULL), 0);
    assert_int_equal(control_set_key_active(control, &zone, first.name, false, &change, NULL),
                     SP_ECONFLICT);
    assert_int_equal(control_finish_ksk_rotation(control, &zone, true, &old, &change, NULL),
                     SP_ECONFLICT); /* it still has the old one */
    size_t both = size + pack_ds(&zone, &new, ds + size);
    change_parent(world, "lab.test.", DNS_TYPE_DS, ds, both, 2);
    assert_int_equal(control_finish_ksk_rotation(control, &zone, true, &old, &change, NULL),
                     SP_ECONFLICT);
    change_parent(world, "lab.test.", DNS_TYPE_DS, ds + size, both - size, 1);
    assert_int_equal(control_finish_ksk_rotation(control, &zone, false, &old, &change, NULL), 0);
    assert_string_equal(old.name, first.name);
    assert_int_equal(report_of(world, &zone).parent, PARENT_HAS_DS);
    change_parent(world, "lab.test.", DNS_TYPE_DS, ds + size, both - size, 0);
    assert_int_equal(control_set_signing(control, &zone, false, &change, NULL), 0);
}

/* A signed zone whose only key is lost; its DS is in the parent. */
static struct hosted_zone lose_key(struct world *world, struct key_signing_key *out_lost)
{
    uint8_t ds[2 + DS_RDATA_SIZE];
    char file[256];
    create_signed_zone(world, "test.");
    struct hosted_zone zone = create_signed_zone(world, "lab.test.");
    *out_lost = report_of(world, &zone).ksks[0].key;
    delegate(world);
    change_parent(world, "lab.test.", DNS_TYPE_DS, ds, pack_ds(&zone, out_lost, ds), 1);
    find_file(world, out_lost, file);
    stop(world);
    move(world, file, "elsewhere");
    start(world);
    return zone;
}

static void add_ds(struct world *world, const struct hosted_zone *zone,
                   const struct key_signing_key *old, const struct key_signing_key *new)
{
    uint8_t ds[2 * (2 + DS_RDATA_SIZE)];
    size_t size = pack_ds(zone, old, ds);
    size += pack_ds(zone, new, ds + size);
    change_parent(world, "lab.test.", DNS_TYPE_DS, ds, size, 2);
}

static void a_lost_key_goes_although_its_ds_is_there(void **state)
{
    struct world *world = *state;
    struct change change;
    struct key_signing_key old, new;
    struct hosted_zone zone = lose_key(world, &old);
    assert_int_equal(
        control_create_key(world->control, &zone, "new", ARN "2", true, &new, &change, NULL), 0);
    assert_int_equal(control_set_key_active(world->control, &zone, old.name, false, &change, NULL),
                     SP_ECONFLICT); /* nobody could validate the zone then */
    add_ds(world, &zone, &old, &new);
    assert_int_equal(control_set_key_active(world->control, &zone, old.name, false, &change, NULL),
                     0);
    assert_state(world, &zone, "SIGNING signpost_1- new+ | A");
}

static void a_lost_key_is_rotated_away(void **state)
{
    struct world *world = *state;
    struct change change;
    struct key_signing_key old, new, gone;
    struct hosted_zone zone = lose_key(world, &old);
    struct control *control = world->control;
    now_ms += MINUTE;
    assert_int_equal(control_begin_ksk_rotation(control, &zone, &new, &change, NULL), 0);
    assert_state(world, &zone, "ACTION signpost_1! signpost_2+ | A");
    assert_int_equal(report_of(world, &zone).refresh_ms, 0);
    struct problem problem = { 0 };
    assert_int_equal(control_finish_ksk_rotation(control, &zone, true, &gone, &change, &problem),
                     SP_ECONFLICT);
    assert_non_null(strstr(problem.text, "the DS record of signpost_2 beside that of signpost_1"));
    uint8_t only_new[2 + DS_RDATA_SIZE]; /* whoever puts it there too early is told */
    change_parent(world, "lab.test.", DNS_TYPE_DS, only_new, pack_ds(&zone, &new, only_new), 1);
    assert_int_equal(report_of(world, &zone).parent, PARENT_OTHER_DS);
    add_ds(world, &zone, &old, &new);
    assert_int_equal(report_of(world, &zone).parent, PARENT_HAS_DS);
    assert_false(report_of(world, &zone).parent_has_strange_ds);
    assert_int_equal(control_finish_ksk_rotation(control, &zone, false, &gone, &change, NULL), 0);
    assert_string_equal(gone.name, old.name);
    assert_state(world, &zone, "SIGNING signpost_2+ | A");
    assert_true(report_of(world, &zone).parent_has_strange_ds);
    ldns_rr *ds = make_ds(&zone, &new);
    assert_true(is_believed(world, &zone, ds));
    ldns_rr_free(ds);
}

/* ---- a full disk ---- */

static void what_cannot_be_stored_is_not_published(void **state)
{
    struct world *world = *state;
    struct change change;
    struct hosted_zone zone = create_signed_zone(world, "lab.test.");
    const struct zone_signing *before = signing_of(world, &zone);
    fill_disk(true);
    assert_int_not_equal(control_rotate_zsk(world->control, &zone, &change, NULL), 0);
    assert_int_not_equal(control_set_signing(world->control, &zone, false, &change, NULL), 0);
    now_ms += 2 * DAY;
    control_tick(world->control, now_ms, NULL);
    fill_disk(false);
    assert_ptr_equal(signing_of(world, &zone), before);
    assert_state(world, &zone, "ACTION signpost_1+ | A");
    assert_non_null(strstr(report_of(world, &zone).message, "the log says why"));
    pass(world, HOUR); /* it was tried again */
    assert_state(world, &zone, "SIGNING signpost_1+ | A");
    assert_ptr_not_equal(signing_of(world, &zone), before);
    assert_int_equal(control_rotate_zsk(world->control, &zone, &change, NULL), 0);
}

static int signing_setup(void **state)
{
    now_ms = START;
    return world_setup(state);
}

#define SIGNING_TEST(test) cmocka_unit_test_setup_teardown(test, signing_setup, world_teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        SIGNING_TEST(half_a_year_goes_by),
        SIGNING_TEST(a_daemon_that_was_off_catches_up),
        SIGNING_TEST(reread_options_are_followed_at_once),
        SIGNING_TEST(zsks_are_rolled_by_hand_too),
        SIGNING_TEST(a_lost_key_needs_action_and_hurts_nobody_for_a_while),
        SIGNING_TEST(a_lost_key_can_be_replaced),
        SIGNING_TEST(a_key_that_cannot_be_used_cannot_begin_to_sign),
        SIGNING_TEST(without_its_credential_a_zone_says_that_it_fails),
        SIGNING_TEST(a_zone_stays_signed_whatever_is_done_to_its_records),
        SIGNING_TEST(signing_ends_and_begins_again),
        SIGNING_TEST(a_key_of_old_moves_and_keeps_its_ds),
        SIGNING_TEST(keys_of_old_wait_for_a_key_store_that_takes_them),
        SIGNING_TEST(the_parent_s_ds_is_looked_at),
        SIGNING_TEST(a_lost_key_goes_although_its_ds_is_there),
        SIGNING_TEST(a_lost_key_is_rotated_away),
        SIGNING_TEST(what_cannot_be_stored_is_not_published),
    };
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
