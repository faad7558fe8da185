#include "signpost/control/key_signing_keys.h"

#include "signing.h"

#include "signpost/base/clock.h"
#include "signpost/store/protections.h"
#include "signpost/store/signing.h"

#include <stdio.h>
#include <string.h>

/* ---- reading ---- */

int control_list_keys(struct control *control, const struct hosted_zone *zone,
                      struct key_signing_key out_keys[KEY_SIGNING_KEYS_MAX], unsigned *out_count,
                      struct problem *out_problem)
{
    return store_read_keys(control->store, zone->id, out_keys, out_count, out_problem);
}

int control_find_key(struct control *control, const struct hosted_zone *zone, const char *name,
                     struct key_signing_key *out_key, struct problem *out_problem)
{
    struct key_signing_key keys[KEY_SIGNING_KEYS_MAX];
    unsigned count;
    int rc = store_read_keys(control->store, zone->id, keys, &count, out_problem);
    if (rc != 0)
        return rc;
    for (unsigned i = 0; i < count; i++)
        if (strcmp(keys[i].name, name) == 0) {
            *out_key = keys[i];
            return 0;
        }
    return SP_ENOENT;
}

int control_signing_status(struct control *control, const struct hosted_zone *zone,
                           enum signing_status *out_status, struct problem *out_problem)
{
    return store_read_signing(control->store, zone->id, out_status, out_problem);
}

static int note_protection(void *context, const struct protection *protection)
{
    (void)protection;
    *(bool *)context = true;
    return 0;
}

int control_zone_blockers(struct control *control, const struct hosted_zone *zone,
                          struct zone_blockers *out_blockers, struct problem *out_problem)
{
    struct key_signing_key keys[KEY_SIGNING_KEYS_MAX];
    struct zone_blockers blockers = { false, false };
    unsigned count = 0;
    int rc = store_read_keys(control->store, zone->id, keys, &count, out_problem);
    if (rc == 0)
        rc = store_visit_protections(control->store, zone->id, "", "", 1, note_protection,
                                     &blockers.has_protections, out_problem);
    blockers.has_keys = count > 0;
    if (rc == 0)
        *out_blockers = blockers;
    return rc;
}

int control_key_texts(const struct hosted_zone *zone, const struct key_signing_key *key,
                      struct key_texts *out_texts, struct problem *out_problem)
{
    uint8_t rdata[DNSKEY_RDATA_SIZE];
    uint8_t digest[KEY_DIGEST_SIZE];
    key_dnskey_rdata(key, rdata);
    int rc = control__ds_digest(zone->name, rdata, digest, out_problem);
    if (rc != 0)
        return rc;
    out_texts->tag = key_tag(rdata);
    for (unsigned i = 0; i < KEY_DIGEST_SIZE; i++)
        snprintf(out_texts->digest + (size_t)2 * i, 3, "%02X", digest[i]);
    key_base64(key->public_key, out_texts->public_key);
    snprintf(out_texts->ds_record, sizeof out_texts->ds_record, "%u %d %d %s", out_texts->tag,
             KEY_ALGORITHM, KEY_DIGEST_TYPE, out_texts->digest);
    snprintf(out_texts->dnskey_record, sizeof out_texts->dnskey_record, "%d %d %d %s", KEY_FLAGS,
             KEY_PROTOCOL, KEY_ALGORITHM, out_texts->public_key);
    return 0;
}

/* ---- changing ---- */

static int no_key_store(struct problem *out_problem)
{
    return problem_set(out_problem, SP_EINVAL, "there is no key store");
}

/* An active key more may be stored while another one cannot be used: it signs as soon as that one
 * can again or is deactivated.  Anything else has to wait. */
static int check_behind(const struct key_change *change, struct problem *out_problem)
{
    const struct key_signing_key *trouble = control__find_trouble(&change->keys);
    if (change->added != NULL && change->added->trouble[0] == '\0')
        return 0;
    return problem_set(out_problem, SP_EINVAL, "the key-signing key %s cannot be used: %s",
                       trouble->name, trouble->trouble);
}

