/*
 * Health checks, CIDR collections and resources from start to finish: what is changed shows in
 * answers, and after a restart.  The zone lab.test has
 *
 *     www    failover: primary 192.0.2.1 with the check web-1, secondary 192.0.2.2
 *     near   by collection: location L1 192.0.2.3, "*" 192.0.2.9
 *     site   failover: primary an alias to lb1.example, evaluated; secondary 192.0.2.2
 */
#define CHECKS_MAX  3
#define WORLD_SLOTS (CHECKS_MAX + 1)
#include "world.h"

#include "full_disk.h"
#include "reply_text.h"

#include "signpost/answer/answer.h"
#include "signpost/control/checks.h"
#include "signpost/control/collections.h"
#include "signpost/control/resources.h"

static char lab_collection[UUID_TEXT_SIZE]; /* that of near.lab.test */

/* ---- zones ---- */

static void import_lab(struct world *world)
{
    struct problem problem = { 0 };
    struct change change;
    struct draft *draft = NULL;
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, "lab.test.");
    assert_int_equal(control_draft_import(world->control, name, false, &draft, &problem), 0);
    assert_int_equal(draft_add_defaults(draft, &defaults), 0);
    if (control_import(world->control, draft, false, &change, &problem) != 0)
        fail_msg("%s", problem.text);
    draft_destroy(draft);
}

static int change_lab(struct world *world, const struct change_item *item,
                      struct problem *out_problem)
{
    struct change_batch batch = { 1, item };
    struct change change;
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, "lab.test.");
    return control_change(world->control, name, &batch, &change, out_problem);
}

/* A set of one address with that last octet, or an alias to lb1.example when it is 0. */
static int create_set(struct world *world, const char *owner, enum routing_policy policy,
                      const char *identifier, const struct routing *routing, uint8_t octet,
                      const char *check, struct problem *out_problem)
{
    const uint8_t values[] = { 0, 4, 192, 0, 2, octet };
    const struct alias_target lb1 = { RESOURCE_ZONE_ID, (const uint8_t *)"\3lb1\7example", true };
    struct change_item item = { .action = CHANGE_CREATE };
    wire(item.owner, owner);
    item.set = (struct record_set){ .type = DNS_TYPE_A,
                                    .policy = policy,
                                    .set_identifier = identifier,
                                    .routing = routing,
                                    .health_check = check };
    if (octet == 0) {
        item.set.alias = &lb1;
    } else {
        item.set.ttl_s = 60;
        item.set.value_count = 1;
        item.set.values = (struct span){ values, sizeof values };
    }
    return change_lab(world, &item, out_problem);
}

static void must(int rc, const struct problem *problem)
{
    if (rc != 0)
        fail_msg("%d: %s", rc, problem->text);
}

static const struct routing primary = { .is_primary = true }, secondary = { .is_primary = false };

static void create_www(struct world *world)
{
    struct problem problem = { 0 };
    must(create_set(world, "www.lab.test.", ROUTING_FAILOVER, "p", &primary, 1, "web-1", &problem),
         &problem);
    must(create_set(world, "www.lab.test.", ROUTING_FAILOVER, "s", &secondary, 2, NULL, &problem),
         &problem);
}

static int create_near_member(struct world *world, const char *location, uint8_t octet,
                              struct problem *out_problem)
{
    struct routing routing = { 0 };
    strcpy(routing.collection, lab_collection);
    strcpy(routing.location, location);
    return create_set(world, "near.lab.test.", ROUTING_CIDR, location, &routing, octet, NULL,
                      out_problem);
}

static void create_near(struct world *world)
{
    struct problem problem = { 0 };
    must(create_near_member(world, "L1", 3, &problem), &problem);
    must(create_near_member(world, "*", 9, &problem), &problem);
}

static void create_site(struct world *world)
{
    struct problem problem = { 0 };
    must(create_set(world, "site.lab.test.", ROUTING_FAILOVER, "p", &primary, 0, NULL, &problem),
         &problem);
    must(create_set(world, "site.lab.test.", ROUTING_FAILOVER, "s", &secondary, 2, NULL, &problem),
         &problem);
}

/* ---- answers ---- */

