/*
 * route53/traffic.h - what the operations on traffic policies and on their instances share.
 */
#ifndef ROUTE53_TRAFFIC_H
#define ROUTE53_TRAFFIC_H

#include "call.h"
#include "shapes.h"

#include "signpost/control/traffic_policies.h"

#define TRAFFIC_PAGE_MAX 100 /* A-XML-11 */

/* traffic_policies.c: ends the operation with NoSuchTrafficPolicy unless there is such a version;
 * its texts are in the call's arena. */
int route53_find_traffic_version(struct route53_call *call, const char *policy_id, uint32_t version,
                                 struct traffic_version *out_version);

/* traffic_policies.c: reads a document: InvalidTrafficPolicyDocument. */
int route53_read_traffic_document(struct route53_call *call, const char *text,
                                  struct traffic_document *out_document);

#endif
