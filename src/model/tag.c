#include "signpost/model/tag.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static const char *const names[TAGGED_COUNT] = {
    [TAGGED_HEALTH_CHECK] = "healthcheck",
    [TAGGED_HOSTED_ZONE] = "hostedzone",
};

const char *tagged_name(enum tagged tagged)
{
    return names[tagged];
}

int tagged_find(const char *name, enum tagged *out_tagged)
{
    for (unsigned i = 0; i < TAGGED_COUNT; i++)
        if (strcmp(names[i], name) == 0) {
            *out_tagged = (enum tagged)i;
            return 0;
        }
    return SP_EINVAL;
}

static bool is_fit(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           c >= 0x80 || (c != '\0' && strchr(" _.:/=+-@", c) != NULL);
}

static int check_text(const char *what, const char *text, struct problem *out_problem)
{
    for (const char *c = text; *c != '\0'; c++)
        if (!is_fit((uint8_t)*c))
            return problem_set(out_problem, SP_EINVAL,
                               "The tag %s '%.600s' is invalid: it may hold letters, digits, "
                               "blanks and _ . : / = + - @",
                               what, text);
    return 0;
}

int tag_check(const struct tag *tag, struct problem *out_problem)
{
    if (tag->key[0] == '\0')
        return problem_set(out_problem, SP_EINVAL, "A tag key must have 1 to 128 characters");
    int rc = check_text("key", tag->key, out_problem);
    return rc == 0 ? check_text("value", tag->value, out_problem) : rc;
}
