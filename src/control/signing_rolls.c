/*
 * What people do with one word: sign a zone, and roll its keys.
 */
#include "signing.h"

#include "signpost/base/dice.h"
#include "signpost/control/key_signing_keys.h"
#include "signpost/model/uuid.h"
#include "signpost/store/signing.h"

#include <stdio.h>
#include <string.h>

/* ---- keys of our own making ---- */

struct own_key {
    char name[KEY_NAME_SIZE];
    char arn[KEY_ARN_SIZE];
};

static void choose_name(const struct zone_keys *keys, char out[KEY_NAME_SIZE])
{
    bool taken = true;
    for (unsigned number = 1; taken; number++) {
        snprintf(out, KEY_NAME_SIZE, "signpost_%u", number);
        taken = false;
        for (unsigned i = 0; i < keys->ksk_count; i++)
            taken |= strcmp(keys->ksks[i].name, out) == 0;
    }
}

/* One for each number, and the same for whoever asks again: a token makes no keys by itself, so
 * that people have to make the one that they were told of and then come back. */
static int draw_arn(const struct hosted_zone *zone, uint32_t number, char out[KEY_ARN_SIZE],
                    struct problem *out_problem)
{
    char uuid[UUID_TEXT_SIZE];
    uint8_t text[4 + ZONE_ID_TEXT_SIZE], digest[KEY_DIGEST_SIZE];
    struct span whole = { text, 4 + strlen(zone->public_id) };
    struct dice dice;
    put_u32(text, number);
    memcpy(text + 4, zone->public_id, whole.size - 4);
    int rc = key_digest(whole, digest, out_problem);
    if (rc != 0)
        return rc;
    dice_init_seeded(&dice, (uint64_t)get_u32(digest) << 32 | get_u32(digest + 4));
    uuid_draw(uuid, &dice);
    key_arn_make(uuid, out);
    return 0;
}

/* The first that no zone has ever used.  A key that is there for it nevertheless was made for it:
 * it is taken unless it is damaged.  What else is wrong is said when it is to be made. */
static int choose_arn(struct control *control, const struct hosted_zone *zone,
                      char out[KEY_ARN_SIZE], struct problem *out_problem)
{
    uint8_t public_key[KEY_PUBLIC_SIZE];
    struct problem ignored;
    for (uint32_t number = 1;; number++) {
        int rc = draw_arn(zone, number, out, out_problem);
        if (rc == 0)
            rc = store_find_key_pair(control->store, out, public_key, out_problem);
        if (rc == SP_ENOENT &&
            key_store_find(control->signing->keys, out, public_key, &ignored) != SP_EDAMAGED)
            return 0;
        if (rc != 0 && rc != SP_ENOENT)
            return rc;
    }
}

static int add_own_key(struct control *control, struct key_change *change, struct own_key *own,
                       struct problem *out_problem)
{
    if (control->signing == NULL)
        return problem_set(out_problem, SP_EINVAL, "there is no key store");
    choose_name(&change->keys, own->name);
    int rc = choose_arn(control, change->zone, own->arn, out_problem);
    change->name = own->name;
    change->arn = own->arn;
    return rc == 0 ? control__add_ksk(control, change, out_problem) : rc;
}

/* ---- signing ---- */

static int enable(struct control *control, struct key_change *change, struct problem *out_problem)
{
    struct own_key own;
    if (change->zone->is_private)
        return problem_set(out_problem, SP_EINVAL, "private zones cannot be signed");
    int rc = change->keys.status != SIGNING_ON && control__count_active(&change->keys) == 0
                 ? add_own_key(control, change, &own, out_problem)
                 : 0;
    return rc == 0 ? control__switch_signing(control, change, out_problem) : rc;
}

int control_enable_signing(struct control *control, const struct hosted_zone *zone,
                           struct change *out_change, struct problem *out_problem)
{
    struct key_change change = { .zone = zone, .active = true };
    return control__change_keys(control, enable, &change, out_change, out_problem);
}

/* ---- zone-signing keys ---- */

static int not_signed(struct problem *out_problem)
{
    return problem_set(out_problem, SP_ECONFLICT, "the zone is not signed");
}

static int check_zsk_roll(const struct zone_keys *keys, struct problem *out_problem)
{
    const struct key_signing_key *trouble = control__find_trouble(keys);
    if (keys->status != SIGNING_ON)
        return not_signed(out_problem);
    if (trouble != NULL)
        return problem_set(out_problem, SP_ECONFLICT,
                           "the key-signing key %s cannot be used, so nothing can be rolled: %s",
                           trouble->name, trouble->trouble);
    if (key_ring_is_rolling(&keys->ring))
        return problem_set(out_problem, SP_ECONFLICT,
                           "the zone-signing key is being rolled already: the next one is "
                           "published, and will be used once every cache can know it");
    if (key_ring_is_full(&keys->ring))
        return problem_set(out_problem, SP_ECONFLICT,
                           "caches may still hold signatures of %d zone-signing keys from before: "
                           "one of them has to leave first",
                           ZONE_SIGNING_KEYS_MAX - 1);
    return 0;
}

