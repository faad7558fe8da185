/*
 * Signed zones.  Every verb ends with the same report of the server, so each can say what is next.
 */
#include "client.h"

#include <stdlib.h>
#include <string.h>

static char *dnssec_path(const struct invocation *invocation)
{
    return client_path("zones/%s/dnssec", invocation->words[0]);
}

/* ---- what the report alone does not say ---- */

/* A parent without NS records of the zone needs those that the zone itself has. */
static void add_name_servers(const struct invocation *invocation, json_t *report)
{
    const char *state = text_of(json_object_get(report, "parent"), "state");
    if (strcmp(state, "NO_CUT") != 0)
        return;
    char *path =
        client_path("zones/%s/records?name=%s&type=NS", invocation->words[0], invocation->words[0]);
    struct request request = { .method = "GET", .path = path };
    json_t *reply = client_ask(invocation, &request);
    json_t *set = json_array_get(json_object_get(reply, "record_sets"), 0);
    json_object_set(report, "name_servers", json_object_get(set, "values"));
    json_decref(reply);
    free(path);
}

static bool is_parent_elsewhere(const json_t *report)
{
    return json_is_null(json_object_get(json_object_get(report, "parent"), "zone"));
}

static void print_message(const json_t *report)
{
    if (text_of(report, "message")[0] != '\0')
        printf("%s: %s\n", text_of(report, "status"), text_of(report, "message"));
}

static void print_advice(const struct invocation *invocation, json_t *report)
{
    add_name_servers(invocation, report);
    print_message(report);
    putchar('\n');
    dnssec_print_advice(stdout, report);
}

/* ---- enable, disable ---- */

static int put_signing(const struct invocation *invocation, bool sign, json_t **out_report)
{
    return client_exchange(invocation, "PUT", dnssec_path(invocation),
                           json_pack("{s:b}", "signing", sign), out_report);
}

int verb_dnssec_enable(const struct invocation *invocation)
{
    json_t *report;
    const json_t *keys[2];
    int rc = put_signing(invocation, true, &report);
    if (report == NULL)
        return rc;
    bool is_signed = strcmp(text_of(report, "status"), "SIGNING") == 0;
    unsigned count = is_signed ? dnssec_active_keys(report, keys) : 0;
    for (unsigned i = 0; i < count; i++)
        printf("%s is signed with the key-signing key %s, tag %d (in sync)\n",
               text_of(report, "zone"), text_of(keys[i], "name"), (int)number_of(keys[i], "tag"));
    if (!is_parent_elsewhere(report)) /* the advice is that record */
        dnssec_print_records(stdout, report, false);
    print_advice(invocation, report);
    json_decref(report);
    return rc;
}

int verb_dnssec_disable(const struct invocation *invocation)
{
    json_t *report;
    int rc = put_signing(invocation, false, &report);
    if (report != NULL)
        printf("%s is not signed (in sync); its keys stay\n", text_of(report, "zone"));
    if (report != NULL && is_parent_elsewhere(report) &&
        json_array_size(json_object_get(report, "keys")) > 0)
        printf(
            "If its parent still has a DS record, resolvers that check signatures refuse it now;\n"
            "this signs it again, with the keys that it had:\n  signpost dnssec enable %s\n",
            text_of(report, "zone"));
    json_decref(report);
    return rc;
}

/* ---- status, ds ---- */

int verb_dnssec_status(const struct invocation *invocation)
{
    json_t *report;
    int rc = client_exchange(invocation, "GET", dnssec_path(invocation), NULL, &report);
    if (report == NULL)
        return rc;
    add_name_servers(invocation, report);
    dnssec_print_page(stdout, report, client_now_ms() / 1000);
    json_decref(report);
    return rc;
}

static int usage(const char *why)
{
    complain("%s", why);
    return EXIT_USAGE;
}

/* What a program wants of "ds". */
static json_t *records_object(const json_t *report)
{
    const json_t *keys[2];
    unsigned count = dnssec_active_keys(report, keys);
    json_t *ds = json_array(), *dnskey = json_array();
    for (unsigned i = 0; i < count; i++) {
        json_array_append(ds, json_object_get(keys[i], "ds_record"));
        json_array_append(dnskey, json_object_get(keys[i], "dnskey_record"));
    }
    return json_pack("{s:s,s:o,s:o}", "zone", text_of(report, "zone"), "ds", ds, "dnskey", dnskey);
}

static int print_ds(const struct invocation *invocation, const json_t *report)
{
    const json_t *keys[2];
    const char *zone = text_of(report, "zone");
    if (dnssec_active_keys(report, keys) == 0)
        return complain("%s has no active key-signing key; 'signpost dnssec enable %s' makes one",
                        zone, zone);
    if (!json_is_true(json_object_get(report, "signing")))
        fprintf(stderr,
                "signpost: warning: %s is not signed; with this DS record in the parent, resolvers "
                "that check signatures refuse it\n",
                zone);
    if (invocation->json)
        print_json(records_object(report));
    else
        dnssec_print_records(stdout, report,
                             option_given(invocation, "anchor")   ? DNSSEC_ANCHOR
                             : option_given(invocation, "dnskey") ? DNSSEC_DNSKEY
                                                                  : DNSSEC_DS);
    return EXIT_DONE;
}

