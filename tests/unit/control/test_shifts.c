/*
 * Zonal shifts and outages from start to finish: what is published of a resource, after a restart
 * too (R-ZSH-1 to R-ZSH-7, S-32).  Time is data; the resource lb1.example has one address in each
 * of eu-west-1a, eu-west-1b and us-east-1a.
 */
#include "world.h"

#include "full_disk.h"

#include "signpost/base/clock.h"
#include "signpost/control/resources.h"
#include "signpost/control/zonal_shifts.h"
#include "signpost/dns/path.h"

#include "internal.h"

#define MINUTE_MS 60000ull
#define HOUR_MS   3600000ull

static uint8_t lb1[DNS_NAME_SIZE_MAX];

static void must(int rc, const struct problem *problem)
{
    if (rc != 0)
        fail_msg("%d: %s", rc, problem->text);
}

/* ---- resources ---- */

static void put(struct world *world, const char *zones, const char *targets)
{
    struct problem problem = { 0 };
    struct resource_entry entry = { .kind = RESOURCE_APPLICATION_LOAD_BALANCER, .ttl_s = 60 };
    char zone[RESOURCE_ZONE_SIZE], address[64];
    int size;
    unsigned healthy, registered;
    wire(lb1, "lb1.example.");
    memcpy(entry.name, lb1, sizeof lb1);
    for (; sscanf(zones, " %32[^=]=%63s%n", zone, address, &size) == 2; zones += size)
        must(resource_add_address(&entry, zone, address, &problem), &problem);
    if (sscanf(targets, "%u/%u", &healthy, &registered) == 2)
        must(resource_add_targets(&entry, "web", healthy, registered, &problem), &problem);
    must(control_put_resource(world->control, &entry, &problem), &problem);
}

static void put_lb1(struct world *world)
{
    put(world, "eu-west-1a=192.0.2.1 eu-west-1b=192.0.2.2 us-east-1a=192.0.2.3", "");
}

static void add_addresses(char *out, const struct resource *resource, uint16_t type)
{
    const struct rrset *set = resource_set(resource, type);
    size_t address_size = type == DNS_TYPE_A ? 4 : 16;
    char text[64];
    for (uint32_t i = 0; set != NULL && i < set->records.count; i++) {
        const uint8_t *record = set->records.data + i * (RRSET_FIXED_SIZE + address_size);
        inet_ntop(type == DNS_TYPE_A ? AF_INET : AF_INET6, record + RRSET_FIXED_SIZE, text,
                  sizeof text);
        sprintf(out + strlen(out), "%s ", text);
    }
}

/* "192.0.2.1 192.0.2.2 healthy" */
static const char *published(const struct snapshot *snapshot, char out[500])
{
    struct name_path path;
    dns_path_init(&path, lb1, dns_name_size(lb1));
    const struct resource *resource = snapshot_resource(snapshot, lb1, path.hashes[0]);
    out[0] = '\0';
    if (resource == NULL)
        return "gone";
    add_addresses(out, resource, DNS_TYPE_A);
    add_addresses(out, resource, DNS_TYPE_AAAA);
    return strcat(out, resource->is_healthy ? "healthy" : "down");
}

static void assert_published(struct world *world, const char *expect)
{
    char text[500];
    assert_string_equal(published(control_snapshot(world->control), text), expect);
}

/* ---- shifts ---- */

static struct shift_view view; /* of the last change; large */

static int start_shift(struct world *world, const char *away_from, uint64_t time_ms,
                       uint64_t now_ms, struct problem *out_problem)
{
    return control_start_shift(world->control, lb1, away_from, time_ms, "maintenance", now_ms,
                               &view, out_problem);
}

static void must_start(struct world *world, const char *away_from, uint64_t time_ms,
                       uint64_t now_ms)
{
    struct problem problem = { 0 };
    must(start_shift(world, away_from, time_ms, now_ms, &problem), &problem);
}

static void a_shift_moves_addresses_until_it_expires(void **state)
{
    struct world *world = *state;
    uint64_t now_ms = clock_unix_ms(), ends_ms = now_ms + 2 * HOUR_MS;
    put_lb1(world);
    must_start(world, "eu-west-1b", 2 * HOUR_MS, now_ms);
    assert_int_equal(view.shift.expires_ms, ends_ms);
    assert_int_equal(view.shift.status, SHIFT_ACTIVE);
    assert_true(view.is_applied);
    assert_published(world, "192.0.2.1 192.0.2.3 healthy"); /* S-32a */
    restart(world);
    assert_published(world, "192.0.2.1 192.0.2.3 healthy");

    uint64_t serial = control_serial(world->control);
    assert_int_equal(control__expire_shifts(world->control, ends_ms - 1, NULL), ends_ms);
    assert_int_equal(control_serial(world->control), serial);
    assert_int_equal(control__expire_shifts(world->control, ends_ms, NULL), 0);
    assert_published(world, "192.0.2.1 192.0.2.2 192.0.2.3 healthy");
    must(control_read_shift(world->control, view.shift.id, &view, NULL), NULL);
    assert_int_equal(view.shift.status, SHIFT_EXPIRED);
    assert_int_equal(view.shift.ended_ms, ends_ms);
    assert_false(view.is_applied);
}

