/*
 * How a signed zone looks to a person: its keys, when something happens next, what its parent says,
 * and what is left to do, with the commands that do it.
 */
#include "client.h"

#include <stdlib.h>
#include <string.h>

#define DS_TTL                                                                                     \
    300 /* of the DS record in a command: short, until somebody has seen that it works             \
         */
#define NS_TTL 172800 /* as a zone's own NS records have it */

/* ---- what a report says ---- */

static bool is_active(const json_t *key)
{
    return strcmp(text_of(key, "status"), "INACTIVE") != 0;
}

unsigned dnssec_active_keys(const json_t *report, const json_t *out_keys[2])
{
    const json_t *key;
    size_t index;
    unsigned count = 0;
    json_array_foreach(json_object_get(report, "keys"), index, key)
    {
        if (is_active(key) && count < 2)
            out_keys[count++] = key;
    }
    return count;
}

static const char *parent_of(const json_t *report)
{
    return text_of(json_object_get(report, "parent"), "zone");
}

static bool parent_is(const json_t *report, const char *state)
{
    return strcmp(text_of(json_object_get(report, "parent"), "state"), state) == 0;
}

static bool is_signing(const json_t *report)
{
    return json_is_true(json_object_get(report, "signing"));
}

/* ---- records ---- */

/* As BIND, delv among it, wants a key that is trusted without a parent: the key itself in quotes.
 */
static void print_anchor(FILE *out, const char *zone, const char *dnskey)
{
    const char *key = strrchr(dnskey, ' ');
    if (key != NULL)
        fprintf(out, "trust-anchors { %s static-key %.*s \"%s\"; };\n", zone, (int)(key - dnskey),
                dnskey, key + 1);
}

static void print_record(FILE *out, const json_t *report, const json_t *key, enum dnssec_form form)
{
    const char *zone = text_of(report, "zone");
    if (form == DNSSEC_ANCHOR)
        print_anchor(out, zone, text_of(key, "dnskey_record"));
    else if (form == DNSSEC_DNSKEY)
        fprintf(out, "%s IN DNSKEY %s\n", zone, text_of(key, "dnskey_record"));
    else
        fprintf(out, "%s IN DS %s\n", zone, text_of(key, "ds_record"));
}

void dnssec_print_records(FILE *out, const json_t *report, enum dnssec_form form)
{
    const json_t *keys[2];
    unsigned count = dnssec_active_keys(report, keys);
    for (unsigned i = 0; i < count; i++)
        print_record(out, report, keys[i], form);
}

/* A blank, and the word as a shell reads it. */
static void print_word(FILE *out, const char *word)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
    if (strspn(word, plain) == strlen(word)) {
        fprintf(out, " %s", word);
        return;
    }
    fputc(' ', out);
    print_quoted(out, word);
}

/* "  signpost record set PARENT ZONE DS --ttl 300 '...'": this DS record and no other.  beside may
 * be NULL, and else its record goes in front. */
static void print_set_both(FILE *out, const json_t *report, const json_t *beside, const json_t *key)
{
    fputs("  signpost record set", out);
    print_word(out, parent_of(report));
    print_word(out, text_of(report, "zone"));
    fprintf(out, " DS --ttl %d", DS_TTL);
    if (beside != NULL)
        fprintf(out, " '%s'", text_of(beside, "ds_record"));
    fprintf(out, " '%s'\n", text_of(key, "ds_record"));
}

static void print_set_ds(FILE *out, const json_t *report, const json_t *key)
{
    print_set_both(out, report, NULL, key);
}

static void print_set_ns(FILE *out, const json_t *report)
{
    const json_t *server;
    size_t index;
    fputs("  signpost record set", out);
    print_word(out, parent_of(report));
    print_word(out, text_of(report, "zone"));
    fprintf(out, " NS --ttl %d", NS_TTL);
    json_array_foreach(json_object_get(report, "name_servers"), index, server)
        print_word(out, json_string_value(server));
    fputc('\n', out);
}

static void print_command(FILE *out, const char *verb, const json_t *report, const char *options)
{
    fprintf(out, "  signpost dnssec %s", verb);
    print_word(out, text_of(report, "zone"));
    fprintf(out, "%s\n", options);
}

/* ---- what is left to do ---- */

