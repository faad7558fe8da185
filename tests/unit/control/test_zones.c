/* Zones by id: several of one name, private ones, and what becomes of changes on their way. */
#include "world.h"

static struct hosted_zone create(struct world *world, const char *reference, bool private)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct hosted_zone zone = { 0 };
    struct change change;
    struct problem problem = { 0 };
    wire(name, "lab.test.");
    struct zone_wish wish = { .name = name,
                              .caller_reference = reference,
                              .comment = "",
                              .vpc_id = private ? "vpc-0a1b2c3d" : NULL,
                              .vpc_region = private ? "eu-west-1" : NULL };
    if (control_create_zone(world->control, &wish, &zone, &change, &problem) != 0)
        fail_msg("%s", problem.text);
    assert_int_equal(zone.set_count, 2);
    return zone;
}

static struct change put_host(struct world *world, const struct hosted_zone *zone, uint8_t last)
{
    struct problem problem = { 0 };
    struct change change;
    uint8_t packed[6] = { 0, 4, 192, 0, 2, last };
    struct change_item item = { .action = CHANGE_UPSERT,
                                .set = { .type = DNS_TYPE_A,
                                         .set_identifier = "",
                                         .ttl_s = 60,
                                         .value_count = 1,
                                         .values = { packed, sizeof packed } } };
    wire(item.owner, "www.lab.test.");
    struct change_batch batch = { 1, &item };
    if (control_change_sets(world->control, zone, &batch, "blue", &change, NULL, &problem) != 0)
        fail_msg("%s", problem.text);
    return change;
}

/* The last octet of www.lab.test's address as workers see it; 0: nothing, -1: no such zone. */
static int published_host(const struct world *world)
{
    uint8_t name[DNS_NAME_SIZE_MAX], owner[DNS_NAME_SIZE_MAX];
    struct name_path path;
    wire(name, "lab.test.");
    wire(owner, "www.lab.test.");
    dns_path_init(&path, owner, dns_name_size(owner));
    const struct zone *zone = snapshot_zone(control_snapshot(world->control), name);
    const struct zone_name *found = zone == NULL ? NULL : zone_find_glue(zone, &path);
    const struct rrset *set = found == NULL ? NULL : zone_name_set(found, DNS_TYPE_A);
    if (zone == NULL)
        return -1;
    return set == NULL ? 0 : set->records.data[RRSET_FIXED_SIZE + 3];
}

static void drop(struct world *world, const struct hosted_zone *zone)
{
    struct problem problem = { 0 };
    struct change change;
    if (control_delete_zone_id(world->control, zone, &change, &problem) != 0)
        fail_msg("%s", problem.text);
}

static void the_oldest_public_zone_of_a_name_is_served(void **state)
{
    struct world *world = *state;
    struct hosted_zone private_zone = create(world, "private", true);
    assert_int_equal(published_host(world), -1); /* R-PHZ-1 */
    struct hosted_zone oldest = create(world, "oldest", false);
    struct hosted_zone younger = create(world, "younger", false);
    put_host(world, &private_zone, 1);
    assert_int_equal(published_host(world), 0);
    put_host(world, &younger, 3);
    assert_int_equal(published_host(world), 0);
    put_host(world, &oldest, 2);
    assert_int_equal(published_host(world), 2);
    restart(world);
    assert_int_equal(published_host(world), 2);

    drop(world, &oldest); /* the next oldest takes its place */
    assert_int_equal(published_host(world), 3);
    drop(world, &younger);
    assert_int_equal(published_host(world), -1);
    restart(world);
    assert_int_equal(published_host(world), -1);
}

static void a_caller_reference_is_never_taken_twice(void **state)
{
    struct world *world = *state;
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct hosted_zone zone = create(world, "tide-7", false);
    struct change change;
    struct problem problem = { 0 };
    drop(world, &zone);
    restart(world);
    wire(name, "other.test.");
    struct zone_wish wish = { .name = name, .caller_reference = "tide-7", .comment = "" };
    assert_int_equal(control_create_zone(world->control, &wish, &zone, &change, &problem),
                     SP_EEXIST); /* A-ZON-5 */
}

static bool is_in_sync(struct world *world, const struct change *change)
{
    struct change found;
    struct problem problem = { 0 };
    bool in_sync = false;
    if (control_read_change(world->control, change->id, &found, &in_sync, &problem) != 0)
        fail_msg("%s", problem.text);
    assert_string_equal(found.comment, change->comment);
    assert_int_equal(found.submitted_ms, change->submitted_ms);
    return in_sync;
}

static void take_snapshot(struct world *world)
{
    mailbox_receive(world->mailbox, 0);
}

