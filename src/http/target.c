#include "signpost/http/target.h"

#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* A copy without escapes.  NULL: no memory, or *out_why says what is wrong. */
static const char *unescape(struct arena *arena, const char *text, size_t size,
                            const char **out_why)
{
    char *copy = arena_alloc(arena, size + 1);
    *out_why = "no memory";
    if (copy == NULL)
        return NULL;
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (c == '%') {
            int high = size - i > 2 ? hex_digit(text[i + 1]) : -1;
            int low = size - i > 2 ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                *out_why = "a percent sign must be followed by two hexadecimal digits";
                return NULL;
            }
            c = (char)(high << 4 | low);
            i += 2;
            if (c == '\0') {
                *out_why = "%00 stands for nothing that Signpost knows";
                return NULL;
            }
        }
        copy[length++] = c;
    }
    return copy;
}

static const char *parse_path(struct arena *arena, const char *path, size_t size,
                              struct http_target *target)
{
    const char *why = NULL;
    const char *end = path + size;
    if (size == 0 || path[0] != '/')
        return "the path must begin with a slash";
    while (path < end) {
        path++; /* the slash */
        const char *slash = memchr(path, '/', (size_t)(end - path));
        size_t part = (size_t)((slash != NULL ? slash : end) - path);
        if (target->segment_count == HTTP_PATH_SEGMENTS_MAX)
            return "the path has too many parts";
        const char *segment = unescape(arena, path, part, &why);
        if (segment == NULL)
            return why;
        target->segments[target->segment_count++] = segment;
        path += part;
    }
    return NULL;
}

static const char *parse_query(struct arena *arena, const char *query, struct http_target *target)
{
    const char *why = NULL;
    while (*query != '\0') {
        size_t size = strcspn(query, "&");
        if (size > 0) {
            if (target->argument_count == HTTP_ARGUMENTS_MAX)
                return "the query has too many arguments";
            const char *equals = memchr(query, '=', size);
            size_t name_size = equals != NULL ? (size_t)(equals - query) : size;
            struct http_argument *argument = &target->arguments[target->argument_count];
            argument->name = unescape(arena, query, name_size, &why);
            if (argument->name == NULL)
                return why;
            argument->value =
                equals == NULL ? "" : unescape(arena, equals + 1, size - name_size - 1, &why);
            if (argument->value == NULL)
                return why;
            target->argument_count++;
        }
        query += size;
        if (*query == '&')
            query++;
    }
    return NULL;
}

const char *http_target_parse(struct arena *arena, const char *target,
                              struct http_target *out_target)
{
    *out_target = (struct http_target){ 0 };
    size_t path_size = strcspn(target, "?");
    const char *why = parse_path(arena, target, path_size, out_target);
    if (why == NULL && target[path_size] == '?')
        why = parse_query(arena, target + path_size + 1, out_target);
    return why;
}

const char *http_target_argument(const struct http_target *target, const char *name)
{
    for (unsigned i = 0; i < target->argument_count; i++)
        if (strcmp(target->arguments[i].name, name) == 0)
            return target->arguments[i].value;
    return NULL;
}