static int settle(struct control *control, struct key_change *change, bool was_on,
                  struct settling *settling, struct problem *out_problem)
{
    struct zone_keys *keys = &change->keys;
    if (!change->is_touched || (keys->status != SIGNING_ON && !was_on))
        return 0;
    if (keys->status != SIGNING_ON)
        return control__stop_signing(control, keys, change->now_ms, settling, out_problem);
    if (control->signing == NULL)
        return no_key_store(out_problem);
    int rc = control__settle_keys(control, keys, true, change->now_ms, settling, out_problem);
    return rc == 0 && settling->is_behind ? check_behind(change, out_problem) : rc;
}

/* Inside a transaction. */
static int change_keys(struct control *control, key_step *step, struct key_change *change,
                       struct settling *settling, struct change *out_change,
                       struct problem *out_problem)
{
    int rc = control__read_zone_keys(control, change->zone, &change->keys, out_problem);
    bool was_on = rc == 0 && change->keys.status == SIGNING_ON;
    if (rc == 0)
        rc = step(control, change, out_problem);
    if (rc == 0)
        rc = settle(control, change, was_on, settling, out_problem);
    if (rc == 0)
        rc = control__new_change(control, "", out_change, out_problem);
    if (rc == 0)
        rc =
            store_put_change(control->store, change->zone, clock_unix_s(), out_change, out_problem);
    return rc;
}

int control__change_keys(struct control *control, key_step *step, struct key_change *change,
                         struct change *out_change, struct problem *out_problem)
{
    struct settling settling = { .next = NULL };
    change->now_ms = clock_unix_ms();
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = change_keys(control, step, change, &settling, out_change, out_problem);
    rc = control__commit(control, rc, out_problem);
    if (rc == 0)
        control__log_troubles(&change->keys, &settling);
    if (rc == 0 && settling.next != NULL) {
        control__publish(control, settling.next);
        control__note_change(control, out_change->sequence);
    } else {
        snapshot_unref(settling.next);
    }
    return rc;
}

unsigned control__count_active(const struct zone_keys *keys)
{
    unsigned active = 0;
    for (unsigned i = 0; i < keys->ksk_count; i++)
        active += keys->ksks[i].is_active;
    return active;
}

static struct key_signing_key *find_key(struct key_change *change)
{
    for (unsigned i = 0; i < change->keys.ksk_count; i++)
        if (strcmp(change->keys.ksks[i].name, change->name) == 0)
            return &change->keys.ksks[i];
    return NULL;
}

static int check_new_key(struct control *control, const struct key_change *change,
                         struct problem *out_problem)
{
    const struct zone_keys *keys = &change->keys;
    for (unsigned i = 0; i < keys->ksk_count; i++)
        if (strcmp(keys->ksks[i].name, change->name) == 0)
            return problem_set(out_problem, SP_EEXIST,
                               "the zone has a key-signing key with the name %s already",
                               change->name);
        else if (strcmp(keys->ksks[i].arn, change->arn) == 0)
            return problem_set(out_problem, SP_EEXIST,
                               "the zone has a key-signing key of %s already: %s", change->arn,
                               keys->ksks[i].name);
    if (keys->ksk_count >= control->quotas.key_signing_keys_per_zone ||
        keys->ksk_count >= KEY_SIGNING_KEYS_MAX)
        return problem_set(out_problem, SP_ELIMIT, "the zone has %u key-signing keys already",
                           keys->ksk_count);
    return control->signing == NULL ? no_key_store(out_problem) : 0;
}

/* What the ARN stands for, in the key store and so in the database.  That there is no such key is
 * the fault of who named it. */
