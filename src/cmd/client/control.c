/*
 * Routing controls, and the safety rules over them.
 */
#include "client.h"

#include <string.h>
#include <strings.h>

/* "a, b, c" of a list of strings. */
static const char *joined(const json_t *list, char *out, size_t size)
{
    const json_t *item;
    size_t index, used = 0;
    out[0] = '\0';
    json_array_foreach(list, index, item)
    {
        if (used < size)
            used += (size_t)snprintf(out + used, size - used, "%s%s", index > 0 ? ", " : "",
                                     json_string_value(item));
    }
    return out;
}

/* ---- controls ---- */

int verb_control_create(const struct invocation *invocation)
{
    json_t *reply;
    const char *panel = option_text(invocation, "panel");
    if (!client_is_utf8(invocation))
        return EXIT_REFUSED;
    json_t *document = json_pack("{s:s}", "name", invocation->words[0]);
    if (panel != NULL)
        json_object_set_new(document, "panel", json_string(panel));
    int rc = client_exchange(invocation, "POST", client_path("routing-controls"), document, &reply);
    if (reply != NULL)
        printf("created %s (panel %s): %s\n", text_of(reply, "name"), text_of(reply, "panel"),
               text_of(reply, "state"));
    json_decref(reply);
    return rc;
}

/* "cell-1=on" as a change; NULL: the user has been told. */
static json_t *read_change(const char *word)
{
    const char *equals = strrchr(word, '=');
    bool is_on = equals != NULL && strcasecmp(equals + 1, "on") == 0;
    if (equals == NULL || equals == word || (!is_on && strcasecmp(equals + 1, "off") != 0)) {
        complain("a change is NAME=on or NAME=off, not \"%s\"", word);
        return NULL;
    }
    return json_pack("{s:s%,s:s}", "name", word, (size_t)(equals - word), "state",
                     is_on ? "On" : "Off");
}

static json_t *list_overridden(const struct invocation *invocation)
{
    json_t *list = json_array();
    const char *rule;
    int cursor = 0;
    while ((rule = option_each(invocation, "break-glass", &cursor)) != NULL)
        json_array_append_new(list, json_string(rule));
    return list;
}

static void print_states(const json_t *reply)
{
    const json_t *control;
    size_t index;
    json_array_foreach(json_object_get(reply, "routing_controls"), index, control)
    {
        printf("set %s: %s\n", text_of(control, "name"), text_of(control, "state"));
    }
}

int verb_control_set(const struct invocation *invocation)
{
    json_t *reply;
    if (!client_is_utf8(invocation))
        return EXIT_REFUSED;
    json_t *changes = json_array();
    for (int i = 0; i < invocation->word_count; i++) {
        json_t *change = read_change(invocation->words[i]);
        if (change == NULL) {
            json_decref(changes);
            return EXIT_USAGE;
        }
        json_array_append_new(changes, change);
    }
    json_t *document = json_pack("{s:o,s:o}", "changes", changes, "safety_rules_to_override",
                                 list_overridden(invocation));
    int rc = client_exchange(invocation, "PUT", client_path("routing-controls/states"), document,
                             &reply);
    print_states(reply);
    json_decref(reply);
    return rc;
}

int verb_control_list(const struct invocation *invocation)
{
    static const char *const heads[] = { "NAME", "PANEL", "STATE", "SINCE", "HEALTH CHECKS" };
    struct table table = { .columns = 5 };
    json_t *reply;
    const json_t *control;
    size_t index;
    char since[32], checks[400];
    int rc = client_exchange(invocation, "GET", client_path("routing-controls"), NULL, &reply);
    const json_t *controls = json_object_get(reply, "routing_controls");
    if (json_array_size(controls) > 0)
        table_add_row(&table, heads);
    else if (reply != NULL)
        fprintf(stderr, "There are no routing controls yet; 'signpost control create NAME' makes "
                        "one.\n");
    json_array_foreach(controls, index, control)
    {
        const char *cells[] = {
            text_of(control, "name"), text_of(control, "panel"), text_of(control, "state"),
            local_time(number_of(control, "since_ms"), since),
            joined(json_object_get(control, "health_checks"), checks, sizeof(checks))
        };
        table_add_row(&table, cells);
    }
    table_print(&table, stdout);
    json_decref(reply);
    return rc;
}

int verb_control_delete(const struct invocation *invocation)
{
    json_t *reply;
    int rc =
        client_exchange(invocation, "DELETE",
                        client_path("routing-controls/%s", invocation->words[0]), NULL, &reply);
    if (reply != NULL)
        printf("deleted %s\n", text_of(reply, "routing_control"));
    json_decref(reply);
    return rc;
}

/* ---- rules ---- */

