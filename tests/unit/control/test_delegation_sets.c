/* Reusable delegation sets, the servers that zones get, and the VPCs of private ones. */
#include "world.h"

#include "signpost/control/delegation_sets.h"
#include "signpost/control/vpcs.h"
#include "signpost/control/zones.h"

static int try_create(struct world *world, const char *text, const char *reference,
                      const char *set_id, const char *vpc_id, struct hosted_zone *out_zone)
{
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct change change;
    struct problem problem = { 0 };
    wire(name, text);
    struct zone_wish wish = { .name = name,
                              .caller_reference = reference,
                              .comment = "",
                              .delegation_set = set_id,
                              .vpc_id = vpc_id,
                              .vpc_region = vpc_id == NULL ? NULL : "eu-west-1" };
    return control_create_zone(world->control, &wish, out_zone, &change, &problem);
}

static struct hosted_zone create(struct world *world, const char *text, const char *reference)
{
    struct hosted_zone zone = { 0 };
    assert_int_equal(try_create(world, text, reference, NULL, NULL, &zone), 0);
    return zone;
}

static struct delegation_set create_set(struct world *world, const char *reference,
                                        const struct hosted_zone *zone)
{
    struct problem problem = { 0 };
    struct delegation_set set = { 0 };
    if (control_create_delegation_set(world->control, reference, zone, &set, &problem) != 0)
        fail_msg("%s", problem.text);
    return set;
}

/* The names in the apex NS set, in their order. */
static void assert_serves(struct world *world, const struct hosted_zone *zone)
{
    struct problem problem = { 0 };
    struct draft *draft;
    assert_int_equal(control_read_zone(world->control, zone->name, &draft, &problem), 0);
    const struct record_set *ns = record_set_find(draft_find(draft, zone->name)->sets, DNS_TYPE_NS);
    const uint8_t *at = ns->values.data;
    for (unsigned i = 0; i < ZONE_SERVER_COUNT; i++, at += 2 + (at[0] << 8 | at[1])) {
        uint8_t name[DNS_NAME_SIZE_MAX];
        hosted_zone_server_name(name, &defaults, zone->name_servers[i]);
        assert_true(dns_name_equal(at + 2, name));
    }
    draft_destroy(draft);
}

static void zones_of_one_name_above_and_below_share_no_server(void **state)
{
    struct world *world = *state;
    static const char *const names[] = { "lab.test.", "lab.test.", "a.lab.test.", "b.a.lab.test.",
                                         "test." };
    struct hosted_zone zones[300];
    for (unsigned i = 0; i < COUNT_OF(zones); i++) {
        char reference[16];
        snprintf(reference, sizeof reference, "r%u", i);
        zones[i] = create(world, names[i % COUNT_OF(names)], reference);
        for (unsigned j = 0; j < i; j++) /* R-ZON-7: by chance, 300 of 511 would collide */
            if (delegation_sets_overlap(zones[i].name_servers, zones[j].name_servers))
                fail_msg("zones %u and %u share a server", j, i);
    }
    assert_serves(world, &zones[0]);
}

static void a_zone_of_a_reusable_set_has_its_servers(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct hosted_zone zone = { 0 }, found;
    uint64_t count;
    struct delegation_set set = create_set(world, "white-label", NULL);
    assert_int_equal(try_create(world, "lab.test.", "r", set.id, NULL, &zone), 0);
    assert_string_equal(zone.delegation_set, set.id);
    assert_memory_equal(zone.name_servers, set.name_servers, sizeof set.name_servers);
    assert_serves(world, &zone);
    restart(world);
    assert_int_equal(control_find_zone_id(world->control, zone.public_id, &found, &problem), 0);
    assert_string_equal(found.delegation_set, set.id);
    assert_int_equal(control_count_delegation_set_users(world->control, set.id, &count, &problem),
                     0);
    assert_int_equal(count, 1);
    assert_int_equal(try_create(world, "other.test.", "s", "N0", NULL, &zone), SP_ENOENT);
}

static void the_servers_of_a_zone_become_a_set_that_it_uses(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct hosted_zone zone = create(world, "lab.test.", "r"), found;
    struct delegation_set set = create_set(world, "white-label", &zone), stored;
    assert_memory_equal(set.name_servers, zone.name_servers, sizeof set.name_servers);
    restart(world); /* the zone's row still fits its digest */
    assert_int_equal(control_find_zone_id(world->control, zone.public_id, &found, &problem), 0);
    assert_string_equal(found.delegation_set, set.id);
    assert_int_equal(control_find_delegation_set(world->control, set.id, &stored, &problem), 0);
    assert_string_equal(stored.caller_reference, "white-label");
    assert_memory_equal(stored.name_servers, set.name_servers, sizeof set.name_servers);
}

