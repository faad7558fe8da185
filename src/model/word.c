#include "word.h"

#include <stdio.h>

int word_find(const char *const *names, unsigned count, const char *what, const char *name,
              unsigned *out_number, struct problem *out_problem)
{
    char list[512] = "";
    size_t size = 0;
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            *out_number = i;
            return 0;
        }
        if (size < sizeof list)
            size += (size_t)snprintf(list + size, sizeof list - size, " %s", names[i]);
    }
    return problem_set(out_problem, SP_EINVAL, "unknown %s \"%.40s\"; it may be one of:%s", what,
                       name, list);
}
