/*
 * Each check has a slot in the health table, and keeps it as long as a record set may name the
 * check: also while it is deleted, so that compiled zones are right when it comes back.  A deleted
 * check's slot is up.  Slots are given out in turn, so that one that was given back is not used
 * again while a worker still has a zone of long ago.
 */
#include "signpost/control/checks.h"

#include "checks.h"

#include "signpost/base/clock.h"
#include "signpost/model/uuid.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

struct checks {
    void *by_id; /* as tsearch(3) keeps it */
    uint32_t slot_count;
    health_slot last; /* that was given out */
    struct known_check *by_slot[];
};

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static struct known_check *find(const struct checks *checks, const char *id)
{
    struct known_check *const *place = tfind(id, &checks->by_id, compare);
    return place != NULL ? *place : NULL;
}

const struct known_check *control__check_at(const struct control *control, health_slot slot)
{
    return control->checks->by_slot[slot];
}

health_slot control__find_check(void *control, const char *public_id)
{
    const struct known_check *known = find(((struct control *)control)->checks, public_id);
    return known != NULL ? known->slot : HEALTH_NO_CHECK;
}

/* The next slot that is free; HEALTH_NO_CHECK: none. */
static health_slot find_slot(const struct checks *checks)
{
    for (uint32_t i = 1; i <= checks->slot_count; i++) {
        health_slot slot = (checks->last + i) % checks->slot_count;
        if (slot != HEALTH_NO_CHECK && checks->by_slot[slot] == NULL)
            return slot;
    }
    return HEALTH_NO_CHECK;
}

/* A new check, deleted until the caller says otherwise. */
static int lease(struct checks *checks, const char *id, struct known_check **out_known,
                 struct problem *out_problem)
{
    health_slot slot = find_slot(checks);
    if (slot == HEALTH_NO_CHECK)
        return problem_set(out_problem, SP_ELIMIT,
                           "there are %u health checks already, as many as there can be: delete "
                           "those that are not needed",
                           checks->slot_count - 1);
    struct known_check *known = calloc(1, sizeof *known);
    if (known == NULL)
        return control__no_memory(out_problem);
    strncpy(known->id, id, sizeof known->id - 1);
    known->slot = slot;
    known->is_deleted = true;
    if (tsearch(known, &checks->by_id, compare) == NULL) {
        free(known);
        return control__no_memory(out_problem);
    }
    checks->by_slot[slot] = known;
    checks->last = slot;
    *out_known = known;
    return 0;
}

static void release(struct control *control, struct known_check *known)
{
    tdelete(known, &control->checks->by_id, compare);
    control->checks->by_slot[known->slot] = NULL;
    free(known);
}

/* ---- start and end ---- */

struct loading {
    struct control *control;
    struct problem *problem;
    bool calculated; /* whose turn it is: children come first */
};

/* Children that are not there have no slot: such a child counts as up. */
static int put_on_board(struct control *control, const struct health_check *check,
                        struct board_check *draft)
{
    health_slot children[HEALTH_CHECK_CHILDREN_MAX];
    for (unsigned i = 0; i < check->config.child_count; i++)
        children[i] = control__find_check(control, check->config.children[i]);
    draft->slot = control__find_check(control, check->id);
    draft->id = check->id;
    draft->config = &check->config;
    draft->children = children;
    return board_put(control->board, draft, clock_unix_ms());
}

static int restore(struct loading *loading, const struct health_check *check)
{
    struct health_status status;
    struct board_check draft = { .restored = &status };
    int rc = store_read_check_status(loading->control->store, check->id, &status, loading->problem);
    return rc == 0 ? put_on_board(loading->control, check, &draft) : rc;
}

/* What is deleted and not in use waits in the store for the next deletion, and is of no interest.
 */
static int load_check(void *context, const struct health_check *check)
{
    struct loading *loading = context;
    struct known_check *known;
    if ((check->is_deleted && check->use_count == 0) ||
        loading->calculated != (check->config.type == HEALTH_CHECK_CALCULATED))
        return 0;
    int rc = lease(loading->control->checks, check->id, &known, loading->problem);
    if (rc != 0)
        return rc;
    known->is_deleted = check->is_deleted;
    known->type = check->config.type;
    return check->is_deleted ? 0 : restore(loading, check);
}

