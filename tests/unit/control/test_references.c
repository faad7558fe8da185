/*
 * What record sets name is looked for where it is kept: names of the zone that the change does not
 * touch, other zones, health checks, collections and resources.
 */
#include "world.h"

#include "signpost/control/checks.h"
#include "signpost/control/collections.h"
#include "signpost/control/resources.h"

/* What "signpost zone import" does. */
static int import(struct world *world, const char *zone_name, const char *text,
                  struct problem *out_problem)
{
    struct draft *draft = NULL;
    struct change change;
    uint8_t name[DNS_NAME_SIZE_MAX];
    struct span span = { (const uint8_t *)text, strlen(text) };
    wire(name, zone_name);
    assert_int_equal(control_draft_import(world->control, name, false, &draft, NULL), 0);
    struct zone_reader *reader = zone_reader_create(draft, "import");
    int rc = zone_reader_feed(reader, span, out_problem);
    if (rc == 0)
        rc = zone_reader_finish(reader, &defaults, control_references(world->control), out_problem);
    if (rc == 0)
        rc = control_import(world->control, draft, false, &change, out_problem);
    zone_reader_destroy(reader);
    draft_destroy(draft);
    return rc;
}

static void must_import(struct world *world, const char *zone_name, const char *text)
{
    struct problem problem = { 0 };
    if (import(world, zone_name, text, &problem) != 0)
        fail_msg("%s", problem.text);
}

static struct draft *read_zone(struct world *world, const char *zone_name)
{
    struct draft *draft = NULL;
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, zone_name);
    assert_int_equal(control_read_zone(world->control, name, &draft, NULL), 0);
    return draft;
}

/* UPSERT of the one set in a line of a zone file of lab.test. */
static int upsert(struct world *world, const char *line, struct problem *out_problem)
{
    struct draft *stored = read_zone(world, "lab.test.");
    struct draft *draft = draft_create(&stored->zone, true);
    struct zone_reader *reader = zone_reader_create(draft, "change");
    struct change_item item = { .action = CHANGE_UPSERT };
    struct change_batch batch = { 1, &item };
    struct change change;
    struct span span = { (const uint8_t *)line, strlen(line) };
    *out_problem = (struct problem){ 0 };
    if (zone_reader_feed(reader, span, out_problem) != 0)
        fail_msg("%s", out_problem->text);
    assert_int_equal(draft->name_count, 1);
    memcpy(item.owner, draft->names[0]->owner, dns_name_size(draft->names[0]->owner));
    item.set = *draft->names[0]->sets;
    item.set.line = 0;
    int rc = control_change(world->control, stored->zone.name, &batch, &change, out_problem);
    zone_reader_destroy(reader);
    draft_destroy(draft);
    draft_destroy(stored);
    return rc;
}

static void must_upsert(struct world *world, const char *line)
{
    struct problem problem;
    if (upsert(world, line, &problem) != 0)
        fail_msg("%s: %s", line, problem.text);
}

static void must_fail(struct world *world, const char *line, int status, const char *words)
{
    struct problem problem;
    char *before = dump(world->store);
    if (upsert(world, line, &problem) != status || strstr(problem.text, words) == NULL)
        fail_msg("%s: %d %s", line, problem.status, problem.text);
    assert_dump(world->store, before);
    free(before);
}

static void aliases_are_followed_into_names_that_are_stored(void **state)
{
    struct world *world = *state;
    must_import(world, "lab.test.",
                "$TTL 60\nwww A 192.0.2.1\n;@ a A simple alias b\n;@ b A simple alias www\n");
    must_upsert(world, ";@ c IN A simple alias a\n");
    must_fail(world, ";@ d IN A simple alias nobody\n", SP_EINVAL, "that target was not found");
    must_fail(world, ";@ d IN AAAA simple alias www\n", SP_EINVAL, "that target was not found");
    must_fail(world, ";@ www IN A simple alias c\n", SP_EINVAL, "alias loop");
    struct draft *lab = read_zone(world, "lab.test.");
    assert_int_equal(lab->zone.record_count, 9); /* an alias counts as one */
    draft_destroy(lab);
}

