/*
 * resolve.h - the IPv4 address of a name (R-HCE-4), asked for anew for each look.
 *
 * /etc/hosts first, then a name server; names are taken as complete.  When there are several
 * addresses, one is drawn.  On the prober's loop.
 */
#ifndef PROBE_RESOLVE_H
#define PROBE_RESOLVE_H

#include "signpost/base/dice.h"
#include "signpost/base/prefix.h"
#include "signpost/base/status.h"

#include <uv.h>

struct resolver;
struct resolver_query;

/* server: "ADDRESS" or "ADDRESS@PORT"; "": the system's.  The dice must outlive the resolver.
 * SP_EINVAL, SP_ENOMEM, SP_EIO. */
int resolver__create(uv_loop_t *loop, const char *server, struct dice *dice,
                     struct resolver **out_resolver, struct problem *out_problem);
/* Answers no one any more; closes its handles, which the loop must still be run for.  NULL is
 * fine. */
void resolver__destroy(struct resolver *resolver);

/* address is NULL when there is none, and why then says so; both are when the system gives us no
 * socket to ask with. */
typedef void (*resolver_answer)(void *context, const struct ip_prefix *address, const char *why);

/* Answers once, maybe before this returns.  *out_query is the question while it is open, and NULL
 * again when it is not; the place must last as long.  SP_ENOMEM. */
int resolver__ask(struct resolver *resolver, const char *name, resolver_answer answer,
                  void *context, struct resolver_query **out_query);

/* There will be no answer.  NULL is fine. */
void resolver__forget(struct resolver_query *query);

#endif