static void a_shift_is_canceled(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    uint64_t now_ms = clock_unix_ms();
    put_lb1(world);
    must_start(world, "us-east-1a", HOUR_MS, now_ms);
    assert_published(world, "192.0.2.1 192.0.2.2 healthy");
    must(control_cancel_shift(world->control, view.shift.id, now_ms + 5, &view, &problem),
         &problem);
    assert_int_equal(view.shift.status, SHIFT_CANCELED);
    assert_int_equal(view.shift.ended_ms, now_ms + 5);
    assert_published(world, "192.0.2.1 192.0.2.2 192.0.2.3 healthy");
}

static void a_shift_that_ended_while_nobody_ran_is_over_at_start(void **state)
{
    struct world *world = *state;
    uint64_t long_ago_ms = clock_unix_ms() - 2 * HOUR_MS;
    put_lb1(world);
    must_start(world, "us-east-1a", HOUR_MS, long_ago_ms);
    assert_published(world, "192.0.2.1 192.0.2.2 healthy");
    restart(world);
    assert_published(world, "192.0.2.1 192.0.2.2 192.0.2.3 healthy");
    must(control_read_shift(world->control, view.shift.id, &view, NULL), NULL);
    assert_int_equal(view.shift.status, SHIFT_EXPIRED);
    assert_int_equal(view.shift.ended_ms, long_ago_ms + HOUR_MS);
}

static void an_update_sets_another_end(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    uint64_t now_ms = clock_unix_ms();
    put_lb1(world);
    must_start(world, "us-east-1a", HOUR_MS, now_ms);
    char id[UUID_TEXT_SIZE];
    strcpy(id, view.shift.id);
    must(control_update_shift(world->control, id, 3 * HOUR_MS, NULL, now_ms + MINUTE_MS, &view,
                              &problem),
         &problem);
    assert_string_equal(view.shift.comment, "maintenance");
    must(control_update_shift(world->control, id, 0, "longer", now_ms, &view, &problem), &problem);
    assert_string_equal(view.shift.comment, "longer");
    restart(world);
    assert_int_equal(control__expire_shifts(world->control, now_ms + HOUR_MS, NULL),
                     now_ms + MINUTE_MS + 3 * HOUR_MS);
    assert_published(world, "192.0.2.1 192.0.2.2 healthy");
    assert_int_equal(control_update_shift(world->control, id, 0, "two\nlines", now_ms, &view, NULL),
                     SP_EINVAL);
}

static void a_resource_is_shifted_once_at_a_time(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    uint64_t now_ms = clock_unix_ms();
    put_lb1(world);
    must_start(world, "us-east-1a", HOUR_MS, now_ms);
    char id[UUID_TEXT_SIZE];
    strcpy(id, view.shift.id);
    /* S-32c */
    assert_int_equal(start_shift(world, "eu-west-1a", HOUR_MS, now_ms, &problem), SP_ECONFLICT);
    assert_non_null(strstr(problem.text, "ZonalShiftAlreadyExists: the resource is shifted away "
                                         "from us-east-1a already"));
    must(control_cancel_shift(world->control, id, now_ms, &view, &problem), &problem);
    assert_int_equal(control_cancel_shift(world->control, id, now_ms, &view, &problem),
                     SP_ECONFLICT);
    assert_non_null(strstr(problem.text, "ZonalShiftStatusNotActive"));
    assert_non_null(strstr(problem.text, "is CANCELED"));
    assert_int_equal(
        control_update_shift(world->control, id, HOUR_MS, NULL, now_ms, &view, &problem),
        SP_ECONFLICT);

    /* One whose time has come makes room, also before anybody has looked at the clock. */
    must_start(world, "us-east-1a", HOUR_MS, now_ms);
    must_start(world, "eu-west-1a", HOUR_MS, now_ms + HOUR_MS);
    assert_published(world, "192.0.2.2 192.0.2.3 healthy");
}