int control__load_checks(struct control *control, struct problem *out_problem)
{
    struct loading loading = { control, out_problem, false };
    struct store_object_visitor visitor = { .check = load_check, .context = &loading };
    uint32_t slot_count = health_table_size(control->health);
    struct checks *checks = calloc(1, sizeof *checks + slot_count * sizeof(struct known_check *));
    if (checks == NULL)
        return SP_ENOMEM;
    checks->slot_count = slot_count;
    control->checks = checks;
    int rc = store_visit_checks(control->store, &visitor, out_problem);
    loading.calculated = true;
    return rc == 0 ? store_visit_checks(control->store, &visitor, out_problem) : rc;
}

void control__destroy_checks(struct checks *checks)
{
    if (checks == NULL)
        return;
    tdestroy(checks->by_id, free);
    free(checks);
}

/* ---- finding ---- */

static struct known_check *find_live(const struct control *control, const char *id)
{
    struct known_check *known = find(control->checks, id);
    return known != NULL && !known->is_deleted ? known : NULL;
}

bool control_has_check(const struct control *control, const char *id)
{
    return find_live(control, id) != NULL;
}

health_slot control_check_slot(const struct control *control, const char *id)
{
    const struct known_check *known = find_live(control, id);
    return known != NULL ? known->slot : HEALTH_NO_CHECK;
}

struct board *control_board(struct control *control)
{
    return control->board;
}

int control__no_such_check(const char *id, struct problem *out_problem)
{
    return problem_set(out_problem, SP_ENOENT,
                       "there is no health check \"%.80s\": \"signpost health list\" shows those "
                       "that are there",
                       id);
}

/* ---- reading ---- */

/* A domain name that is also the name of record sets with this check: R-HCK-9. */
static int look_at_itself(struct control *control, struct check_view *view,
                          struct problem *out_problem)
{
    const struct health_check_config *config = &view->check.config;
    uint8_t name[DNS_NAME_SIZE_MAX];
    const char *why;
    view->watches_itself = false;
    if (config->domain_name[0] == '\0' || view->check.use_count == 0)
        return 0;
    size_t size =
        dns_name_from_text(name, config->domain_name, strlen(config->domain_name), NULL, &why);
    if (size == 0)
        return 0;
    dns_name_lower(name, name, size);
    return store_is_check_of_name(control->store, view->check.id, name, &view->watches_itself,
                                  out_problem);
}

/* The board knows the state first. */
static int fill_in(struct control *control, struct check_view *view, struct problem *out_problem)
{
    board_read(control->board, control_check_slot(control, view->check.id), &view->status);
    view->check.up = view->status.up;
    view->check.since_ms = view->status.since_ms;
    return look_at_itself(control, view, out_problem);
}

int control_read_check(struct control *control, const char *id, struct check_view *out_view,
                       struct problem *out_problem)
{
    if (!control_has_check(control, id))
        return control__no_such_check(id, out_problem);
    int rc = store_read_check(control->store, id, &out_view->check, out_problem);
    return rc == 0 ? fill_in(control, out_view, out_problem) : rc;
}

struct listing {
    struct control *control;
    int (*visit)(void *context, const struct check_view *view);
    void *context;
    struct problem *problem;
    struct check_view view;
};

static int list_check(void *context, const struct health_check *check)
{
    struct listing *listing = context;
    if (check->is_deleted)
        return 0;
    listing->view.check = *check;
    int rc = fill_in(listing->control, &listing->view, listing->problem);
    return rc == 0 ? listing->visit(listing->context, &listing->view) : rc;
}

int control_list_checks(struct control *control,
                        int (*visit)(void *context, const struct check_view *view), void *context,
                        struct problem *out_problem)
{
    struct listing *listing = malloc(sizeof *listing); /* two large structures */
    struct store_object_visitor visitor = { .check = list_check, .context = listing };
    if (listing == NULL)
        return control__no_memory(out_problem);
    listing->control = control;
    listing->visit = visit;
    listing->context = context;
    listing->problem = out_problem;
    int rc = store_visit_checks(control->store, &visitor, out_problem);
    free(listing);
    return rc;
}

int control_page_checks(struct control *control, const char *first_id, unsigned count,
                        int (*visit)(void *context, const struct health_check *check),
                        void *context, struct problem *out_problem)
{
    const struct store_object_visitor visitor = { .check = visit, .context = context };
    return store_page_checks(control->store, first_id, count, &visitor, out_problem);
}

