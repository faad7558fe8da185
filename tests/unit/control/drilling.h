/*
 * drilling.h - a lab to break things in, and what it answers.
 *
 *     www      web-1 (HTTP), else the sorry server           192.0.2.1, 192.0.2.9
 *     both     web-1 and web-2, half and half                192.0.2.1, 192.0.2.2
 *     site     all, calculated from web-1 and web-2          192.0.2.3, 192.0.2.9
 *     lb       an alias to lb1.example, in eu-west-1a and -1b   192.0.2.11, 192.0.2.12
 *     cell     the check of the routing control c1, which is On 192.0.2.21, 192.0.2.9
 *     chain    a CNAME to www, of 300 s
 *     plain    nothing to choose                             192.0.2.99
 *
 * TTLs are 60 s.  Checks look every 10 s and turn after three looks.
 */
#ifndef CONTROL_TEST_DRILLING_H
#define CONTROL_TEST_DRILLING_H

#define WORLD_SLOTS 32
#include "plans.h"
#include "world.h"

#include "signpost/base/clock.h"
#include "signpost/base/log.h"
#include "signpost/control/checks.h"
#include "signpost/control/drills.h"
#include "signpost/control/explain.h"
#include "signpost/control/resources.h"
#include "signpost/control/routing_controls.h"

static struct check_view view; /* large */

static void must(int rc, const struct problem *problem)
{
    if (rc != 0)
        fail_msg("%d: %s", rc, problem->text);
}

/* ---- what is there ---- */

static struct health_check_config endpoint(enum health_check_type type)
{
    struct health_check_config config;
    health_check_config_init(&config, type);
    config.has_address = true;
    assert_null(prefix_from_text(&config.address, "192.0.2.1"));
    config.port = 80;
    config.request_interval_s = 10;
    return config;
}

static void create_check(struct world *world, const char *id, struct health_check_config *config)
{
    struct problem problem = { 0 };
    must(control_create_check(world->control, id, config, true, &view, &problem), &problem);
}

static void create_checks(struct world *world)
{
    static struct health_check_config config;
    config = endpoint(HEALTH_CHECK_HTTP);
    create_check(world, "web-1", &config);
    create_check(world, "web-2", &config);
    health_check_config_init(&config, HEALTH_CHECK_CALCULATED);
    config.health_threshold = config.child_count = 2;
    strcpy(config.children[0], "web-1");
    strcpy(config.children[1], "web-2");
    create_check(world, "all", &config);
    health_check_config_init(&config, HEALTH_CHECK_RECOVERY_CONTROL);
    strcpy(config.routing_control, "c1");
    create_check(world, "cell", &config);
    health_check_config_init(&config, HEALTH_CHECK_MANUAL);
    create_check(world, "idle", &config); /* nothing names it */
}

static void set_control(struct world *world, const char *name, bool is_on)
{
    struct problem problem = { 0 };
    const struct routing_state state = { name, is_on };
    const struct routing_call call = { .states = &state, .count = 1, .asks_no_rule = true };
    must(control_set_routing_states(world->control, &call, 1700000000000, &problem), &problem);
}

static void create_control(struct world *world, const char *name)
{
    struct problem problem = { 0 };
    struct routing_control created;
    must(control_create_routing_control(world->control, name, "default", 1700000000000, &created,
                                        &problem),
         &problem);
    set_control(world, name, true);
}

static void create_resource(struct world *world)
{
    struct problem problem = { 0 };
    struct resource_entry entry = { .kind = RESOURCE_APPLICATION_LOAD_BALANCER, .ttl_s = 60 };
    wire(entry.name, "lb1.example.");
    must(resource_add_address(&entry, "eu-west-1a", "192.0.2.11", &problem), &problem);
    must(resource_add_address(&entry, "eu-west-1b", "192.0.2.12", &problem), &problem);
    must(control_put_resource(world->control, &entry, &problem), &problem);
}