/* Asks for the addresses of a name from 198.51.100.53, and compares the records. */
static void assert_answer(struct world *world, const char *owner, const char *expect)
{
    uint8_t packet[DNS_HEADER_SIZE + DNS_NAME_SIZE_MAX + 4] = { 0, 1, 0, 0, 0, 1 };
    static uint8_t reply[ANSWER_SIZE_MAX_UDP];
    static char text[4000];
    struct answer_note note;
    struct dice dice;
    struct sockaddr_storage source = { .ss_family = AF_INET };
    assert_int_equal(
        inet_pton(AF_INET, "198.51.100.53", &((struct sockaddr_in *)&source)->sin_addr), 1);
    dice_init_seeded(&dice, 1);
    size_t size = DNS_HEADER_SIZE + test_name(packet + DNS_HEADER_SIZE, owner);
    put_u16(packet + size, DNS_TYPE_A);
    put_u16(packet + size + 2, DNS_CLASS_IN);
    struct view view = { .snapshot = control_snapshot(world->control),
                         .health = world->health,
                         .dice = &dice,
                         .source = &source };
    size = answer_query(&view, (struct span){ packet, size + 4 }, reply, &note);
    reply_text(text, sizeof text, reply, size);
    if (strncmp(text, "NOERROR aa |", 12) != 0 || strstr(text, expect) == NULL)
        fail_msg("%s: \"%s\" lacks \"%s\"", owner, text, expect);
}

/* ---- health checks ---- */

static int create_check(struct world *world, const char *id, bool up, struct problem *out_problem)
{
    static struct check_view view;
    static struct health_check_config config;
    health_check_config_init(&config, HEALTH_CHECK_MANUAL);
    return control_create_check(world->control, id, &config, up, &view, out_problem);
}

static uint64_t set_check(struct world *world, const char *id, bool up)
{
    struct problem problem = { 0 };
    static struct check_view view;
    struct health_override override = { .up = up, .owner = "me" };
    must(control_override_check(world->control, id, &override, &view, &problem), &problem);
    assert_int_equal(view.check.up, up);
    return view.check.since_ms;
}

static void delete_check(struct world *world, const char *id)
{
    struct problem problem = { 0 };
    must(control_delete_check(world->control, id, &problem), &problem);
}

static int list_id(void *context, const struct check_view *view)
{
    const struct health_check *check = &view->check;
    char *list = context;
    sprintf(list + strlen(list), "%s:%s:%u ", check->id, check->up ? "up" : "down",
            check->use_count);
    return 0;
}

static void assert_checks(struct world *world, const char *expect)
{
    char list[500] = "";
    assert_int_equal(control_list_checks(world->control, list_id, list, NULL), 0);
    assert_string_equal(list, expect);
}

static void a_check_turns_the_answer_at_once(void **state)
{
    struct world *world = *state;
    static struct check_view view;
    import_lab(world);
    assert_int_equal(create_check(world, "web-1", true, NULL), 0);
    create_www(world);
    uint64_t serial = control_serial(world->control);
    assert_answer(world, "www.lab.test", "www.lab.test 60 A 192.0.2.1");
    uint64_t since_ms = set_check(world, "web-1", false);
    assert_answer(world, "www.lab.test", "www.lab.test 60 A 192.0.2.2");
    assert_int_equal(set_check(world, "web-1", false), since_ms);
    assert_int_equal(control_serial(world->control), serial);

    restart(world);
    assert_answer(world, "www.lab.test", "www.lab.test 60 A 192.0.2.2");
    assert_int_equal(control_read_check(world->control, "web-1", &view, NULL), 0);
    assert_false(view.check.up);
    assert_int_equal(view.check.since_ms, since_ms);
    assert_int_equal(view.check.use_count, 1);
    set_check(world, "web-1", true);
    assert_answer(world, "www.lab.test", "www.lab.test 60 A 192.0.2.1");
}

/* What was compiled keeps its slot, so it is right again when the check comes back. */
static void a_deleted_check_counts_as_up_until_it_is_made_anew(void **state)
{
    struct world *world = *state;
    for (int restarted = 0; restarted <= 1; restarted++) {
        if (!restarted)
            import_lab(world);
        assert_int_equal(create_check(world, "web-1", false, NULL), 0);
        if (!restarted)
            create_www(world);
        assert_answer(world, "www.lab.test", "www.lab.test 60 A 192.0.2.2");
        delete_check(world, "web-1");
        assert_checks(world, "");
        assert_false(control_has_check(world->control, "web-1"));
        assert_answer(world, "www.lab.test", "www.lab.test 60 A 192.0.2.1");
        if (restarted)
            restart(world);
        assert_answer(world, "www.lab.test", "www.lab.test 60 A 192.0.2.1");
        assert_int_equal(create_check(world, "other", true, NULL), 0);
        assert_int_equal(create_check(world, "web-1", true, NULL), 0);
        assert_checks(world, "other:up:0 web-1:up:1 ");
        set_check(world, "other", false);
        assert_answer(world, "www.lab.test", "www.lab.test 60 A 192.0.2.1");
        set_check(world, "web-1", false);
        assert_answer(world, "www.lab.test", "www.lab.test 60 A 192.0.2.2");
        delete_check(world, "other");
        delete_check(world, "web-1");
    }
}