int control_list_check_events(struct control *control, const char *id, uint64_t after_ms,
                              int (*visit)(void *context, const struct health_event *event),
                              void *context, struct problem *out_problem)
{
    if (!control_has_check(control, id))
        return control__no_such_check(id, out_problem);
    control__store_news(control, out_problem); /* those that the board alone knows; not vital */
    return store_visit_check_events(control->store, id, after_ms, visit, context, out_problem);
}

/* ---- what a check may be ---- */

static int check_child(const struct control *control, const char *id, const char *child,
                       struct problem *out_problem)
{
    const struct known_check *known = find_live(control, child);
    if (strcmp(child, id) == 0)
        return problem_set(out_problem, SP_EINVAL,
                           "child_health_checks: %s cannot be its own child", id);
    if (known == NULL)
        return problem_set(out_problem, SP_EINVAL,
                           "child_health_checks: there is no health check \"%.80s\"", child);
    if (known->type == HEALTH_CHECK_CALCULATED)
        return problem_set(
            out_problem, SP_EINVAL,
            "child_health_checks: %s is a calculated health check, which cannot be a "
            "child of another; name its children instead",
            child);
    return 0;
}

/* What the model cannot know: whether the checks and the control that it names are there.
 * may_follow_nobody: the control's ARN may be of one that is not here. */
static int check_config(struct control *control, const char *id, struct health_check_config *config,
                        bool may_follow_nobody, struct problem *out_problem)
{
    int rc = health_check_config_check(config, control->deny_special_targets, out_problem);
    for (unsigned i = 0; rc == 0 && i < config->child_count; i++)
        rc = check_child(control, id, config->children[i], out_problem);
    if (rc == 0 && config->type == HEALTH_CHECK_RECOVERY_CONTROL &&
        !(may_follow_nobody && strncmp(config->routing_control, "arn:", 4) == 0) &&
        !control__has_routing_control(control, config->routing_control))
        rc = problem_set(out_problem, SP_EINVAL,
                         "routing_control: there is no routing control \"%.100s\": \"signpost "
                         "control list\" shows those that are there",
                         config->routing_control);
    return rc;
}

/* ---- making ---- */

/* The id that the user wants, or one that nobody has. */
static int choose_id(struct control *control, const char *wanted, char *out_id,
                     struct problem *out_problem)
{
    if (wanted == NULL) {
        do
            uuid_draw(out_id, &control->dice);
        while (find(control->checks, out_id) != NULL);
        return 0;
    }
    int rc = health_check_id_check(wanted, out_problem);
    if (rc == 0 && control_has_check(control, wanted))
        rc = problem_set(out_problem, SP_EEXIST,
                         "the health check %s exists already: \"signpost health update\" changes "
                         "what it looks at, \"signpost health set\" what it says",
                         wanted);
    if (rc == 0)
        strcpy(out_id, wanted);
    return rc;
}

/* How many record sets name it already: it may have been there before. */
static int count_uses(struct control *control, struct health_check *check,
                      struct problem *out_problem)
{
    struct health_check before;
    int rc = store_read_check(control->store, check->id, &before, out_problem);
    check->use_count = rc == 0 ? before.use_count : 0;
    return rc == SP_ENOENT ? 0 : rc;
}

static int store_new(struct control *control, struct health_check *check,
                     struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = count_uses(control, check, out_problem);
    if (rc == 0)
        rc = store_commit_check(control->store, check, out_problem);
    if (rc != 0)
        store_rollback(control->store);
    return rc;
}

/* What it is told at first: by the user, by its alarm, or by its routing control. */
static int begin_state(struct control *control, const struct health_check_config *config, bool up,
                       struct board_check *draft, struct problem *out_problem)
{
    bool known = false;
    draft->begins_down = !up && config->type == HEALTH_CHECK_MANUAL;
    int rc = control__observe_source(control, config, &known, &up, &draft->reason, out_problem);
    if (rc == 0 && known)
        draft->begins_down = !up;
    return rc;
}

/* First the board, since it may lack memory; a check that cannot be stored leaves it again, and
 * nobody names it yet. */
static int begin(struct control *control, struct health_check *check, struct board_check *draft,
                 struct problem *out_problem)
{
    int rc = put_on_board(control, check, draft);
    if (rc != 0)
        return control__no_memory(out_problem);
    rc = store_new(control, check, out_problem);
    if (rc != 0)
        board_remove(control->board, draft->slot, clock_unix_ms());
    return rc;
}

