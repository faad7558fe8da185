/*
 * api/health_json.h - health checks in JSON: what is asked for, and how they are doing.
 */
#ifndef API_HEALTH_JSON_H
#define API_HEALTH_JSON_H

#include "call.h"

#include "signpost/control/checks.h"

/* Whether every member of the document is a field of health checks or in `others`, which ends with
 * NULL, and which type it asks for ("type"; not there: MANUAL).  SP_EINVAL. */
int health_json_type(struct api_call *call, json_t *document, const char *const *others,
                     enum health_check_type *out_type);

/* Reads the fields that are there; the others stay as they were.  SP_EINVAL: the message names the
 * field, and it is one of another type, or no such value. */
int health_json_read(struct api_call *call, json_t *document, struct health_check_config *config);

/* "regions": a list of names as a mask.  SP_EINVAL. */
int health_json_read_regions(struct api_call *call, const json_t *value, uint8_t *out_regions);

/* Clears what "reset" lists (R-HCK-7).  SP_EINVAL: no such field, or one that the document sets. */
int health_json_reset(struct api_call *call, json_t *document, struct health_check_config *config);

/* A check and how it is doing; NULL: no memory.  checkers: those of the board, for where they look
 * from; NULL: without what each of them says. */
json_t *health_json_view(const struct check_view *view, const struct checker_list *checkers);

json_t *health_json_event(const struct health_event *event);

#endif
