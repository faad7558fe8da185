/*
 * model/word.h - names of things other than domains: a few letters each.
 */
#ifndef MODEL_WORD_H
#define MODEL_WORD_H

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

#endif
