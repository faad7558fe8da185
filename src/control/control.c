/*
 * Every change goes the same way: begin, what is stored, what it shall be, compile, store, publish.
 * Until the store has committed, any step may fail and nothing has happened; after it nothing can.
 */
#include "internal.h"

#include "signpost/base/clock.h"
#include "signpost/compile/compile.h"
#include "signpost/geo/mmdb.h"

#include <stdlib.h>

void control__publish(struct control *control, struct snapshot *next)
{
    snapshot_unref(control->published);
    control->published = next;
    next->refs++;
    mailbox_publish(control->mailbox, next);
}

int control__no_memory(struct problem *out_problem)
{
    return problem_set(out_problem, SP_ENOMEM,
                       "there is not enough memory for this; nothing was "
                       "changed");
}

static int no_such_zone(const uint8_t *name, struct problem *out_problem)
{
    char text[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(text, name);
    return problem_set(out_problem, SP_ENOENT,
                       "there is no zone %s: \"signpost zone list\" shows those that are there",
                       text);
}

int control_find_zone(struct control *control, const uint8_t *name, struct hosted_zone *out_zone,
                      struct problem *out_problem)
{
    int rc = store_find_zone(control->store, name, out_zone, out_problem);
    return rc == SP_ENOENT ? no_such_zone(name, out_problem) : rc;
}

/* Start-up. */

static int load_zone(void *context, const struct hosted_zone *zone)
{
    return compiler_add_zone(context, zone);
}

static int load_set(void *context, const struct hosted_zone *zone, const uint8_t *owner,
                    const struct record_set *set)
{
    (void)zone;
    return compiler_add_set(context, owner, set);
}

static int load_zones(struct control *control, struct snapshot **out_first,
                      struct problem *out_problem)
{
    struct compile_checks checks = { control__find_check, control };
    struct compiler *compiler = compiler_create(&checks);
    struct store_visitor visitor = { load_zone, load_set, compiler };
    int rc = compiler == NULL ? SP_ENOMEM : store_load(control->store, &visitor, out_problem);
    if (rc == 0)
        rc = compiler_finish(compiler, out_first);
    compiler_destroy(compiler);
    return rc;
}

/* Zones name checks, so checks are there first; everything else is only found at query time. */
static int load(struct control *control, const struct answer_options *options,
                struct problem *out_problem)
{
    struct snapshot *first = NULL;
    int rc = control__load_checks(control, out_problem);
    if (rc == 0)
        rc = load_zones(control, &first, out_problem);
    if (rc == 0)
        rc = control__load_collections(control, first, out_problem);
    if (rc == 0)
        rc = control__load_resources(control, first, out_problem);
    if (rc == 0)
        rc = control__load_locations(control, first, out_problem);
    if (rc == SP_ENOMEM)
        problem_set(out_problem, rc, "there is not enough memory for the zones");
    if (rc != 0) {
        snapshot_unref(first);
        return rc;
    }
    first->options = *options;
    control__publish(control, first);
    rc = control__load_recovery(control, out_problem);
    return rc == 0 ? control__load_drills(control, clock_unix_ms(), out_problem) : rc;
}

int control_create(struct store *store, struct mailbox *mailbox, struct board *board,
                   const struct zone_defaults *defaults, const struct answer_options *options,
                   struct dice *dice, struct control **out_control, struct problem *out_problem)
{
    struct control *control = calloc(1, sizeof *control);
    if (control == NULL)
        return problem_set(out_problem, SP_ENOMEM, "there is not enough memory for the zones");
    control->store = store;
    control->mailbox = mailbox;
    control->board = board;
    control->health = board_table(board);
    control->news = control__create_news();
    control->defaults = defaults;
    control__init_references(control);
    if (dice != NULL)
        control->dice = *dice;
    else
        dice_init(&control->dice);
    int rc = control->news != NULL ? load(control, options, out_problem) : SP_ENOMEM;
    if (rc == 0)
        *out_control = control;
    else
        control_destroy(control);
    return rc;
}

void control_destroy(struct control *control)
{
    if (control == NULL)
        return;
    if (control->published != NULL)
        control__store_all_news(control);
    snapshot_unref(control->published);
    control__destroy_checks(control->checks);
    free(control->news);
    mmdb_unref(control->mmdb);
    free(control);
}

const struct snapshot *control_snapshot(const struct control *control)
{
    return control->published;
}

int control_set_options(struct control *control, const struct answer_options *options,
                        struct problem *out_problem)
{
    struct snapshot *next = snapshot_copy(control->published);
    if (next == NULL)
        return control__no_memory(out_problem);
    next->options = *options;
    control__publish(control, next);
    return 0;
}

void control_deny_special_targets(struct control *control, bool deny)
{
    control->deny_special_targets = deny;
}

/* Imports. */

const struct zone_defaults *control_defaults(const struct control *control)
{
    return control->defaults;
}

/* Seeded dice roll the same after a restart, so an id that is drawn may be taken. */
static int draw_identity(struct control *control, struct hosted_zone *zone,
                         struct problem *out_problem)
{
    struct hosted_zone taken;
    int rc = 0;
    while (rc == 0) {
        hosted_zone_draw(zone, &control->dice);
        rc = store_find_public_id(control->store, zone->public_id, &taken, out_problem);
    }
    return rc == SP_ENOENT ? 0 : rc;
}

static int exists_already(const uint8_t *name, struct problem *out_problem)
{
    char text[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(text, name);
    return problem_set(out_problem, SP_EEXIST,
                       "the zone %s exists already: import it with --replace to replace all of its "
                       "records",
                       text);
}

static int new_zone(struct control *control, const uint8_t *name, struct hosted_zone *out_zone,
                    struct problem *out_problem)
{
    char text[DNS_NAME_TEXT_SIZE];
    /* R-ZON-9.  Its other half, no top-level domains, is not for labs: "lab." and "." are theirs.
     */
    if (dns_name_is_wildcard(name)) {
        dns_name_to_text(text, name);
        return problem_set(out_problem, SP_EINVAL, "%s cannot be a zone: its name begins with *",
                           text);
    }
    *out_zone = (struct hosted_zone){ .created_at = clock_unix_s() };
    dns_name_lower(out_zone->name, name, dns_name_size(name));
    return draw_identity(control, out_zone, out_problem);
}

int control_draft_import(struct control *control, const uint8_t *name, bool replace,
                         struct draft **out_draft, struct problem *out_problem)
{
    struct hosted_zone zone;
    int rc = store_find_zone(control->store, name, &zone, out_problem);
    if (rc == 0 && !replace)
        return exists_already(name, out_problem);
    if (rc == SP_ENOENT)
        rc = new_zone(control, name, &zone, out_problem);
    if (rc != 0)
        return rc;
    struct draft *draft = draft_create(&zone, true);
    if (draft == NULL)
        return control__no_memory(out_problem);
    *out_draft = draft;
    return 0;
}

/* The draft carries the identity that the zone had, or the one that was drawn for it, when the
 * import began; records that name its servers are in it.  So it may be stored only while that still
 * holds. */
static int check_identity(struct control *control, const struct draft *draft, bool replace,
                          struct problem *out_problem)
{
    char text[DNS_NAME_TEXT_SIZE];
    struct hosted_zone stored;
    int rc = store_find_zone(control->store, draft->zone.name, &stored, out_problem);
    if (rc != 0 && rc != SP_ENOENT)
        return rc;
    int64_t stored_id = rc == 0 ? stored.id : 0;
    if (stored_id != 0 && !replace)
        return exists_already(draft->zone.name, out_problem);
    if (stored_id == draft->zone.id)
        return 0;
    dns_name_to_text(text, draft->zone.name);
    return problem_set(out_problem, SP_ECONFLICT,
                       "the zone %s was %s while this import was under way: import it again", text,
                       stored_id == 0 ? "deleted" : "created anew");
}

/* The second half of every change that has a draft: what cannot compile is never stored. */
static int store_and_publish(struct control *control, struct draft *draft,
                             struct change *out_change, struct problem *out_problem)
{
    struct snapshot *next = NULL;
    struct compile_checks checks = { control__find_check, control };
    int rc = compile_next(control->published, draft, &checks, &next, out_problem);
    if (rc == 0)
        rc = store_commit(control->store, draft, clock_unix_s(), out_change, out_problem);
    if (rc == 0)
        control__publish(control, next);
    else
        snapshot_unref(next);
    return rc;
}

int control_import(struct control *control, struct draft *draft, bool replace,
                   struct change *out_change, struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = check_identity(control, draft, replace, out_problem);
    if (rc == 0)
        rc = store_and_publish(control, draft, out_change, out_problem);
    if (rc != 0)
        store_rollback(control->store);
    return rc;
}

/* Changes of a few record sets. */

/* The names that the batch touches, as they are stored.  Names outside the zone are left to
 * model_apply, which says what is wrong with them together with all else. */
static int fetch_names(struct control *control, struct draft *draft,
                       const struct change_batch *batch, struct problem *out_problem)
{
    int rc = 0;
    for (uint32_t i = 0; rc == 0 && i < batch->count; i++) {
        const uint8_t *owner = batch->items[i].owner;
        if (dns_name_is_within(owner, draft->zone.name))
            rc = store_fetch_name(control->store, draft, owner, out_problem);
    }
    return rc;
}

static int apply(struct control *control, struct draft *draft, const struct change_batch *batch,
                 struct change *out_change, struct problem *out_problem)
{
    int rc = fetch_names(control, draft, batch, out_problem);
    if (rc == 0)
        rc = model_apply(draft, batch, &control->references, out_problem);
    if (rc == 0)
        rc = store_and_publish(control, draft, out_change, out_problem);
    return rc;
}

int control_change(struct control *control, const uint8_t *zone_name,
                   const struct change_batch *batch, struct change *out_change,
                   struct problem *out_problem)
{
    struct hosted_zone zone;
    struct draft *draft = NULL;
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = control_find_zone(control, zone_name, &zone, out_problem);
    if (rc == 0 && (draft = draft_create(&zone, false)) == NULL)
        rc = control__no_memory(out_problem);
    if (rc == 0)
        rc = apply(control, draft, batch, out_change, out_problem);
    if (rc != 0)
        store_rollback(control->store);
    draft_destroy(draft);
    return rc;
}

/* Deletion. */

/* R-ZON-4: without force a zone must hold nothing but its SOA and NS. */
static int check_deletable(struct control *control, const struct hosted_zone *zone, bool force,
                           struct problem *out_problem)
{
    char text[DNS_NAME_TEXT_SIZE];
    bool bare;
    int rc = force ? 0 : store_zone_is_bare(control->store, zone, &bare, out_problem);
    if (rc != 0 || force || bare)
        return rc;
    dns_name_to_text(text, zone->name);
    return problem_set(out_problem, SP_ECONFLICT,
                       "the zone %s holds more than its SOA and NS records: delete them first, or "
                       "delete the zone with --force",
                       text);
}

int control_delete_zone(struct control *control, const uint8_t *name, bool force,
                        struct change *out_change, struct problem *out_problem)
{
    struct hosted_zone zone;
    struct snapshot *next = NULL;
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = control_find_zone(control, name, &zone, out_problem);
    if (rc == 0)
        rc = check_deletable(control, &zone, force, out_problem);
    if (rc == 0)
        rc = compile_without(control->published, name, &next, out_problem);
    if (rc == 0)
        rc = store_commit_delete(control->store, &zone, clock_unix_s(), out_change, out_problem);
    if (rc == 0) {
        control__publish(control, next);
        return 0;
    }
    store_rollback(control->store);
    snapshot_unref(next);
    return rc;
}

/* Reading. */

int control_read_zone(struct control *control, const uint8_t *name, struct draft **out_draft,
                      struct problem *out_problem)
{
    struct hosted_zone zone;
    int rc = control_find_zone(control, name, &zone, out_problem);
    if (rc != 0)
        return rc;
    struct draft *draft = draft_create(&zone, true);
    if (draft == NULL)
        return problem_set(out_problem, SP_ENOMEM, "there is not enough memory to read the zone");
    rc = store_read_zone(control->store, draft, out_problem);
    if (rc == 0)
        *out_draft = draft;
    else
        draft_destroy(draft);
    return rc;
}

int control_list_zones(struct control *control, const struct store_visitor *visitor,
                       struct problem *out_problem)
{
    return store_list_zones(control->store, visitor, out_problem);
}

int control_count_objects(struct control *control, struct store_object_counts *out_counts,
                          struct problem *out_problem)
{
    return store_count_objects(control->store, out_counts, out_problem);
}

uint64_t control_serial(const struct control *control)
{
    return control->published->serial;
}

bool control_is_in_sync(const struct control *control, uint64_t serial)
{
    return mailbox_slowest(control->mailbox) >= serial;
}

void control_collect(struct control *control)
{
    mailbox_collect(control->mailbox);
}
