/*
 * route53/values.h - the values of records, as the API writes them (R-TYP, A-CHG-23).
 *
 * They look like those of a zone file, but escapes are octal, names need no final dot, and there is
 * neither comment nor parenthesis.  Any thread.
 */
#ifndef ROUTE53_VALUES_H
#define ROUTE53_VALUES_H

#include "signpost/base/arena.h"
#include "signpost/base/span.h"
#include "signpost/base/status.h"

#include <stdint.h>

/* Reads one value into wire form, checked and lower case, in the arena.  NULL when it went well,
 * else "FATAL problem: ..." (A-CHG-23), in the arena. */
const char *route53_read_value(struct arena *arena, uint16_t type, const char *text,
                               struct span *out_rdata);

/* The text of a value that nobody wrote through the API; reading it gives the value again.  NULL:
 * no memory. */
const char *route53_value_text(struct arena *arena, uint16_t type, struct span rdata);

#endif
