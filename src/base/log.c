/*
 * base/log.c - one event a line, one write(2) a line.
 *
 * The whole line is put together on the stack first: threads never wait for one another, and the
 * kernel keeps short appends whole.
 */
#include "signpost/base/log.h"

#include "signpost/base/status.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A quoted message or value is cut at VALUE_SIZE, so that a line ends as it should. */
#define LINE_SIZE  16384
#define VALUE_SIZE 1500

static const char *const level_names[] = { "error", "warning", "info", "debug" };

static _Atomic int log_fd = STDERR_FILENO;
static _Atomic int log_level_max = LOG_LEVEL_INFO;
static _Atomic bool log_json;

struct line {
    char text[LINE_SIZE];
    size_t size;
};

int log_open(const char *path, enum log_level level, bool json)
{
    atomic_store(&log_level_max, (int)level);
    atomic_store(&log_json, json);
    int fd = STDERR_FILENO;
    if (path != NULL) {
        fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
        if (fd < 0)
            return SP_EIO;
    }
    int old_fd = atomic_load(&log_fd);
    if (old_fd == STDERR_FILENO) {
        atomic_store(&log_fd, fd);
        return 0;
    }
    /* The number stays, so a line that another thread is writing goes to one file or the other. */
    int rc = dup3(fd, old_fd, O_CLOEXEC);
    if (fd != STDERR_FILENO)
        close(fd);
    return rc < 0 ? SP_EIO : 0;
}

bool log_level_from_text(const char *text, enum log_level *out_level)
{
    for (unsigned i = 0; i < sizeof level_names / sizeof *level_names; i++) {
        if (strcmp(text, level_names[i]) == 0) {
            *out_level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

/* Keeps one octet for the final newline. */
static void put(struct line *line, const char *text, size_t size)
{
    size_t left = sizeof line->text - 1 - line->size;
    if (size > left)
        size = left;
    memcpy(line->text + line->size, text, size);
    line->size += size;
}

static void put_text(struct line *line, const char *text)
{
    put(line, text, strlen(text));
}

/* RFC 8259 §7.  Octets beyond ASCII may not be UTF-8; U+FFFD in their place always is. */
static void put_quoted(struct line *line, const char *text)
{
    size_t end = line->size + VALUE_SIZE;
    put_text(line, "\"");
    for (const unsigned char *at = (const unsigned char *)text; *at != 0; at++) {
        char escape[8];
        if (line->size >= end) {
            put_text(line, "...");
            break;
        }
        if (*at == '"' || *at == '\\')
            put(line, (const char[]){ '\\', (char)*at }, 2);
        else if (*at < 0x20 || *at == 0x7f)
            put(line, escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", *at));
        else if (*at < 0x80)
            put(line, (const char *)at, 1);
        else
            put_text(line, "\\ufffd");
    }
    put_text(line, "\"");
}

/* A value with spaces, quotes or control characters would blur the line: quote it. */
static void put_value(struct line *line, const char *value)
{
    bool plain = *value != 0;
    for (const unsigned char *at = (const unsigned char *)value; *at != 0; at++)
        plain = plain && *at > ' ' && *at < 0x7f && *at != '"' && *at != '=';
    if (plain)
        put_text(line, value);
    else
        put_quoted(line, value);
}

static void put_time(struct line *line)
{
    struct timespec now;
    struct tm parts;
    char text[40];
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &parts);
    size_t size = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    size += (size_t)snprintf(text + size, sizeof text - size, ".%03ldZ", now.tv_nsec / 1000000);
    put(line, text, size);
}

static void put_text_line(struct line *line, enum log_level level, const char *message,
                          va_list pairs)
{
    put_time(line);
    put_text(line, " ");
    put_text(line, level_names[level]);
    put_text(line, " ");
    put_text(line, message);
    for (const char *key; (key = va_arg(pairs, const char *)) != NULL;) {
        put_text(line, " ");
        put_text(line, key);
        put_text(line, "=");
        put_value(line, va_arg(pairs, const char *));
    }
}

static void put_json_line(struct line *line, enum log_level level, const char *message,
                          va_list pairs)
{
    put_text(line, "{\"time\":\"");
    put_time(line);
    put_text(line, "\",\"level\":\"");
    put_text(line, level_names[level]);
    put_text(line, "\",\"message\":");
    put_quoted(line, message);
    for (const char *key; (key = va_arg(pairs, const char *)) != NULL;) {
        put_text(line, ",");
        put_quoted(line, key);
        put_text(line, ":");
        put_quoted(line, va_arg(pairs, const char *));
    }
    put_text(line, "}");
}

void log_write(enum log_level level, const char *message, ...)
{
    if ((int)level > atomic_load(&log_level_max))
        return;
    struct line line = { .size = 0 };
    va_list pairs;
    va_start(pairs, message);
    if (atomic_load(&log_json))
        put_json_line(&line, level, message, pairs);
    else
        put_text_line(&line, level, message, pairs);
    va_end(pairs);
    line.text[line.size++] = '\n';
    /* A log that cannot be written must not stop the answers. */
    ssize_t written = write(atomic_load(&log_fd), line.text, line.size);
    (void)written;
}
