/*
 * What a drill shall do, from the command line or from a file.  The server reads the same document
 * and says what is wrong with it; here is only what must be known to write it.
 */
#include "drill.h"

#include "signpost/model/drill.h"

#include <errno.h>
#include <string.h>

static const char plan_options[] =
    "break break-glass restore turns for settle watch turned-within back-within "
    "cached-within never-empty";

/* ---- what breaks ---- */

/* "web-1:down" -> "web-1" and "down"; a word that is missing is `otherwise`. */
static json_t *with_state(const char *kind, const char *text, const char *const states[2],
                          const char *otherwise)
{
    const char *colon = strrchr(text, ':');
    const char *state = otherwise;
    for (int i = 0; i < 2; i++)
        if (colon != NULL && strcasecmp(colon + 1, states[i]) == 0)
            state = states[i];
    if (colon != NULL && strcasecmp(colon + 1, state) != 0) {
        complain("--break %s=%s: behind the colon stands %s or %s", kind, text, states[0],
                 states[1]);
        return NULL;
    }
    size_t size = colon != NULL ? (size_t)(colon - text) : strlen(text);
    return json_pack("{s:s%,s:s}", kind, text, size, "state", state);
}

/* What --break is followed by; NULL: the user has been told what is wrong. */
static json_t *break_of(const char *text)
{
    static const char *const health[] = { "up", "down" }, *const control[] = { "On", "Off" };
    const char *equals = strchr(text, '=');
    size_t size = equals != NULL ? (size_t)(equals - text) : 0;
    const char *value = equals != NULL ? equals + 1 : "";
    if (value[0] == '\0')
        size = 0;
    if (size == 5 && strncmp(text, "check", 5) == 0)
        return with_state("check", value, health, "down");
    if (size == 7 && strncmp(text, "control", 7) == 0)
        return with_state("control", value, control, "Off");
    if (size == 6 && strncmp(text, "region", 6) == 0)
        return json_pack("{s:s}", "region", value);
    if (size == 4 && strncmp(text, "zone", 4) == 0)
        return json_pack("{s:s}", "zone", value);
    if (size == 4 && strncmp(text, "hook", 4) == 0)
        return json_pack("{s:{s:s}}", "hook", "start", value);
    complain("--break must be followed by check=ID[:up|down], region=REGION, zone=AZ, "
             "control=NAME[:On|Off] or hook=COMMAND, not by \"%s\"",
             text);
    return NULL;
}

/* Adds what --restore or --turns says to the hook before it. */
static bool add_to_hook(json_t *breaks, const struct given_option *given)
{
    size_t count = json_array_size(breaks);
    json_t *last = count > 0 ? json_array_get(breaks, count - 1) : NULL;
    json_t *hook = json_object_get(last, "hook");
    if (hook == NULL) {
        complain("--%s belongs to a hook: it stands behind --break hook=COMMAND", given->name);
        return false;
    }
    if (strcmp(given->name, "turns") == 0) {
        if (json_object_get(hook, "checks") == NULL)
            json_object_set_new(hook, "checks", json_array());
        json_array_append_new(json_object_get(hook, "checks"), json_string(given->text));
        return true;
    }
    if (json_object_get(hook, "restore") != NULL) {
        complain("--restore is given twice for one hook");
        return false;
    }
    json_object_set_new(hook, "restore", json_string(given->text));
    return true;
}

/* Adds what --break-glass says to the control before it. */
static bool add_to_control(json_t *breaks, const struct given_option *given)
{
    size_t count = json_array_size(breaks);
    json_t *last = count > 0 ? json_array_get(breaks, count - 1) : NULL;
    if (json_object_get(last, "control") == NULL) {
        complain("--break-glass belongs to a control: it stands behind --break control=NAME");
        return false;
    }
    if (json_object_get(last, "break_glass") == NULL)
        json_object_set_new(last, "break_glass", json_array());
    json_array_append_new(json_object_get(last, "break_glass"), json_string(given->text));
    return true;
}

/* In the order in which they are given. */
static bool read_breaks(const struct invocation *invocation, json_t *breaks)
{
    for (int i = 0; i < invocation->given_count; i++) {
        const struct given_option *given = &invocation->given[i];
        json_t *step = NULL;
        if (strcmp(given->name, "break") == 0) {
            if ((step = break_of(given->text)) == NULL)
                return false;
            json_array_append_new(breaks, step);
        } else if (strcmp(given->name, "restore") == 0 || strcmp(given->name, "turns") == 0) {
            if (!add_to_hook(breaks, given))
                return false;
        } else if (strcmp(given->name, "break-glass") == 0 && !add_to_control(breaks, given)) {
            return false;
        }
    }
    if (json_array_size(breaks) == 0)
        complain("--break must say what breaks, or a FILE must say it all");
    return json_array_size(breaks) > 0;
}

/* ---- what is watched ---- */