static void a_slot_is_kept_while_record_sets_name_the_check(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct change change;
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, "lab.test.");
    import_lab(world);
    assert_int_equal(create_check(world, "web-1", true, NULL), 0);
    create_www(world);
    assert_int_equal(create_check(world, "b", true, NULL), 0);
    assert_int_equal(create_check(world, "c", true, NULL), 0);
    delete_check(world, "web-1");
    assert_int_equal(create_check(world, "d", false, &problem), SP_ELIMIT);
    assert_string_equal(problem.text, "there are 3 health checks already, as many as there can be: "
                                      "delete those that are not needed");
    assert_checks(world, "b:up:0 c:up:0 ");
    delete_check(world, "b");
    assert_int_equal(create_check(world, "d", false, &problem), 0);
    assert_answer(world, "www.lab.test", "www.lab.test 60 A 192.0.2.1");

    /* Nobody names it any more: with the next deletion its slot is free. */
    assert_int_equal(control_delete_zone(world->control, name, true, &change, NULL), 0);
    assert_int_equal(create_check(world, "e", true, &problem), SP_ELIMIT);
    delete_check(world, "c");
    assert_int_equal(create_check(world, "e", true, &problem), 0);
    assert_int_equal(create_check(world, "f", true, &problem), 0);
    assert_checks(world, "d:down:0 e:up:0 f:up:0 ");
    restart(world);
    assert_checks(world, "d:down:0 e:up:0 f:up:0 ");
}

static void bad_checks_are_refused(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    static const struct health_override down = { .owner = "me" };
    static struct check_view view;
    static const char nobody[] = "there is no health check \"nobody\": \"signpost health list\" "
                                 "shows those that are there";
    assert_int_equal(create_check(world, "web-1", true, NULL), 0);
    assert_int_equal(create_check(world, "web-1", true, &problem), SP_EEXIST);
    assert_string_equal(problem.text, "the health check web-1 exists already: \"signpost health "
                                      "update\" changes what it looks at, \"signpost health set\" "
                                      "what it says");
    assert_int_equal(create_check(world, "web 1", true, &problem), SP_EINVAL);
    assert_int_equal(create_check(world, "", true, &problem), SP_EINVAL);
    assert_int_equal(control_override_check(world->control, "nobody", &down, &view, &problem),
                     SP_ENOENT);
    assert_string_equal(problem.text, nobody);
    assert_int_equal(control_read_check(world->control, "nobody", &view, &problem), SP_ENOENT);
    assert_string_equal(problem.text, nobody);
    assert_int_equal(control_delete_check(world->control, "nobody", &problem), SP_ENOENT);
    assert_string_equal(problem.text, nobody);
    assert_checks(world, "web-1:up:0 ");
}

static void a_set_cannot_name_a_check_that_is_not_there(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    import_lab(world);
    assert_int_not_equal(
        create_set(world, "www.lab.test.", ROUTING_FAILOVER, "p", &primary, 1, "web-1", &problem),
        0);
    assert_int_equal(create_check(world, "web-1", true, NULL), 0);
    create_www(world);
    delete_check(world, "web-1");
    assert_int_not_equal(
        create_set(world, "w2.lab.test.", ROUTING_FAILOVER, "p", &primary, 1, "web-1", &problem),
        0);
}

static void drawn_ids_do_not_collide_after_a_restart(void **state)
{
    struct world *world = *state;
    static struct check_view first, second;
    static struct health_check_config config;
    health_check_config_init(&config, HEALTH_CHECK_MANUAL);
    struct cidr_collection one, other;
    assert_int_equal(control_create_check(world->control, NULL, &config, true, &first, NULL), 0);
    assert_int_equal(control_create_collection(world->control, "one", &one, NULL), 0);
    restart(world);
    assert_int_equal(control_create_check(world->control, NULL, &config, true, &second, NULL), 0);
    assert_int_equal(control_create_collection(world->control, "other", &other, NULL), 0);
    assert_string_not_equal(first.check.id, second.check.id);
    assert_string_not_equal(one.id, other.id);
}