static int take_pair(struct control *control, const char *arn, uint8_t out_public[KEY_PUBLIC_SIZE],
                     struct problem *out_problem)
{
    int rc = key_store_make(control->signing->keys, arn, out_public, out_problem);
    if (rc == SP_ENOENT || rc == SP_EDAMAGED)
        rc = SP_EINVAL;
    if (rc == 0)
        rc = store_put_key_pair(control->store, arn, out_public, out_problem);
    return rc == SP_ECONFLICT ? SP_EINVAL : rc;
}

int control__add_ksk(struct control *control, struct key_change *change,
                     struct problem *out_problem)
{
    struct key_signing_key *key = &change->key;
    int rc = check_new_key(control, change, out_problem);
    *key = (struct key_signing_key){ .is_active = change->active,
                                     .created_ms = change->now_ms,
                                     .changed_ms = change->now_ms };
    if (rc == 0)
        rc = take_pair(control, change->arn, key->public_key, out_problem);
    if (rc != 0)
        return rc;
    strcpy(key->name, change->name);
    strcpy(key->arn, change->arn);
    change->is_touched = change->active;
    change->keys.ksks[change->keys.ksk_count] = *key;
    if (change->active)
        change->added = &change->keys.ksks[change->keys.ksk_count];
    change->keys.ksk_count++;
    return store_put_key(control->store, change->zone->id, key, out_problem);
}

int control_create_key(struct control *control, const struct hosted_zone *zone, const char *name,
                       const char *arn, bool active, struct key_signing_key *out_key,
                       struct change *out_change, struct problem *out_problem)
{
    struct key_change change = { .zone = zone, .name = name, .arn = arn, .active = active };
    int rc = key_name_check(name, out_problem);
    if (rc == 0 && !key_arn_is_right(arn))
        rc = problem_set(out_problem, SP_EINVAL, "\"%.100s\" is not the ARN of a key", arn);
    if (rc == 0)
        rc = control__change_keys(control, control__add_ksk, &change, out_change, out_problem);
    if (rc == 0)
        *out_key = change.key;
    return rc;
}

/* R-SEC-8. */
static int check_deactivation(struct control *control, const struct key_change *change,
                              unsigned which, struct problem *out_problem)
{
    struct parent_view parent;
    if (change->keys.status == SIGNING_ON && control__count_active(&change->keys) < 2)
        return problem_set(out_problem, SP_ECONFLICT,
                           "%s is the last active key-signing key of a zone that is signed",
                           change->name);
    int rc = control__look_at_parent(control, &change->keys, &parent, out_problem);
    if (rc != 0 || !parent.is_in_parent[which] ||
        control__is_replaced(&change->keys, which, &parent))
        return rc;
    return change->keys.ksks[which].trouble[0] != '\0'
               ? problem_set(out_problem, SP_ECONFLICT,
                             "the parent zone has the DS record of %s, which cannot be used: put "
                             "that of another active key beside it, and wait for as long as the "
                             "TTL says",
                             change->name)
               : problem_set(out_problem, SP_ECONFLICT,
                             "the parent zone has the DS record of %s: replace or delete it there, "
                             "and wait for as long as its TTL says",
                             change->name);
}

static int set_active(struct control *control, struct key_change *change,
                      struct problem *out_problem)
{
    struct key_signing_key *key = find_key(change);
    if (key == NULL)
        return SP_ENOENT;
    if (key->is_active == change->active)
        return 0;
    unsigned which = (unsigned)(key - change->keys.ksks);
    int rc = change->active ? 0 : check_deactivation(control, change, which, out_problem);
    if (rc != 0)
        return rc;
    key->is_active = change->active;
    key->changed_ms = change->now_ms;
    key->trouble[0] = '\0';
    change->is_touched = true;
    change->added = change->active ? key : NULL;
    return store_put_key(control->store, change->zone->id, key, out_problem);
}

