/*
 * model/uuid.h - the ids that Route 53 gives to health checks and CIDR collections.
 */
#ifndef SIGNPOST_MODEL_UUID_H
#define SIGNPOST_MODEL_UUID_H

#include "signpost/base/dice.h"

#define UUID_TEXT_SIZE 37 /* "6f1e2a5c-0d3b-4c8e-9a71-2b54c0e8d913" and a zero */

/* Draws a random UUID (RFC 4122 §4.4), in lower case.  Whether it is taken is the caller's to see:
 * seeded dice roll the same after a restart. */
void uuid_draw(char out[UUID_TEXT_SIZE], struct dice *dice);

#endif
