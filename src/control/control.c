/*
 * Every change goes the same way: begin, what is stored, what it shall be, compile, store, publish.
 * Until the store has committed, any step may fail and nothing has happened; after it nothing can.
 */
#include "signing.h"

#include "signpost/base/clock.h"
#include "signpost/compile/compile.h"
#include "signpost/control/key_signing_keys.h"
#include "signpost/dns/types.h"
#include "signpost/geo/mmdb.h"
#include "signpost/store/traffic_policies.h"
#include "signpost/store/zones.h"

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

int control__commit(struct control *control, int rc, struct problem *out_problem)
{
    if (rc == 0)
        rc = store_commit_transaction(control->store, out_problem);
    if (rc != 0)
        store_rollback(control->store);
    return rc;
}

static int copy_zone(void *context, const struct hosted_zone *zone)
{
    *(struct hosted_zone *)context = *zone;
    return 0;
}

/* Of a name that no public zone has. */
static bool is_private(struct control *control, const uint8_t *name)
{
    char key[DNS_NAME_TEXT_SIZE];
    struct hosted_zone first = { .name = { 0 } };
    struct store_visitor visitor = { .zone = copy_zone, .context = &first };
    struct problem ignored;
    dns_name_to_key(key, name);
    return store_visit_zones_by_name(control->store, key, "", 1, &visitor, &ignored) == 0 &&
           dns_name_equal(first.name, name);
}

