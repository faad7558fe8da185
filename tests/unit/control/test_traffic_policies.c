/*
 * Traffic policies and their instances from start to finish: what a document says is what is
 * answered, after a restart too, and nothing is left of an instance that is gone.
 *
 * Versions of the one policy, all of type A but the fourth:
 *     1   multivalue 10.0.0.1, 10.0.0.2
 *     2   multivalue 10.0.0.3, 10.0.0.4
 *     3   failover: primary 10.0.0.5 with the check web-1, secondary 10.0.0.6
 *     4   AAAA
 */
#define WORLD_SLOTS 4
#include "world.h"

#include "reply_text.h"

#include "signpost/answer/answer.h"
#include "signpost/control/protections.h"
#include "signpost/control/traffic_policies.h"

#define POINT(n) "\"e" n "\":{\"Type\":\"value\",\"Value\":\"10.0.0." n "\"}"
#define HEAD     "{\"AWSPolicyFormatVersion\":\"2015-10-01\",\"RecordType\":\"A\","
#define PAIR(a, b)                                                                                 \
    HEAD "\"StartRule\":\"m\",\"Endpoints\":{" POINT(a) "," POINT(                                 \
        b) "},\"Rules\":{\"m\":{\"RuleType\":\"multivalue\",\"Items\":[{\"EndpointReference\":"    \
           "\"e" a "\"},{\"EndpointReference\":\"e" b "\"}]}}}"

#define OF_ANOTHER_TYPE                                                                            \
    "{\"AWSPolicyFormatVersion\":\"2015-10-01\",\"RecordType\":\"AAAA\",\"StartEndpoint\":\"e\","  \
    "\"Endpoints\":{\"e\":{\"Type\":\"value\",\"Value\":\"2001:db8::1\"}}}"

static const char *const documents[] = {
    PAIR("1", "2"),
    PAIR("3", "4"),
    HEAD "\"StartRule\":\"f\",\"Endpoints\":{" POINT("5") "," POINT(
        "6") "},\"Rules\":{\"f\":{\"RuleType\":\"failover\",\"Primary\":{\"EndpointReference\":"
             "\"e5\",\"HealthCheck\":\"web-1\"},\"Secondary\":{\"EndpointReference\":\"e6\"}}}}",
    OF_ANOTHER_TYPE,
};

static void must(int rc, const struct problem *problem)
{
    if (rc != 0)
        fail_msg("%d: %s", rc, problem->text);
}

/* ---- zones ---- */

static struct hosted_zone lab(struct world *world)
{
    struct problem problem = { 0 };
    struct hosted_zone zone;
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, "lab.test.");
    must(control_find_zone(world->control, name, &zone, &problem), &problem);
    return zone;
}

static int import_lab(struct world *world, bool replace, struct problem *problem)
{
    struct change change;
    struct draft *draft = NULL;
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, "lab.test.");
    must(control_draft_import(world->control, name, replace, &draft, problem), problem);
    assert_int_equal(draft_add_defaults(draft, &defaults), 0);
    int rc = control_import(world->control, draft, replace, &change, problem);
    draft_destroy(draft);
    return rc;
}

static int create_address(struct world *world, const char *owner)
{
    static const uint8_t values[] = { 0, 4, 10, 0, 0, 99 };
    struct change_item item = { .action = CHANGE_CREATE };
    struct change_batch batch = { 1, &item };
    struct change change;
    struct problem problem;
    struct hosted_zone zone = lab(world);
    wire(item.owner, owner);
    item.set = (struct record_set){ .type = DNS_TYPE_A,
                                    .set_identifier = "",
                                    .ttl_s = 60,
                                    .value_count = 1,
                                    .values = { values, sizeof values } };
    return control_change_sets(world->control, &zone, &batch, "", &change, NULL, &problem);
}

/* ---- policies and instances ---- */

static char policy_id[UUID_TEXT_SIZE];

static void create_policy(struct world *world)
{
    struct problem problem = { 0 };
    struct arena *arena = arena_create();
    for (unsigned i = 0; i < COUNT_OF(documents); i++) {
        struct traffic_document document;
        struct traffic_version version = { .name = "harbor", .document = documents[i] };
        must(traffic_document_read(arena, documents[i], NULL, &document, &problem), &problem);
        version.type = document.type;
        version.comment = "";
        if (i == 0) {
            must(control_create_traffic_policy(world->control, &version, &problem), &problem);
            memcpy(policy_id, version.policy_id, sizeof policy_id);
        } else {
            memcpy(version.policy_id, policy_id, sizeof policy_id);
            must(control_add_traffic_version(world->control, &version, arena, &problem), &problem);
        }
        assert_int_equal(version.version, i + 1);
        assert_string_equal(version.name, "harbor");
    }
    arena_destroy(arena);
}

