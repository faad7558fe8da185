/*
 * dns/rdata.h - RDATA in wire form, and values packed one behind the other.
 *
 * "Packed values" are how record sets travel from the store to the compiler: for each value two
 * octets of length, then the RDATA, uncompressed, its names in lower case.
 */
#ifndef SIGNPOST_DNS_RDATA_H
#define SIGNPOST_DNS_RDATA_H

#include "signpost/base/span.h"

#include <stdbool.h>
#include <stdint.h>

/* Whether rdata is well formed for type: lengths add up, names are valid and uncompressed, numbers
 * are in the ranges that R-TYP allows.  NULL when it is, else why not (a constant). */
const char *dns_rdata_check(uint16_t type, struct span rdata);

/* Makes the names inside rdata lower case (R-NAM-2).  The rdata must have passed the check. */
void dns_rdata_lower(uint16_t type, uint8_t *rdata, size_t size);

/* Takes the next value off the front of packed.  false: none is left, or the packing is broken, and
 * then packed->size is not 0. */
bool dns_values_next(struct span *packed, struct span *out_rdata);

#endif
