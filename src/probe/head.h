/*
 * head.h - the lines before a body, read to the letter of RFC 7230.
 *
 * A line is what stands before its line feed, the carriage return taken off too.  Any thread.
 */
#ifndef PROBE_HEAD_H
#define PROBE_HEAD_H

#include "signpost/base/span.h"

#include <stdbool.h>

/* Takes the line feed, and a carriage return before it, off the end. */
struct span head__trim(const char *line, size_t size);

/* "HTTP/1.1 200 OK" (RFC 7230 §3.1.2); a status without a reason and without the blank before it is
 * fine, as many servers send it.  The reason points into the line.  false: no status line. */
bool head__read_status(struct span line, unsigned *out_status, struct span *out_reason);

/* Whether the line is a header field, or, where one may stand, the continuation of one
 * (RFC 7230 §3.2). */
bool head__is_field(struct span line, bool may_continue);

/* The value of the field if that is its name (in lower case), without the blanks around it. */
bool head__read_field(struct span line, const char *name, struct span *out_value);

/* Whether the text says that word, in upper or lower case. */
bool head__says(struct span text, const char *word);

#endif