int verb_dnssec_ds(const struct invocation *invocation)
{
    if (option_given(invocation, "dnskey") && option_given(invocation, "anchor"))
        return usage("either --dnskey or --anchor");
    char *path = dnssec_path(invocation);
    struct request request = { .method = "GET", .path = path };
    json_t *report = client_ask(invocation, &request);
    int rc = report != NULL ? print_ds(invocation, report) : EXIT_REFUSED;
    json_decref(report);
    free(path);
    return rc;
}

/* ---- rotate ---- */

static int post_rotation(const struct invocation *invocation, json_t *document, json_t **out_reply)
{
    return client_exchange(invocation, "POST",
                           client_path("zones/%s/dnssec/rotate", invocation->words[0]), document,
                           out_reply);
}

static int rotate_zsk(const struct invocation *invocation)
{
    json_t *reply;
    const json_t *key;
    size_t index;
    int rc = post_rotation(invocation, json_pack("{s:s}", "key", "zsk"), &reply);
    const json_t *report = json_object_get(reply, "dnssec");
    json_array_foreach(json_object_get(report, "zone_signing_keys"), index, key)
    {
        if (strcmp(text_of(key, "state"), "PUBLISHED") == 0)
            printf("%s: the zone-signing key %d is published, and signs from %s on (in sync)\n"
                   "Nothing is left to do.\n",
                   text_of(report, "zone"), (int)number_of(key, "tag"), text_of(key, "until"));
    }
    json_decref(reply);
    return rc;
}

/* word: what is said of the parent, if it is. */
static int end_ksk(const struct invocation *invocation, const char *step, const char *word)
{
    json_t *reply, *document = json_pack("{s:s,s:s}", "key", "ksk", "step", step);
    if (word != NULL)
        json_object_set_new(document, word, json_true());
    int rc = post_rotation(invocation, document, &reply);
    json_t *report = json_object_get(reply, "dnssec");
    if (reply != NULL) {
        printf("%s: the key-signing key %s is deleted (in sync)\n", text_of(report, "zone"),
               text_of(reply, "name"));
        print_message(report);
        if (is_parent_elsewhere(report))
            puts("Nothing is left to do, unless the parent still has its DS record, which can go.");
        else
            dnssec_print_advice(stdout, report);
    }
    json_decref(reply);
    return rc;
}

static int begin_ksk(const struct invocation *invocation)
{
    json_t *reply;
    int rc =
        post_rotation(invocation, json_pack("{s:s,s:s}", "key", "ksk", "step", "begin"), &reply);
    json_t *report = json_object_get(reply, "dnssec");
    if (reply != NULL) {
        printf("%s: the key-signing key %s is made%s (in sync)\n", text_of(report, "zone"),
               text_of(reply, "name"),
               strcmp(text_of(report, "status"), "SIGNING") == 0 ? ", and signs beside the other"
                                                                 : "");
        print_advice(invocation, report);
    }
    json_decref(reply);
    return rc;
}

/* A roll is under way when two keys sign; then it is not begun again, but said what is next. */
static int go_on_with_ksk(const struct invocation *invocation)
{
    const json_t *keys[2];
    char *path = dnssec_path(invocation);
    struct request request = { .method = "GET", .path = path };
    json_t *report = client_ask(invocation, &request);
    free(path);
    if (report == NULL)
        return EXIT_REFUSED;
    if (dnssec_active_keys(report, keys) < 2) {
        json_decref(report);
        return begin_ksk(invocation);
    }
    if (invocation->json) {
        print_json(json_pack("{s:s,s:s,s:s,s:o}", "key", "ksk", "step", "wait", "name",
                             text_of(keys[1], "name"), "dnssec", report));
        return EXIT_DONE;
    }
    add_name_servers(invocation, report);
    print_message(report);
    dnssec_print_advice(stdout, report);
    json_decref(report);
    return EXIT_DONE;
}

int verb_dnssec_rotate(const struct invocation *invocation)
{
    bool zsk = option_given(invocation, "zsk");
    bool finish = option_given(invocation, "finish"), cancel = option_given(invocation, "cancel");
    bool changed = option_given(invocation, "parent-changed");
    bool unchanged = option_given(invocation, "parent-unchanged");
    if (zsk && (finish || cancel))
        return usage("--finish and --cancel are for the key-signing key; the zone-signing key "
                     "needs nobody's help");
    if (finish && cancel)
        return usage("either --finish or --cancel");
    if (changed && !finish)
        return usage("--parent-changed goes with --finish");
    if (unchanged && !cancel)
        return usage("--parent-unchanged goes with --cancel");
    return zsk      ? rotate_zsk(invocation)
           : finish ? end_ksk(invocation, "finish", changed ? "parent_changed" : NULL)
           : cancel ? end_ksk(invocation, "cancel", unchanged ? "parent_unchanged" : NULL)
                    : go_on_with_ksk(invocation);
}