/* ---- collections ---- */

static int change_collection(struct world *world, const char *key, enum cidr_action action,
                             const char *location, const char *prefix, struct problem *out_problem)
{
    struct cidr_collection collection;
    struct cidr_change item = { .action = action };
    struct cidr_batch batch = { .count = 1, .items = &item };
    assert_int_equal(cidr_block_from_text(&item.block, location, prefix, NULL), 0);
    return control_change_collection(world->control, key, &batch, &collection, out_problem);
}

static void create_office(struct world *world)
{
    struct problem problem = { 0 };
    struct cidr_collection collection;
    must(control_create_collection(world->control, "office", &collection, &problem), &problem);
    strcpy(lab_collection, collection.id);
    must(change_collection(world, "office", CIDR_PUT, "L1", "198.51.100.0/24", &problem), &problem);
}

static void an_edit_of_a_collection_reaches_its_groups_at_once(void **state)
{
    struct world *world = *state;
    import_lab(world);
    create_office(world);
    create_near(world);
    assert_answer(world, "near.lab.test", "near.lab.test 60 A 192.0.2.3");
    assert_int_equal(change_collection(world, lab_collection, CIDR_PUT, "L1", "10.0.0.0/8", NULL),
                     0);
    assert_int_equal(change_collection(world, "office", CIDR_REMOVE, "L1", "198.51.100.0/24", NULL),
                     0);
    for (int restarted = 0; restarted <= 1; restarted++) {
        assert_answer(world, "near.lab.test", "near.lab.test 60 A 192.0.2.9");
        assert_true(control_has_location(world->control, lab_collection, "L1"));
        restart(world);
    }
    struct cidr_collection collection;
    assert_int_equal(control_read_collection(world->control, "office", &collection, NULL), 0);
    assert_int_equal(collection.version, 4);
}

static void what_record_sets_name_cannot_be_removed(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    import_lab(world);
    create_office(world);
    assert_int_equal(change_collection(world, "office", CIDR_PUT, "L2", "10.0.0.0/8", NULL), 0);
    create_near(world);
    uint64_t serial = control_serial(world->control);
    assert_int_equal(
        change_collection(world, "office", CIDR_REMOVE, "L1", "198.51.100.0/24", &problem),
        SP_ECONFLICT);
    assert_string_equal(problem.text,
                        "location L1 of collection office would have no block left, but record "
                        "sets name it (1 of them): change these first");
    assert_int_equal(control_delete_collection(world->control, "office", &problem), SP_ECONFLICT);
    assert_string_equal(problem.text, "the collection office is named by record sets (2 of them): "
                                      "change these first");
    assert_int_equal(control_serial(world->control), serial);
    assert_answer(world, "near.lab.test", "near.lab.test 60 A 192.0.2.3");
    assert_int_equal(change_collection(world, "office", CIDR_REMOVE, "L2", "10.0.0.0/8", NULL), 0);

    struct change change;
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, "lab.test.");
    assert_int_equal(control_delete_zone(world->control, name, true, &change, NULL), 0);
    assert_int_equal(change_collection(world, "office", CIDR_REMOVE, "L1", "198.51.100.0/24", NULL),
                     0);
    assert_true(control_has_collection(world->control, lab_collection));
    assert_int_equal(control_delete_collection(world->control, "office", &problem), 0);
    assert_false(control_has_collection(world->control, lab_collection));
}

static void bad_collections_are_refused(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct cidr_collection collection;
    struct cidr_batch stale = { .version = 1 };
    static const char nobody[] = "there is no collection \"nobody\": \"signpost collection list\" "
                                 "shows those that are there";
    create_office(world);
    uint64_t serial = control_serial(world->control);
    assert_int_equal(control_create_collection(world->control, "office", &collection, &problem),
                     SP_EEXIST);
    assert_string_equal(problem.text, "the collection office exists already: \"signpost "
                                      "collection put\" adds blocks to it");
    assert_int_equal(control_create_collection(world->control, "a b", &collection, &problem),
                     SP_EINVAL);
    assert_int_equal(change_collection(world, "nobody", CIDR_PUT, "L1", "10.0.0.0/8", &problem),
                     SP_ENOENT);
    assert_string_equal(problem.text, nobody);
    assert_int_equal(control_read_collection(world->control, "nobody", &collection, &problem),
                     SP_ENOENT);
    assert_string_equal(problem.text, nobody);
    assert_int_equal(control_delete_collection(world->control, "nobody", &problem), SP_ENOENT);
    assert_string_equal(problem.text, nobody);
    assert_int_equal(
        change_collection(world, "office", CIDR_PUT, "L2", "198.51.100.0/24", &problem),
        SP_ECONFLICT);
    assert_int_equal(
        control_change_collection(world->control, "office", &stale, &collection, &problem),
        SP_ECONFLICT);
    assert_int_equal(control_serial(world->control), serial);
    assert_false(control_has_location(world->control, lab_collection, "L2"));
    assert_true(control_has_location(world->control, lab_collection, "*"));
    assert_false(control_has_location(world->control, "nobody", "*"));
}