/* What a new check has besides its config. */
struct check_wish {
    const char *id;               /* NULL: one is drawn */
    const char *caller_reference; /* NULL: it is not made through the Route 53 API */
    bool up;
};

static int create(struct control *control, const struct check_wish *wish,
                  struct health_check_config *config, struct check_view *out_view,
                  struct problem *out_problem)
{
    struct health_check *check = &out_view->check;
    struct board_check draft = { 0 };
    struct known_check *known;
    *check = (struct health_check){ .version = 1, .since_ms = clock_unix_ms() };
    if (wish->caller_reference != NULL)
        strncpy(check->caller_reference, wish->caller_reference, CALLER_REFERENCE_SIZE_MAX);
    int rc = choose_id(control, wish->id, check->id, out_problem);
    if (rc == 0)
        rc = check_config(control, check->id, config, wish->caller_reference != NULL, out_problem);
    if (rc == 0)
        rc = begin_state(control, config, wish->up, &draft, out_problem);
    if (rc != 0)
        return rc;
    known = find(control->checks, check->id);
    bool is_new = known == NULL;
    if (is_new)
        rc = lease(control->checks, check->id, &known, out_problem);
    if (rc != 0)
        return rc;
    check->config = *config;
    check->created_at = (int64_t)(check->since_ms / 1000);
    check->up = health_effective(!draft.begins_down, config->disabled, config->inverted);
    rc = begin(control, check, &draft, out_problem);
    if (rc != 0) {
        if (is_new)
            release(control, known);
        return rc;
    }
    known->is_deleted = false;
    known->type = config->type;
    return fill_in(control, out_view, out_problem);
}

int control_create_check(struct control *control, const char *id,
                         struct health_check_config *config, bool up, struct check_view *out_view,
                         struct problem *out_problem)
{
    const struct check_wish wish = { .id = id, .up = up };
    return create(control, &wish, config, out_view, out_problem);
}

int control_create_referred_check(struct control *control, const char *caller_reference,
                                  struct health_check_config *config, struct check_view *out_view,
                                  struct problem *out_problem)
{
    const struct check_wish wish = { .caller_reference = caller_reference, .up = true };
    return create(control, &wish, config, out_view, out_problem);
}

int control_find_check_reference(struct control *control, const char *caller_reference,
                                 char out_id[HEALTH_CHECK_ID_SIZE_MAX + 1],
                                 struct problem *out_problem)
{
    return store_find_check_reference(control->store, caller_reference, out_id, out_problem);
}

/* ---- changing ---- */

static int check_version(const struct health_check *check, uint32_t version,
                         struct problem *out_problem)
{
    if (version == 0 || version == check->version)
        return 0;
    return problem_set(out_problem, SP_ECONFLICT,
                       "the health check %s is at version %u, and the change is meant for version "
                       "%u: look at it again",
                       check->id, check->version, version);
}

static int store_config(struct control *control, const struct health_check *check,
                        struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    return rc == 0 ? store_commit_check_config(control->store, check, out_problem) : rc;
}

/* An alarm that is another one now may say something else. */
static void follow_source(struct control *control, const struct health_check *check)
{
    bool known = false, up = true;
    const char *reason = "";
    if (control__observe_source(control, &check->config, &known, &up, &reason, NULL) == 0 && known)
        board_observe(control->board, control_check_slot(control, check->id), up, reason,
                      clock_unix_ms());
}

/* Then nobody asks again whether there is that routing control. */
static bool keeps_control(const struct health_check_config *before,
                          const struct health_check_config *after)
{
    return strcmp(before->routing_control, after->routing_control) == 0;
}

int control_update_check(struct control *control, const char *id, uint32_t version,
                         struct health_check_config *config, struct check_view *out_view,
                         struct problem *out_problem)
{
    struct health_check *check = &out_view->check;
    struct board_check draft = { 0 };
    int rc = control_read_check(control, id, out_view, out_problem);
    if (rc == 0)
        rc = check_version(check, version, out_problem);
    if (rc == 0)
        rc = health_check_config_may_become(&check->config, config, out_problem);
    if (rc == 0)
        rc = check_config(control, id, config, keeps_control(&check->config, config), out_problem);
    if (rc != 0)
        return rc;
    check->config = *config;
    check->version++;
    rc = store_config(control, check, out_problem);
    if (rc != 0)
        return rc;
    if (put_on_board(control, check, &draft) != 0)
        return problem_set(out_problem, SP_ENOMEM,
                           "there is not enough memory: the change is stored, and takes effect at "
                           "the next start");
    follow_source(control, check);
    return fill_in(control, out_view, out_problem);
}

