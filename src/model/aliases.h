/*
 * model/aliases.h - where aliases lead: to something that is there, not in circles, not too deep.
 */
#ifndef SIGNPOST_MODEL_ALIASES_H
#define SIGNPOST_MODEL_ALIASES_H

#include "faults.h"

#include "signpost/model/draft.h"

/* Of one set that a change has put into the draft, which holds touched names only: its target
 * (A-CHG-50, A-CHG-52), and whether it closes a circle of aliases and CNAMEs (A-CHG-51) or begins a
 * chain of more than ALIAS_DEPTH_MAX aliases.  Names on the way are fetched into the draft.
 * Other than 0: the references could not tell, or SP_ENOMEM. */
int aliases__check_change(struct draft *draft, const struct model_references *references,
                          const struct draft_name *name, const struct record_set *set,
                          struct faults *faults, struct problem *out_problem);

/* The same of every alias of a whole draft.  CNAMEs are not followed: other servers take circles of
 * them, and so may a zone file. */
int aliases__check_all(const struct draft *draft, const struct model_references *references,
                       struct faults *faults, struct problem *out_problem);

#endif