int control_set_key_active(struct control *control, const struct hosted_zone *zone,
                           const char *name, bool active, struct change *out_change,
                           struct problem *out_problem)
{
    struct key_change change = { .zone = zone, .name = name, .active = active };
    return control__change_keys(control, set_active, &change, out_change, out_problem);
}

int control__remove_ksk(struct control *control, struct key_change *change,
                        struct problem *out_problem)
{
    struct zone_keys *keys = &change->keys;
    struct key_signing_key *key = find_key(change);
    if (key == NULL)
        return SP_ENOENT;
    change->key = *key;
    keys->ksk_count--;
    memmove(key, key + 1, (size_t)(keys->ksks + keys->ksk_count - key) * sizeof *key);
    return store_delete_key(control->store, change->zone->id, change->key.name, out_problem);
}

static int delete_key(struct control *control, struct key_change *change,
                      struct problem *out_problem)
{
    const struct key_signing_key *key = find_key(change);
    if (key != NULL && key->is_active)
        return problem_set(out_problem, SP_ECONFLICT, "the key-signing key %s is active",
                           change->name);
    return control__remove_ksk(control, change, out_problem);
}

int control_delete_key(struct control *control, const struct hosted_zone *zone, const char *name,
                       struct change *out_change, struct problem *out_problem)
{
    struct key_change change = { .zone = zone, .name = name };
    return control__change_keys(control, delete_key, &change, out_change, out_problem);
}

/* R-SEC-1, A-KSK-4. */
static int check_enabling(struct control *control, const struct key_change *change,
                          struct problem *out_problem)
{
    if (change->zone->is_private)
        return problem_set(out_problem, SP_EINVAL, "private zones cannot be signed");
    if (control__count_active(&change->keys) == 0)
        return problem_set(out_problem, SP_ECONFLICT, "the zone has no active key");
    return control->signing == NULL ? no_key_store(out_problem) : 0;
}

/* A-KSK-4, R-SEC-8. */
static int check_disabling(struct control *control, const struct key_change *change,
                           struct problem *out_problem)
{
    struct parent_view parent;
    if (change->keys.status == SIGNING_NEVER)
        return change->keys.ksk_count > 0
                   ? 0
                   : problem_set(out_problem, SP_ENOENT, "the zone has no DNSSEC");
    int rc = control__look_at_parent(control, &change->keys, &parent, out_problem);
    if (rc == 0 && parent.has_ds)
        rc = problem_set(out_problem, SP_ECONFLICT,
                         "the parent zone has a DS record for the zone: delete it there, and wait "
                         "for as long as its TTL says");
    return rc;
}

/* Zone-signing keys from before that cannot be opened any more are no use to anybody. */
static void forget_closed_zsks(struct control *control, struct zone_keys *keys)
{
    struct signing_key key;
    if (key_ring_active(&keys->ring) == NULL)
        return;
    if (control__open_zsk(control, keys, &key, NULL) == SP_EDAMAGED)
        keys->ring.count = 0;
    explicit_bzero(&key, sizeof key);
}

int control__switch_signing(struct control *control, struct key_change *change,
                            struct problem *out_problem)
{
    enum signing_status wanted = change->active ? SIGNING_ON : SIGNING_OFF;
    if (change->keys.status == wanted)
        return 0;
    int rc = change->active ? check_enabling(control, change, out_problem)
                            : check_disabling(control, change, out_problem);
    if (rc != 0)
        return rc;
    if (change->active)
        forget_closed_zsks(control, &change->keys);
    change->keys.status = wanted;
    change->added = NULL;
    change->is_touched = true;
    return store_put_signing(control->store, change->zone->id, wanted, out_problem);
}

int control_set_signing(struct control *control, const struct hosted_zone *zone, bool sign,
                        struct change *out_change, struct problem *out_problem)
{
    struct key_change change = { .zone = zone, .active = sign };
    return control__change_keys(control, control__switch_signing, &change, out_change, out_problem);
}
