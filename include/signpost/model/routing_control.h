/*
 * model/routing_control.h - routing controls and the safety rules over them (section 16.1).
 *
 * There is one cluster.  A control panel is a name that controls and rules have in common; names of
 * controls and of rules are each used once in the whole cluster.  Plain data.  Any thread.
 */
#ifndef SIGNPOST_MODEL_ROUTING_CONTROL_H
#define SIGNPOST_MODEL_ROUTING_CONTROL_H

#include "signpost/base/limits.h"
#include "signpost/base/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONTROL_PANEL_DEFAULT    "default"
#define RULE_WAIT_MS_DEFAULT     5000 /* R-ARC-6 */
#define RECOVERY_NAME_SIZE       (RECOVERY_NAME_SIZE_MAX + 1)
#define ROUTING_CONTROL_ARN_SIZE (ROUTING_CONTROL_ARN_SIZE_MAX + 1)

struct routing_control {
    char name[RECOVERY_NAME_SIZE];
    char panel[RECOVERY_NAME_SIZE];
    bool is_on;
    uint64_t created_ms; /* Unix milliseconds, both */
    uint64_t changed_ms; /* of the last change of its state; 0: there was none */
};

enum rule_kind {
    RULE_ASSERTION, /* so it must be after a change of the controls */
    RULE_GATING,    /* so it must be before a change of the targets */
};
#define RULE_KIND_COUNT 2

enum rule_type { /* R-ARC-5: how many of the controls are to be on */
                 RULE_ATLEAST,
                 RULE_AND,
                 RULE_OR,
};
#define RULE_TYPE_COUNT 3

struct control_names {
    unsigned count;
    char names[RULE_CONTROLS_MAX][RECOVERY_NAME_SIZE];
};

struct safety_rule {
    char name[RECOVERY_NAME_SIZE];
    char panel[RECOVERY_NAME_SIZE];
    enum rule_kind kind;
    enum rule_type type;
    uint32_t threshold; /* of ATLEAST; 0 for the others */
    bool is_inverted;
    uint32_t wait_ms;              /* after a change of the controls that it guards */
    struct control_names controls; /* asserted, or gating */
    struct control_names targets;  /* of a gating rule only */
};

/* 1 to 64 of letters, digits, '-', '_' and '.'; what is for the message.  SP_EINVAL. */
int recovery_name_check(const char *what, const char *name, struct problem *out_problem);

/* "arn:aws:route53-recovery-control::000000000000:controlpanel/default/routingcontrol/cell-1".
 * Returns out. */
const char *routing_control_arn(char out[ROUTING_CONTROL_ARN_SIZE],
                                const struct routing_control *control);

/* The name in what may be a name or an ARN; NULL: it is an ARN of another kind.  Points into the
 * text. */
const char *routing_control_name(const char *name_or_arn);

/* Whether it is the control's name or its ARN. */
bool routing_control_is(const struct routing_control *control, const char *name_or_arn);

/* What is wrong with a rule by itself, whatever controls there are.  SP_EINVAL. */
int safety_rule_check(const struct safety_rule *rule, struct problem *out_problem);

const char *rule_kind_name(enum rule_kind kind); /* "ASSERTION", "GATING" */
int rule_kind_find(const char *name, enum rule_kind *out_kind, struct problem *out_problem);
const char *rule_type_name(enum rule_type type); /* "ATLEAST", "AND", "OR" */
int rule_type_find(const char *name, enum rule_type *out_type, struct problem *out_problem);

/* Adds a name.  SP_ELIMIT. */
int control_names_add(struct control_names *list, const char *name, struct problem *out_problem);

/* All controls, in the order of strcmp of their names, and the state that each shall have. */
struct control_states {
    const struct routing_control *controls;
    const bool *will_be_on;
    size_t count;
    uint64_t now_ms;
};

/* Whether a rule lets all these changes happen in one step (R-ARC-4 to R-ARC-6).  A rule asks only
 * about changes of controls that it guards, those that it asserts or that are its targets; a gate
 * is looked at as it was before.  SP_ECONFLICT, with why, and how to break glass. */
int safety_rule_judge(const struct safety_rule *rule, const struct control_states *states,
                      struct problem *out_problem);

#endif
