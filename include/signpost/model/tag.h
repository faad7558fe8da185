/*
 * model/tag.h - tags of hosted zones and health checks (A-TAG).
 *
 * Plain data.  Any thread.
 */
#ifndef SIGNPOST_MODEL_TAG_H
#define SIGNPOST_MODEL_TAG_H

#include "signpost/base/status.h"

enum tagged { /* what can have tags */
              TAGGED_HEALTH_CHECK,
              TAGGED_HOSTED_ZONE,
};
#define TAGGED_COUNT 2

const char *tagged_name(enum tagged tagged);                /* as the API writes it: "hostedzone" */
int tagged_find(const char *name, enum tagged *out_tagged); /* SP_EINVAL without words */

/* Texts are UTF-8; their length is not looked at here. */
struct tag {
    const char *key;
    const char *value;
};

/* Whether both are made of letters, digits, blanks and `_ . : / = + - @`, and the key is not empty
 * (A-TAG-3).  What is not ASCII counts as a letter.  SP_EINVAL. */
int tag_check(const struct tag *tag, struct problem *out_problem);

#endif