/* What a wish points to. */
struct wish {
    struct traffic_wish traffic;
    struct traffic_version version;
    struct traffic_document document;
    struct hosted_zone zone;
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct arena *arena;
};

static void open_wish(struct wish *wish, struct world *world, const char *name, uint32_t version)
{
    struct problem problem = { 0 };
    wish->arena = arena_create();
    wish->zone = lab(world);
    wire(wish->name, name);
    must(control_read_traffic_version(world->control, policy_id, version, wish->arena,
                                      &wish->version, &problem),
         &problem);
    must(
        traffic_document_read(wish->arena, wish->version.document, NULL, &wish->document, &problem),
        &problem);
    wish->traffic =
        (struct traffic_wish){ &wish->zone, wish->name, 30, &wish->version, &wish->document };
}

static int create(struct world *world, const char *name, uint32_t version,
                  struct traffic_instance *out_instance, struct problem *problem)
{
    struct wish wish;
    open_wish(&wish, world, name, version);
    int rc = control_create_traffic_instance(world->control, &wish.traffic, out_instance, problem);
    arena_destroy(wish.arena);
    return rc;
}

static int update(struct world *world, struct traffic_instance *instance, uint32_t version,
                  struct problem *problem)
{
    struct wish wish;
    open_wish(&wish, world, "any.lab.test.", version);
    int rc = control_update_traffic_instance(world->control, instance, &wish.traffic, problem);
    arena_destroy(wish.arena);
    return rc;
}

static struct traffic_instance create_www(struct world *world)
{
    struct traffic_instance instance;
    struct problem problem = { 0 };
    must(create(world, "www.lab.test.", 1, &instance, &problem), &problem);
    assert_string_equal(instance.message, "");
    return instance;
}

/* ---- answers ---- */

/* The reply to an A question as a line; the name is asked for as it is written. */
static const char *ask(struct world *world, const char *name)
{
    static uint8_t packet[512] = { 0, 1, 0, 0, 0, 1 }, reply[ANSWER_SIZE_MAX_UDP];
    static char text[4000];
    struct answer_note note;
    struct dice dice;
    struct sockaddr_storage source = { .ss_family = AF_INET };
    dice_init_seeded(&dice, 1);
    size_t size = DNS_HEADER_SIZE + test_raw_name(packet + DNS_HEADER_SIZE, name);
    put_u16(packet + size, DNS_TYPE_A);
    put_u16(packet + size + 2, DNS_CLASS_IN);
    struct view view = { .snapshot = control_snapshot(world->control),
                         .health = world->health,
                         .dice = &dice,
                         .source = &source };
    size = answer_query(&view, (struct span){ packet, size + 4 }, reply, &note);
    reply_text(text, sizeof text, reply, size);
    return text;
}

static bool answers(struct world *world, const char *name, const char *first, const char *second)
{
    const char *reply = ask(world, name);
    return strstr(reply, first) != NULL && strstr(reply, second) != NULL;
}

static void must_answer(struct world *world, const char *name, const char *first,
                        const char *second)
{
    if (!answers(world, name, first, second))
        fail_msg("%s: %s", name, ask(world, name));
}

/* How many sets the zone has that are hidden, and all others. */
static void count_sets(struct world *world, unsigned *out_hidden, unsigned *out_others)
{
    struct problem problem = { 0 };
    struct hosted_zone zone = lab(world);
    struct draft *draft = draft_create(&zone, true);
    must(store_read_zone(world->store, draft, &problem), &problem);
    *out_hidden = *out_others = 0;
    for (uint32_t i = 0; i < draft->name_count; i++)
        for (struct record_set *set = draft->names[i]->sets; set != NULL; set = set->next)
            ++*(record_owner_is_hidden(draft->names[i]->owner) ? out_hidden : out_others);
    assert_int_equal(*out_others, zone.set_count);
    draft_destroy(draft);
}

static void must_hold(struct world *world, unsigned hidden, unsigned others)
{
    unsigned has_hidden, has_others;
    count_sets(world, &has_hidden, &has_others);
    assert_int_equal(has_hidden, hidden);
    assert_int_equal(has_others, others);
}

static void set_up(struct world *world)
{
    struct problem problem = { 0 };
    must(import_lab(world, false, &problem), &problem);
    create_policy(world);
}

/* ---- tests ---- */