static const char lab_zone[] =
    "$TTL 60\n"
    "chain 300 CNAME www\n"
    "plain A 192.0.2.99\n"
    ";@ www 60 IN A failover id=\"1\" role=PRIMARY check=web-1 value 192.0.2.1\n"
    ";@ www 60 IN A failover id=\"2\" role=SECONDARY value 192.0.2.9\n"
    ";@ both 60 IN A weighted id=\"1\" weight=1 check=web-1 value 192.0.2.1\n"
    ";@ both 60 IN A weighted id=\"2\" weight=1 check=web-2 value 192.0.2.2\n"
    ";@ site 60 IN A failover id=\"1\" role=PRIMARY check=all value 192.0.2.3\n"
    ";@ site 60 IN A failover id=\"2\" role=SECONDARY value 192.0.2.9\n"
    ";@ cell 60 IN A failover id=\"1\" role=PRIMARY check=cell value 192.0.2.21\n"
    ";@ cell 60 IN A failover id=\"2\" role=SECONDARY value 192.0.2.9\n"
    ";@ lb IN A simple alias lb1.example. zone=ZSIGNPOSTRESOURCES evaluate-health=yes\n";

static void import(struct world *world, const char *text)
{
    struct problem problem = { 0 };
    struct change change;
    struct draft *draft = NULL;
    uint8_t name[DNS_NAME_SIZE_MAX];
    wire(name, "lab.test.");
    must(control_draft_import(world->control, name, true, &draft, &problem), &problem);
    struct zone_reader *reader = zone_reader_create(draft, "lab.zone");
    struct span span = { (const uint8_t *)text, strlen(text) };
    must(zone_reader_feed(reader, span, &problem), &problem);
    must(zone_reader_finish(reader, &defaults, control_references(world->control), &problem),
         &problem);
    must(control_import(world->control, draft, true, &change, &problem), &problem);
    zone_reader_destroy(reader);
    draft_destroy(draft);
}

static int lab_setup(void **state)
{
    if (world_setup(state) != 0)
        return -1;
    struct world *world = *state;
    log_open("/dev/null", LOG_LEVEL_ERROR, false);
    create_control(world, "c1");
    create_control(world, "c2");
    create_checks(world);
    create_resource(world);
    import(world, lab_zone);
    return 0;
}

#define LAB_TEST(test) cmocka_unit_test_setup_teardown(test, lab_setup, world_teardown)

/* ---- what happens ---- */

/* A plan of the breaks and the names that are watched, one in a line each: it lives until the next
 * call.  Everything lasts an hour. */
static struct drill_plan *plan_of(const char *breaks, const char *names)
{
    static struct drill_break parts[DRILL_STEPS_MAX];
    static struct drill_watch watches[DRILL_WATCHES_MAX];
    static struct drill_plan plan;
    char text[4000], *rest, *line;
    plan = (struct drill_plan){
        .name = "spring", .for_ms = 3600000, .breaks = parts, .watches = watches
    };
    strcpy(rest = text, breaks);
    while ((line = strsep(&rest, "\n")) != NULL)
        if (*line != '\0')
            parts[plan.break_count++] = break_of(line);
    strcpy(rest = text, names);
    while ((line = strsep(&rest, "\n ")) != NULL) {
        char name[300];
        if (*line == '\0')
            continue;
        snprintf(name, sizeof name, "%s%s", line, strchr(line, '.') != NULL ? "" : ".lab.test.");
        watches[plan.watch_count++] = watch_of(name, NULL);
    }
    return &plan;
}

/* The values of the answer to that name's A, in their order, each once: what any draw may give. */
static const char *answer_to(struct world *world, const char *name)
{
    static char text[500];
    struct problem problem = { 0 };
    struct question question = { .type = DNS_TYPE_A };
    struct explanation *explanation = NULL;
    char full[300], value[64];
    snprintf(full, sizeof full, "%s.lab.test.", name);
    wire(question.name, full);
    prefix_from_text(&question.source, "127.0.0.1");
    must(control_explain(world->control, &question, NULL, 1, &explanation, &problem), &problem);
    text[0] = '\0';
    for (unsigned octet = 0; octet < 256; octet++)
        for (unsigned i = 0; i < explanation->answer_count; i++) {
            const struct reply_record *record = &explanation->answers[i];
            if (record->type != DNS_TYPE_A || record->rdata.data[3] != octet)
                continue;
            inet_ntop(AF_INET, record->rdata.data, value, sizeof value);
            sprintf(text + strlen(text), "%s%s", text[0] == '\0' ? "" : " ", value);
        }
    explanation_destroy(explanation);
    return text;
}

#endif
