/*
 * route53/batch.h - a change batch of the API, as the model takes it; and back.
 */
#ifndef ROUTE53_BATCH_H
#define ROUTE53_BATCH_H

#include "operations.h"

#include "signpost/model/draft.h"

/* Reads a batch into the call's arena.  What is wrong with single changes goes with them, for the
 * model to tell in its turn (A-CHG 7.7).  Refused: a batch that is too large (A-CHG-5). */
int route53_read_batch(struct route53_call *call, const struct r53_change_batch *given,
                       struct change_batch *out_batch);

/* A record set as it is listed (A-NAM-3, A-CHG-25, A-CHG-26).  SP_ENOMEM. */
int route53_write_set(struct route53_call *call, const uint8_t *owner, const struct record_set *set,
                      struct r53_resource_record_set *out_set);

#endif
