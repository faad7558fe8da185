/*
 * base/log.h - what the daemon says of itself: one event a line.
 *
 * Only who owns a loop logs (server, control's loop, cmd).  Any thread may call log_write; a line
 * is written with one write(2), so lines never mix.  Text lines read "TIME LEVEL TEXT key=value
 * ...", JSON lines {"time":..., "level":..., "message":..., "key":"value"}.
 */
#ifndef SIGNPOST_BASE_LOG_H
#define SIGNPOST_BASE_LOG_H

#include <stdbool.h>

enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Opens (or on a second call reopens) the log.  A NULL path is stderr.  0, or SP_EIO with errno
 * set, and then the old file stays in use, with the new level and format.  Main thread only. */
int log_open(const char *path, enum log_level level, bool json);

/* Key and value strings alternate after the message and end with NULL:
 *   log_write(LOG_LEVEL_INFO, "zone imported", "zone", name, "records", count_text, NULL); */
void log_write(enum log_level level, const char *message, ...) __attribute__((sentinel));

/* "error", "warning", "info", "debug" -> level.  false: no such word. */
bool log_level_from_text(const char *text, enum log_level *out_level);

#endif
