#include "record_json.h"

#include <string.h>

int reading_fault(const struct reading *reading, const char *member, const char *reason)
{
    return problem_set(&reading->call->problem, SP_EINVAL, "changes[%zu].%s: %s", reading->index,
                       member, reason);
}

int reading_locate(const struct reading *reading, int rc)
{
    struct problem inner = reading->call->problem;
    if (inner.text[0] == '\0')
        return rc;
    return problem_set(&reading->call->problem, rc, "changes[%zu]: %.900s", reading->index,
                       inner.text);
}

int reading_number(const struct reading *reading, const json_t *value, const char *member,
                   int least, int most, int *out_number)
{
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < least || number > most)
        return problem_set(&reading->call->problem, SP_EINVAL,
                           "changes[%zu].%s: it must be a whole number from %d to %d",
                           reading->index, member, least, most);
    *out_number = (int)number;
    return 0;
}

int reading_flag(const struct reading *reading, const json_t *value, const char *member,
                 bool *out_flag)
{
    if (!json_is_boolean(value))
        return reading_fault(reading, member, "it must be true or false");
    *out_flag = json_is_true(value);
    return 0;
}

int reading_text(const struct reading *reading, const json_t *value, const char *member, char *out,
                 size_t size)
{
    const char *text = json_string_value(value);
    if (text == NULL || text[0] == '\0')
        return reading_fault(reading, member, "it must be a string, and not an empty one");
    if (strlen(text) >= size)
        return problem_set(&reading->call->problem, SP_EINVAL,
                           "changes[%zu].%s: \"%.100s\" is too long; it has at most %zu octets",
                           reading->index, member, text, size - 1);
    memcpy(out, text, strlen(text) + 1);
    return 0;
}

int reading_string(const struct reading *reading, const json_t *value, const char *member,
                   const char **out_text)
{
    const char *text = json_string_value(value);
    if (value == NULL)
        return 0;
    if (text == NULL || text[0] == '\0')
        return reading_fault(reading, member, "it must be a string, and not an empty one");
    *out_text = arena_copy(reading->call->exchange->arena, text, strlen(text) + 1);
    return *out_text != NULL ? 0 : SP_ENOMEM;
}

int reading_object(const struct reading *reading, json_t *value, const char *member,
                   const char *const *known)
{
    char where[64];
    if (!json_is_object(value))
        return reading_fault(reading, member, "it must be an object");
    snprintf(where, sizeof(where), "changes[%zu].%s: ", reading->index, member);
    return api_check_members(reading->call, value, where, known);
}