static void advise_unsigned(FILE *out, const json_t *report)
{
    const char *zone = text_of(report, "zone"), *parent = parent_of(report);
    if (parent_is(report, "HAS_DS") || parent_is(report, "OTHER_DS")) {
        fprintf(
            out,
            "%s has a DS record for %s, which is not signed: resolvers that check signatures\n"
            "refuse the zone.  Take the record away, or sign the zone:\n  signpost record delete",
            parent, zone);
        print_word(out, parent);
        print_word(out, zone);
        fputs(" DS\n", out);
    } else {
        fprintf(out, "To sign %s:\n", zone);
    }
    print_command(out, "enable", report, "");
}

/* A second key has been made, and is to take the place of the first. */
static void advise_rotation(FILE *out, const json_t *report, const json_t *old, const json_t *new)
{
    bool is_elsewhere = parent_is(report, "ELSEWHERE");
    bool has_new = json_is_true(json_object_get(new, "in_parent"));
    bool has_old = json_is_true(json_object_get(old, "in_parent"));
    fprintf(out, "The key-signing key %s (tag %d) is to take the place of %s (tag %d).\n",
            text_of(new, "name"), (int)number_of(new, "tag"), text_of(old, "name"),
            (int)number_of(old, "tag"));
    if (!is_elsewhere && has_new && !has_old) {
        fprintf(out, "%s has its DS record.  When the TTL of the old one has passed:\n",
                parent_of(report));
        print_command(out, "rotate", report, " --finish");
        return;
    }
    fprintf(out,
            "1. Wait until every cache knows it: dnskey-ttl, an hour unless configured, from\n"
            "   %s on.\n",
            text_of(new, "created_at"));
    if (is_elsewhere) {
        fputs("2. Give the parent this DS record in place of the old one:\n", out);
        print_record(out, report, new, DNSSEC_DS);
    } else {
        fputs("2. Put its DS record in place of the old one:\n", out);
        print_set_ds(out, report, new);
    }
    fputs("3. When the parent has it, and the TTL of the old one has passed:\n", out);
    print_command(out, "rotate", report, is_elsewhere ? " --finish --parent-changed" : " --finish");
}

static bool is_lost(const json_t *key)
{
    return strcmp(text_of(key, "status"), "ACTION_NEEDED") == 0;
}

/* The new key is not in the zone before the lost one has left it, so the parent must know both. */
static void advise_replacement(FILE *out, const json_t *report, const json_t *old,
                               const json_t *new)
{
    bool is_elsewhere = parent_is(report, "ELSEWHERE");
    bool has_both = json_is_true(json_object_get(new, "in_parent")) &&
                    json_is_true(json_object_get(old, "in_parent"));
    fprintf(out,
            "If it is lost for good, the key-signing key %s (tag %d) can take the place of %s\n"
            "(tag %d).  Not before the lost one is gone is the new one in the zone, so:\n",
            text_of(new, "name"), (int)number_of(new, "tag"), text_of(old, "name"),
            (int)number_of(old, "tag"));
    if (is_elsewhere) {
        fputs("1. Give the parent both DS records:\n", out);
        dnssec_print_records(out, report, DNSSEC_DS);
    } else if (!has_both) {
        fputs("1. Put both DS records there:\n", out);
        print_set_both(out, report, old, new);
    }
    fprintf(out, "%s. When the parent has both, and the TTL of its DS records has passed:\n",
            has_both ? "1" : "2");
    print_command(out, "rotate", report, is_elsewhere ? " --finish --parent-changed" : " --finish");
    fprintf(out, "%s. Take the DS record of the lost key away%s\n", has_both ? "2" : "3",
            is_elsewhere ? "." : ":");
    if (!is_elsewhere)
        print_set_ds(out, report, new);
}

/* Messages say what to bring back; here is what to do if that is not to be had. */
static void advise_trouble(FILE *out, const json_t *report, const json_t *const keys[2],
                           unsigned count)
{
    bool is_served = strcmp(text_of(report, "status"), "ACTION_NEEDED") == 0;
    fputs("Put right what the message says.\n", out);
    if (is_served && count == 2 && is_lost(keys[0]) && !is_lost(keys[1])) {
        advise_replacement(out, report, keys[0], keys[1]);
    } else if (is_served && count == 1 && is_lost(keys[0])) {
        fputs("If the key is lost for good, begin to replace it:\n", out);
        print_command(out, "rotate", report, "");
    } else {
        fputs("What is lost for good can be replaced: see \"What is lost\" in signpostd(8).\n",
              out);
    }
}

