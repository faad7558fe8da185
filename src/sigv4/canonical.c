/*
 * The canonical request: whatever a proxy or another spelling may change on the way without
 * changing the meaning is brought into one form, on both sides, before it is hashed.
 *
 * Every piece of text below is made with room for the worst case, each octet of it becoming three.
 */
#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

/* Returns where the text ends now. */
static char *put_encoded(char *to, const char *from, size_t size)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < size; i++) {
        if (is_unreserved(from[i])) {
            *to++ = from[i];
            continue;
        }
        *to++ = '%';
        *to++ = digits[(uint8_t)from[i] >> 4];
        *to++ = digits[(uint8_t)from[i] & 15];
    }
    return to;
}

/* ---- the path (A-SIG-5) ---- */

static char *drop_segment(const char *start, char *end)
{
    while (end > start && *--end != '/')
        continue;
    return end;
}

/* The path is encoded a second time as it stands; botocore leaves a final slash only behind
 * something. */
static const char *canonical_path(struct arena *arena, const char *path, size_t size)
{
    char *start = arena_alloc(arena, 3 * size + 2);
    char *end = start;
    if (start == NULL)
        return NULL;
    for (size_t at = 0; at < size;) {
        const char *segment = path + at;
        const char *slash = memchr(segment, '/', size - at);
        size_t length = slash == NULL ? size - at : (size_t)(slash - segment);
        at += length + 1;
        if (length == 0 || (length == 1 && segment[0] == '.'))
            continue;
        if (length == 2 && segment[0] == '.' && segment[1] == '.') {
            end = drop_segment(start, end);
            continue;
        }
        *end++ = '/';
        end = put_encoded(end, segment, length);
    }
    if (end == start || path[size - 1] == '/')
        *end++ = '/';
    *end = '\0';
    return start;
}

