/* Protected record sets stay as they are, whichever way somebody comes (A-PRT-1, A-CHG-8). */
#include "world.h"

#include "signpost/control/protections.h"

static struct protection protect(const char *owner, uint16_t type, const char *comment)
{
    struct protection protection = { .type = type };
    wire(protection.owner, owner);
    snprintf(protection.comment, sizeof protection.comment, "%s", comment);
    return protection;
}

/* A zone file of "www A 192.0.2.1", and what else the rows say. */
static int import_text(struct world *world, const char *text, bool replace,
                       struct problem *out_problem)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct draft *draft = NULL;
    struct change change;
    wire(name, "lab.test.");
    int rc = control_draft_import(world->control, name, replace, &draft, out_problem);
    if (rc != 0)
        return rc;
    struct zone_reader *reader = zone_reader_create(draft, "lab.zone");
    assert_non_null(reader);
    rc =
        zone_reader_feed(reader, (struct span){ (const uint8_t *)text, strlen(text) }, out_problem);
    if (rc == 0)
        rc = zone_reader_finish(reader, control_defaults(world->control),
                                control_references(world->control), out_problem);
    zone_reader_destroy(reader);
    if (rc == 0)
        rc = control_import(world->control, draft, replace, &change, out_problem);
    draft_destroy(draft);
    return rc;
}

static struct hosted_zone make_zone(struct world *world)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct hosted_zone zone = { 0 };
    struct problem problem = { 0 };
    wire(name, "lab.test.");
    if (import_text(world, "www 60 IN A 192.0.2.1\nwww 60 IN TXT \"a\"\n", false, &problem) != 0 ||
        control_find_zone(world->control, name, &zone, &problem) != 0)
        fail_msg("%s", problem.text);
    return zone;
}

static int change_address(struct world *world, enum change_action action, const char *owner,
                          uint8_t last, struct problem *out_problem)
{
    uint8_t zone[DNS_NAME_SIZE_MAX];
    uint8_t packed[6] = { 0, 4, 192, 0, 2, last };
    struct change change;
    struct change_item item = { .action = action,
                                .set = { .type = DNS_TYPE_A,
                                         .set_identifier = "",
                                         .ttl_s = 60,
                                         .value_count = 1,
                                         .values = { packed, sizeof packed } } };
    struct change_batch batch = { 1, &item };
    wire(zone, "lab.test.");
    wire(item.owner, owner);
    return control_change(world->control, zone, &batch, &change, out_problem);
}

static void a_change_of_a_protected_set_says_what_was_said(void **state)
{
    static const struct row {
        enum change_action action;
        const char *owner;
        uint8_t last;
        const char *expect; /* NULL: it is carried out */
    } rows[] = {
        { CHANGE_UPSERT, "www.lab.test.", 2,
          "Tried to change resource record set [name='www.lab.test.', type='A'] but it is "
          "protected: ask the harbour master" },
        { CHANGE_DELETE, "www.lab.test.", 1, "ask the harbour master" },
        { CHANGE_CREATE, "new.lab.test.", 1, "but it is protected: not before May" },
        { CHANGE_CREATE, "free.lab.test.", 1, NULL },
    };
    struct world *world = *state;
    struct hosted_zone zone = make_zone(world);
    struct protection list[] = { protect("www.lab.test.", DNS_TYPE_A, "ask the harbour master"),
                                 protect("new.lab.test.", DNS_TYPE_A, "not before May"),
                                 protect("free.lab.test.", DNS_TYPE_TXT, "another type") };
    assert_int_equal(control_add_protections(world->control, &zone, list, 3, NULL), 0);
    restart(world);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct problem problem = { 0 };
        int rc = change_address(world, rows[i].action, rows[i].owner, rows[i].last, &problem);
        if ((rc == 0) != (rows[i].expect == NULL) ||
            (rc != 0 && strstr(problem.text, rows[i].expect) == NULL))
            fail_msg("%zu: %d %s", i, rc, problem.text);
    }
    assert_int_equal(control_delete_protections(world->control, &zone, list, 1, NULL), 0);
    assert_int_equal(change_address(world, CHANGE_UPSERT, "www.lab.test.", 2, NULL), 0);
}

