#include "internal.h"

#include "signpost/base/limits.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_CAPACITY 8 /* doubled when it is full */

static int make_room(struct xml_faults *faults)
{
    unsigned count = faults->count;
    bool is_full = count == 0 || (count >= FIRST_CAPACITY && (count & (count - 1)) == 0);
    if (!is_full)
        return 0;
    unsigned capacity = count == 0 ? FIRST_CAPACITY : 2 * count;
    const char **texts = arena_alloc(faults->arena, capacity * sizeof *texts);
    if (texts == NULL)
        return SP_ENOMEM;
    if (count > 0)
        memcpy(texts, faults->texts, count * sizeof *texts);
    faults->texts = texts;
    return 0;
}

int xml_fault(struct xml_faults *faults, const char *format, ...)
{
    if (faults->count == XML_FAULTS_MAX)
        return 0;
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    int size = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (size < 0)
        return SP_ENOMEM;
    int rc = make_room(faults);
    const char *kept = rc == 0 ? arena_copy(faults->arena, text, (size_t)size + 1) : NULL;
    free(text);
    if (kept == NULL)
        return SP_ENOMEM;
    faults->texts[faults->count++] = kept;
    return 0;
}

const char *xml_faults_join(const struct xml_faults *faults)
{
    size_t size = 1;
    for (unsigned i = 0; i < faults->count; i++)
        size += strlen(faults->texts[i]) + 2;
    char *joined = arena_alloc(faults->arena, size);
    if (joined == NULL)
        return NULL;
    char *at = joined;
    for (unsigned i = 0; i < faults->count; i++)
        at = stpcpy(stpcpy(at, i == 0 ? "" : ", "), faults->texts[i]);
    return joined;
}