static void a_set_in_use_stays_and_a_deleted_one_is_not_called_so_again(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct hosted_zone zone = { 0 };
    struct change change;
    struct delegation_set set = create_set(world, "one", NULL), other;
    uint64_t count;
    assert_int_equal(try_create(world, "lab.test.", "r", set.id, NULL, &zone), 0);
    assert_int_equal(control_delete_delegation_set(world->control, set.id, &problem),
                     SP_ECONFLICT); /* A-DEL-2 */
    assert_int_equal(control_delete_zone_id(world->control, &zone, &change, &problem), 0);
    assert_int_equal(control_delete_delegation_set(world->control, set.id, &problem), 0);
    assert_int_equal(control_delete_delegation_set(world->control, set.id, &problem), SP_ENOENT);
    assert_int_equal(control_find_delegation_set(world->control, set.id, &other, &problem),
                     SP_ENOENT);
    assert_int_equal(control_count_delegation_sets(world->control, &count, &problem), 0);
    assert_int_equal(count, 0);
    assert_int_equal(control_create_delegation_set(world->control, "one", NULL, &other, &problem),
                     SP_EEXIST); /* A-DEL-1 */
    restart(world);              /* the same dice again */
    other = create_set(world, "two", NULL);
    assert_string_not_equal(other.id, set.id); /* A-ID-5 */
}

static void a_server_conflict_is_found_above_below_and_beside(void **state)
{
    struct world *world = *state;
    static const struct row {
        const char *name;
        int expect;
    } rows[] = {
        { "b.lab.test.", 0 },          /* the same name */
        { "lab.test.", 0 },            /* above it */
        { "test.", 0 },                /* far above it */
        { ".", 0 },                    /* above all */
        { "c.b.lab.test.", 0 },        /* below it */
        { "d.c.b.lab.test.", 0 },      /* far below it */
        { "a.lab.test.", SP_ENOENT },  /* beside it */
        { "xb.lab.test.", SP_ENOENT }, /* a name that begins alike */
        { "b.lab.test.net.", SP_ENOENT },
    };
    struct hosted_zone zone = create(world, "b.lab.test.", "r"), private_zone, found;
    uint16_t reserved[ZONE_SERVER_COUNT];
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct problem problem = { 0 };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        wire(name, rows[i].name);
        int rc =
            control_find_server_conflict(world->control, name, zone.name_servers, &found, &problem);
        if (rc != rows[i].expect)
            fail_msg("%s: %d", rows[i].name, rc);
        if (rc == 0)
            assert_string_equal(found.public_id, zone.public_id);
    }
    /* Private zones all have the same servers and stand in nobody's way. */
    assert_int_equal(try_create(world, "p.test.", "p", NULL, "vpc-0a1b2c3d", &private_zone), 0);
    delegation_set_reserved(reserved);
    assert_memory_equal(private_zone.name_servers, reserved, sizeof reserved);
    wire(name, "p.test.");
    assert_int_equal(control_find_server_conflict(world->control, name, reserved, &found, &problem),
                     SP_ENOENT);
}

/* ---- VPCs ---- */

static int note_vpc(void *context, const struct vpc *vpc)
{
    char *text = context;
    snprintf(text + strlen(text), 256 - strlen(text), "%s %s; ", vpc->id, vpc->region);
    return 0;
}

static void assert_vpcs(struct world *world, const struct hosted_zone *zone, const char *expect)
{
    char text[256] = "";
    struct problem problem = { 0 };
    struct vpc_visitor visitor = { note_vpc, text };
    assert_int_equal(control_visit_vpcs(world->control, zone, &visitor, &problem), 0);
    assert_string_equal(text, expect);
}

static void a_private_zone_has_its_vpc_from_the_beginning(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct hosted_zone zone = { 0 }, found;
    uint64_t count;
    assert_int_equal(try_create(world, "lab.test.", "bad", NULL, "vpc-1", &zone), SP_EINVAL);
    assert_int_equal(control_count_zones(world->control, &count, &problem), 0);
    assert_int_equal(count, 0); /* both or nothing */
    assert_int_equal(try_create(world, "lab.test.", "r", NULL, "vpc-0a1b2c3d", &zone), 0);
    restart(world);
    assert_vpcs(world, &zone, "vpc-0a1b2c3d eu-west-1; ");
    assert_int_equal(
        control_find_zone_of_vpc(world->control, zone.name, "vpc-0a1b2c3d", &found, &problem), 0);
    assert_string_equal(found.public_id, zone.public_id);
    assert_int_equal(
        control_find_zone_of_vpc(world->control, zone.name, "vpc-0a1b2c3e", &found, &problem),
        SP_ENOENT);
}

