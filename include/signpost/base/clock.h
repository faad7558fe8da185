/*
 * base/clock.h - the time, read where a loop turns and handed down as data.
 */
#ifndef SIGNPOST_BASE_CLOCK_H
#define SIGNPOST_BASE_CLOCK_H

#include <stdint.h>

uint64_t clock_monotonic_ms(void); /* never goes back; from an unknown start */
int64_t clock_unix_s(void);        /* seconds since 1970, UTC */
uint64_t clock_unix_ms(void);      /* the same in milliseconds */

#endif