/* "www.lab.test A 203.0.113.0/25" as a list of words. */
static bool read_watch(const char *text, json_t *watches)
{
    static const char *const members[] = { "name", "type", "client" };
    json_t *watch = json_object();
    unsigned count = 0;
    for (const char *at = text + strspn(text, " \t"); *at != '\0'; at += strspn(at, " \t")) {
        size_t size = strcspn(at, " \t");
        if (count < 3)
            json_object_set_new(watch, members[count], json_stringn(at, size));
        count++;
        at += size;
    }
    json_array_append_new(watches, watch);
    if (count == 2 || count == 3)
        return true;
    complain("--watch must be followed by 'NAME TYPE' or 'NAME TYPE PREFIX', not by \"%s\"", text);
    return false;
}

static bool read_watches(const struct invocation *invocation, json_t *watches)
{
    const char *text;
    int cursor = 0;
    while ((text = option_each(invocation, "watch", &cursor)) != NULL)
        if (!read_watch(text, watches))
            return false;
    if (json_array_size(watches) == 0)
        complain("--watch must say which question is watched: --watch 'www.lab.test A'");
    return json_array_size(watches) > 0;
}

/* ---- times ---- */

int64_t drill_time(const json_t *definition, const char *name, int64_t otherwise)
{
    const json_t *value = json_object_get(definition, name);
    uint64_t ms;
    if (value == NULL)
        return otherwise;
    if (json_is_number(value) && json_number_value(value) >= 0)
        return (int64_t)(json_number_value(value) * 1000);
    if (!json_is_string(value) || drill_time_read(json_string_value(value), &ms, NULL) != 0)
        return -1;
    return (int64_t)ms;
}

/* An option that is followed by a time, as a member of that name. */
static bool read_time(const struct invocation *invocation, const char *option, const char *member,
                      json_t *object)
{
    const char *text = option_text(invocation, option);
    struct problem problem = { 0 };
    uint64_t ms;
    if (text == NULL)
        return true;
    if (drill_time_read(text, &ms, &problem) != 0) {
        complain("--%s: %s", option, problem.text);
        return false;
    }
    json_object_set_new(object, member, json_string(text));
    return true;
}

static bool read_objectives(const struct invocation *invocation, json_t *objectives)
{
    if (option_given(invocation, "never-empty"))
        json_object_set_new(objectives, "never_empty", json_true());
    return read_time(invocation, "turned-within", "turned_within", objectives) &&
           read_time(invocation, "back-within", "back_within", objectives) &&
           read_time(invocation, "cached-within", "cached_within", objectives);
}

/* ---- all of it ---- */

static bool read_options(const struct invocation *invocation, json_t *definition)
{
    json_t *breaks = json_array(), *watches = json_array(), *objectives = json_object();
    json_object_set_new(definition, "for", json_string("1m"));
    json_object_set_new(definition, "break", breaks);
    json_object_set_new(definition, "watch", watches);
    json_object_set_new(definition, "objectives", objectives);
    return read_breaks(invocation, breaks) && read_watches(invocation, watches) &&
           read_time(invocation, "for", "for", definition) &&
           read_time(invocation, "settle", "settle", definition) &&
           read_objectives(invocation, objectives);
}

static json_t *read_file(const char *path)
{
    json_error_t error;
    FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (file == NULL) {
        complain("cannot read %s: %s", path, strerror(errno));
        return NULL;
    }
    json_t *definition = json_loadf(file, JSON_REJECT_DUPLICATES, &error);
    bool unread = ferror(file) != 0;
    if (file != stdin)
        fclose(file);
    if (unread)
        complain("cannot read %s: it is no file", client_file_name(path));
    else if (definition == NULL)
        complain("%s:%d: %s", client_file_name(path), error.line, error.text);
    else if (!json_is_object(definition))
        complain("%s: a drill is a JSON object: {\"for\":\"2m\",\"break\":[...],\"watch\":[...]}",
                 client_file_name(path));
    else
        return definition;
    json_decref(definition);
    return NULL;
}

/* An option that says what stands in the file; NULL: none. */
static const char *second_opinion(const struct invocation *invocation)
{
    for (int i = 0; i < invocation->given_count; i++) {
        const char *name = invocation->given[i].name, *at = strstr(plan_options, name);
        size_t size = strlen(name);
        if (at != NULL && (at == plan_options || at[-1] == ' ') &&
            (at[size] == ' ' || at[size] == '\0'))
            return name;
    }
    return NULL;
}

int drill_define(const struct invocation *invocation, json_t **out_definition)
{
    json_t *definition;
    if (invocation->word_count > 0) {
        const char *option = second_opinion(invocation);
        if (option != NULL) {
            complain(
                "\"%s\" is taken for a FILE that says what the drill does, so --%s cannot stand "
                "beside it; a question is one argument: --watch 'NAME TYPE'",
                invocation->words[0], option);
            return EXIT_USAGE;
        }
        definition = read_file(invocation->words[0]);
        if (definition == NULL)
            return EXIT_REFUSED;
    } else {
        definition = json_object();
        if (!read_options(invocation, definition)) {
            json_decref(definition);
            return EXIT_USAGE;
        }
    }
    *out_definition = definition;
    return EXIT_DONE;
}