static int no_such_zone(struct control *control, const uint8_t *name, struct problem *out_problem)
{
    char text[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(text, name);
    if (is_private(control, name))
        return problem_set(out_problem, SP_ENOENT,
                           "the zone %s is private: only the Route 53 API, by its id, reads and "
                           "changes it",
                           text);
    return problem_set(out_problem, SP_ENOENT,
                       "there is no zone %s: \"signpost zone list\" shows those that are there",
                       text);
}

int control_find_zone(struct control *control, const uint8_t *name, struct hosted_zone *out_zone,
                      struct problem *out_problem)
{
    int rc = store_find_zone(control->store, name, out_zone, out_problem);
    return rc == SP_ENOENT ? no_such_zone(control, name, out_problem) : rc;
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
    control->quotas = quotas_none();
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
    if (control->published != NULL) {
        control__store_all_news(control);
        control__store_audit(control, NULL);
    }
    snapshot_unref(control->published);
    control__destroy_checks(control->checks);
    control__close_signing(control);
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

void control_set_quotas(struct control *control, const struct quotas *quotas)
{
    control->quotas = *quotas;
}

const struct quotas *control_quotas(const struct control *control)
{
    return &control->quotas;
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

int control__new_zone(struct control *control, const uint8_t *name, struct hosted_zone *out_zone,
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
    bool is_new = rc == SP_ENOENT;
    if (is_new)
        rc = control__new_zone(control, name, &zone, out_problem);
    if (rc == 0 && is_new)
        rc = control__avoid_servers(control, &zone, out_problem);
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

int control__is_served(struct control *control, const struct hosted_zone *zone, bool *out_served,
                       struct problem *out_problem)
{
    struct hosted_zone oldest;
    *out_served = false;
    if (zone->is_private)
        return 0;
    int rc = store_find_zone(control->store, zone->name, &oldest, out_problem);
    *out_served = rc == SP_ENOENT || (rc == 0 && oldest.id == zone->id);
    return rc == SP_ENOENT ? 0 : rc;
}

static int compile_if_served(struct control *control, const struct draft *draft,
                             struct snapshot **out_next, struct problem *out_problem)
{
    struct compile_checks checks = { control__find_check, control };
    bool served;
    int rc = control__is_served(control, &draft->zone, &served, out_problem);
    if (rc != 0 || !served)
        return rc;
    rc = compile_next(control->published, draft, &checks, out_next, out_problem);
    return rc == 0 && draft->whole && draft->zone.id != 0
               ? control__keep_signing(control, *out_next, draft->zone.name, out_problem)
               : rc;
}

static int store_with(struct control *control, struct draft *draft, const struct companion *also,
                      struct change *change, struct problem *out_problem)
{
    int rc = store_put_draft(control->store, draft, clock_unix_s(), change, out_problem);
    if (rc == 0 && also != NULL)
        rc = also->write(control, draft, also->context, out_problem);
    return rc == 0 ? store_commit_transaction(control->store, out_problem) : rc;
}

int control__carry_out(struct control *control, struct draft *draft, const struct companion *also,
                       struct change *change, struct problem *out_problem)
{
    struct snapshot *next = NULL;
    int rc = compile_if_served(control, draft, &next, out_problem);
    if (rc == 0)
        rc = store_with(control, draft, also, change, out_problem);
    if (rc == 0 && next != NULL) {
        control__publish(control, next);
        control__note_change(control, change->sequence);
    } else {
        snapshot_unref(next);
    }
    return rc;
}

static int refuse_instance(void *context, const struct traffic_instance *instance)
{
    struct problem *problem = context;
    char name[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(name, instance->name);
    return problem_set(problem, SP_ECONFLICT,
                       "the zone has traffic policy instances, which no zone file holds (%s %s is "
                       "one): delete them before its records are replaced",
                       name, dns_type_find(instance->type)->name);
}

/* They are no records, so they would be lost without a word. */
static int check_no_instances(struct control *control, const struct hosted_zone *zone,
                              struct problem *out_problem)
{
    struct traffic_instance_filter filter = { .zone_id = zone->public_id };
    return store_visit_traffic_instances(control->store, &filter, 0, 1, refuse_instance,
                                         out_problem, out_problem);
}

int control_import(struct control *control, struct draft *draft, bool replace,
                   struct change *out_change, struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = check_identity(control, draft, replace, out_problem);
    if (rc == 0)
        rc = check_no_instances(control, &draft->zone, out_problem);
    if (rc == 0)
        rc = control__check_replacement(control, draft, out_problem);
    if (rc == 0)
        rc = control__new_change(control, "", out_change, out_problem);
    if (rc == 0)
        rc = control__carry_out(control, draft, NULL, out_change, out_problem);
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
                 struct change *out_change, struct change_faults *out_faults,
                 struct problem *out_problem)
{
    int rc = fetch_names(control, draft, batch, out_problem);
    if (rc == 0)
        rc = model_apply(draft, batch, &control->references, out_faults, out_problem);
    if (rc == 0)
        rc = control__carry_out(control, draft, NULL, out_change, out_problem);
    return rc;
}

/* Inside a transaction. */
static int change_sets(struct control *control, const struct hosted_zone *zone,
                       const struct change_batch *batch, const char *comment,
                       struct change *out_change, struct change_faults *out_faults,
                       struct problem *out_problem)
{
    struct draft *draft = draft_create(zone, false);
    int rc = draft == NULL ? control__no_memory(out_problem)
                           : control__new_change(control, comment, out_change, out_problem);
    if (rc == 0)
        rc = apply(control, draft, batch, out_change, out_faults, out_problem);
    draft_destroy(draft);
    return rc;
}

int control_change_sets(struct control *control, const struct hosted_zone *zone,
                        const struct change_batch *batch, const char *comment,
                        struct change *out_change, struct change_faults *out_faults,
                        struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = change_sets(control, zone, batch, comment, out_change, out_faults, out_problem);
    if (rc != 0)
        store_rollback(control->store);
    return rc;
}

int control_change(struct control *control, const uint8_t *zone_name,
                   const struct change_batch *batch, struct change *out_change,
                   struct problem *out_problem)
{
    struct hosted_zone zone;
    int rc = control_find_zone(control, zone_name, &zone, out_problem);
    return rc == 0 ? control_change_sets(control, &zone, batch, "", out_change, NULL, out_problem)
                   : rc;
}

/* Deletion. */

/* R-ZON-4, A-ZON-27: without force a zone must hold nothing but its SOA and NS, and nothing else
 * may hang on it that is worth a question. */
static int check_deletable(struct control *control, const struct hosted_zone *zone, bool force,
                           struct problem *out_problem)
{
    char text[DNS_NAME_TEXT_SIZE];
    struct zone_blockers blockers;
    bool bare;
    if (force)
        return 0;
    int rc = store_zone_is_bare(control->store, zone, &bare, out_problem);
    if (rc == 0)
        rc = control_zone_blockers(control, zone, &blockers, out_problem);
    if (rc != 0 || (bare && !blockers.has_keys && !blockers.has_protections))
        return rc;
    dns_name_to_text(text, zone->name);
    return problem_set(out_problem, SP_ECONFLICT,
                       "the zone %s holds %s: delete them first, or delete the zone with --force",
                       text,
                       !bare               ? "more than its SOA and NS records"
                       : blockers.has_keys ? "key-signing keys"
                                           : "protections of record sets");
}

/* The snapshot without that zone: the next oldest of its name takes its place.  NULL: nothing
 * changes for DNS. */
static int compile_deleted(struct control *control, const struct hosted_zone *zone,
                           struct snapshot **out_next, struct problem *out_problem)
{
    struct compile_checks checks = { control__find_check, control };
    struct hosted_zone heir;
    struct draft *draft = NULL;
    bool served;
    int rc = control__is_served(control, zone, &served, out_problem);
    if (rc != 0 || !served)
        return rc;
    rc = store_find_next_zone(control->store, zone, &heir, out_problem);
    if (rc == SP_ENOENT)
        return compile_without(control->published, zone->name, out_next, out_problem);
    if (rc == 0 && (draft = draft_create(&heir, true)) == NULL)
        rc = control__no_memory(out_problem);
    if (rc == 0)
        rc = store_read_zone(control->store, draft, out_problem);
    if (rc == 0)
        rc = compile_next(control->published, draft, &checks, out_next, out_problem);
    if (rc == 0)
        rc = control__take_signing(control, *out_next, &heir, out_problem);
    draft_destroy(draft);
    return rc;
}

/* Inside a transaction. */
static int delete_zone(struct control *control, const struct hosted_zone *zone,
                       struct change *out_change, struct problem *out_problem)
{
    struct snapshot *next = NULL;
    int rc = compile_deleted(control, zone, &next, out_problem);
    if (rc == 0)
        rc = control__new_change(control, "", out_change, out_problem);
    if (rc == 0)
        rc = store_commit_delete(control->store, zone, clock_unix_s(), out_change, out_problem);
    if (rc == 0 && next != NULL) {
        control__publish(control, next);
        control__note_change(control, out_change->sequence);
    } else {
        snapshot_unref(next);
    }
    return rc;
}

int control_delete_zone_id(struct control *control, const struct hosted_zone *zone,
                           struct change *out_change, struct problem *out_problem)
{
    int rc = store_begin(control->store, out_problem);
    if (rc == 0)
        rc = delete_zone(control, zone, out_change, out_problem);
    if (rc != 0)
        store_rollback(control->store);
    return rc;
}

int control_delete_zone(struct control *control, const uint8_t *name, bool force,
                        struct change *out_change, struct problem *out_problem)
{
    struct hosted_zone zone;
    int rc = control_find_zone(control, name, &zone, out_problem);
    if (rc == 0)
        rc = check_deletable(control, &zone, force, out_problem);
    return rc == 0 ? control_delete_zone_id(control, &zone, out_change, out_problem) : rc;
}

/* Reading. */

/* R-TPF-3. */
static void hide(struct draft *draft)
{
    for (uint32_t i = 0; i < draft->name_count; i++)
        if (record_owner_is_hidden(draft->names[i]->owner))
            draft->names[i]->sets = NULL;
}

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
    if (rc != 0) {
        draft_destroy(draft);
        return rc;
    }
    hide(draft);
    *out_draft = draft;
    return 0;
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

bool control_has_unsynced(const struct control *control)
{
    return store_has_unsynced(control->store);
}

int control_sync(struct control *control, struct problem *out_problem)
{
    return store_sync(control->store, out_problem);
}

void control_collect(struct control *control)
{
    mailbox_collect(control->mailbox);
}