static int rotate_zsk(struct control *control, struct key_change *change,
                      struct problem *out_problem)
{
    if (control->signing == NULL)
        return not_signed(out_problem);
    control__try_ksks(control, &change->keys);
    int rc = check_zsk_roll(&change->keys, out_problem);
    change->is_touched = true;
    return rc == 0 ? control__add_zsk(control, &change->keys, change->now_ms, out_problem) : rc;
}

int control_rotate_zsk(struct control *control, const struct hosted_zone *zone,
                       struct change *out_change, struct problem *out_problem)
{
    struct key_change change = { .zone = zone };
    return control__change_keys(control, rotate_zsk, &change, out_change, out_problem);
}

/* ---- key-signing keys ---- */

static int begin_rotation(struct control *control, struct key_change *change,
                          struct problem *out_problem)
{
    struct own_key own;
    if (change->keys.status != SIGNING_ON)
        return not_signed(out_problem);
    if (change->keys.ksk_count == KEY_SIGNING_KEYS_MAX)
        return problem_set(out_problem, SP_ECONFLICT,
                           "the zone has two key-signing keys already: finish the rotation that "
                           "is under way, or delete the one that is not active");
    return add_own_key(control, change, &own, out_problem);
}

int control_begin_ksk_rotation(struct control *control, const struct hosted_zone *zone,
                               struct key_signing_key *out_new, struct change *out_change,
                               struct problem *out_problem)
{
    struct key_change change = { .zone = zone, .active = true };
    int rc = control__change_keys(control, begin_rotation, &change, out_change, out_problem);
    if (rc == 0)
        *out_new = change.key;
    return rc;
}

enum { OLD_KEY, NEW_KEY }; /* in the order in which they were made */

/* R-SEC-8, and what the caller has to vouch for where nobody here can see it. */
static int check_parent(const struct key_change *change, unsigned leaving,
                        const struct parent_view *parent, struct problem *out_problem)
{
    unsigned staying = OLD_KEY + NEW_KEY - leaving;
    const char *old = change->keys.ksks[leaving].name, *new = change->keys.ksks[staying].name;
    if (parent->is_in_parent[leaving] && !control__is_replaced(&change->keys, leaving, parent))
        return change->keys.ksks[leaving].trouble[0] != '\0'
                   ? problem_set(out_problem, SP_ECONFLICT,
                                 "%s cannot be used, and the parent zone needs the DS record of %s "
                                 "beside that of %s: put it there, and wait for as long as the TTL "
                                 "says",
                                 old, new, old)
                   : problem_set(out_problem, SP_ECONFLICT,
                                 "the parent zone still has the DS record of %s: delete it there, "
                                 "and wait for as long as its TTL says",
                                 old);
    if (change->active || parent->is_in_parent[staying])
        return 0;
    if (parent->state == PARENT_ELSEWHERE)
        return problem_set(out_problem, SP_ECONFLICT,
                           "the parent zone is not hosted here: say that it has the DS record of "
                           "%s, and no longer that of %s",
                           new, old);
    return problem_set(out_problem, SP_ECONFLICT, "the parent zone lacks the DS record of %s", new);
}

static int end_rotation(struct control *control, struct key_change *change, unsigned leaving,
                        struct problem *out_problem)
{
    struct parent_view parent;
    if (change->keys.status != SIGNING_ON)
        return not_signed(out_problem);
    if (control__count_active(&change->keys) < 2)
        return problem_set(out_problem, SP_ECONFLICT,
                           "the zone has no two active key-signing keys: no rotation is under way");
    int rc = control__look_at_parent(control, &change->keys, &parent, out_problem);
    if (rc == 0)
        rc = check_parent(change, leaving, &parent, out_problem);
    change->name = change->keys.ksks[leaving].name;
    change->is_touched = true;
    return rc == 0 ? control__remove_ksk(control, change, out_problem) : rc;
}

static int finish_rotation(struct control *control, struct key_change *change,
                           struct problem *out_problem)
{
    return end_rotation(control, change, OLD_KEY, out_problem);
}

static int cancel_rotation(struct control *control, struct key_change *change,
                           struct problem *out_problem)
{
    return end_rotation(control, change, NEW_KEY, out_problem);
}

int control_finish_ksk_rotation(struct control *control, const struct hosted_zone *zone,
                                bool parent_is_changed, struct key_signing_key *out_old,
                                struct change *out_change, struct problem *out_problem)
{
    struct key_change change = { .zone = zone, .active = parent_is_changed };
    int rc = control__change_keys(control, finish_rotation, &change, out_change, out_problem);
    if (rc == 0)
        *out_old = change.key;
    return rc;
}

int control_cancel_ksk_rotation(struct control *control, const struct hosted_zone *zone,
                                bool parent_is_unchanged, struct key_signing_key *out_new,
                                struct change *out_change, struct problem *out_problem)
{
    struct key_change change = { .zone = zone, .active = parent_is_unchanged };
    int rc = control__change_keys(control, cancel_rotation, &change, out_change, out_problem);
    if (rc == 0)
        *out_new = change.key;
    return rc;
}
