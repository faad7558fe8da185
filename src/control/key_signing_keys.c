#include "signpost/control/key_signing_keys.h"

#include "internal.h"
#include "key_pairs.h"

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
    int rc = key_digest(zone->name, rdata, digest, out_problem);
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

/* What one change does inside its transaction. */
struct key_change {
    const struct hosted_zone *zone;
    const char *name;
    const char *arn;
    bool active; /* of a key, or whether the zone shall be signed */
    struct key_signing_key key;
};
typedef int key_step(struct control *control, struct key_change *change,
                     struct problem *out_problem);

static int run(struct control *control, key_step *step, struct key_change *change,
               struct change *out_change, struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = step(control, change, out_problem);
    if (rc == 0)
        rc = control__new_change(control, "", out_change, out_problem);
    if (rc == 0)
        rc =
            store_put_change(control->store, change->zone, clock_unix_s(), out_change, out_problem);
    if (rc == 0)
        rc = store_commit_transaction(control->store, out_problem);
    if (rc != 0)
        store_rollback(control->store);
    return rc;
}

static int check_new_key(struct control *control, const struct key_change *change,
                         struct problem *out_problem)
{
    struct key_signing_key keys[KEY_SIGNING_KEYS_MAX];
    unsigned count = 0;
    int rc = store_read_keys(control->store, change->zone->id, keys, &count, out_problem);
    for (unsigned i = 0; rc == 0 && i < count; i++)
        if (strcmp(keys[i].name, change->name) == 0)
            rc = problem_set(out_problem, SP_EEXIST,
                             "the zone has a key-signing key with the name %s already",
                             change->name);
        else if (strcmp(keys[i].arn, change->arn) == 0)
            rc = problem_set(out_problem, SP_EEXIST,
                             "the zone has a key-signing key of %s already: %s", change->arn,
                             keys[i].name);
    if (rc == 0 && count >= control->quotas.key_signing_keys_per_zone)
        rc = problem_set(out_problem, SP_ELIMIT, "the zone has %u key-signing keys already", count);
    return rc;
}

/* What the ARN stands for. */
static int get_pair(struct control *control, const char *arn, struct key_pair *out_pair,
                    struct problem *out_problem)
{
    int rc = store_find_key_pair(control->store, arn, out_pair, out_problem);
    if (rc != SP_ENOENT)
        return rc;
    rc = key_pair_make(out_pair, out_problem);
    if (rc != 0)
        return rc;
    strcpy(out_pair->arn, arn);
    return store_add_key_pair(control->store, out_pair, out_problem);
}

static int create_key(struct control *control, struct key_change *change,
                      struct problem *out_problem)
{
    struct key_pair pair;
    struct key_signing_key *key = &change->key;
    int rc = check_new_key(control, change, out_problem);
    if (rc == 0)
        rc = get_pair(control, change->arn, &pair, out_problem);
    if (rc != 0)
        return rc;
    *key = (struct key_signing_key){ .is_active = change->active, .created_ms = clock_unix_ms() };
    key->changed_ms = key->created_ms;
    strcpy(key->name, change->name);
    strcpy(key->arn, change->arn);
    memcpy(key->public_key, pair.public_key, sizeof key->public_key);
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
        rc = run(control, create_key, &change, out_change, out_problem);
    if (rc == 0)
        *out_key = change.key;
    return rc;
}

static int count_active(struct control *control, const struct hosted_zone *zone,
                        unsigned *out_count, struct problem *out_problem)
{
    struct key_signing_key keys[KEY_SIGNING_KEYS_MAX];
    unsigned count = 0, active = 0;
    int rc = store_read_keys(control->store, zone->id, keys, &count, out_problem);
    for (unsigned i = 0; rc == 0 && i < count; i++)
        active += keys[i].is_active;
    if (rc == 0)
        *out_count = active;
    return rc;
}

/* R-SEC-8. */
static int check_not_last(struct control *control, const struct key_change *change,
                          struct problem *out_problem)
{
    enum signing_status status = SIGNING_NEVER;
    unsigned active = 0;
    int rc = store_read_signing(control->store, change->zone->id, &status, out_problem);
    if (rc == 0)
        rc = count_active(control, change->zone, &active, out_problem);
    if (rc == 0 && status == SIGNING_ON && active < 2)
        rc = problem_set(out_problem, SP_ECONFLICT,
                         "%s is the last active key-signing key of a zone that is signed",
                         change->name);
    return rc;
}

static int set_active(struct control *control, struct key_change *change,
                      struct problem *out_problem)
{
    struct key_signing_key *key = &change->key;
    int rc = control_find_key(control, change->zone, change->name, key, out_problem);
    if (rc != 0 || key->is_active == change->active)
        return rc;
    rc = change->active ? 0 : check_not_last(control, change, out_problem);
    if (rc != 0)
        return rc;
    key->is_active = change->active;
    key->changed_ms = clock_unix_ms();
    return store_put_key(control->store, change->zone->id, key, out_problem);
}

int control_set_key_active(struct control *control, const struct hosted_zone *zone,
                           const char *name, bool active, struct change *out_change,
                           struct problem *out_problem)
{
    struct key_change change = { .zone = zone, .name = name, .active = active };
    return run(control, set_active, &change, out_change, out_problem);
}

static int delete_key(struct control *control, struct key_change *change,
                      struct problem *out_problem)
{
    int rc = control_find_key(control, change->zone, change->name, &change->key, out_problem);
    if (rc == 0 && change->key.is_active)
        rc = problem_set(out_problem, SP_ECONFLICT, "the key-signing key %s is active",
                         change->name);
    return rc == 0 ? store_delete_key(control->store, change->zone->id, change->name, out_problem)
                   : rc;
}

int control_delete_key(struct control *control, const struct hosted_zone *zone, const char *name,
                       struct change *out_change, struct problem *out_problem)
{
    struct key_change change = { .zone = zone, .name = name };
    return run(control, delete_key, &change, out_change, out_problem);
}

/* R-SEC-1, A-KSK-4. */
static int check_signing(struct control *control, const struct key_change *change,
                         enum signing_status status, struct problem *out_problem)
{
    struct zone_blockers blockers;
    unsigned active = 0;
    if (change->active) {
        int rc = count_active(control, change->zone, &active, out_problem);
        return rc == 0 && active == 0
                   ? problem_set(out_problem, SP_ECONFLICT, "the zone has no active key")
                   : rc;
    }
    int rc = control_zone_blockers(control, change->zone, &blockers, out_problem);
    if (rc == 0 && status == SIGNING_NEVER && !blockers.has_keys)
        rc = problem_set(out_problem, SP_ENOENT, "the zone has no DNSSEC");
    return rc;
}

static int set_signing(struct control *control, struct key_change *change,
                       struct problem *out_problem)
{
    enum signing_status status = SIGNING_NEVER;
    enum signing_status wanted = change->active ? SIGNING_ON : SIGNING_OFF;
    int rc = store_read_signing(control->store, change->zone->id, &status, out_problem);
    if (rc != 0 || status == wanted)
        return rc;
    rc = check_signing(control, change, status, out_problem);
    return rc == 0 ? store_put_signing(control->store, change->zone->id, wanted, out_problem) : rc;
}

int control_set_signing(struct control *control, const struct hosted_zone *zone, bool sign,
                        struct change *out_change, struct problem *out_problem)
{
    struct key_change change = { .zone = zone, .active = sign };
    return run(control, set_signing, &change, out_change, out_problem);
}