static void a_shift_that_would_leave_nothing_waits(void **state)
{
    struct world *world = *state;
    uint64_t now_ms = clock_unix_ms();
    put(world, "eu-west-1a=192.0.2.1 eu-west-1a=192.0.2.2", "");
    must_start(world, "eu-west-1a", HOUR_MS, now_ms); /* S-32d */
    assert_false(view.is_applied);
    assert_published(world, "192.0.2.1 192.0.2.2 healthy");

    /* It is applied as soon as there is somewhere to go, and not while nothing there is well. */
    put(world, "eu-west-1a=192.0.2.1 eu-west-1b=192.0.2.2", "1/2");
    assert_published(world, "192.0.2.2 healthy");
    put(world, "eu-west-1a=192.0.2.1 eu-west-1b=192.0.2.2", "0/2");
    assert_published(world, "192.0.2.1 192.0.2.2 down"); /* R-ZSH-5 */
    put(world, "eu-west-1a=192.0.2.1 eu-west-1b=2001:db8::2", "");
    assert_published(world, "2001:db8::2 healthy"); /* R-ZSH-7 */
}

static void what_cannot_be_shifted_is_refused(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    uint64_t now_ms = clock_unix_ms();
    wire(lb1, "lb1.example.");
    assert_int_equal(start_shift(world, "eu-west-1a", HOUR_MS, now_ms, &problem), SP_ENOENT);
    assert_non_null(strstr(problem.text, "there is no resource lb1.example."));
    put_lb1(world);
    assert_int_equal(start_shift(world, "eu-west-1", HOUR_MS, now_ms, &problem), SP_EINVAL);
    assert_string_equal(problem.text,
                        "the resource has no address in the zone \"eu-west-1\"; it may be one of: "
                        "eu-west-1a eu-west-1b us-east-1a");
    assert_int_equal(control_cancel_shift(world->control, "none", now_ms, &view, &problem),
                     SP_ENOENT);
    assert_string_equal(problem.text, "there is no zonal shift \"none\": \"signpost shift list\" "
                                      "shows those that are known");
    assert_published(world, "192.0.2.1 192.0.2.2 192.0.2.3 healthy");
}

static void a_deleted_resource_takes_its_shift_along(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    put_lb1(world);
    must_start(world, "us-east-1a", HOUR_MS, clock_unix_ms());
    char id[UUID_TEXT_SIZE];
    strcpy(id, view.shift.id);
    must(control_delete_resource(world->control, lb1, &problem), &problem);
    assert_published(world, "gone");
    put_lb1(world);
    assert_published(world, "192.0.2.1 192.0.2.2 192.0.2.3 healthy");
    must(control_read_shift(world->control, id, &view, &problem), &problem);
    assert_int_equal(view.shift.status, SHIFT_CANCELED);
}

static int list_shift(void *context, const struct shift_view *shown)
{
    char *list = context;
    sprintf(list + strlen(list), "%s:%s", shown->shift.away_from,
            shift_status_name(shown->shift.status));
    for (unsigned i = 0; i < shown->zone_count; i++)
        strcat(list, shown->zones[i].is_left ? " 0" : " 1");
    strcat(list, "; ");
    return 0;
}

static void shifts_are_listed_with_the_active_ones_first(void **state)
{
    struct world *world = *state;
    char list[500] = "";
    uint64_t now_ms = clock_unix_ms();
    put_lb1(world);
    must_start(world, "eu-west-1a", HOUR_MS, now_ms);
    must(control_cancel_shift(world->control, view.shift.id, now_ms + 1, &view, NULL), NULL);
    must_start(world, "eu-west-1b", HOUR_MS, now_ms + 2);
    must(control_cancel_shift(world->control, view.shift.id, now_ms + 3, &view, NULL), NULL);
    must_start(world, "us-east-1a", HOUR_MS, now_ms + 4);
    restart(world);
    must(control_list_shifts(world->control, list_shift, list, NULL), NULL);
    assert_string_equal(list, "us-east-1a:ACTIVE 1 1 0; eu-west-1b:CANCELED 1 1 1; "
                              "eu-west-1a:CANCELED 1 1 1; ");
}

static void a_shift_that_cannot_be_stored_moves_nothing(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    uint64_t now_ms = clock_unix_ms();
    put_lb1(world);
    fill_disk(true);
    int of_start = start_shift(world, "eu-west-1a", HOUR_MS, now_ms, NULL);
    fill_disk(false);
    assert_int_equal(of_start, SP_EFULL);
    assert_published(world, "192.0.2.1 192.0.2.2 192.0.2.3 healthy");

    /* One that cannot be ended goes on, and is tried again. */
    must_start(world, "eu-west-1a", HOUR_MS, now_ms);
    uint64_t late_ms = now_ms + 2 * HOUR_MS;
    fill_disk(true);
    uint64_t next_ms = control__expire_shifts(world->control, late_ms, &problem);
    int of_deletion = control_delete_resource(world->control, lb1, NULL);
    fill_disk(false);
    assert_int_equal(problem.status, SP_EFULL);
    assert_int_equal(of_deletion, SP_EFULL);
    assert_in_range(next_ms, late_ms + 1, late_ms + MINUTE_MS);
    assert_published(world, "192.0.2.2 192.0.2.3 healthy");
    assert_int_equal(control__expire_shifts(world->control, next_ms, NULL), 0);
    assert_published(world, "192.0.2.1 192.0.2.2 192.0.2.3 healthy");
}

