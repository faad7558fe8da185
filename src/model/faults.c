#include "faults.h"

#include "signpost/dns/name.h"
#include "signpost/dns/types.h"
#include "signpost/model/draft.h"

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

typedef size_t name_writer(char out[DNS_NAME_TEXT_SIZE], const uint8_t *name);

/* owner NULL: the sentence names the record itself. */
static void write_record(char *to, size_t size, const uint8_t *owner, uint16_t type,
                         name_writer *write)
{
    char name[DNS_NAME_TEXT_SIZE];
    const struct dns_type_info *info = dns_type_find(type);
    *to = '\0';
    if (owner == NULL)
        return;
    write(name, owner);
    snprintf(to, size, "%s%s%s: ", name, info == NULL ? "" : " ", info == NULL ? "" : info->name);
}

/* Of texts that no user meant, for no terminal to obey. */
static void hide_controls(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = '?';
}

/* ---- every sentence in full ---- */

static bool make_room(struct change_faults *all)
{
    bool is_full = all->count == 0 || (all->count >= 8 && (all->count & (all->count - 1)) == 0);
    if (!is_full)
        return true;
    const char **texts =
        arena_alloc(all->arena, (all->count == 0 ? 8 : 2 * (size_t)all->count) * sizeof *texts);
    if (texts == NULL)
        return false;
    if (all->count > 0)
        memcpy(texts, all->texts, all->count * sizeof *texts);
    all->texts = texts;
    return true;
}

static bool collect(struct change_faults *all, const uint8_t *owner, uint16_t type,
                    const char *format, va_list arguments) __attribute__((format(printf, 4, 0)));

static bool collect(struct change_faults *all, const uint8_t *owner, uint16_t type,
                    const char *format, va_list arguments)
{
    char record[DNS_NAME_TEXT_SIZE + 16];
    va_list again;
    va_copy(again, arguments);
    write_record(record, sizeof record, owner, type, dns_name_to_octal);
    size_t record_size = strlen(record);
    int size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *text = size < 0 ? NULL : arena_alloc(all->arena, record_size + (size_t)size + 1);
    if (text == NULL || !make_room(all))
        return false;
    memcpy(text, record, record_size);
    vsnprintf(text + record_size, (size_t)size + 1, format, arguments);
    all->texts[all->count++] = text;
    return true;
}

/* ---- as much as fits into a problem ---- */

/* Joins one more to those that are there. */
static void join(struct faults *faults, uint32_t line, const uint8_t *owner, uint16_t type,
                 const char *format, va_list arguments) __attribute__((format(printf, 5, 0)));

static void join(struct faults *faults, uint32_t line, const uint8_t *owner, uint16_t type,
                 const char *format, va_list arguments)
{
    char place[PROBLEM_TEXT_SIZE], record[DNS_NAME_TEXT_SIZE + 16], reason[PROBLEM_TEXT_SIZE];
    faults->count++;
    write_place(place, sizeof place, faults, line);
    write_record(record, sizeof record, owner, type, dns_name_to_text);
    vsnprintf(reason, sizeof reason, format, arguments);
    hide_controls(reason);

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

static void add(struct faults *faults, uint32_t line, const uint8_t *owner, uint16_t type,
                const char *format, va_list arguments) __attribute__((format(printf, 5, 0)));

static void add(struct faults *faults, uint32_t line, const uint8_t *owner, uint16_t type,
                const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    if (faults->all != NULL && !collect(faults->all, owner, type, format, again))
        faults->is_out_of_memory = true;
    va_end(again);
    join(faults, line, owner, type, format, arguments);
}

void faults_add(struct faults *faults, uint32_t line, const uint8_t *owner, uint16_t type,
                const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(faults, line, owner, type, format, arguments);
    va_end(arguments);
}

void faults_add_text(struct faults *faults, uint32_t line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(faults, line, NULL, 0, format, arguments);
    va_end(arguments);
}

int faults_report(const struct faults *faults, struct problem *out_problem)
{
    if (faults->is_out_of_memory)
        return problem_set(out_problem, SP_ENOMEM, "%s", status_text(SP_ENOMEM));
    if (faults->count == 0)
        return 0;
    if (faults->omitted == 0)
        return problem_set(out_problem, SP_EINVAL, "%s", faults->text);
    return problem_set(out_problem, SP_EINVAL, "%s; and %u more", faults->text, faults->omitted);
}
