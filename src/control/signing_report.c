/*
 * How a signed zone is doing (R-SEC-4).
 */
#include "signing.h"

#include "signpost/base/clock.h"

#include <stdio.h>
#include <string.h>

#define LATE_S 300 /* when a second and a third attempt have failed */

static void report_ksks(const struct zone_keys *keys, const struct parent_view *parent,
                        struct signing_report *report)
{
    report->ksk_count = keys->ksk_count;
    for (unsigned i = 0; i < keys->ksk_count; i++) {
        struct ksk_report *to = &report->ksks[i];
        to->key = keys->ksks[i];
        to->is_usable = keys->ksks[i].trouble[0] == '\0';
        to->is_in_parent = parent->is_in_parent[i];
        memcpy(to->message, keys->ksks[i].trouble, sizeof to->message);
    }
}

/* While nobody signs or rolls, nobody knows when it goes on. */
static bool goes_on(struct control *control, const struct zone_keys *keys)
{
    return keys->status == SIGNING_ON && control->signing != NULL &&
           control__find_trouble(keys) == NULL;
}

static void report_zsks(struct control *control, const struct zone_keys *keys,
                        struct signing_report *report)
{
    bool moves = goes_on(control, keys);
    report->zsk_count = keys->ring.count;
    for (unsigned i = 0; i < keys->ring.count; i++) {
        const struct zsk *key = &keys->ring.keys[i];
        report->zsks[i] = (struct zsk_report){
            .tag = key->tag,
            .state = key->state,
            .created_ms = key->created_ms,
            .changed_ms = key->changed_ms,
            .due_ms = moves ? key_ring_leaves(&keys->ring, key, &control->signing->options) : 0,
        };
    }
}

static void report_sets(struct control *control, const struct zone_keys *keys,
                        struct signing_report *report)
{
    const struct key_ring *ring = &keys->ring;
    uint64_t used_s = (uint64_t)SIGNATURES_AHEAD * ring->interval_s;
    if (ring->signed_ms == 0)
        return;
    report->signed_until_s = (int64_t)(ring->signed_ms / 1000 + used_s + ring->validity_s);
    if (goes_on(control, keys))
        report->refresh_ms = ring->signed_ms + (uint64_t)ring->interval_s * 1000;
    report->publishes_cds = ring->has_cds;
}

/* Whether answers from that zone are signed, or would be if it were served. */
static int is_signed(struct control *control, const struct zone_keys *keys, bool *out_signed,
                     struct problem *out_problem)
{
    bool served;
    int rc = control__is_served(control, keys->zone, &served, out_problem);
    const struct zone *zone =
        rc == 0 && served ? snapshot_zone(control->published, keys->zone->name) : NULL;
    *out_signed = zone == NULL ? keys->ring.signed_ms != 0 : zone->signing != NULL;
    return rc;
}

/* What does not fit is cut off the end. */
static void say(struct signing_report *report, const char *what, const char *more, const char *why)
{
    char text[PROBLEM_TEXT_SIZE + 256];
    size_t size = (size_t)snprintf(text, sizeof text, "%s%s: %.900s", what, more, why);
    if (size >= sizeof report->message)
        size = text_whole_size(text, sizeof report->message - 1);
    memcpy(report->message, text, size);
    report->message[size] = '\0';
}

/* Tries to load what is stored, for what is said when it does not work. */
static void explain_failure(struct control *control, const struct zone_keys *keys,
                            struct signing_report *report)
{
    struct problem problem = { .status = 0 };
    struct zone_signing *signing = NULL;
    const struct key_signing_key *trouble = control__find_trouble(keys);
    int rc = control->signing == NULL ? SP_ENOENT
                                      : control__load_signing(control, keys, &signing, &problem);
    zone_signing_unref(signing);
    say(report, "Answers are not signed", "",
        rc != 0 && problem.text[0] != '\0' ? problem.text
        : trouble != NULL                  ? trouble->trouble
                                           : "its keys are being made ready");
}

static void explain_trouble(const struct key_signing_key *trouble, int64_t now_s,
                            struct signing_report *report)
{
    char what[KEY_NAME_SIZE + 64];
    snprintf(what, sizeof what, "The key-signing key %s cannot be used", trouble->name);
    say(report, what,
        report->signed_until_s > now_s
            ? ", and until it can or is replaced the DNSKEY set stays as it is, signed ahead"
            : ", and the signatures of the DNSKEY set have expired",
        trouble->trouble);
}

/* Nobody's key is at fault: the database, most likely. */
static void explain_delay(int64_t now_s, struct signing_report *report)
{
    report->serves = SERVE_ACTION_NEEDED;
    say(report, "The keys should have been signed anew by now",
        report->signed_until_s > now_s ? ", and are served as they are, signed ahead"
                                       : ", and the signatures of the DNSKEY set have expired",
        "the log says why that does not work");
}

static bool is_late(const struct signing_report *report, int64_t now_s)
{
    return report->refresh_ms != 0 && now_s >= (int64_t)(report->refresh_ms / 1000) + LATE_S;
}

static int report_state(struct control *control, const struct zone_keys *keys, int64_t now_s,
                        struct signing_report *report, struct problem *out_problem)
{
    const struct key_signing_key *trouble = control__find_trouble(keys);
    bool answers_are_signed;
    report->wanted = keys->status;
    report->serves = SERVE_NOT_SIGNING;
    if (keys->status != SIGNING_ON)
        return 0;
    int rc = is_signed(control, keys, &answers_are_signed, out_problem);
    report->serves = SERVE_SIGNING;
    if (rc == 0 && !answers_are_signed) {
        report->serves = SERVE_INTERNAL_FAILURE;
        explain_failure(control, keys, report);
    } else if (rc == 0 && trouble != NULL) {
        report->serves = SERVE_ACTION_NEEDED;
        explain_trouble(trouble, now_s, report);
    } else if (rc == 0 && is_late(report, now_s)) {
        explain_delay(now_s, report);
    }
    return rc;
}

int control_signing_report(struct control *control, const struct hosted_zone *zone,
                           struct signing_report *out_report, struct problem *out_problem)
{
    struct zone_keys keys;
    struct parent_view parent;
    *out_report = (struct signing_report){ .wanted = SIGNING_NEVER };
    int rc = control__read_zone_keys(control, zone, &keys, out_problem);
    if (rc == 0)
        rc = control__look_at_parent(control, &keys, &parent, out_problem);
    if (rc != 0)
        return rc;
    report_ksks(&keys, &parent, out_report);
    report_zsks(control, &keys, out_report);
    report_sets(control, &keys, out_report);
    out_report->parent = parent.state;
    out_report->parent_has_strange_ds = parent.has_strange_ds;
    if (parent.zone != NULL)
        memcpy(out_report->parent_name, parent.zone->name, parent.zone->name_size);
    return report_state(control, &keys, clock_unix_s(), out_report, out_problem);
}