static void advise_parent(FILE *out, const json_t *report, const json_t *key)
{
    const char *zone = text_of(report, "zone"), *parent = parent_of(report);
    if (parent_is(report, "HAS_DS")) {
        if (!json_is_true(json_object_get(json_object_get(report, "parent"), "other_ds"))) {
            fputs("Nothing is left to do.\n", out);
            return;
        }
        fprintf(
            out,
            "%s has DS records of keys that the zone does not have, too.  Unless somebody needs\n"
            "them, take them away:\n",
            parent);
        print_set_ds(out, report, key);
        return;
    }
    if (parent_is(report, "ELSEWHERE")) {
        fprintf(out,
                "Resolvers check the signatures once the parent of %s has this DS record.  Give it "
                "to\nwhoever runs the parent, most often through the registrar of the domain:\n",
                zone);
        print_record(out, report, key, DNSSEC_DS);
        return;
    }
    if (parent_is(report, "OTHER_DS"))
        fprintf(out,
                "%s has DS records of other keys only.  Put that of this key in their place:\n",
                parent);
    else
        fprintf(out,
                "Resolvers check the signatures once %s, which is hosted here, has the DS "
                "record:\n",
                parent);
    if (parent_is(report, "NO_CUT"))
        print_set_ns(out, report);
    print_set_ds(out, report, key);
    if (parent_is(report, "UNSIGNED")) {
        fprintf(out, "and is signed itself:\n  signpost dnssec enable");
        print_word(out, parent);
        fputc('\n', out);
    }
}

void dnssec_print_advice(FILE *out, const json_t *report)
{
    const json_t *keys[2];
    unsigned count = dnssec_active_keys(report, keys);
    if (!is_signing(report))
        advise_unsigned(out, report);
    else if (strcmp(text_of(report, "status"), "SIGNING") != 0)
        advise_trouble(out, report, keys, count);
    else if (count == 2)
        advise_rotation(out, report, keys[0], keys[1]);
    else if (count == 1)
        advise_parent(out, report, keys[0]);
}

/* ---- the page ---- */

/* "2026-11-21T03:00:00Z (in 3 days)" */
static const char *when(const json_t *object, const char *name, json_int_t now_s, char out[80])
{
    char ahead[40];
    const char *text = text_of(object, name);
    json_int_t unix_s = utc_seconds(text);
    if (unix_s == 0)
        return "-";
    snprintf(out, 80, "%.30s (%s)", text, time_ahead(unix_s - now_s, ahead));
    return out;
}