static void records_of_another_zone_are_no_targets(void **state)
{
    struct world *world = *state;
    struct problem problem;
    char line[128];
    must_import(world, "lab.test.", "");
    must_import(world, "other.test.", "www 60 A 192.0.2.1\n");
    struct draft *other = read_zone(world, "other.test.");
    snprintf(line, sizeof line, ";@ a IN A simple alias www.other.test. zone=%s\n",
             other->zone.public_id);
    must_fail(world, line, SP_EINVAL, "that target was not found");
    snprintf(line, sizeof line, ";@ a A simple alias www.other.test. zone=%s\n",
             other->zone.public_id);
    assert_int_equal(import(world, "third.test.", line, &problem), SP_EINVAL);
    assert_non_null(strstr(problem.text, "import:1: Tried to create an alias"));
    must_fail(world, ";@ a IN A simple alias www.other.test. zone=ZNOBODY\n", SP_EINVAL,
              "does not lie within the target zone"); /* A-CHG-54 */
    /* Without an id, a name elsewhere is taken for a resource; here it is none. */
    static const char without_id[] =
        ";@ a IN A simple alias www.other.test. zone=" RESOURCE_ZONE_ID "\n";
    must_fail(world, without_id, SP_EINVAL, "that target was not found");
    struct resource_entry entry = { .kind = RESOURCE_OTHER, .ttl_s = 60, .address_count = 1 };
    prefix_from_text(&entry.addresses[0].address, "192.0.2.1");
    strcpy(entry.addresses[0].zone, "az1");
    wire(entry.name, "www.other.test.");
    assert_int_equal(control_put_resource(world->control, &entry, NULL), 0);
    must_upsert(world, without_id);
    draft_destroy(other);
}

static void health_checks_must_be_there(void **state)
{
    static const char line[] = ";@ a 60 IN A simple check=web-1 value 192.0.2.1\n";
    struct world *world = *state;
    struct problem problem;
    static struct check_view view;
    static struct health_check_config config;
    must_import(world, "lab.test.", "");
    must_fail(world, line, SP_ENOENT, "A health check with id web-1 does not exist.");
    assert_int_equal(import(world, "other.test.", line, &problem), SP_EINVAL);
    assert_string_equal(problem.text,
                        "import:1: a.other.test. A: A health check with id web-1 does not exist. "
                        "\"signpost health create web-1\" makes it.");
    assert_int_equal(control_create_check(world->control, "web-1", &config, true, &view, NULL), 0);
    must_upsert(world, line);
    must_import(world, "other.test.", line);
}

static void collections_and_locations_must_be_there(void **state)
{
    static struct cidr_collection collection;
    static const struct cidr_change office = { CIDR_PUT,
                                               { "office", { IP_V4, 24, { 198, 51, 100 } } } };
    struct cidr_batch batch = { 0, 1, &office };
    struct world *world = *state;
    char named[160], rest[160];
    must_import(world, "lab.test.", "");
    assert_int_equal(control_create_collection(world->control, "pool", &collection, NULL), 0);
    snprintf(named, sizeof named,
             ";@ a 60 IN A cidr id=1 collection=%s location=office value 192.0.2.1\n",
             collection.id);
    snprintf(rest, sizeof rest, ";@ a 60 IN A cidr id=2 collection=%s location=* value 192.0.2.2\n",
             collection.id);
    must_fail(world, ";@ a 60 IN A cidr id=1 collection=pool location=* value 192.0.2.1\n",
              SP_EINVAL, "there is no CIDR collection with the id pool");
    must_fail(world, named, SP_EINVAL, "has no location office");
    must_upsert(world, rest);
    assert_int_equal(
        control_change_collection(world->control, collection.id, &batch, &collection, NULL), 0);
    must_upsert(world, named);
}

static void the_kind_of_a_resource_counts(void **state)
{
    static struct resource_entry cdn = { .kind = RESOURCE_CLOUDFRONT, .ttl_s = 60 };
    static const char line[] =
        ";@ a IN A simple alias cdn.example. zone=" RESOURCE_ZONE_ID " evaluate-health=yes\n";
    struct world *world = *state;
    must_import(world, "lab.test.", "");
    must_upsert(world, line); /* nobody knows what it is */
    wire(cdn.name, "cdn.example.");
    assert_int_equal(resource_add_address(&cdn, "us-east-1a", "192.0.2.7", NULL), 0);
    assert_int_equal(control_put_resource(world->control, &cdn, NULL), 0);
    must_fail(world, line, SP_EINVAL, "EvaluateTargetHealth must be false");
}

static const struct CMUnitTest tests[] = {
    WORLD_TEST(aliases_are_followed_into_names_that_are_stored),
    WORLD_TEST(records_of_another_zone_are_no_targets),
    WORLD_TEST(health_checks_must_be_there),
    WORLD_TEST(collections_and_locations_must_be_there),
    WORLD_TEST(the_kind_of_a_resource_counts),
};

RUN_TESTS(tests)