/* "at least 1 of cell-1, cell-2", or "not at least ..."; for a gate also what it is for. */
static const char *wish_of(const json_t *rule, char out[1000])
{
    char controls[400], targets[400], count[64];
    const char *type = text_of(rule, "type");
    bool gates = strcmp(text_of(rule, "kind"), "GATING") == 0;
    joined(json_object_get(rule, gates ? "gating_controls" : "asserted_controls"), controls,
           sizeof(controls));
    joined(json_object_get(rule, "target_controls"), targets, sizeof(targets));
    snprintf(count, sizeof(count), "at least %" JSON_INTEGER_FORMAT, number_of(rule, "threshold"));
    snprintf(out, 1000, "%s%s of %s on%s%s",
             json_is_true(json_object_get(rule, "inverted")) ? "not " : "",
             strcmp(type, "AND") == 0  ? "all"
             : strcmp(type, "OR") == 0 ? "any"
                                       : count,
             controls, gates ? ", to change " : "", targets);
    return out;
}

/* The type and the threshold.  EXIT_USAGE: the user has been told. */
static int read_count(const struct invocation *invocation, json_t *document)
{
    json_int_t threshold;
    bool all = option_given(invocation, "all-of"), any = option_given(invocation, "any-of");
    bool some = option_given(invocation, "at-least");
    if (all + any + some != 1) {
        complain("say how many must be on: --all-of, --any-of or --at-least N");
        return EXIT_USAGE;
    }
    json_object_set_new(document, "type", json_string(all ? "AND" : any ? "OR" : "ATLEAST"));
    if (!some)
        return EXIT_DONE;
    int rc = option_number(invocation, "at-least", &threshold);
    if (rc == EXIT_DONE)
        json_object_set_new(document, "threshold", json_integer(threshold));
    return rc;
}

/* The kind and its controls.  EXIT_USAGE: the user has been told. */
static int read_controls(const struct invocation *invocation, json_t *document)
{
    bool gates = option_given(invocation, "gate");
    if (gates == option_given(invocation, "assert") ||
        gates != option_given(invocation, "target")) {
        complain("a rule needs --assert CONTROLS, or --gate CONTROLS and --target CONTROLS");
        return EXIT_USAGE;
    }
    json_object_set_new(document, "kind", json_string(gates ? "GATING" : "ASSERTION"));
    json_object_set_new(document, gates ? "gating_controls" : "asserted_controls",
                        option_list(invocation, gates ? "gate" : "assert"));
    if (gates)
        json_object_set_new(document, "target_controls", option_list(invocation, "target"));
    return EXIT_DONE;
}

static int build_rule(const struct invocation *invocation, json_t *document)
{
    json_int_t wait_ms;
    const char *panel = option_text(invocation, "panel");
    int rc = read_controls(invocation, document);
    if (rc == EXIT_DONE)
        rc = read_count(invocation, document);
    if (panel != NULL)
        json_object_set_new(document, "panel", json_string(panel));
    if (option_given(invocation, "invert"))
        json_object_set_new(document, "inverted", json_true());
    if (rc == EXIT_DONE && option_given(invocation, "wait")) {
        rc = option_number(invocation, "wait", &wait_ms);
        json_object_set_new(document, "wait_period_ms",
                            json_integer(rc == EXIT_DONE ? wait_ms : 0));
    }
    return rc;
}

int verb_rule_create(const struct invocation *invocation)
{
    json_t *reply;
    char wish[1000];
    if (!client_is_utf8(invocation))
        return EXIT_REFUSED;
    json_t *document = json_pack("{s:s}", "name", invocation->words[0]);
    int rc = build_rule(invocation, document);
    if (rc != EXIT_DONE) {
        json_decref(document);
        return rc;
    }
    rc = client_exchange(invocation, "POST", client_path("safety-rules"), document, &reply);
    if (reply != NULL)
        printf("created %s: %s\n", text_of(reply, "name"), wish_of(reply, wish));
    json_decref(reply);
    return rc;
}

int verb_rule_list(const struct invocation *invocation)
{
    static const char *const heads[] = { "NAME", "PANEL", "WAIT MS", "WANTS" };
    struct table table = { .columns = 4, .right = 1 << 2 };
    json_t *reply;
    const json_t *rule;
    size_t index;
    char wish[1000];
    int rc = client_exchange(invocation, "GET", client_path("safety-rules"), NULL, &reply);
    const json_t *rules = json_object_get(reply, "safety_rules");
    if (json_array_size(rules) > 0)
        table_add_row(&table, heads);
    else if (reply != NULL)
        fprintf(stderr, "There are no safety rules yet; 'signpost rule create' makes one.\n");
    json_array_foreach(rules, index, rule)
    {
        table_add(&table, text_of(rule, "name"));
        table_add(&table, text_of(rule, "panel"));
        table_add_number(&table, number_of(rule, "wait_period_ms"));
        table_add(&table, wish_of(rule, wish));
    }
    table_print(&table, stdout);
    json_decref(reply);
    return rc;
}

int verb_rule_delete(const struct invocation *invocation)
{
    json_t *reply;
    int rc = client_exchange(invocation, "DELETE",
                             client_path("safety-rules/%s", invocation->words[0]), NULL, &reply);
    if (reply != NULL)
        printf("deleted %s\n", text_of(reply, "safety_rule"));
    json_decref(reply);
    return rc;
}
