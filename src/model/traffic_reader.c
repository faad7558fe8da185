#include "traffic_reader.h"

#include "check.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOWN_MAX 60 /* characters of a user's text that a message shows */

void traffic__fault(struct traffic_reader *reader, const char *path, const char *format, ...)
{
    char text[PROBLEM_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    faults_add_text(&reader->faults, 0, "%s%s%s", path, *path == '\0' ? "" : ": ", text);
}

/* ---- memory ---- */

static void *noted(struct traffic_reader *reader, void *piece)
{
    if (piece == NULL)
        reader->rc = SP_ENOMEM;
    return piece;
}

void *traffic__alloc(struct traffic_reader *reader, size_t size)
{
    return noted(reader, arena_alloc(reader->arena, size));
}

void *traffic__keep(struct traffic_reader *reader, const void *data, size_t size)
{
    return noted(reader, arena_copy(reader->arena, data, size));
}

const char *traffic__format(struct traffic_reader *reader, const char *format, ...)
{
    char text[PROBLEM_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const char *kept = traffic__keep(reader, text, strlen(text) + 1);
    return kept == NULL ? "" : kept;
}

const char *traffic__below(struct traffic_reader *reader, const char *path, const char *key)
{
    return traffic__format(reader, "%s%s%s", path, *path == '\0' ? "" : ".", key);
}

/* ASCII that can be printed. */
static bool is_shown(char c)
{
    return c >= ' ' && c <= '~';
}

const char *traffic__show(struct traffic_reader *reader, const char *text)
{
    char shown[SHOWN_MAX + 4];
    size_t size = 0;
    for (; size < SHOWN_MAX && text[size] != '\0'; size++)
        shown[size] = is_shown(text[size]) ? text[size] : '?';
    strcpy(shown + size, text[size] == '\0' ? "" : "...");
    return traffic__format(reader, "%s", shown);
}

const char *traffic__entry(struct traffic_reader *reader, const char *path, const char *id)
{
    const char *entry = traffic__below(reader, path, traffic__show(reader, id));
    bool is_right = *id != '\0' && strlen(id) <= TRAFFIC_ID_SIZE_MAX;
    for (const char *at = id; *at != '\0'; at++)
        is_right = is_right && is_shown(*at);
    if (!is_right)
        traffic__fault(reader, entry, "an id is 1 to %d printable ASCII characters",
                       TRAFFIC_ID_SIZE_MAX);
    return entry;
}

/* ---- members ---- */

static bool is_one_of(const char *key, const char *const *keys)
{
    while (*keys != NULL && strcmp(*keys, key) != 0)
        keys++;
    return *keys != NULL;
}

/* "A, B and C" */
static const char *list(struct traffic_reader *reader, const char *const *keys)
{
    const char *text = keys[0];
    for (size_t i = 1; keys[i] != NULL; i++)
        text =
            traffic__format(reader, "%s%s%s", text, keys[i + 1] == NULL ? " and " : ", ", keys[i]);
    return text;
}

bool traffic__keys(struct traffic_reader *reader, const json_t *object, const char *path,
                   const char *const *keys)
{
    const char *key;
    json_t *value;
    if (!json_is_object(object)) {
        traffic__fault(reader, path, "it is not an object");
        return false;
    }
    json_object_foreach((json_t *)(uintptr_t)object, key, value) if (!is_one_of(key, keys))
        traffic__fault(reader, traffic__below(reader, path, traffic__show(reader, key)),
                       "there is no such key; here stand %s", list(reader, keys));
    return true;
}

/* A member that is given; NULL: it is not. */
static const json_t *find(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    bool is_empty = json_is_string(value) && json_string_length(value) == 0;
    return is_empty ? NULL : value;
}

static void fault_value(struct traffic_reader *reader, const char *path, const char *key,
                        const char *what)
{
    traffic__fault(reader, traffic__below(reader, path, key), "it is not %s", what);
}

const char *traffic__text(struct traffic_reader *reader, const json_t *object, const char *path,
                          const char *key)
{
    const json_t *value = find(object, key);
    if (value != NULL && !json_is_string(value))
        fault_value(reader, path, key, "a text");
    return json_string_value(value);
}

const char *traffic__need(struct traffic_reader *reader, const json_t *object, const char *path,
                          const char *key)
{
    if (find(object, key) == NULL)
        traffic__fault(reader, path, "it needs its %s", key);
    return traffic__text(reader, object, path, key);
}

void traffic__boolean(struct traffic_reader *reader, const json_t *object, const char *path,
                      const char *key, bool *out)
{
    const json_t *value = find(object, key);
    const char *text = json_string_value(value);
    bool is_true = json_is_true(value) || (text != NULL && strcmp(text, "true") == 0);
    bool is_false = json_is_false(value) || (text != NULL && strcmp(text, "false") == 0);
    if (is_true || is_false)
        *out = is_true;
    else if (value != NULL)
        fault_value(reader, path, key, "true or false");
}

/* Digits with at most one sign before them, and not so many that they overflow. */
static bool read_integer(const char *text, json_int_t *out)
{
    char *end;
    size_t digits = strspn(text + (*text == '-'), "0123456789");
    *out = strtoll(text, &end, 10);
    return digits >= 1 && digits <= 9 && *end == '\0';
}

void traffic__integer(struct traffic_reader *reader, const json_t *object, const char *path,
                      const char *key, int least, int most, int *out)
{
    const json_t *value = find(object, key);
    json_int_t number = json_integer_value(value);
    if (value == NULL)
        return;
    bool is_number = json_is_integer(value) ||
                     (json_is_string(value) && read_integer(json_string_value(value), &number));
    if (is_number && number >= least && number <= most)
        *out = (int)number;
    else
        fault_value(reader, path, key,
                    traffic__format(reader, "a whole number from %d to %d", least, most));
}

/* A number as hundredths; a fraction of a double is rarely exact. */
static bool read_hundredths(const json_t *value, int most, int *out)
{
    if (json_is_string(value))
        return check__coordinate(json_string_value(value), most, out);
    double exact = json_number_value(value) * 100;
    if (!json_is_number(value) || fabs(exact) > most * 100.0)
        return false;
    *out = (int)lround(exact);
    return fabs(exact - *out) < 1e-6;
}

void traffic__coordinate(struct traffic_reader *reader, const json_t *object, const char *path,
                         const char *key, int most, char out[TRAFFIC_COORDINATE_SIZE])
{
    const json_t *value = find(object, key);
    int hundredths;
    if (value == NULL)
        return;
    if (read_hundredths(value, most, &hundredths))
        snprintf(out, TRAFFIC_COORDINATE_SIZE, "%s%d.%02d", hundredths < 0 ? "-" : "",
                 abs(hundredths) / 100 % 1000, abs(hundredths) % 100);
    else
        fault_value(reader, path, key,
                    traffic__format(reader, "a number from -%d to %d with at most two decimals",
                                    most, most));
}