static void an_instance_answers_and_survives_a_restart(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    set_up(world);
    struct traffic_instance made = create_www(world), read;
    for (int round = 0; round < 2; round++) {
        must_answer(world, "www.lab.test.", "30 A 10.0.0.1", "30 A 10.0.0.2");
        must(control_find_traffic_instance(world->control, made.id, &read, &problem), &problem);
        assert_string_equal(read.policy_id, policy_id);
        assert_int_equal(read.version, 1);
        assert_int_equal(read.ttl_s, 30);
        must_hold(world, 2, 3);
        restart(world);
    }
}

static void hidden_names_are_nobody_s_to_find(void **state) /* R-TPF-3 */
{
    struct world *world = *state;
    set_up(world);
    create_www(world);
    static const char *const names[] = { "T1v1-0-m.lab.test.", "t1v1-0-m.lab.test." };
    for (unsigned i = 0; i < COUNT_OF(names); i++)
        assert_non_null(strstr(ask(world, names[i]), "NXDOMAIN"));
    /* A record of nearly that name is another name's, whatever comes and goes. */
    assert_int_equal(create_address(world, "t1v1-0-m.lab.test."), 0);
    assert_non_null(strstr(ask(world, "T1V1-0-M.lab.test."), "10.0.0.99"));
    must_answer(world, "www.lab.test.", "10.0.0.1", "10.0.0.2");
    restart(world);
    must_answer(world, "www.lab.test.", "10.0.0.1", "10.0.0.2");
    assert_non_null(strstr(ask(world, "t1v1-0-m.lab.test."), "10.0.0.99"));
    must_hold(world, 2, 4);
}

static void an_update_takes_the_old_tree_away(void **state) /* R-TPF-4 */
{
    struct world *world = *state;
    struct problem problem = { 0 };
    set_up(world);
    struct traffic_instance instance = create_www(world);
    uint64_t serial = control_serial(world->control);
    must(update(world, &instance, 2, &problem), &problem);
    assert_int_equal(control_serial(world->control), serial + 1); /* one step */
    must_answer(world, "www.lab.test.", "10.0.0.3", "10.0.0.4");
    must_hold(world, 2, 3);
    must(update(world, &instance, 1, &problem), &problem);
    must_answer(world, "www.lab.test.", "10.0.0.1", "10.0.0.2");
    must_hold(world, 2, 3);
}

static void another_type_is_another_instance(void **state) /* R-TPF-2 */
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct traffic_instance other;
    set_up(world);
    struct traffic_instance instance = create_www(world);
    assert_int_equal(update(world, &instance, 4, &problem), SP_ECONFLICT);
    assert_string_equal(problem.text, "The traffic policy instance is of type A, and version 4 of "
                                      "the traffic policy is of type AAAA.");
    assert_int_equal(create(world, "www.lab.test.", 2, &other, &problem), SP_EEXIST);
    must(create(world, "www.lab.test.", 4, &other, &problem), &problem);
    must_answer(world, "www.lab.test.", "10.0.0.1", "10.0.0.2");
    must_hold(world, 2, 4);
}

static void what_cannot_stand_is_told_in_the_message(void **state) /* R-TPF-5, A-TPF-3 */
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct traffic_instance taken;
    set_up(world);
    struct traffic_instance instance = create_www(world);
    uint64_t serial = control_serial(world->control);

    must(update(world, &instance, 3, &problem), &problem); /* no such check */
    assert_non_null(strstr(instance.message, "web-1"));
    assert_int_equal(instance.version, 3);
    assert_int_equal(control_serial(world->control), serial);
    must_answer(world, "www.lab.test.", "10.0.0.1", "10.0.0.2");

    assert_int_equal(create_address(world, "ftp.lab.test."), 0);
    must(create(world, "ftp.lab.test.", 1, &taken, &problem), &problem);
    assert_string_equal(taken.message, "Tried to create resource record set "
                                       "[name='ftp.lab.test.', type='A'] but it already exists");
    assert_non_null(strstr(ask(world, "ftp.lab.test."), "10.0.0.99"));
    must_hold(world, 2, 4);

    must(update(world, &instance, 2, &problem), &problem);
    assert_string_equal(instance.message, "");
    must_hold(world, 2, 4);
    must(control_delete_traffic_instance(world->control, &taken, &problem), &problem);
    assert_non_null(strstr(ask(world, "ftp.lab.test."), "10.0.0.99"));
}

