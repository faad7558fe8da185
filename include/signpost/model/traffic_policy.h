/*
 * model/traffic_policy.h - traffic policy documents: a tree of rules as one JSON text (section 12
 * of the rules), and the record sets that it stands for.
 *
 * A rule becomes a group of record sets at a hidden name (record_owner_is_hidden), a reference to a
 * rule an alias to such a group, an endpoint records or an alias to a resource (R-TPF-6).  So a
 * document is answered by what answers any other tree of aliases.  Any thread, one arena each.
 */
#ifndef SIGNPOST_MODEL_TRAFFIC_POLICY_H
#define SIGNPOST_MODEL_TRAFFIC_POLICY_H

#include "signpost/model/draft.h"
#include "signpost/model/uuid.h"

/* One policy: its versions count from 1, never change but for their comments, and no number is used
 * again (R-TPF-1).  The texts belong to whoever made it. */
struct traffic_policy {
    int64_t number; /* in the order of creation */
    char id[UUID_TEXT_SIZE];
    const char *name;
    uint16_t type;           /* of the latest version that there is */
    uint32_t latest_version; /* of those that there are */
    uint32_t newest_version; /* that there ever was */
    uint32_t version_count;
};

struct traffic_version {
    char policy_id[UUID_TEXT_SIZE];
    uint32_t version;
    const char *name; /* of the policy */
    uint16_t type;
    const char *document; /* as it was given */
    const char *comment;  /* "": none */
};

/* A version at work at a name of a zone (R-TPF-2).  What it was told last is in ttl_s, policy_id
 * and version; while that could not be carried out, message says why, and the tree of before, if
 * there was one, goes on answering. */
struct traffic_instance {
    int64_t number; /* in the order of creation */
    char id[UUID_TEXT_SIZE];
    char zone_id[ZONE_ID_TEXT_SIZE];
    uint8_t name[DNS_NAME_SIZE_MAX]; /* wire, lower case */
    uint16_t type;
    uint32_t ttl_s;
    char policy_id[UUID_TEXT_SIZE];
    uint32_t version;
    uint32_t generation;             /* of its newest tree */
    char message[PROBLEM_TEXT_SIZE]; /* "": it is applied */
};

/* Where a member or the whole document leads. */
struct traffic_reference {
    bool is_rule;
    unsigned index; /* of a rule or of an endpoint */
};

struct traffic_endpoint {
    const char *id;
    bool is_value; /* else a resource of that kind */
    enum resource_kind kind;
    struct span rdata;   /* of a value */
    const uint8_t *name; /* of a resource: wire, lower case */
};

struct traffic_member {
    struct traffic_reference to;
    bool evaluate_health;     /* EvaluateTargetHealth; means nothing for a value */
    const char *health_check; /* NULL: none */
    struct routing routing;
    const char *label; /* what tells it from the others of its rule: "DE", "PRIMARY", "2 e1" */
};

struct traffic_rule {
    const char *id;
    enum routing_policy policy;
    unsigned member_count;
    struct traffic_member *members;
    bool is_used; /* the start leads here */
};

struct traffic_document {
    uint16_t type; /* of every record */
    struct traffic_reference start;
    unsigned endpoint_count;
    struct traffic_endpoint *endpoints;
    unsigned rule_count;
    struct traffic_rule *rules;
    unsigned *order; /* of all rules: each stands behind those that it refers to */
};

/* How the values of endpoints are written: reads one into wire form, checked and lower case, in the
 * arena.  NULL when it went well, else why not. */
typedef const char *traffic_value_reader(struct arena *arena, uint16_t type, const char *text,
                                         struct span *out_rdata);

/* Reads and checks a document of either format, 2015-10-01 or 2023-05-09.  read_value NULL: values
 * are written as in zone files, names absolute.  Everything in *out is in the arena.  Every fault
 * is named with its place, "Rules.geo-1.Locations[2]: ..."; they are joined by "; ".  Whether
 * health checks and resources exist is not asked.  SP_EINVAL, SP_ENOMEM. */
int traffic_document_read(struct arena *arena, const char *text, traffic_value_reader *read_value,
                          struct traffic_document *out, struct problem *out_problem);

/* One instance of a document, as it is to stand in its zone. */
struct traffic_tree {
    const struct hosted_zone *zone;
    const uint8_t *name; /* where the root stands: wire, lower case, within the zone */
    uint32_t ttl_s;
    const char *instance; /* the id of the instance, for the root */
    int64_t number;       /* the instance's own */
    uint32_t generation;  /* trees of one instance stand side by side while one replaces another */
};

/* The changes that create the tree: CREATE only, each set behind those that it is an alias to, the
 * root last.  In the arena.  SP_EINVAL: the zone's name leaves no room for hidden ones; SP_ENOMEM.
 */
int traffic_tree_make(struct arena *arena, const struct traffic_document *document,
                      const struct traffic_tree *tree, struct change_batch *out_batch,
                      struct problem *out_problem);

/* The beginning of the first label of every hidden name of that instance, whatever its generation.
 */
#define TRAFFIC_PREFIX_SIZE 24
void traffic_tree_prefix(char out[TRAFFIC_PREFIX_SIZE], int64_t number);

#endif
