/*
 * plans.h - the parts of a drill's plan, written as text.
 */
#ifndef SIGNPOST_TESTS_PLANS_H
#define SIGNPOST_TESTS_PLANS_H

#include "tests.h"

#include "signpost/dns/name.h"
#include "signpost/dns/types.h"
#include "signpost/model/drill.h"

/* Breaks as text: "check web-1 down", "region eu-west-1", "zone a", "control cell-1 Off RULE...",
 * "hook CHECK..." (whose commands are "stop" and "start").  The last fifty live at the same time.
 */
static inline struct drill_break break_of(const char *text)
{
    static char store[8192];
    static const char *names[512];
    static unsigned used, name_count;
    if (used > sizeof store / 2)
        used = 0;
    if (name_count > COUNT_OF(names) / 2)
        name_count = 0;
    char *word = store + used, *rest = word;
    struct drill_break part = { .names = names + name_count };
    used += (unsigned)sprintf(word, "%s", text) + 1;
    assert_int_equal(drill_break_kind_find(strsep(&rest, " "), &part.kind), 0);
    if (part.kind != DRILL_BREAK_HOOK)
        part.target = strsep(&rest, " ");
    if (part.kind == DRILL_BREAK_HOOK) {
        part.start = "stop";
        part.restore = "start";
    }
    if (part.kind == DRILL_BREAK_CHECK || part.kind == DRILL_BREAK_CONTROL) {
        const char *word_of_state = strsep(&rest, " ");
        part.up = strcmp(word_of_state, "up") == 0 || strcmp(word_of_state, "On") == 0;
    }
    while (rest != NULL) {
        names[name_count++] = strsep(&rest, " ");
        part.name_count++;
    }
    return part;
}

static inline struct drill_watch watch_of(const char *name, const char *client)
{
    struct drill_watch watch = { .type = DNS_TYPE_A };
    const char *why;
    assert_true(dns_name_from_text(watch.name, name, strlen(name), NULL, &why) > 0);
    if (client != NULL) {
        watch.has_client = true;
        assert_null(prefix_from_text(&watch.client, client));
    }
    return watch;
}

#endif
