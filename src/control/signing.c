/*
 * Signed zones: the start.
 */
#include "signing.h"

#include "signpost/base/clock.h"
#include "signpost/base/log.h"
#include "signpost/store/signing.h"

#include <stdio.h>
#include <stdlib.h>

#define TAKEOVER_RETRY_MS 3600000

/* ---- what older versions have left ---- */

struct takeover {
    struct key_store *keys;
    unsigned taken, failed;
    struct problem first; /* what the first one met that could not be taken over */
};

static int take_over(void *context, const struct key_pair *pair)
{
    struct takeover *takeover = context;
    struct problem problem = { .status = 0 };
    struct span private_key = { pair->private_key, pair->private_size };
    if (key_store_import(takeover->keys, pair->arn, private_key, &problem) == 0)
        takeover->taken++;
    else if (takeover->failed++ == 0)
        takeover->first = problem;
    return 0;
}

static void log_takeover(const struct takeover *takeover)
{
    char taken[16], failed[16];
    snprintf(taken, sizeof taken, "%u", takeover->taken);
    snprintf(failed, sizeof failed, "%u", takeover->failed);
    if (takeover->failed > 0)
        log_write(LOG_LEVEL_ERROR, "keys that the database holds cannot be moved to the key store",
                  "keys", failed, "why", takeover->first.text, NULL);
    else if (takeover->taken > 0)
        log_write(LOG_LEVEL_INFO, "private keys were moved from the database to the key store",
                  "keys", taken, "place", key_store_place(takeover->keys), NULL);
}

/* All or none are wiped, so that nothing of them stays on a page that others are still on. */
int control__take_over_pairs(struct control *control, uint64_t now_ms, struct problem *out_problem)
{
    struct signing *signing = control->signing;
    struct takeover takeover = { .keys = signing->keys };
    int rc = store_visit_old_pairs(control->store, take_over, &takeover, out_problem);
    if (rc == 0 && takeover.failed == 0 && takeover.taken > 0)
        rc = store_wipe_old_pairs(control->store, out_problem);
    log_takeover(&takeover);
    signing->takeover_ms = rc != 0 || takeover.failed > 0 ? now_ms + TAKEOVER_RETRY_MS : 0;
    return rc;
}

/* ---- the first publication ---- */

static int watch(void *context, int64_t zone_id)
{
    return control__add_watched(context, zone_id, NULL);
}

static int sign_served(struct control *control, struct snapshot *next, int64_t zone_id,
                       struct problem *out_problem)
{
    struct hosted_zone zone;
    bool served = false;
    int rc = store_find_zone_number(control->store, zone_id, &zone, out_problem);
    if (rc == 0)
        rc = control__is_served(control, &zone, &served, out_problem);
    return rc == 0 && served ? control__take_signing(control, next, &zone, out_problem) : rc;
}

static int publish_signed(struct control *control, struct problem *out_problem)
{
    struct snapshot *next = snapshot_copy(control->published);
    int rc = next == NULL ? control__no_memory(out_problem) : 0;
    for (unsigned i = 0; rc == 0 && i < control->signing->count; i++)
        rc = sign_served(control, next, control->signing->zones[i].id, out_problem);
    if (rc == 0)
        control__publish(control, next);
    else
        snapshot_unref(next);
    return rc;
}

/* Zones whose signatures have run out while we were away, or that were never signed. */
static void turn_first_zones(struct control *control, uint64_t now_ms)
{
    uint64_t next_ms = now_ms;
    for (unsigned i = 0; next_ms == now_ms && i < SIGNED_ZONES_AT_START / SIGNED_ZONES_AT_ONCE; i++)
        next_ms = control__turn_keys(control, now_ms);
}

static int open_signing(struct control *control, uint64_t now_ms, struct problem *out_problem)
{
    int rc = control__take_over_pairs(control, now_ms, out_problem);
    if (rc == 0)
        rc = store_visit_signed_zones(control->store, watch, control, out_problem);
    if (rc == 0 && control->signing->count > 0)
        rc = publish_signed(control, out_problem);
    if (rc == 0)
        turn_first_zones(control, now_ms);
    return rc;
}

int control_open_signing(struct control *control, struct key_store *keys,
                         const struct signing_options *options, struct problem *out_problem)
{
    control->signing = calloc(1, sizeof *control->signing);
    if (control->signing == NULL)
        return control__no_memory(out_problem);
    control->signing->keys = keys;
    control->signing->options = *options;
    return open_signing(control, clock_unix_ms(), out_problem);
}

void control__close_signing(struct control *control)
{
    if (control->signing != NULL)
        free(control->signing->zones);
    free(control->signing);
}

void control_set_signing_options(struct control *control, const struct signing_options *options)
{
    struct signing *signing = control->signing;
    if (signing == NULL)
        return;
    signing->options = *options;
    signing->next_ms = 0;
    for (unsigned i = 0; i < signing->count; i++)
        signing->zones[i].due_ms = 0;
}
