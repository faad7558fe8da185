/*
 * model/word.h - names of things other than domains: a few letters each.
 */
#ifndef MODEL_WORD_H
#define MODEL_WORD_H

#include "signpost/base/status.h"

#include <stdbool.h>
#include <string.h>

/* Whether text is 1 to most characters out of letters, digits and `others`. */
static inline bool word_is_right(const char *text, size_t most, const char *others)
{
    size_t size = strlen(text);
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!plain && strchr(others, c) == NULL)
            return false;
    }
    return size >= 1 && size <= most;
}

/* Whether there is an ASCII control character in it. */
static inline bool word_has_control(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return true;
    return false;
}

/* The number of a name in a table.  SP_EINVAL with all that are there. */
int word_find(const char *const *names, unsigned count, const char *what, const char *name,
              unsigned *out_number, struct problem *out_problem);

#endif