static void protections_come_and_go_together(void **state)
{
    struct world *world = *state;
    struct hosted_zone zone = make_zone(world);
    struct protection list[] = { protect("www.lab.test.", DNS_TYPE_A, ""),
                                 protect("www.lab.test.", DNS_TYPE_TXT, "") };
    struct protection found;
    assert_int_equal(control_add_protections(world->control, &zone, &list[1], 1, NULL), 0);
    assert_int_equal(control_add_protections(world->control, &zone, list, 2, NULL), SP_EEXIST);
    assert_int_equal(
        control_find_protection(world->control, &zone, list[0].owner, DNS_TYPE_A, &found, NULL),
        SP_ENOENT);
    assert_int_equal(control_delete_protections(world->control, &zone, list, 2, NULL), SP_ENOENT);
    assert_int_equal(
        control_find_protection(world->control, &zone, list[1].owner, DNS_TYPE_TXT, &found, NULL),
        0);
}

static void an_import_replaces_all_but_what_is_protected(void **state)
{
    static const struct row {
        const char *text;
        const char *expect; /* NULL: it is carried out */
    } rows[] = {
        { "www 60 IN A 192.0.2.2\n", "www.lab.test. A is protected: ask" },
        { "www 61 IN A 192.0.2.1\n", "www.lab.test. A is protected: ask" },
        { "web 60 IN A 192.0.2.1\n", "www.lab.test. A is protected: ask" },
        { "www 60 IN A 192.0.2.1\nnew 60 IN A 192.0.2.1\n",
          "new.lab.test. A is protected: not yet" },
        { "www 60 IN A 192.0.2.1\nwww 60 IN TXT \"b\"\nmore 60 IN A 192.0.2.1\n", NULL },
    };
    struct world *world = *state;
    struct hosted_zone zone = make_zone(world);
    struct protection list[] = { protect("www.lab.test.", DNS_TYPE_A, "ask"),
                                 protect("new.lab.test.", DNS_TYPE_A, "not yet") };
    assert_int_equal(control_add_protections(world->control, &zone, list, 2, NULL), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct problem problem = { 0 };
        int rc = import_text(world, rows[i].text, true, &problem);
        if (rc != (rows[i].expect == NULL ? 0 : SP_ECONFLICT) ||
            (rc != 0 && strstr(problem.text, rows[i].expect) == NULL))
            fail_msg("%zu: %d %s", i, rc, problem.text);
    }
}

static int note_owner(void *context, const struct protection *protection)
{
    char text[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(text, protection->owner);
    size_t size = strlen(context);
    snprintf((char *)context + size, 256 - size, "%s%s/%u", size == 0 ? "" : " ", text,
             protection->type);
    return 0;
}

/* A-PRT-3. */
static void they_are_listed_as_record_sets_are(void **state)
{
    static const struct row {
        const char *owner_key, *type;
        unsigned count;
        const char *expect;
    } rows[] = {
        { "", "", 9, "lab.test./1 lab.test./16 a-b.lab.test./1 a.lab.test./28 b.a.lab.test./1" },
        { "", "", 2, "lab.test./1 lab.test./16" },
        { "test.lab.", "B", 2, "lab.test./16 a-b.lab.test./1" },
        { "test.lab.a.", "AAAA", 1, "a.lab.test./28" },
        { "test.lab.z.", "", 9, "" },
    };
    struct world *world = *state;
    struct hosted_zone zone = make_zone(world);
    struct protection list[] = { protect("b.a.lab.test.", DNS_TYPE_A, ""),
                                 protect("a.lab.test.", DNS_TYPE_AAAA, ""),
                                 protect("a-b.lab.test.", DNS_TYPE_A, ""),
                                 protect("lab.test.", DNS_TYPE_TXT, ""),
                                 protect("lab.test.", DNS_TYPE_A, "") };
    assert_int_equal(control_add_protections(world->control, &zone, list, 5, NULL), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256] = "";
        assert_int_equal(control_visit_protections(world->control, &zone, rows[i].owner_key,
                                                   rows[i].type, rows[i].count, note_owner, text,
                                                   NULL),
                         0);
        assert_string_equal(text, rows[i].expect);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(a_change_of_a_protected_set_says_what_was_said),
        WORLD_TEST(protections_come_and_go_together),
        WORLD_TEST(an_import_replaces_all_but_what_is_protected),
        WORLD_TEST(they_are_listed_as_record_sets_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