static void vpcs_come_and_go_and_leave_changes(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct hosted_zone zone = { 0 };
    struct vpc vpc, found;
    struct change added, removed, read;
    uint64_t serial = control_serial(world->control);
    bool in_sync = false;
    assert_true(vpc_make(&vpc, "vpc-00000001", NULL));
    assert_int_equal(try_create(world, "lab.test.", "r", NULL, "vpc-0a1b2c3d", &zone), 0);
    assert_int_equal(control_associate_vpc(world->control, &zone, &vpc, "second", &added, &problem),
                     0);
    assert_vpcs(world, &zone, "vpc-00000001 us-east-1; vpc-0a1b2c3d eu-west-1; ");
    assert_int_equal(control_find_vpc(world->control, &zone, vpc.id, &found, &problem), 0);
    assert_string_equal(found.region, "us-east-1");
    assert_int_equal(
        control_disassociate_vpc(world->control, &zone, "vpc-0a1b2c3d", "", &removed, &problem), 0);
    assert_int_equal(control_find_vpc(world->control, &zone, "vpc-0a1b2c3d", &found, &problem),
                     SP_ENOENT);
    restart(world); /* the zone's row still fits its digest */
    assert_vpcs(world, &zone, "vpc-00000001 us-east-1; ");
    assert_int_equal(control_read_change(world->control, added.id, &read, &in_sync, &problem), 0);
    assert_string_equal(read.comment, "second");
    assert_int_equal(control_read_change(world->control, removed.id, &read, &in_sync, &problem), 0);
    assert_true(in_sync);
    assert_int_equal(control_serial(world->control), serial); /* DNS was left alone */
}

static void authorizations_are_stored_pairs(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct hosted_zone zone = { 0 };
    struct vpc vpcs[3];
    struct change change;
    uint64_t count;
    char text[256] = "";
    struct vpc_visitor visitor = { note_vpc, text };
    assert_int_equal(try_create(world, "lab.test.", "r", NULL, "vpc-0a1b2c3d", &zone), 0);
    for (unsigned i = 0; i < COUNT_OF(vpcs); i++) {
        char id[VPC_ID_SIZE];
        snprintf(id, sizeof id, "vpc-0000000%u", i);
        assert_true(vpc_make(&vpcs[i], id, "eu-west-2"));
        assert_int_equal(control_authorize_vpc(world->control, &zone, &vpcs[i], &problem), 0);
    }
    assert_int_equal(control_authorize_vpc(world->control, &zone, &vpcs[0], &problem), 0);
    assert_int_equal(control_count_vpc_authorizations(world->control, &zone, &count, &problem), 0);
    assert_int_equal(count, 3);
    assert_int_equal(control_visit_vpc_authorizations(world->control, &zone, "vpc-00000001", 1,
                                                      &visitor, &problem),
                     0);
    assert_string_equal(text, "vpc-00000001 eu-west-2; ");
    assert_int_equal(
        control_deauthorize_vpc(world->control, &zone, vpcs[1].id, "eu-west-1", &problem),
        SP_ENOENT);
    assert_int_equal(control_deauthorize_vpc(world->control, &zone, vpcs[1].id, NULL, &problem), 0);
    assert_int_equal(control_deauthorize_vpc(world->control, &zone, vpcs[1].id, NULL, &problem),
                     SP_ENOENT);
    assert_vpcs(world, &zone, "vpc-0a1b2c3d eu-west-1; "); /* A-VPC-9: nothing more follows */
    /* All of it goes with the zone. */
    assert_int_equal(control_delete_zone_id(world->control, &zone, &change, &problem), 0);
    assert_vpcs(world, &zone, "");
    assert_int_equal(control_count_vpc_authorizations(world->control, &zone, &count, &problem), 0);
    assert_int_equal(count, 0);
}

/* ---- lists ---- */

static int note_zone(void *context, const struct hosted_zone *zone)
{
    char *text = context;
    snprintf(text + strlen(text), 512 - strlen(text), "%s ", zone->caller_reference);
    return 0;
}