/* ---- resources ---- */

static struct resource_entry load_balancer(const char *address, unsigned healthy)
{
    struct resource_entry entry = { .ttl_s = 61 };
    wire(entry.name, "lb1.example.");
    assert_int_equal(resource_add_address(&entry, "us-east-1a", address, NULL), 0);
    assert_int_equal(resource_add_targets(&entry, "web", healthy, 3, NULL), 0);
    return entry;
}

static void a_resource_answers_its_aliases(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct resource_entry entry = load_balancer("192.0.2.11", 2);
    enum resource_kind kind;
    import_lab(world);
    create_site(world);
    assert_answer(world, "site.lab.test", "site.lab.test 60 A 192.0.2.2");
    must(control_put_resource(world->control, &entry, &problem), &problem);
    assert_answer(world, "site.lab.test", "site.lab.test 61 A 192.0.2.11");
    entry = load_balancer("192.0.2.12", 1);
    must(control_put_resource(world->control, &entry, &problem), &problem);
    assert_answer(world, "site.lab.test", "site.lab.test 61 A 192.0.2.12");
    entry = load_balancer("192.0.2.12", 0);
    must(control_put_resource(world->control, &entry, &problem), &problem);
    for (int restarted = 0; restarted <= 1; restarted++) {
        assert_answer(world, "site.lab.test", "site.lab.test 60 A 192.0.2.2");
        restart(world);
    }
    assert_int_equal(control_find_resource_kind(world->control, entry.name, &kind, NULL), 0);
    assert_int_equal(kind, RESOURCE_APPLICATION_LOAD_BALANCER);
    entry = load_balancer("192.0.2.12", 3);
    must(control_put_resource(world->control, &entry, &problem), &problem);
    assert_answer(world, "site.lab.test", "site.lab.test 61 A 192.0.2.12");
    assert_int_equal(control_delete_resource(world->control, entry.name, &problem), 0);
    assert_answer(world, "site.lab.test", "site.lab.test 60 A 192.0.2.2");
    assert_int_equal(control_find_resource_kind(world->control, entry.name, &kind, NULL),
                     SP_ENOENT);
}

static void bad_resources_are_refused(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct resource_entry entry = { 0 };
    uint64_t serial = control_serial(world->control);
    wire(entry.name, "lb1.example.");
    assert_int_equal(control_put_resource(world->control, &entry, &problem), SP_EINVAL);
    static const char nobody[] = "there is no resource lb1.example.: \"signpost resource list\" "
                                 "shows those that are registered";
    assert_int_equal(control_delete_resource(world->control, entry.name, &problem), SP_ENOENT);
    assert_string_equal(problem.text, nobody);
    assert_int_equal(control_read_resource(world->control, entry.name, &entry, &problem),
                     SP_ENOENT);
    assert_string_equal(problem.text, nobody);
    assert_int_equal(control_serial(world->control), serial);
}

/* ---- failures ---- */

static int make_check(struct world *world, struct problem *out_problem)
{
    return create_check(world, "web-2", false, out_problem);
}

static int turn_check(struct world *world, struct problem *out_problem)
{
    static struct check_view view;
    static const struct health_override down = { .owner = "me" };
    return control_override_check(world->control, "web-1", &down, &view, out_problem);
}

static int drop_check(struct world *world, struct problem *out_problem)
{
    return control_delete_check(world->control, "web-3", out_problem);
}

static int make_collection(struct world *world, struct problem *out_problem)
{
    struct cidr_collection collection;
    return control_create_collection(world->control, "second", &collection, out_problem);
}

static int edit_collection(struct world *world, struct problem *out_problem)
{
    return change_collection(world, "office", CIDR_PUT, "L9", "10.0.0.0/8", out_problem);
}