/* ---- overriding ---- */

static int check_override(const struct check_view *view, const struct health_override *override,
                          uint64_t now_ms, struct problem *out_problem)
{
    if (override->expires_ms != 0 && override->expires_ms <= now_ms)
        return problem_set(out_problem, SP_EINVAL, "expires_in: that time has passed already");
    if (override->regions != 0 && view->status.checker_count == 0)
        return problem_set(out_problem, SP_EINVAL,
                           "regions: %s has no checkers; leave the Regions out to set the check as "
                           "a whole",
                           view->check.id);
    return 0;
}

/* Stored first: what is acknowledged must survive, and the board can always follow. */
static int put_override(struct control *control, struct check_view *view,
                        const struct health_override *override, uint64_t now_ms,
                        struct problem *out_problem)
{
    view->status.override = *override;
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = store_put_check_status(control->store, view->check.id, &view->status, false,
                                    out_problem);
    if (rc == 0)
        rc = store_commit_transaction(control->store, out_problem);
    if (rc != 0) {
        store_rollback(control->store);
        return rc;
    }
    if (board_override(control->board, control_check_slot(control, view->check.id), override,
                       now_ms) != 0)
        return control__no_memory(out_problem);
    return fill_in(control, view, out_problem);
}

int control_override_check(struct control *control, const char *id,
                           const struct health_override *override, struct check_view *out_view,
                           struct problem *out_problem)
{
    struct health_override put = *override;
    uint64_t now_ms = clock_unix_ms();
    int rc = control_read_check(control, id, out_view, out_problem);
    if (rc == 0)
        rc = check_override(out_view, override, now_ms, out_problem);
    if (rc != 0)
        return rc;
    put.given = true;
    put.since_ms = now_ms;
    return put_override(control, out_view, &put, now_ms, out_problem);
}

int control_clear_check(struct control *control, const char *id, struct check_view *out_view,
                        struct problem *out_problem)
{
    static const struct health_override none;
    int rc = control_read_check(control, id, out_view, out_problem);
    if (rc != 0 || !out_view->status.override.given)
        return rc;
    return put_override(control, out_view, &none, clock_unix_ms(), out_problem);
}

/* ---- deleting ---- */

static int mark_stale(void *context, const struct health_check *check)
{
    struct known_check *known = find(((struct control *)context)->checks, check->id);
    if (known != NULL)
        known->is_stale = true;
    return 0;
}

/* Lets go of the checks whose rows are gone; or keeps them, when the deletion has failed. */
static void settle_stale(struct control *control, bool gone)
{
    struct checks *checks = control->checks;
    for (health_slot slot = 0; slot < checks->slot_count; slot++) {
        struct known_check *known = checks->by_slot[slot];
        if (known == NULL || !known->is_stale)
            continue;
        known->is_stale = false;
        if (gone)
            release(control, known);
    }
}

static int check_has_no_parent(struct control *control, const char *id, struct problem *out_problem)
{
    char parent[HEALTH_CHECK_ID_SIZE_MAX + 1];
    int rc = store_find_parent_check(control->store, id, parent, out_problem);
    if (rc == 0 && parent[0] != '\0')
        rc = problem_set(out_problem, SP_ECONFLICT,
                         "the calculated health check %s counts %s among its children: take it out "
                         "there first",
                         parent, id);
    return rc;
}

int control_delete_check(struct control *control, const char *id, struct problem *out_problem)
{
    struct store_object_visitor visitor = { .check = mark_stale, .context = control };
    struct known_check *known = find_live(control, id);
    if (known == NULL)
        return control__no_such_check(id, out_problem);
    int rc = check_has_no_parent(control, id, out_problem);
    if (rc == 0)
        rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = store_commit_delete_check(control->store, id, clock_unix_s(), &visitor, out_problem);
    if (rc == 0) {
        known->is_deleted = true;
        board_remove(control->board, known->slot, clock_unix_ms());
    }
    settle_stale(control, rc == 0);
    return rc;
}