static const char *parent_words(const json_t *report)
{
    static const struct row {
        const char *state, *words;
    } rows[] = {
        { "ELSEWHERE", "it is not hosted here, so what it says is not known" },
        { "UNSIGNED", "not signed itself, so resolvers cannot check this zone" },
        { "NO_CUT", "no NS records of this zone; a signed parent denies that it exists" },
        { "NO_DS", "no DS record of this zone, so resolvers take it for unsigned" },
        { "OTHER_DS", "DS records of no key that signs: resolvers refuse this zone" },
        { "HAS_DS", "the DS record of a key that signs" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (parent_is(report, rows[i].state))
            return rows[i].words;
    return "-";
}

static void add_line(struct table *table, const char *what, const char *text)
{
    table_add(table, what);
    table_add(table, text);
}

static void print_summary(FILE *out, const json_t *report, json_int_t now_s)
{
    struct table table = { .columns = 2 };
    char line[400];
    add_line(&table, "zone", text_of(report, "zone"));
    add_line(&table, "status", text_of(report, "status"));
    if (text_of(report, "message")[0] != '\0')
        add_line(&table, "message", text_of(report, "message"));
    snprintf(line, sizeof(line), "%.300s%s%s", parent_of(report),
             parent_of(report)[0] != '\0' ? ": " : "", parent_words(report));
    add_line(&table, "parent", line);
    if (utc_seconds(text_of(report, "signed_until")) != 0)
        add_line(&table, "keys signed until", when(report, "signed_until", now_s, line));
    if (is_signing(report))
        add_line(&table, "CDS and CDNSKEY",
                 json_is_true(json_object_get(report, "publishes_cds")) ? "published"
                                                                        : "not published");
    table_print(&table, out);
}

static void print_ksks(FILE *out, const json_t *report)
{
    static const char *const heads[] = { "KEY-SIGNING KEY", "TAG",     "STATUS",
                                         "IN PARENT",       "CREATED", "CHANGED" };
    struct table table = { .columns = 6, .right = 1 << 1 };
    const json_t *key;
    size_t index;
    char tag[16];
    const json_t *keys = json_object_get(report, "keys");
    if (json_array_size(keys) == 0)
        return;
    fputc('\n', out);
    table_add_row(&table, heads);
    json_array_foreach(keys, index, key)
    {
        const json_t *in_parent = json_object_get(key, "in_parent");
        snprintf(tag, sizeof(tag), "%d", (int)number_of(key, "tag"));
        const char *cells[] = { text_of(key, "name"),
                                tag,
                                text_of(key, "status"),
                                json_is_true(in_parent)    ? "yes"
                                : json_is_false(in_parent) ? "no"
                                                           : "not known",
                                text_of(key, "created_at"),
                                text_of(key, "changed_at") };
        table_add_row(&table, cells);
    }
    table_print(&table, out);
    json_array_foreach(keys, index, key)
    {
        if (text_of(key, "message")[0] != '\0')
            fprintf(out, "%s: %s\n", text_of(key, "name"), text_of(key, "message"));
    }
}

static void print_zsks(FILE *out, const json_t *report)
{
    static const char *const heads[] = { "ZONE-SIGNING KEY", "STATE", "SINCE", "UNTIL" };
    struct table table = { .columns = 4 };
    const json_t *key;
    size_t index;
    char tag[16];
    const json_t *keys = json_object_get(report, "zone_signing_keys");
    if (json_array_size(keys) == 0)
        return;
    fputc('\n', out);
    table_add_row(&table, heads);
    json_array_foreach(keys, index, key)
    {
        snprintf(tag, sizeof(tag), "%d", (int)number_of(key, "tag"));
        const char *cells[] = { tag, text_of(key, "state"), text_of(key, "since"),
                                text_of(key, "until") };
        table_add_row(&table, cells);
    }
    table_print(&table, out);
}

/* ---- what happens next ---- */

#define EVENTS_MAX 8 /* a report has at most five */

struct event {
    const char *time;
    char words[64];
};

static int by_time(const void *a, const void *b)
{
    const struct event *one = a, *other = b;
    int order = strcmp(one->time, other->time);
    return order != 0 ? order : strcmp(one->words, other->words);
}

static const char *end_of_state(const char *state)
{
    return strcmp(state, "PUBLISHED") == 0 ? "begins to sign"
           : strcmp(state, "ACTIVE") == 0  ? "is replaced"
                                           : "is deleted";
}

/* Times of this form are in order when their texts are. */
static unsigned collect_events(const json_t *report, struct event events[EVENTS_MAX])
{
    const json_t *key;
    size_t index;
    unsigned count = 0;
    if (text_of(report, "refresh_at")[0] != '\0') {
        events[count] = (struct event){ .time = text_of(report, "refresh_at") };
        strcpy(events[count++].words, "the keys are signed anew");
    }
    json_array_foreach(json_object_get(report, "zone_signing_keys"), index, key)
    {
        if (text_of(key, "until")[0] == '\0' || count == EVENTS_MAX)
            continue;
        events[count] = (struct event){ .time = text_of(key, "until") };
        snprintf(events[count++].words, sizeof(events[0].words), "zone-signing key %d %s",
                 (int)number_of(key, "tag"), end_of_state(text_of(key, "state")));
    }
    qsort(events, count, sizeof(events[0]), by_time);
    return count;
}

static void print_events(FILE *out, const json_t *report, json_int_t now_s)
{
    struct event events[EVENTS_MAX];
    struct table table = { .columns = 3 };
    char ahead[40];
    unsigned count = collect_events(report, events);
    if (count == 0)
        return;
    fputs("\nWhat happens next:\n", out);
    for (unsigned i = 0; i < count; i++) {
        char time[40];
        snprintf(time, sizeof(time), "  %.30s", events[i].time);
        table_add(&table, time);
        table_add(&table, time_ahead(utc_seconds(events[i].time) - now_s, ahead));
        table_add(&table, events[i].words);
    }
    table_print(&table, out);
}

void dnssec_print_page(FILE *out, const json_t *report, json_int_t now_s)
{
    print_summary(out, report, now_s);
    print_ksks(out, report);
    print_zsks(out, report);
    print_events(out, report, now_s);
    fputs("\nWhat to do:\n", out);
    dnssec_print_advice(out, report);
}
