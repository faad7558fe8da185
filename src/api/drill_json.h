/*
 * api/drill_json.h - drills as JSON: a definition read, a prediction written.
 */
#ifndef API_DRILL_JSON_H
#define API_DRILL_JSON_H

#include "call.h"

#include "signpost/control/drills.h"

/* A plan out of a definition.  Its strings and lists are in the arena of the exchange; whether it
 * makes sense as a whole is for drill_plan_check to say.  SP_EINVAL, SP_ELIMIT, SP_ENOMEM. */
int drill_json_read(struct api_call *call, json_t *definition, struct drill_plan *out_plan);

json_t *drill_json_prediction(const struct drill_prediction *prediction);

#endif
