/*
 * Words that all forms of a report have in common.
 */
#include "drill.h"

#include <inttypes.h>
#include <string.h>

const char *question_title(const json_t *question, char *out, size_t size)
{
    const char *client = text_of(question, "client");
    snprintf(out, size, "%s %s%s%s", text_of(question, "name"), text_of(question, "type"),
             client[0] != '\0' ? " from " : "", client);
    return out;
}

const char *time_text(int64_t ms, char out[32])
{
    const char *sign = ms < 0 ? "-" : "";
    int64_t amount = ms < 0 ? -ms : ms;
    if (amount < 1000)
        snprintf(out, 32, "%s%" PRId64 " ms", sign, amount);
    else if (amount < 60000 - 50)
        snprintf(out, 32, "%s%.1f s", sign, (double)amount / 1000);
    else {
        int64_t seconds = (amount + 500) / 1000;
        snprintf(out, 32, "%s%" PRId64 " min %" PRId64 " s", sign, seconds / 60, seconds % 60);
    }
    return out;
}

int64_t ms_value(const json_t *value)
{
    static const int64_t most = 1000ll * 3600 * 24 * 365 * 100; /* since 1970, too */
    json_int_t ms = json_integer_value(value);
    return ms > most ? most : ms < -most ? -most : ms;
}

int64_t ms_of(const json_t *object, const char *name)
{
    return ms_value(json_object_get(object, name));
}

const char *range_text(const json_t *value, char out[80])
{
    char least[32], most[32];
    if (json_is_integer(value))
        return time_text(ms_value(value), out);
    if (!json_is_object(value))
        return strcpy(out, "-");
    json_int_t least_ms = ms_of(value, "least"), most_ms = ms_of(value, "most");
    if (least_ms == most_ms)
        return time_text(least_ms, out);
    snprintf(out, 80, "%s to %s", time_text(least_ms, least), time_text(most_ms, most));
    return out;
}

bool report_is_good(const json_t *report)
{
    return json_is_true(json_object_get(report, "met")) &&
           json_is_true(json_object_get(report, "complete"));
}

const char *report_verdict(const json_t *report)
{
    const json_t *objectives = json_object_get(report, "objectives"), *objective;
    const char *interrupted = text_of(report, "interrupted");
    size_t index;
    if (!json_is_true(json_object_get(report, "restored")))
        return "whether everything is restored is not known";
    if (!json_is_true(json_object_get(report, "complete")))
        return interrupted[0] != '\0' && strcmp(interrupted, DRILL_HOOK_FAILED) != 0
                   ? "it was cut short"
                   : "a command of a hook failed";
    if (!json_is_true(json_object_get(report, "met")))
        return "an objective was missed";
    json_array_foreach(objectives, index, objective)
    {
        if (!objective_applies(objective))
            return "no objective was missed, and some had nothing to measure";
    }
    return json_array_size(objectives) > 0 ? "every objective was met"
                                           : "done, and no objective was set";
}

const char *restore_word(const json_t *report)
{
    return json_is_true(json_object_get(report, "restored")) ? "restored" : "restoring tried";
}

const char *breaks_text(const json_t *definition, char *out, size_t size)
{
    static const struct kind {
        const char *member, *words;
    } kinds[] = { { "check", "health check" },
                  { "region", "Region" },
                  { "zone", "zone" },
                  { "control", "routing control" } };
    const json_t *step;
    size_t index, used = 0;
    out[0] = '\0';
    json_array_foreach(json_object_get(definition, "break"), index, step)
    {
        const char *words = "hook", *name = text_of(json_object_get(step, "hook"), "start");
        const char *state = text_of(step, "state");
        for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
            if (json_object_get(step, kinds[i].member) != NULL) {
                words = kinds[i].words;
                name = text_of(step, kinds[i].member);
            }
        if (name[0] != '\0' && used < size)
            used += (size_t)snprintf(out + used, size - used, "%s%s %s%s%s", used > 0 ? ", " : "",
                                     words, name, state[0] != '\0' ? " " : "", state);
    }
    return out;
}

bool objective_applies(const json_t *objective)
{
    return json_is_true(json_object_get(objective, "applies"));
}

bool answer_was_seen(const json_t *answer)
{
    return number_of(answer, "before") > 0 || number_of(answer, "broken") > 0 ||
           number_of(answer, "after") > 0;
}

/* Nobody measured it, so it has no tenths. */
static void limit_text(int64_t ms, char out[32])
{
    if (ms % 60000 == 0 && ms > 60000)
        snprintf(out, 32, "%" PRId64 " min", ms / 60000);
    else if (ms % 1000 == 0 && ms < 120000)
        snprintf(out, 32, "%" PRId64 " s", ms / 1000);
    else
        time_text(ms, out);
}

const char *objective_text(const json_t *objective, char *out, size_t size)
{
    static const struct words {
        const char *objective, *words;
    } known[] = {
        { "turned_within", "answers turned within" },
        { "back_within", "answers back within" },
        { "cached_within", "no old answer cached after" },
    };
    const char *name = text_of(objective, "objective");
    char limit[32], measured[80];
    if (strcmp(name, "never_empty") == 0) {
        snprintf(out, size, "never an answer without records: %" JSON_INTEGER_FORMAT " were",
                 number_of(objective, "empty"));
        return out;
    }
    const char *result = "no question changes, so there is nothing to measure";
    if (objective_applies(objective)) {
        const json_t *value = json_object_get(objective, "measured_ms");
        result = json_is_integer(value) ? range_text(value, measured) : "not at all";
    }
    limit_text(ms_of(objective, "limit_ms"), limit);
    snprintf(out, size, "%s", name);
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcmp(name, known[i].objective) == 0)
            snprintf(out, size, "%s %s: %s", known[i].words, limit, result);
    return out;
}

/* An octet that XML has another way for, or none at all; NULL: it stands for itself. */
static const char *xml_escape(char octet)
{
    switch (octet) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return (unsigned char)octet < ' ' || octet == 0x7f ? "?" : NULL;
    }
}

void print_xml(FILE *out, const char *text, int most)
{
    for (; *text != '\0'; text++) {
        const char *escape = xml_escape(*text);
        if (((unsigned char)*text & 0xc0) != 0x80 && most-- <= 0)
            break;
        if (escape != NULL) {
            fputs(escape, out);
        } else if (strncmp(text, "\xef\xbf\xbe", 3) == 0 || strncmp(text, "\xef\xbf\xbf", 3) == 0) {
            fputc('?', out); /* U+FFFE and U+FFFF, which no document may hold */
            text += 2;
        } else {
            fputc(*text, out);
        }
    }
}
