/*
 * route53/health_config.h - the config of a health check between the API's structure and the
 * model's (A-HCK-3 to A-HCK-8).
 *
 * The model has a type of our own, MANUAL, a switch that a person throws.  The API has none such;
 * it shows these checks as RECOVERY_CONTROL, which is the same to whoever reads: a switch, named by
 * an ARN.  Any thread.
 */
#ifndef ROUTE53_HEALTH_CONFIG_H
#define ROUTE53_HEALTH_CONFIG_H

#include "shapes.h"

#include "signpost/base/arena.h"
#include "signpost/model/health_check.h"

/* The config of a check that is to be made; checked but for what it names (children, a routing
 * control) and for special addresses.  SP_EINVAL with the API's words. */
int route53_read_health_config(const struct r53_health_check_config *from,
                               struct health_check_config *out_config, struct problem *out_problem);

/* Changes a config by what an update gives and resets (A-HCK-10, A-HCK-11), and checks it as a
 * whole likewise.  SP_EINVAL with the API's words. */
int route53_update_health_config(const struct r53_update_health_check_request *from,
                                 struct health_check_config *config, struct problem *out_problem);

/* What control or the model says of a field, in the API's words: "port: ..." becomes "Port: ...",
 * and a sentence of Route 53's own, which ends in a full stop, stands alone. */
void route53_restyle_problem(struct problem *problem);

/* What was set, and the defaults of A-HCK-3.  control_arn: of a RECOVERY_CONTROL check, or of the
 * switch that a MANUAL one is shown as.  NULL: no memory. */
struct r53_health_check_config *route53_write_health_config(
    struct arena *arena, const struct health_check_config *config, const char *control_arn);

/* An address as health checks have it: IPv6 in eight groups without leading zeros (A-HCK-5).  NULL:
 * no memory. */
const char *route53_address_text(struct arena *arena, const struct ip_prefix *address);

#endif