/* ---- the query (A-SIG-6) ---- */

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* In place; what is no escape stays.  Returns the new size: "%00" may be in it. */
static size_t decode(char *text, size_t size)
{
    size_t length = 0;
    for (size_t i = 0; i < size; i++) {
        int high = text[i] == '%' && size - i > 2 ? hex_digit(text[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text[i + 2]) : -1;
        if (low >= 0) {
            text[length++] = (char)(high << 4 | low);
            i += 2;
        } else {
            text[length++] = text[i];
        }
    }
    return length;
}

/* Decoded and encoded again.  NULL: no memory. */
static const char *recode(struct arena *arena, const char *text, size_t size)
{
    char *plain = arena_copy(arena, text, size);
    char *coded = arena_alloc(arena, 3 * size + 1);
    if (plain == NULL || coded == NULL)
        return NULL;
    put_encoded(coded, plain, decode(plain, size)); /* the piece is zeroed */
    return coded;
}

struct argument {
    const char *name;
    const char *value;
};

static int compare_arguments(const void *a, const void *b)
{
    const struct argument *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    return order != 0 ? order : strcmp(left->value, right->value);
}

static const char *query_of(const char *target)
{
    const char *mark = strchr(target, '?');
    return mark == NULL ? "" : mark + 1;
}

/* All arguments in the order of the query.  false: no memory. */
static bool split_query(struct arena *arena, const char *query, struct argument **out_arguments,
                        size_t *out_count)
{
    size_t count = 1;
    for (const char *at = query; *at != '\0'; at++)
        count += *at == '&';
    struct argument *arguments = arena_alloc(arena, count * sizeof(*arguments));
    if (arguments == NULL)
        return false;
    count = 0;
    while (*query != '\0') {
        size_t size = strcspn(query, "&");
        size_t name_size = strcspn(query, "&=");
        size_t value_at = name_size < size ? name_size + 1 : size;
        if (size > 0) {
            arguments[count].name = recode(arena, query, name_size);
            arguments[count].value = recode(arena, query + value_at, size - value_at);
            if (arguments[count].name == NULL || arguments[count].value == NULL)
                return false;
            count++;
        }
        query += size + (query[size] == '&');
    }
    *out_arguments = arguments;
    *out_count = count;
    return true;
}

static const char *canonical_query(struct arena *arena, const char *query, bool without_signature)
{
    struct argument *arguments;
    size_t count, kept = 0, size = 1;
    if (!split_query(arena, query, &arguments, &count))
        return NULL;
    for (size_t i = 0; i < count; i++) {
        if (without_signature && strcmp(arguments[i].name, "X-Amz-Signature") == 0)
            continue;
        size += strlen(arguments[i].name) + strlen(arguments[i].value) + 2;
        arguments[kept++] = arguments[i];
    }
    qsort(arguments, kept, sizeof(*arguments), compare_arguments);
    char *text = arena_alloc(arena, size), *end = text;
    for (size_t i = 0; text != NULL && i < kept; i++) {
        if (i > 0)
            *end++ = '&';
        end = stpcpy(stpcpy(stpcpy(end, arguments[i].name), "="), arguments[i].value);
    }
    return text;
}

const char *sigv4__argument(struct arena *arena, const char *target, const char *name)
{
    struct argument *arguments;
    size_t count;
    if (!split_query(arena, query_of(target), &arguments, &count))
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (strcmp(arguments[i].name, name) == 0) {
            char *value = arena_copy(arena, arguments[i].value, strlen(arguments[i].value) + 1);
            if (value != NULL)
                value[decode(value, strlen(value))] = '\0';
            return value;
        }
    return NULL;
}

/* ---- headers (A-SIG-7) ---- */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *lower(struct arena *arena, const char *text, size_t size)
{
    char *copy = arena_alloc(arena, size + 1);
    for (size_t i = 0; copy != NULL && i < size; i++)
        copy[i] = (char)(text[i] >= 'A' && text[i] <= 'Z' ? text[i] + ('a' - 'A') : text[i]);
    return copy;
}

const char **sigv4__header_names(struct arena *arena, const char *signed_headers,
                                 unsigned *out_count)
{
    unsigned count = 1;
    for (const char *at = signed_headers; *at != '\0'; at++)
        count += *at == ';';
    const char **names = arena_alloc(arena, count * sizeof(*names));
    if (names == NULL)
        return NULL;
    count = 0;
    for (const char *at = signed_headers;;) {
        size_t size = strcspn(at, ";");
        if (size > 0 && (names[count++] = lower(arena, at, size)) == NULL)
            return NULL;
        if (at[size] == '\0')
            break;
        at += size + 1;
    }
    qsort(names, count, sizeof(*names), compare_names);
    *out_count = count;
    return names;
}

const char *sigv4__join_names(struct arena *arena, const char *const *names, unsigned count)
{
    size_t size = 1;
    for (unsigned i = 0; i < count; i++)
        size += strlen(names[i]) + 1;
    char *text = arena_alloc(arena, size), *end = text;
    for (unsigned i = 0; text != NULL && i < count; i++)
        end = stpcpy(stpcpy(end, i > 0 ? ";" : ""), names[i]);
    return text;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Without blanks at the ends, runs of them made one. */
static char *put_trimmed(char *to, const char *value)
{
    const char *start = to;
    for (; *value != '\0'; value++) {
        if (!is_blank(*value))
            *to++ = *value;
        else if (to > start && to[-1] != ' ')
            *to++ = ' ';
    }
    return to > start && to[-1] == ' ' ? to - 1 : to;
}

/* "name:value,value\n"; one that the request has not got is empty. */
static char *put_header(char *to, const struct sigv4_request *request, const char *name)
{
    bool more = false;
    to = stpcpy(stpcpy(to, name), ":");
    for (unsigned i = 0; i < request->header_count; i++) {
        if (strcasecmp(request->headers[i].name, name) != 0)
            continue;
        if (more)
            *to++ = ',';
        to = put_trimmed(to, request->headers[i].value);
        more = true;
    }
    *to++ = '\n';
    return to;
}

/* Names that stand in the list twice are written once, so that the room below is enough. */
static const char *canonical_headers(struct arena *arena, const struct sigv4_request *request,
                                     const char *const *names, unsigned count)
{
    size_t size = 1;
    for (unsigned i = 0; i < count; i++)
        size += strlen(names[i]) + 2;
    for (unsigned i = 0; i < request->header_count; i++)
        size += strlen(request->headers[i].value) + 1;
    char *text = arena_alloc(arena, size), *end = text;
    for (unsigned i = 0; text != NULL && i < count; i++)
        if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
            end = put_header(end, request, names[i]);
    return text;
}

const char *sigv4_canonical_request(struct arena *arena, const struct sigv4_request *request,
                                    const char *signed_headers, bool without_signature)
{
    unsigned count;
    const char **names = sigv4__header_names(arena, signed_headers, &count);
    if (names == NULL)
        return NULL;
    const char *path = canonical_path(arena, request->target, strcspn(request->target, "?"));
    const char *query = canonical_query(arena, query_of(request->target), without_signature);
    const char *headers = canonical_headers(arena, request, names, count);
    const char *list = sigv4__join_names(arena, names, count);
    if (path == NULL || query == NULL || headers == NULL || list == NULL)
        return NULL;
    return arena_format(arena, "%s\n%s\n%s\n%s\n%s\n%s", request->method, path, query, headers,
                        list, request->payload_hash);
}

const char *sigv4_header(const struct sigv4_request *request, const char *name)
{
    for (unsigned i = 0; i < request->header_count; i++)
        if (strcasecmp(request->headers[i].name, name) == 0)
            return request->headers[i].value;
    return NULL;
}
