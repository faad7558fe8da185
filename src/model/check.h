/*
 * model/check.h - the rules of draft_check, for the places that have more to say about where.
 */
#ifndef SIGNPOST_MODEL_CHECK_H
#define SIGNPOST_MODEL_CHECK_H

#include "faults.h"

#include "signpost/model/draft.h"

/* Adds what is wrong with the draft as a whole. */
void draft__check(const struct draft *draft, struct faults *faults);

#endif