static int drop_collection(struct world *world, struct problem *out_problem)
{
    return control_delete_collection(world->control, "spare", out_problem);
}

static int make_resource(struct world *world, struct problem *out_problem)
{
    struct resource_entry entry = load_balancer("192.0.2.12", 1);
    return control_put_resource(world->control, &entry, out_problem);
}

static int drop_resource(struct world *world, struct problem *out_problem)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, "lb1.example.");
    return control_delete_resource(world->control, name, out_problem);
}

/* Everything that a user can see of the objects. */
static int show_collection(void *context, const struct cidr_collection *collection)
{
    fprintf(context, "%s %llu %u\n", collection->name, (unsigned long long)collection->version,
            collection->block_count);
    return 0;
}

static int show_resource(void *context, const struct resource_entry *entry)
{
    fprintf(context, "%u %u\n", entry->address_count, entry->addresses[0].address.octets[3]);
    return 0;
}

static int show_check(void *context, const struct check_view *view)
{
    fprintf(context, "%s %d %llu\n", view->check.id, view->check.up,
            (unsigned long long)view->check.since_ms);
    return 0;
}

static char *show(struct world *world)
{
    char *text = NULL;
    size_t size;
    FILE *to = open_memstream(&text, &size);
    struct store_object_visitor visitor = { NULL, show_collection, show_resource, to };
    assert_int_equal(control_list_checks(world->control, show_check, to, NULL), 0);
    assert_int_equal(control_list_collections(world->control, &visitor, NULL), 0);
    assert_int_equal(control_list_resources(world->control, &visitor, NULL), 0);
    fclose(to);
    return text;
}

static void what_cannot_be_stored_changes_nothing(void **state)
{
    static const struct row {
        const char *why;
        int (*work)(struct world *world, struct problem *out_problem);
        bool publishes;
    } rows[] = {
        { "a new check", make_check, false },
        { "a turn", turn_check, false },
        { "a deleted check", drop_check, false },
        { "a new collection", make_collection, true },
        { "an edit", edit_collection, true },
        { "a deleted collection", drop_collection, true },
        { "a resource in the place of another", make_resource, true },
        { "a deleted resource", drop_resource, true },
    };
    struct world *world = *state;
    struct cidr_collection collection;
    struct resource_entry entry = load_balancer("192.0.2.11", 1);
    create_office(world);
    assert_int_equal(create_check(world, "web-1", true, NULL), 0);
    assert_int_equal(create_check(world, "web-3", false, NULL), 0);
    assert_int_equal(control_create_collection(world->control, "spare", &collection, NULL), 0);
    assert_int_equal(control_put_resource(world->control, &entry, NULL), 0);
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct problem problem = { 0 };
        const struct snapshot *published = control_snapshot(world->control);
        uint64_t serial = control_serial(world->control);
        char *before = show(world);
        fill_disk(true);
        int rc = rows[i].work(world, &problem);
        fill_disk(false);
        if (rc != SP_EFULL)
            fail_msg("%s: %d %s", rows[i].why, rc, problem.text);
        char *after = show(world);
        assert_string_equal(after, before);
        assert_ptr_equal(control_snapshot(world->control), published);
        assert_int_equal(control_serial(world->control), serial);
        free(after);

        must(rows[i].work(world, &problem), &problem);
        after = show(world);
        assert_string_not_equal(after, before);
        assert_int_equal(control_serial(world->control), serial + rows[i].publishes);
        free(after);
        free(before);
    }
}

static const struct CMUnitTest tests[] = {
    WORLD_TEST(a_check_turns_the_answer_at_once),
    WORLD_TEST(a_deleted_check_counts_as_up_until_it_is_made_anew),
    WORLD_TEST(a_slot_is_kept_while_record_sets_name_the_check),
    WORLD_TEST(bad_checks_are_refused),
    WORLD_TEST(a_set_cannot_name_a_check_that_is_not_there),
    WORLD_TEST(drawn_ids_do_not_collide_after_a_restart),
    WORLD_TEST(an_edit_of_a_collection_reaches_its_groups_at_once),
    WORLD_TEST(what_record_sets_name_cannot_be_removed),
    WORLD_TEST(bad_collections_are_refused),
    WORLD_TEST(a_resource_answers_its_aliases),
    WORLD_TEST(bad_resources_are_refused),
    WORLD_TEST(what_cannot_be_stored_changes_nothing),
};

RUN_TESTS(tests)
