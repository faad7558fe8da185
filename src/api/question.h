/*
 * api/question.h - what the requests to explain and to simulate have in common: {"name","type",
 * "source","down":[...],"up":[...],"seed"}, and texts of the answer.
 */
#ifndef API_QUESTION_H
#define API_QUESTION_H

#include "call.h"

#include "signpost/control/explain.h"

struct asked {
    struct question question;
    struct supposition supposition; /* in the arena of the exchange */
    uint64_t seed;                  /* drawn when the request has none */
};

/* SP_EINVAL, SP_ELIMIT, SP_ENOMEM. */
int asked_read(struct api_call *call, const json_t *document, struct asked *out_asked);

/* Reads a prefix; what is for the message: "client".  SP_EINVAL. */
int asked_read_prefix(struct api_call *call, const char *what, const json_t *value,
                      struct ip_prefix *out_prefix);

/* Seeds are this large at most, so that every reader of JSON gets them right. */
#define SEED_MAX ((1ll << 53) - 1)

const char *asked_rcode_name(uint8_t rcode); /* "NXDOMAIN" */

#endif
