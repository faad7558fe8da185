/*
 * store/traffic_policies.h - traffic policies, their versions and their instances.
 *
 * Lists are in the order of creation; what is visited is the callee's for the call only, and other
 * than 0 from a callback ends the reading with that status.  What writes does so inside a
 * transaction, which goes on.  Control thread only.
 */
#ifndef SIGNPOST_STORE_TRAFFIC_POLICIES_H
#define SIGNPOST_STORE_TRAFFIC_POLICIES_H

#include "signpost/model/traffic_policy.h"
#include "signpost/store/store.h"

/* ---- policies ---- */

/* Up to count of them, from that number on. */
int store_visit_traffic_policies(struct store *store, int64_t from, unsigned count,
                                 int (*visit)(void *context, const struct traffic_policy *policy),
                                 void *context, struct problem *out_problem);

/* The name is copied into the arena; arena NULL: it is "".  SP_ENOENT without words. */
int store_find_traffic_policy(struct store *store, const char *id, struct arena *arena,
                              struct traffic_policy *out_policy, struct problem *out_problem);

int store_has_traffic_policy_name(struct store *store, const char *name, bool *out_has,
                                  struct problem *out_problem);
int store_count_traffic_policies(struct store *store, uint64_t *out_count,
                                 struct problem *out_problem);

/* Without any version yet. */
int store_add_traffic_policy(struct store *store, const char *id, const char *name,
                             struct problem *out_problem);

/* ---- versions ---- */

/* Up to count versions of a policy, from that one on. */
int store_visit_traffic_versions(struct store *store, const char *policy_id, uint32_t from,
                                 unsigned count,
                                 int (*visit)(void *context, const struct traffic_version *version),
                                 void *context, struct problem *out_problem);

/* Becomes the newest of its policy. */
int store_add_traffic_version(struct store *store, const struct traffic_version *version,
                              struct problem *out_problem);

/* SP_ENOENT without words. */
int store_set_traffic_comment(struct store *store, const char *policy_id, uint32_t version,
                              const char *comment, struct problem *out_problem);

/* The last one takes its policy along.  SP_ENOENT without words. */
int store_remove_traffic_version(struct store *store, const char *policy_id, uint32_t version,
                                 struct problem *out_problem);

/* ---- instances ---- */

/* zone_id, and policy_id with version, choose those that are wanted; NULL: all. */
struct traffic_instance_filter {
    const char *zone_id;
    const char *policy_id;
    uint32_t version;
};
int store_visit_traffic_instances(struct store *store, const struct traffic_instance_filter *filter,
                                  int64_t from, unsigned count,
                                  int (*visit)(void *context,
                                               const struct traffic_instance *instance),
                                  void *context, struct problem *out_problem);

/* SP_ENOENT without words. */
int store_find_traffic_instance(struct store *store, const char *id,
                                struct traffic_instance *out_instance, struct problem *out_problem);

/* The one at that place (R-TPF-2: there is one at most).  SP_ENOENT without words. */
int store_find_traffic_instance_at(struct store *store, const char *zone_id, const uint8_t *name,
                                   uint16_t type, struct traffic_instance *out_instance,
                                   struct problem *out_problem);

int store_count_traffic_instances(struct store *store, uint64_t *out_count,
                                  struct problem *out_problem);
int store_count_instances_of_version(struct store *store, const char *policy_id, uint32_t version,
                                     uint64_t *out_count, struct problem *out_problem);

/* Sets its number. */
int store_add_traffic_instance(struct store *store, struct traffic_instance *instance,
                               struct problem *out_problem);

/* TTL, policy, version, generation and message of the one with that id. */
int store_change_traffic_instance(struct store *store, const struct traffic_instance *instance,
                                  struct problem *out_problem);
int store_remove_traffic_instance(struct store *store, const char *id, struct problem *out_problem);

#endif
