/*
 * signpost explain: the tree that was searched, as a person likes to read it.
 *
 *     www.lab.test. A: geolocation
 *     |- * continent EU  taken -> eu.lab.test.
 *     |  `- eu.lab.test. A: weighted
 *     |     |- x blue   left, its health check is down: weight 70, draw 12 of 100, ...
 *     |     `- * green  taken: weight 30, draw 3 of 30, ... -> 192.0.2.12
 *     `- - *             not needed -> us.lab.test.
 *
 * Groups stand below the candidates on whose account they were searched, candidates below their
 * groups.
 */
#include "client.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define INDENT_SIZE     1024 /* 33 groups one below the other, each with its candidate */
#define LABEL_WIDTH_MAX 32
#define VALUES_SHOWN    4

struct drawing {
    FILE *out;
    const struct style *style;
    char indent[INDENT_SIZE]; /* what stands in front of the next line's branch */
    bool has_draws;
};

/* ---- lines and colours ---- */

enum mark { MARK_TAKEN, MARK_LEFT, MARK_NOT_NEEDED };

static const char *branch(const struct drawing *drawing, bool is_last)
{
    if (drawing->style->utf8)
        return is_last ? "└─ " : "├─ ";
    return is_last ? "`- " : "|- ";
}

static const char *arrow(const struct drawing *drawing)
{
    return drawing->style->utf8 ? "→" : "->";
}

static void colour_begin(const struct drawing *drawing, enum mark mark)
{
    static const char *const codes[] = {
        [MARK_TAKEN] = "\033[32m", [MARK_LEFT] = "\033[31m", [MARK_NOT_NEEDED] = "\033[2m"
    };
    if (drawing->style->colour)
        fputs(codes[mark], drawing->out);
}

static void colour_end(const struct drawing *drawing)
{
    if (drawing->style->colour)
        fputs("\033[0m", drawing->out);
}

static const char *mark_text(const struct drawing *drawing, enum mark mark)
{
    static const char *const unicode[] = { "✓", "✗", "·" }, *const ascii[] = { "*", "x", "-" };
    return drawing->style->utf8 ? unicode[mark] : ascii[mark];
}

/* Moves what follows to the right, below a line whose branch was the last or not; the size to go
 * back to. */
static size_t indent(struct drawing *drawing, bool is_last)
{
    size_t size = strlen(drawing->indent);
    const char *more = is_last ? "   " : drawing->style->utf8 ? "│  " : "|  ";
    if (size + strlen(more) < INDENT_SIZE)
        strcat(drawing->indent, more);
    return size;
}

/* ---- one candidate ---- */

/* What is said of it, piece by piece: "weight 70, draw 12 of 100". */
struct findings {
    FILE *out;
    bool begun;
};