static void zones_are_listed_by_name_then_id(void **state)
{
    static const struct row {
        const char *key;
        unsigned count;
        const char *expect;
    } rows[] = {
        { "", 9, "aa test a-b a lab " }, { "test.", 2, "test a-b " }, /* inclusive */
        { "test.a", 9, "a-b a lab " },   { "test.a.", 1, "a " }, /* A-LST-2: '-' sorts before '.' */
        { "test.zzz.", 9, "" },
    };
    struct world *world = *state;
    struct problem problem = { 0 };
    create(world, "lab.test.", "lab");
    create(world, "a.test.", "a");
    create(world, "a-b.test.", "a-b");
    create(world, "test.", "test");
    create(world, "zz.aa.", "aa");
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[512] = "";
        struct store_visitor visitor = { .zone = note_zone, .context = text };
        assert_int_equal(control_visit_zones_by_name(world->control, rows[i].key, "", rows[i].count,
                                                     &visitor, &problem),
                         0);
        assert_string_equal(text, rows[i].expect);
    }
}

static void zones_of_one_name_are_listed_by_id(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct hosted_zone a = create(world, "lab.test.", "a"), b = create(world, "lab.test.", "b");
    bool a_first = strcmp(a.public_id, b.public_id) < 0;
    const struct hosted_zone *second = a_first ? &b : &a;
    char all[512] = "", rest[512] = "";
    struct store_visitor to_all = { .zone = note_zone, .context = all };
    struct store_visitor to_rest = { .zone = note_zone, .context = rest };
    assert_int_equal(
        control_visit_zones_by_name(world->control, "test.lab.", "", 9, &to_all, &problem), 0);
    assert_string_equal(all, a_first ? "a b " : "b a ");
    assert_int_equal(control_visit_zones_by_name(world->control, "test.lab.", second->public_id, 9,
                                                 &to_rest, &problem),
                     0);
    assert_string_equal(rest, a_first ? "b " : "a ");
}

static void zones_are_filtered_by_delegation_set_and_kind(void **state)
{
    struct world *world = *state;
    struct problem problem = { 0 };
    struct delegation_set set = create_set(world, "white-label", NULL);
    struct hosted_zone zone;
    struct vpc vpc;
    assert_true(vpc_make(&vpc, "vpc-0a1b2c3d", "eu-west-1"));
    create(world, "own.test.", "own");
    assert_int_equal(try_create(world, "lab.test.", "reusable", set.id, NULL, &zone), 0);
    assert_int_equal(try_create(world, "lab.test.", "private", NULL, vpc.id, &zone), 0);
    const struct row {
        struct zone_filter filter;
        const char *expect;
    } rows[] = {
        { { .delegation_set = set.id }, "reusable " },
        { { .private_only = true }, "private " },
        { { .delegation_set = set.id, .private_only = true }, "" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[512] = "";
        struct store_visitor visitor = { .zone = note_zone, .context = text };
        assert_int_equal(
            control_visit_zones_by_id(world->control, "", &rows[i].filter, 9, &visitor, &problem),
            0);
        assert_string_equal(text, rows[i].expect);
    }
    char text[512] = "";
    struct store_visitor visitor = { .zone = note_zone, .context = text };
    assert_int_equal(control_visit_zones_of_vpc(world->control, &vpc, "", 9, &visitor, &problem),
                     0);
    assert_string_equal(text, "private ");
    memcpy(vpc.region, "eu-west-2", sizeof "eu-west-2");
    assert_int_equal(control_visit_zones_of_vpc(world->control, &vpc, "", 9, &visitor, &problem),
                     0);
    assert_string_equal(text, "private "); /* nothing more */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(zones_of_one_name_above_and_below_share_no_server),
        WORLD_TEST(a_zone_of_a_reusable_set_has_its_servers),
        WORLD_TEST(the_servers_of_a_zone_become_a_set_that_it_uses),
        WORLD_TEST(a_set_in_use_stays_and_a_deleted_one_is_not_called_so_again),
        WORLD_TEST(a_server_conflict_is_found_above_below_and_beside),
        WORLD_TEST(a_private_zone_has_its_vpc_from_the_beginning),
        WORLD_TEST(vpcs_come_and_go_and_leave_changes),
        WORLD_TEST(authorizations_are_stored_pairs),
        WORLD_TEST(zones_are_listed_by_name_then_id),
        WORLD_TEST(zones_of_one_name_are_listed_by_id),
        WORLD_TEST(zones_are_filtered_by_delegation_set_and_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