static void a_deleted_instance_leaves_nothing(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    bool is_bare = false;
    set_up(world);
    struct traffic_instance instance = create_www(world), other;
    must(create(world, "lab.test.", 2, &other, &problem), &problem);
    assert_int_equal(control_delete_traffic_version(world->control, policy_id, 1, &problem),
                     SP_ECONFLICT);
    must(control_delete_traffic_instance(world->control, &instance, &problem), &problem);
    assert_non_null(strstr(ask(world, "www.lab.test."), "NXDOMAIN"));
    must_answer(world, "lab.test.", "10.0.0.3", "10.0.0.4");
    must_hold(world, 2, 3);
    must(control_delete_traffic_instance(world->control, &other, &problem), &problem);
    struct hosted_zone zone = lab(world);
    must(control_zone_is_bare(world->control, &zone, &is_bare, &problem), &problem);
    assert_true(is_bare);
    must(control_delete_traffic_version(world->control, policy_id, 1, &problem), &problem);
}

static void a_protected_root_stays(void **state) /* A-PRT-1 */
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct protection protection = { .type = DNS_TYPE_A, .comment = "mind the gap" };
    set_up(world);
    struct traffic_instance instance = create_www(world);
    struct hosted_zone zone = lab(world);
    wire(protection.owner, "www.lab.test.");
    must(control_add_protections(world->control, &zone, &protection, 1, &problem), &problem);
    assert_int_equal(control_delete_traffic_instance(world->control, &instance, &problem),
                     SP_ECONFLICT);
    assert_non_null(strstr(problem.text, "mind the gap"));
    must(update(world, &instance, 2, &problem), &problem);
    assert_non_null(strstr(instance.message, "mind the gap"));
    must_answer(world, "www.lab.test.", "10.0.0.1", "10.0.0.2");
}

static void a_zone_goes_with_its_instances_or_stays_as_it_is(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct change change;
    uint8_t name[DNS_NAME_SIZE_MAX];
    uint64_t count;
    wire(name, "lab.test.");
    set_up(world);
    create_www(world);
    assert_int_equal(import_lab(world, true, &problem), SP_ECONFLICT);
    assert_non_null(strstr(problem.text, "www.lab.test. A is one"));
    assert_int_equal(control_delete_zone(world->control, name, false, &change, &problem),
                     SP_ECONFLICT);
    must(control_delete_zone(world->control, name, true, &change, &problem), &problem);
    must(control_count_traffic_instances(world->control, &count, &problem), &problem);
    assert_int_equal(count, 0);
    must(control_delete_traffic_version(world->control, policy_id, 1, &problem), &problem);
}

static void readers_see_no_hidden_name(void **state) /* R-TPF-3 */
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct draft *draft = NULL;
    set_up(world);
    struct traffic_instance instance = create_www(world);
    must(control_read_zone(world->control, lab(world).name, &draft, &problem), &problem);
    unsigned roots = 0;
    for (uint32_t i = 0; i < draft->name_count; i++)
        for (struct record_set *set = draft->names[i]->sets; set != NULL; set = set->next) {
            assert_false(record_owner_is_hidden(draft->names[i]->owner));
            roots += set->traffic_policy_instance != NULL &&
                     strcmp(set->traffic_policy_instance, instance.id) == 0;
        }
    assert_int_equal(roots, 1);
    draft_destroy(draft);
}

static void places_that_no_instance_can_have(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct traffic_instance instance;
    struct wish wish;
    set_up(world);
    assert_int_equal(create(world, "www.elsewhere.test.", 1, &instance, &problem), SP_EINVAL);
    open_wish(&wish, world, "www.lab.test.", 1);
    wish.zone.is_private = true;
    assert_int_equal(
        control_create_traffic_instance(world->control, &wish.traffic, &instance, &problem),
        SP_EINVAL);
    arena_destroy(wish.arena);
    must_hold(world, 0, 2);
}

static const struct CMUnitTest tests[] = {
    WORLD_TEST(an_instance_answers_and_survives_a_restart),
    WORLD_TEST(hidden_names_are_nobody_s_to_find),
    WORLD_TEST(an_update_takes_the_old_tree_away),
    WORLD_TEST(another_type_is_another_instance),
    WORLD_TEST(what_cannot_stand_is_told_in_the_message),
    WORLD_TEST(a_deleted_instance_leaves_nothing),
    WORLD_TEST(a_protected_root_stays),
    WORLD_TEST(a_zone_goes_with_its_instances_or_stays_as_it_is),
    WORLD_TEST(readers_see_no_hidden_name),
    WORLD_TEST(places_that_no_instance_can_have),
};

RUN_TESTS(tests)
