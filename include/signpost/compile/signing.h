/*
 * compile/signing.h - from the keys of a zone to what the query path signs with.
 */
#ifndef SIGNPOST_COMPILE_SIGNING_H
#define SIGNPOST_COMPILE_SIGNING_H

#include "signpost/base/status.h"
#include "signpost/model/key_sets.h"
#include "signpost/zone/signing.h"

/* The active key and the published sets; one reference, the caller's.  SP_EDAMAGED: signatures that
 * were stored make no sense.  SP_ENOMEM. */
int compile_signing(const struct signing_key *key, const struct key_sets *sets,
                    struct zone_signing **out_signing, struct problem *out_problem);

#endif