static void a_change_is_in_sync_once_every_worker_has_it_and_stays_so(void **state)
{
    struct world *world = *state;
    struct hosted_zone zone = create(world, "one", false);
    struct hosted_zone hidden = create(world, "two", false);
    struct change first = put_host(world, &zone, 1);
    assert_false(is_in_sync(world, &first));
    take_snapshot(world);
    assert_true(is_in_sync(world, &first));

    struct change second = put_host(world, &zone, 2);
    struct change beside = put_host(world, &hidden, 9); /* leaves DNS alone */
    assert_false(is_in_sync(world, &second));
    assert_true(is_in_sync(world, &first));
    assert_true(is_in_sync(world, &beside));
    take_snapshot(world);
    assert_true(is_in_sync(world, &second));

    restart(world);
    assert_true(is_in_sync(world, &second)); /* whoever answers has loaded it */
}

static void more_changes_than_are_followed_one_by_one_wait_for_the_last(void **state)
{
    struct world *world = *state;
    struct hosted_zone zone = create(world, "one", false);
    struct change first = put_host(world, &zone, 1), last = first;
    for (unsigned i = 0; i < CHANGES_UNSEEN_MAX + 20; i++)
        last = put_host(world, &zone, (uint8_t)(i + 2));
    assert_false(is_in_sync(world, &first));
    assert_false(is_in_sync(world, &last));
    take_snapshot(world);
    assert_true(is_in_sync(world, &first));
    assert_true(is_in_sync(world, &last));
}

static void a_delay_makes_changes_pend(void **state)
{
    struct world *world = *state;
    struct hosted_zone zone = create(world, "one", false);
    struct change change = put_host(world, &zone, 1);
    take_snapshot(world);
    control_set_change_delay(world->control, 3600 * 1000); /* R-PRP-1 */
    assert_false(is_in_sync(world, &change));
    control_set_change_delay(world->control, 0);
    assert_true(is_in_sync(world, &change));
}

static int note_set(void *context, const uint8_t *owner, const struct record_set *set)
{
    char *text = context, name[DNS_NAME_TEXT_SIZE];
    dns_name_to_octal(name, owner);
    snprintf(text + strlen(text), 256 - strlen(text), "%s %s; ", name,
             dns_type_find(set->type)->name);
    return 0;
}

static void sets_are_visited_from_any_position(void **state)
{
    static const struct row {
        struct set_position from;
        unsigned count;
        const char *expect;
    } rows[] = {
        { { "", "", "" }, 9, "lab.test. NS; lab.test. SOA; www.lab.test. A; " },
        { { "test.lab.", "", "" }, 2, "lab.test. NS; lab.test. SOA; " },
        { { "test.lab.", "SOA", "" }, 9, "lab.test. SOA; www.lab.test. A; " },
        { { "test.lab.", "TXT", "" }, 9, "www.lab.test. A; " },
        { { "test.lab.b.", "", "" }, 9, "www.lab.test. A; " },
        { { "test.lab.www.", "A", "x" }, 9, "" },
        { { "test.lab.x.", "", "" }, 9, "" },
    };
    struct world *world = *state;
    struct hosted_zone zone = create(world, "one", false);
    put_host(world, &zone, 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[256] = "";
        struct problem problem = { 0 };
        assert_int_equal(control_visit_sets(world->control, &zone, &rows[i].from, rows[i].count,
                                            note_set, text, &problem),
                         0);
        assert_string_equal(text, rows[i].expect);
    }
}

static void a_comment_is_changed_and_kept(void **state)
{
    struct world *world = *state;
    struct hosted_zone zone = create(world, "one", false), found;
    struct problem problem = { 0 };
    assert_int_equal(control_set_zone_comment(world->control, &zone, "harbour", &problem), 0);
    put_host(world, &zone, 1);
    restart(world);
    assert_int_equal(control_find_zone_id(world->control, zone.public_id, &found, &problem), 0);
    assert_string_equal(found.comment, "harbour");
    assert_string_equal(found.caller_reference, "one");
    assert_int_equal(found.set_count, 3);
    assert_int_equal(control_find_zone_id(world->control, "Z0", &found, &problem), SP_ENOENT);
}

static void a_private_zone_is_called_so_when_it_is_asked_for_by_name(void **state)
{
    struct world *world = *state;
    static const struct {
        const char *name, *expect;
    } rows[] = {
        { "lab.test.", "lab.test. is private" },
        { "test.", "there is no zone test." },
        { "zzz.test.", "there is no zone zzz.test." },
    };
    struct hosted_zone found;
    uint8_t name[DNS_NAME_SIZE_MAX];
    create(world, "inside", true);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct problem problem = { 0 };
        wire(name, rows[i].name);
        assert_int_equal(control_find_zone(world->control, name, &found, &problem), SP_ENOENT);
        if (strstr(problem.text, rows[i].expect) == NULL)
            fail_msg("%s", problem.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(the_oldest_public_zone_of_a_name_is_served),
        WORLD_TEST(a_caller_reference_is_never_taken_twice),
        WORLD_TEST(a_change_is_in_sync_once_every_worker_has_it_and_stays_so),
        WORLD_TEST(more_changes_than_are_followed_one_by_one_wait_for_the_last),
        WORLD_TEST(a_delay_makes_changes_pend),
        WORLD_TEST(sets_are_visited_from_any_position),
        WORLD_TEST(a_comment_is_changed_and_kept),
        WORLD_TEST(a_private_zone_is_called_so_when_it_is_asked_for_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