/* ---- outages ---- */

static void lose(struct world *world, const char *place)
{
    struct problem problem = { 0 };
    must(control__set_outage(world->control, &place, place != NULL, &problem), &problem);
}

static void an_outage_takes_addresses_and_health(void **state)
{
    static const struct row {
        const char *why, *place, *expect;
    } rows[] = {
        { "a zone", "eu-west-1a", "192.0.2.2 192.0.2.3 healthy" },
        { "a Region, in the place of the zone", "eu-west-1", "192.0.2.3 healthy" },
        { "another one", "us-east-1", "192.0.2.1 192.0.2.2 healthy" },
        { "it is over", NULL, "192.0.2.1 192.0.2.2 192.0.2.3 healthy" },
    };
    struct world *world = *state;
    put_lb1(world);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        lose(world, rows[i].place);
        assert_published(world, rows[i].expect);
    }
    const char *both[] = { "eu-west-1", "us-east-1a" };
    assert_int_equal(control__set_outage(world->control, both, 2, NULL), 0);
    assert_published(world, "down");
    put_lb1(world); /* what is registered meanwhile is out as well */
    assert_published(world, "down");
    lose(world, NULL);
    assert_published(world, "192.0.2.1 192.0.2.2 192.0.2.3 healthy");
}

static void an_outage_may_be_looked_at_first(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct snapshot *copy;
    const char *places[DRILL_STEPS_MAX + 1] = { "eu-west-1" };
    char text[500];
    put_lb1(world);
    uint64_t serial = control_serial(world->control);
    must(control__outage_snapshot(world->control, places, 1, &copy, &problem), &problem);
    assert_string_equal(published(copy, text), "192.0.2.3 healthy");
    snapshot_unref(copy);
    assert_int_equal(control_serial(world->control), serial);
    assert_published(world, "192.0.2.1 192.0.2.2 192.0.2.3 healthy");

    places[1] = "a-name-with-thirty-three-letters-in";
    assert_int_equal(control__set_outage(world->control, places, 2, &problem), SP_EINVAL);
    for (size_t i = 0; i < COUNT_OF(places); i++)
        places[i] = "eu-west-1";
    assert_int_equal(control__set_outage(world->control, places, COUNT_OF(places), &problem),
                     SP_EINVAL);
    assert_published(world, "192.0.2.1 192.0.2.2 192.0.2.3 healthy");
}

static void nobody_shifts_to_where_there_is_an_outage(void **state)
{
    struct world *world = *state;
    uint64_t now_ms = clock_unix_ms();
    put(world, "eu-west-1a=192.0.2.1 us-east-1a=192.0.2.3", "");
    must_start(world, "eu-west-1a", HOUR_MS, now_ms);
    assert_published(world, "192.0.2.3 healthy");
    lose(world, "us-east-1");
    assert_published(world, "192.0.2.1 healthy"); /* R-ZSH-5: nothing usable would be left */
    must(control_read_shift(world->control, view.shift.id, &view, NULL), NULL);
    assert_false(view.is_applied);
    lose(world, NULL);
    assert_published(world, "192.0.2.3 healthy");
}

static const struct CMUnitTest tests[] = {
    WORLD_TEST(a_shift_moves_addresses_until_it_expires),
    WORLD_TEST(a_shift_is_canceled),
    WORLD_TEST(a_shift_that_ended_while_nobody_ran_is_over_at_start),
    WORLD_TEST(an_update_sets_another_end),
    WORLD_TEST(a_resource_is_shifted_once_at_a_time),
    WORLD_TEST(a_shift_that_would_leave_nothing_waits),
    WORLD_TEST(what_cannot_be_shifted_is_refused),
    WORLD_TEST(a_deleted_resource_takes_its_shift_along),
    WORLD_TEST(shifts_are_listed_with_the_active_ones_first),
    WORLD_TEST(a_shift_that_cannot_be_stored_moves_nothing),
    WORLD_TEST(an_outage_takes_addresses_and_health),
    WORLD_TEST(an_outage_may_be_looked_at_first),
    WORLD_TEST(nobody_shifts_to_where_there_is_an_outage),
};
RUN_TESTS(tests)
