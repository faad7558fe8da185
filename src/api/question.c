#include "question.h"

#include "signpost/base/limits.h"

#include <string.h>

const char *asked_rcode_name(uint8_t rcode)
{
    static const char *const names[] = { "NOERROR",  "FORMERR", "SERVFAIL",
                                         "NXDOMAIN", "NOTIMP",  "REFUSED" };
    return rcode < sizeof(names) / sizeof(names[0]) ? names[rcode] : "?";
}

int asked_read_prefix(struct api_call *call, const char *what, const json_t *value,
                      struct ip_prefix *out_prefix)
{
    const char *text = json_string_value(value);
    if (text == NULL)
        return problem_set(&call->problem, SP_EINVAL,
                           "%s: it must be a string, such as \"198.51.100.0/24\"", what);
    const char *why = prefix_from_text(out_prefix, text);
    if (why != NULL)
        return problem_set(&call->problem, SP_EINVAL, "%s: \"%.100s\" %s", what, text, why);
    return 0;
}

static int read_source(struct api_call *call, const json_t *value, struct ip_prefix *out_source)
{
    if (value == NULL)
        return prefix_from_text(out_source, "127.0.0.1") == NULL ? 0 : SP_EINVAL;
    int rc = asked_read_prefix(call, "source", value, out_source);
    if (rc == 0 && out_source->length < prefix_bits(out_source->family))
        rc = problem_set(&call->problem, SP_EINVAL,
                         "source: it must be the address of one host, not a prefix");
    return rc;
}

static int read_question(struct api_call *call, const json_t *document,
                         struct question *out_question)
{
    const char *name = json_string_value(json_object_get(document, "name"));
    const char *type = json_string_value(json_object_get(document, "type"));
    if (name == NULL)
        return problem_set(&call->problem, SP_EINVAL,
                           "name: it must be a string, such as \"www.example.com\"");
    if (type == NULL)
        return problem_set(&call->problem, SP_EINVAL, "type: it must be a string, such as \"A\"");
    int rc = api_call_name(call, "name", name, out_question->name);
    if (rc == 0)
        rc = api_call_type(call, type, &out_question->type);
    if (rc == 0)
        rc = read_source(call, json_object_get(document, "source"), &out_question->source);
    return rc;
}

/* ---- what is supposed ---- */

static int add_check(struct api_call *call, const char *member, const json_t *value, bool up,
                     struct supposed_check *checks, unsigned *count)
{
    const char *id = json_string_value(value);
    if (id == NULL)
        return problem_set(&call->problem, SP_EINVAL, "%s: it must be a list of strings", member);
    for (unsigned i = 0; i < *count; i++)
        if (strcmp(checks[i].id, id) == 0)
            return problem_set(&call->problem, SP_EINVAL, "%s: \"%.100s\" is named twice", member,
                               id);
    id = arena_copy(call->exchange->arena, id, strlen(id) + 1);
    if (id == NULL)
        return SP_ENOMEM;
    checks[(*count)++] = (struct supposed_check){ .id = id, .up = up };
    return 0;
}

static int add_checks(struct api_call *call, const char *member, const json_t *list, bool up,
                      struct supposed_check *checks, unsigned *count)
{
    const json_t *value;
    size_t index;
    int rc = 0;
    if (list != NULL && !json_is_array(list))
        return problem_set(&call->problem, SP_EINVAL, "%s: it must be a list of strings", member);
    json_array_foreach(list, index, value)
    {
        rc = add_check(call, member, value, up, checks, count);
        if (rc != 0)
            break;
    }
    return rc;
}

static int read_supposition(struct api_call *call, const json_t *document,
                            struct supposition *out_supposition)
{
    const json_t *down = json_object_get(document, "down");
    const json_t *up = json_object_get(document, "up");
    size_t room = json_array_size(down) + json_array_size(up);
    if (room > SUPPOSED_CHECKS_MAX)
        return problem_set(&call->problem, SP_ELIMIT,
                           "down and up: %zu health checks are too many; at most %d", room,
                           SUPPOSED_CHECKS_MAX);
    struct supposed_check *checks = arena_alloc(call->exchange->arena, room * sizeof(*checks));
    if (checks == NULL)
        return SP_ENOMEM;
    out_supposition->checks = checks;
    out_supposition->count = 0;
    int rc = add_checks(call, "down", down, false, checks, &out_supposition->count);
    if (rc == 0)
        rc = add_checks(call, "up", up, true, checks, &out_supposition->count);
    return rc;
}

static int read_seed(struct api_call *call, const json_t *value, uint64_t *out_seed)
{
    json_int_t seed = json_integer_value(value);
    if (value == NULL) {
        struct dice dice;
        dice_init(&dice);
        *out_seed = dice_next(&dice) % (SEED_MAX + 1);
        return 0;
    }
    if (!json_is_integer(value) || seed < 0 || seed > SEED_MAX)
        return problem_set(&call->problem, SP_EINVAL,
                           "seed: it must be a whole number from 0 to %lld", SEED_MAX);
    *out_seed = (uint64_t)seed;
    return 0;
}

int asked_read(struct api_call *call, const json_t *document, struct asked *out_asked)
{
    *out_asked = (struct asked){ 0 };
    int rc = read_question(call, document, &out_asked->question);
    if (rc == 0)
        rc = read_supposition(call, document, &out_asked->supposition);
    if (rc == 0)
        rc = read_seed(call, json_object_get(document, "seed"), &out_asked->seed);
    return rc;
}
