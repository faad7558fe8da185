#include "call.h"

#include "operations.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int route53_no_memory(struct route53_call *call)
{
    return route53_refuse(call, INTERNAL_FAILURE, "There is not enough memory for this request.");
}

int route53_pass(struct route53_call *call, int rc)
{
    const char *why = call->problem.text[0] != '\0' ? call->problem.text : status_text(rc);
    switch (rc) {
    case SP_EINVAL:
    case SP_ENOENT:
    case SP_EEXIST:
    case SP_ECONFLICT:
    case SP_ELIMIT:
        return route53_refuse(call, INVALID_INPUT, "%s", why);
    case SP_EBUSY:
    case SP_EFULL:
        return route53_refuse(call, SERVICE_UNAVAILABLE, "%s", why);
    default:
        return route53_refuse(call, INTERNAL_FAILURE, "%s", why);
    }
}

/* ---- ids ---- */

const char *route53_bare_id(const char *id, const char *kind)
{
    const char *at = *id == '/' ? id + 1 : id;
    size_t size = strlen(kind);
    return strncmp(at, kind, size) == 0 && at[size] == '/' ? at + size + 1 : id;
}

int route53_find_zone(struct route53_call *call, const char *id, struct hosted_zone *out_zone)
{
    const char *bare = route53_bare_id(id, "hostedzone");
    int rc = control_find_zone_id(call->control, bare, out_zone, &call->problem);
    if (rc == SP_ENOENT)
        return route53_refuse(call, NO_SUCH_HOSTED_ZONE, "No hosted zone found with ID: %s", id);
    if (rc != 0)
        return route53_pass(call, rc);
    const char *name = route53_name_text(call, out_zone->name);
    if (name == NULL)
        return route53_no_memory(call);
    call->audit_zone = name;
    return 0;
}

/* ---- pages ---- */

static bool read_count(const char *text, uint64_t *out_count)
{
    char *end;
    errno = 0;
    *out_count = strtoull(text, &end, 10);
    return *text >= '0' && *text <= '9' && *end == '\0' && *out_count > 0;
}

int route53_page_size(struct route53_call *call, const char *text, unsigned fallback, unsigned most,
                      unsigned *out_size)
{
    uint64_t count = fallback;
    if (text != NULL && *text != '\0' && !read_count(text, &count))
        return route53_refuse(call, INVALID_INPUT,
                              "Invalid value '%s' for the number of items: it must be a whole "
                              "number above 0.",
                              text);
    *out_size = count > most ? most : (unsigned)count;
    return 0;
}

const char *route53_number(struct route53_call *call, uint64_t number)
{
    return arena_format(call->arena, "%" PRIu64, number);
}

/* A token is the text in hex behind a letter: whoever guesses at one gets an error, not a place in
 * the middle of a list. */
const char *route53_token_make(struct route53_call *call, const char *text)
{
    size_t size = strlen(text);
    char *token = arena_alloc(call->arena, 2 * size + 2);
    if (token == NULL)
        return NULL;
    token[0] = 'T';
    for (size_t i = 0; i < size; i++)
        snprintf(token + 1 + 2 * i, 3, "%02x", (unsigned char)text[i]);
    return token;
}

static int hex_digit(char digit)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = digit == '\0' ? NULL : strchr(digits, digit);
    return at == NULL ? -1 : (int)(at - digits);
}

const char *route53_token_open(struct route53_call *call, const char *token)
{
    size_t size = strlen(token);
    if (size % 2 == 0 || token[0] != 'T')
        return NULL;
    char *text = arena_alloc(call->arena, size / 2 + 1);
    for (size_t i = 0; text != NULL && i < size / 2; i++) {
        int high = hex_digit(token[1 + 2 * i]);
        int low = hex_digit(token[2 + 2 * i]);
        if (high < 0 || low < 0 || high + low == 0)
            return NULL;
        text[i] = (char)(high * 16 + low);
    }
    return text;
}

/* ---- what many responses hold ---- */

const char *route53_copy(struct route53_call *call, const char *text)
{
    return arena_copy(call->arena, text, strlen(text) + 1);
}

const char *route53_name_text(struct route53_call *call, const uint8_t *name)
{
    char text[DNS_NAME_TEXT_SIZE];
    size_t size = dns_name_to_octal(text, name);
    return arena_copy(call->arena, text, size + 1);
}

struct r53_change_info *route53_change_info(struct route53_call *call, const struct change *change)
{
    struct r53_change_info *info = ROUTE53_NEW(call, struct r53_change_info);
    if (info == NULL)
        return NULL;
    info->id = arena_format(call->arena, "/change/%s", change->id);
    info->status = "PENDING";
    info->submitted_at = (struct xml_time){ true, (int64_t)change->submitted_ms };
    if (change->comment[0] != '\0')
        info->comment = arena_format(call->arena, "%s", change->comment);
    return info->id == NULL ? NULL : info;
}
