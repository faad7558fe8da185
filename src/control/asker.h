/*
 * control/asker.h - puts questions to the code that answers, as the network would, and keeps the
 * trace.
 */
#ifndef CONTROL_ASKER_H
#define CONTROL_ASKER_H

#include "internal.h"

#include "signpost/answer/answer.h"
#include "signpost/control/explain.h"

struct asker {
    struct snapshot *snapshot;         /* what is published, under options of our own */
    const struct health_table *health; /* the live one, or `supposed` */
    struct health_table *supposed;
    struct dice dice;
    struct sockaddr_storage source;
    uint8_t query[DNS_QUESTION_SIZE_MAX];
    size_t query_size;
    uint8_t reply[ANSWER_SIZE_MAX_TCP];
    size_t reply_size;
    struct trace trace;
    struct trace_step steps[TRACE_STEPS_MAX];
};

/* SP_ENOMEM; SP_ENOENT: a supposed check does not exist. */
int asker__create(struct control *control, const struct supposition *supposition, uint64_t seed,
                  struct asker **out_asker, struct problem *out_problem);
void asker__destroy(struct asker *asker); /* NULL is fine */

/* From now on that zone alone answers for names within it; it need not be served.  SP_ENOMEM; what
 * the store had to say. */
int asker__confine(struct asker *asker, struct control *control, const struct hosted_zone *zone,
                   const uint8_t *name, struct problem *out_problem);

/* Whoever is not located otherwise is at that place.  SP_ENOMEM. */
int asker__place_strangers(struct asker *asker, const struct place *place);

/* Writes the query and the source of what is asked from now on. */
void asker__prepare(struct asker *asker, const struct question *question);

/* Asks it, once; reply and trace are overwritten. */
void asker__ask(struct asker *asker);

#endif
