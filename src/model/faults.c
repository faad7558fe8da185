#include "faults.h"

#include "signpost/dns/name.h"
#include "signpost/dns/types.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Kept free for "; and 4294967295 more". */
#define ENDING_SIZE 24

void faults_init(struct faults *faults, const char *file_name)
{
    memset(faults, 0, sizeof *faults);
    faults->file_name = file_name;
}

static int write_place(char *to, size_t size, const struct faults *faults, uint32_t line)
{
    if (line == 0)
        return snprintf(to, size, "%s", "");
    if (faults->file_name == NULL)
        return snprintf(to, size, "line %u: ", line);
    return snprintf(to, size, "%s:%u: ", faults->file_name, line);
}

static int write_record(char *to, size_t size, const uint8_t *owner, uint16_t type)
{
    char name[DNS_NAME_TEXT_SIZE];
    const struct dns_type_info *info = dns_type_find(type);
    dns_name_to_text(name, owner);
    if (info == NULL)
        return snprintf(to, size, "%s: ", name);
    return snprintf(to, size, "%s %s: ", name, info->name);
}

/* Joins one more to those that are there; record may be "". */
static void add(struct faults *faults, uint32_t line, const char *record, const char *format,
                va_list arguments) __attribute__((format(printf, 4, 0)));

static void add(struct faults *faults, uint32_t line, const char *record, const char *format,
                va_list arguments)
{
    char place[PROBLEM_TEXT_SIZE], reason[PROBLEM_TEXT_SIZE];
    faults->count++;
    write_place(place, sizeof place, faults, line);
    vsnprintf(reason, sizeof reason, format, arguments);
    for (char *at = reason; *at != '\0'; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?'; /* as in an identifier that is refused for it: no terminal shall obey */

    size_t room = sizeof faults->text - ENDING_SIZE - faults->size;
    int size = snprintf(faults->text + faults->size, room, "%s%s%s%s", faults->size > 0 ? "; " : "",
                        place, record, reason);
    if ((size_t)size < room) {
        faults->size += (size_t)size;
    } else if (faults->size > 0) { /* half a sentence helps nobody */
        faults->text[faults->size] = '\0';
        faults->omitted++;
    } else { /* unless it is the only one */
        faults->size = room - 1;
    }
}

void faults_add(struct faults *faults, uint32_t line, const uint8_t *owner, uint16_t type,
                const char *format, ...)
{
    char record[DNS_NAME_TEXT_SIZE + 16];
    va_list arguments;
    write_record(record, sizeof record, owner, type);
    va_start(arguments, format);
    add(faults, line, record, format, arguments);
    va_end(arguments);
}

void faults_add_text(struct faults *faults, uint32_t line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(faults, line, "", format, arguments);
    va_end(arguments);
}

int faults_report(const struct faults *faults, struct problem *out_problem)
{
    if (faults->count == 0)
        return 0;
    if (faults->omitted == 0)
        return problem_set(out_problem, SP_EINVAL, "%s", faults->text);
    return problem_set(out_problem, SP_EINVAL, "%s; and %u more", faults->text, faults->omitted);
}
