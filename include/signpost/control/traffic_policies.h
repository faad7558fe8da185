/*
 * control/traffic_policies.h - traffic policies, their versions, and their instances in zones.
 *
 * An instance is the record sets of its tree (model/traffic_policy.h): created, switched to another
 * version and deleted in one change of its zone, so no question ever sees two trees at once
 * (R-TPF-4).  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_TRAFFIC_POLICIES_H
#define SIGNPOST_CONTROL_TRAFFIC_POLICIES_H

#include "signpost/control/control.h"
#include "signpost/store/traffic_policies.h"

/* ---- policies and versions ---- */

/* A new policy with its first version: its name, and the version's type, document and comment, must
 * be set; the document was read before.  Sets the rest.  SP_EEXIST: the name is taken; SP_ELIMIT: a
 * quota. */
int control_create_traffic_policy(struct control *control, struct traffic_version *version,
                                  struct problem *out_problem);

/* The next version of the policy of version->policy_id; type, document and comment as above.  Sets
 * the rest, the name in the arena.  SP_ENOENT without words; SP_ELIMIT. */
int control_add_traffic_version(struct control *control, struct traffic_version *version,
                                struct arena *arena, struct problem *out_problem);

/* The texts are copied into the arena.  SP_ENOENT without words. */
int control_read_traffic_version(struct control *control, const char *policy_id, uint32_t version,
                                 struct arena *arena, struct traffic_version *out_version,
                                 struct problem *out_problem);

/* SP_ENOENT without words. */
int control_set_traffic_comment(struct control *control, const char *policy_id, uint32_t version,
                                const char *comment, struct problem *out_problem);

/* The last version takes its policy along.  SP_ENOENT without words; SP_ECONFLICT: instances use
 * it. */
int control_delete_traffic_version(struct control *control, const char *policy_id, uint32_t version,
                                   struct problem *out_problem);

/* See store_visit_traffic_policies and store_visit_traffic_versions. */
int control_visit_traffic_policies(struct control *control, int64_t from, unsigned count,
                                   int (*visit)(void *context, const struct traffic_policy *policy),
                                   void *context, struct problem *out_problem);
int control_visit_traffic_versions(struct control *control, const char *policy_id, uint32_t from,
                                   unsigned count,
                                   int (*visit)(void *context,
                                                const struct traffic_version *version),
                                   void *context, struct problem *out_problem);

/* Without its name.  SP_ENOENT without words. */
int control_find_traffic_policy(struct control *control, const char *id,
                                struct traffic_policy *out_policy, struct problem *out_problem);
int control_count_traffic_policies(struct control *control, uint64_t *out_count,
                                   struct problem *out_problem);

/* ---- instances ---- */

struct traffic_wish {
    const struct hosted_zone *zone; /* from control_find_zone_id */
    const uint8_t *name;            /* wire, lower case */
    uint32_t ttl_s;
    const struct traffic_version *version;   /* from control_read_traffic_version */
    const struct traffic_document *document; /* of that version */
};

/* An instance whose tree cannot stand in the zone is there all the same, and its message says why.
 * SP_EEXIST: another instance has that name and type.  SP_EINVAL: a private zone, a name outside
 * the zone.  SP_ELIMIT: a quota. */
int control_create_traffic_instance(struct control *control, const struct traffic_wish *wish,
                                    struct traffic_instance *out_instance,
                                    struct problem *out_problem);

/* Another TTL or version, in one step; the zone and the name of the wish are not looked at.  When
 * the new tree cannot stand, the old one stays and the message says why.  SP_ECONFLICT: the version
 * is of another type. */
int control_update_traffic_instance(struct control *control, struct traffic_instance *instance,
                                    const struct traffic_wish *wish, struct problem *out_problem);

/* With all its record sets.  SP_ECONFLICT: its root is protected. */
int control_delete_traffic_instance(struct control *control,
                                    const struct traffic_instance *instance,
                                    struct problem *out_problem);

/* SP_ENOENT without words. */
int control_find_traffic_instance(struct control *control, const char *id,
                                  struct traffic_instance *out_instance,
                                  struct problem *out_problem);
int control_find_traffic_instance_at(struct control *control, const char *zone_id,
                                     const uint8_t *name, uint16_t type,
                                     struct traffic_instance *out_instance,
                                     struct problem *out_problem);

/* See store_visit_traffic_instances. */
int control_visit_traffic_instances(
    struct control *control, const struct traffic_instance_filter *filter, int64_t from,
    unsigned count, int (*visit)(void *context, const struct traffic_instance *instance),
    void *context, struct problem *out_problem);
int control_count_traffic_instances(struct control *control, uint64_t *out_count,
                                    struct problem *out_problem);

#endif