static void find(struct findings *findings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void find(struct findings *findings, const char *format, ...)
{
    va_list arguments;
    fputs(findings->begun ? ", " : ": ", findings->out);
    findings->begun = true;
    va_start(arguments, format);
    vfprintf(findings->out, format, arguments);
    va_end(arguments);
}

/* " (set by OWNER: REASON)" */
static void print_override(FILE *out, const char *owner, const char *reason)
{
    fputs(" (set", out);
    if (owner[0] != '\0') {
        fputs(" by ", out);
        print_text(out, owner);
    }
    if (reason[0] != '\0') {
        fputs(": ", out);
        print_text(out, reason);
    }
    fputc(')', out);
}

static void find_check(struct findings *findings, const json_t *check)
{
    const char *since = text_of(check, "since");
    char ago[32];
    if (check == NULL)
        return;
    find(findings, "check ");
    print_text(findings->out, text_of(check, "id"));
    fprintf(findings->out, " %s", json_is_true(json_object_get(check, "up")) ? "up" : "down");
    if (json_is_true(json_object_get(check, "supposed")))
        fputs(" (supposed)", findings->out);
    else if (since[0] != '\0')
        fprintf(findings->out, " since %s (%s)", since,
                span_of_time(number_of(check, "seconds"), ago));
    if (json_is_true(json_object_get(check, "set")))
        print_override(findings->out, text_of(check, "owner"), text_of(check, "reason"));
}

static void find_score(struct findings *findings, const json_t *candidate)
{
    const json_t *draw = json_object_get(candidate, "draw");
    const json_t *latency = json_object_get(candidate, "latency");
    const json_t *distance = json_object_get(candidate, "distance");
    if (json_object_get(candidate, "weight") != NULL)
        find(findings, "weight %" JSON_INTEGER_FORMAT, number_of(candidate, "weight"));
    if (draw != NULL)
        find(findings, "draw %" JSON_INTEGER_FORMAT " of %" JSON_INTEGER_FORMAT,
             number_of(draw, "draw"), number_of(draw, "total"));
    if (latency != NULL)
        find(findings, "%.0f ms %s", json_number_value(json_object_get(latency, "ms")),
             text_of(latency, "source"));
    if (distance != NULL) {
        double km = json_number_value(json_object_get(distance, "km"));
        double biased = json_number_value(json_object_get(distance, "biased_km"));
        find(findings, "%.0f km", km);
        if (biased != km)
            fprintf(findings->out, " counted as %.0f", biased);
    }
    if (json_object_get(candidate, "block_length") != NULL)
        find(findings, "block /%" JSON_INTEGER_FORMAT, number_of(candidate, "block_length"));
}

static void print_values(const struct drawing *drawing, const json_t *values)
{
    size_t count = json_array_size(values);
    for (size_t i = 0; i < count && i < VALUES_SHOWN; i++) {
        fputc(' ', drawing->out);
        print_text(drawing->out, json_string_value(json_array_get(values, i)));
    }
    if (count > VALUES_SHOWN)
        fprintf(drawing->out, " and %zu more", count - VALUES_SHOWN);
}

/* Where it leads, and what stands there. */
static void print_content(const struct drawing *drawing, const json_t *candidate)
{
    const json_t *values = json_object_get(candidate, "values");
    const char *target = text_of(candidate, "target"), *resource = text_of(candidate, "resource");
    if (target[0] != '\0' || resource[0] != '\0')
        fprintf(drawing->out, " %s %s%s%s", arrow(drawing), resource[0] != '\0' ? "resource " : "",
                target, resource);
    if (values != NULL) {
        fprintf(drawing->out, " %s", arrow(drawing));
        print_values(drawing, values);
    }
}

static enum mark mark_of(const json_t *candidate)
{
    const char *state = text_of(candidate, "state");
    if (strcmp(state, "taken") == 0)
        return MARK_TAKEN;
    return strcmp(state, "left") == 0 ? MARK_LEFT : MARK_NOT_NEEDED;
}

/* Labels are plain ASCII: whether this one is the user's word, but for its other octets. */
static bool stands_for(const char *label, const char *id)
{
    while (*id != '\0' && (*label == *id || *label == '?')) {
        label++;
        id++;
    }
    return *label == '\0' && *id == '\0';
}

/* "us-east-1", and behind it how the user calls it if that is another word.  Its width. */
static int label_of(const json_t *candidate, char *out, size_t size)
{
    const char *label = text_of(candidate, "label"), *id = text_of(candidate, "set_identifier");
    if (label[0] == '\0' || stands_for(label, id))
        snprintf(out, size, "%s", id);
    else
        snprintf(out, size, id[0] != '\0' ? "%s (%s)" : "%s", label, id);
    return text_width(out);
}

static int widest_label(const json_t *candidates)
{
    const json_t *candidate;
    size_t index;
    char label[512];
    int widest = 0;
    json_array_foreach(candidates, index, candidate)
    {
        int width = label_of(candidate, label, sizeof(label));
        if (width > widest)
            widest = width;
    }
    return widest < LABEL_WIDTH_MAX ? widest : LABEL_WIDTH_MAX;
}

static void print_state(const struct drawing *drawing, const json_t *candidate, bool is_weighted)
{
    enum mark mark = mark_of(candidate);
    if (mark == MARK_LEFT)
        fprintf(drawing->out, "left, %s", text_of(candidate, "reason"));
    else if (mark == MARK_TAKEN)
        fputs("taken", drawing->out);
    else
        fputs(is_weighted ? "not drawn" : "not needed", drawing->out);
}

static void print_candidate(struct drawing *drawing, const json_t *candidate, bool is_weighted,
                            int label_width)
{
    struct findings findings = { drawing->out, false };
    enum mark mark = mark_of(candidate);
    char label[512];
    int width = label_of(candidate, label, sizeof(label));
    drawing->has_draws |= json_object_get(candidate, "draw") != NULL;
    colour_begin(drawing, mark);
    fprintf(drawing->out, "%s ", mark_text(drawing, mark));
    print_text(drawing->out, label);
    if (label_width > 0)
        fprintf(drawing->out, "%*s", label_width > width ? label_width - width + 2 : 2, "");
    print_state(drawing, candidate, is_weighted);
    find_score(&findings, candidate);
    find_check(&findings, json_object_get(candidate, "check"));
    print_content(drawing, candidate);
    colour_end(drawing);
    fputc('\n', drawing->out);
}

/* ---- groups ---- */

static const char *outcome_text(const json_t *group)
{
    bool is_last_resort = json_is_true(json_object_get(group, "last_resort"));
    const char *outcome = text_of(group, "outcome");
    if (strcmp(outcome, "found") == 0)
        return is_last_resort ? ", last resort: health is not looked at" : "";
    if (strcmp(outcome, "nothing") == 0)
        return is_last_resort ? ", last resort: nothing answers" : ": nothing healthy answers";
    return ": the rest is cut short";
}

static void print_group(struct drawing *drawing, const json_t *group);

/* What was searched on account of a candidate, below it. */
static void print_searched(struct drawing *drawing, const json_t *candidate)
{
    const json_t *groups = json_object_get(candidate, "groups"), *group;
    size_t index;
    json_array_foreach(groups, index, group)
    {
        bool is_last = index + 1 == json_array_size(groups);
        fprintf(drawing->out, "%s%s", drawing->indent, branch(drawing, is_last));
        size_t before = indent(drawing, is_last);
        print_group(drawing, group);
        drawing->indent[before] = '\0';
    }
}

static void print_group(struct drawing *drawing, const json_t *group)
{
    const json_t *candidates = json_object_get(group, "candidates"), *candidate;
    const char *policy = text_of(group, "policy");
    int label_width = widest_label(candidates);
    size_t index;
    fprintf(drawing->out, "%s %s, %s%s\n", text_of(group, "owner"), text_of(group, "type"), policy,
            outcome_text(group));
    json_array_foreach(candidates, index, candidate)
    {
        bool is_last = index + 1 == json_array_size(candidates);
        fprintf(drawing->out, "%s%s", drawing->indent, branch(drawing, is_last));
        print_candidate(drawing, candidate, strcmp(policy, "weighted") == 0, label_width);
        size_t before = indent(drawing, is_last);
        print_searched(drawing, candidate);
        drawing->indent[before] = '\0';
    }
}

/* ---- the question and the answer ---- */

/* "US-CA in NA, 37.77 -122.42, nearest Region us-west-1" */
static void print_place(FILE *out, const json_t *client)
{
    const char *country = text_of(client, "country"), *region = text_of(client, "region");
    const char *subdivision = text_of(client, "subdivision");
    const char *continent = text_of(client, "continent");
    fprintf(out, "%s%s%s", country, subdivision[0] != '\0' ? "-" : "", subdivision);
    fprintf(out, "%s%s", country[0] != '\0' && continent[0] != '\0' ? " in " : "", continent);
    if (json_object_get(client, "latitude") != NULL)
        fprintf(out, ", at %.2f %.2f", json_number_value(json_object_get(client, "latitude")),
                json_number_value(json_object_get(client, "longitude")));
    if (region[0] != '\0')
        fprintf(out, ", nearest Region %s", region);
}

static void print_client(FILE *out, const json_t *client)
{
    const char *source = text_of(client, "place_source");
    fprintf(out, "client %s (%s): ", text_of(client, "prefix"), text_of(client, "source"));
    if (strcmp(source, "unlocated") == 0) {
        fputs("nobody knows where it is", out);
        if (json_is_true(json_object_get(client, "assumed")))
            fputs(", so it counts as at us-east-1", out);
    } else {
        print_place(out, client);
        fprintf(out, " (%s)", strcmp(source, "mmdb") == 0 ? "MMDB file" : "location table");
    }
    if (!json_is_true(json_object_get(client, "used")))
        fputs("; no policy asked", out);
    fputc('\n', out);
}

/* What there is to say of an answer without records. */
static const char *answer_words(const json_t *reply)
{
    const char *rcode = text_of(reply, "rcode");
    if (json_array_size(json_object_get(reply, "answer")) > 0)
        return "";
    if (strcmp(rcode, "NXDOMAIN") == 0)
        return ": there is no such name";
    if (strcmp(rcode, "REFUSED") == 0)
        return ": it is in no zone of this server";
    if (strcmp(rcode, "SERVFAIL") == 0)
        return ": the records lead in circles, or too deep";
    if (json_is_true(json_object_get(reply, "truncated")))
        return ": there are more records than any reply can hold";
    if (!json_is_true(json_object_get(reply, "authoritative")))
        return ": the name is delegated to other servers";
    return json_array_size(json_object_get(reply, "groups")) > 0
               ? ": no records of this type for this client"
               : ": no records of this type";
}

static void print_answer(FILE *out, const json_t *reply)
{
    struct table table = { .columns = 4, .right = 1 << 1 };
    const json_t *records = json_object_get(reply, "answer"), *record;
    size_t index;
    fprintf(out, "answer %s%s", text_of(reply, "rcode"), answer_words(reply));
    if (json_object_get(reply, "scope") != NULL)
        fprintf(out, ", scope /%" JSON_INTEGER_FORMAT, number_of(reply, "scope"));
    fputc('\n', out);
    json_array_foreach(records, index, record)
    {
        char name[1100], ttl[24];
        snprintf(name, sizeof(name), "  %.1024s", text_of(record, "name"));
        snprintf(ttl, sizeof(ttl), "%" JSON_INTEGER_FORMAT, number_of(record, "ttl"));
        const char *const cells[] = { name, ttl, text_of(record, "type"),
                                      text_of(record, "value") };
        table_add_row(&table, cells);
    }
    table_print(&table, out);
}

void explain_print(FILE *out, const json_t *reply, const struct style *style)
{
    struct drawing drawing = { .out = out, .style = style };
    const json_t *groups = json_object_get(reply, "groups"), *group;
    size_t index;
    fprintf(out, "%s %s\n", text_of(reply, "name"), text_of(reply, "type"));
    print_client(out, json_object_get(reply, "client"));
    fputc('\n', out);
    json_array_foreach(groups, index, group) print_group(&drawing, group);
    if (json_array_size(groups) == 0)
        fputs("no routing policy at this name\n", out);
    if (json_is_false(json_object_get(reply, "complete")))
        fputs("the tree is too large to be told in full\n", out);
    fputc('\n', out);
    print_answer(out, reply);
    if (drawing.has_draws)
        fprintf(out, "  drawn with --seed %" JSON_INTEGER_FORMAT "\n", number_of(reply, "seed"));
}

/* ---- the request ---- */

static json_t *list_of(const struct invocation *invocation, const char *option)
{
    json_t *list = json_array();
    const char *text;
    int cursor = 0;
    while ((text = option_each(invocation, option, &cursor)) != NULL)
        json_array_append_new(list, json_string(text));
    return list;
}

json_t *question_document(const struct invocation *invocation)
{
    json_int_t seed;
    json_t *document =
        json_pack("{s:s,s:s,s:o,s:o}", "name", invocation->words[0], "type", invocation->words[1],
                  "down", list_of(invocation, "down"), "up", list_of(invocation, "up"));
    if (option_given(invocation, "seed")) {
        if (option_number(invocation, "seed", &seed) != EXIT_DONE) {
            json_decref(document);
            return NULL;
        }
        json_object_set_new(document, "seed", json_integer(seed));
    }
    return document;
}

int verb_explain(const struct invocation *invocation)
{
    json_t *reply;
    if (!client_is_utf8(invocation))
        return EXIT_USAGE;
    json_t *document = question_document(invocation);
    if (document == NULL)
        return EXIT_USAGE;
    if (option_given(invocation, "from"))
        json_object_set_new(document, "client", json_string(option_text(invocation, "from")));
    int rc = client_exchange(invocation, "POST", client_path("explain"), document, &reply);
    if (reply != NULL) {
        struct style style = style_of(stdout);
        explain_print(stdout, reply, &style);
    }
    json_decref(reply);
    return rc;
}
