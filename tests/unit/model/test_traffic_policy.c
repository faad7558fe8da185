/*
 * Traffic policy documents: what is read, what is refused and in which words, and the record sets
 * that a document stands for.
 *
 * Documents are written with ' for ".  E is three endpoints e1 to e3 of type A.
 */
#include "tests.h"

#include "signpost/dns/rdata.h"
#include "signpost/dns/types.h"
#include "signpost/model/traffic_policy.h"
#include "signpost/model/zone_file.h"

#define A    "{'AWSPolicyFormatVersion':'2015-10-01','RecordType':'A',"
#define A23  "{'AWSPolicyFormatVersion':'2023-05-09','RecordType':'A',"
#define V(n) "'e" #n "':{'Type':'value','Value':'10.0.0." #n "'}"
#define E    "'Endpoints':{" V(1) "," V(2) "," V(3) "},"
/* A whole document of one rule called r. */
#define RULE(rule)   A E "'StartRule':'r','Rules':{'r':" rule "}}"
#define RULE23(rule) A23 E "'StartRule':'r','Rules':{'r':" rule "}}"
/* A whole document of one endpoint. */
#define POINT(endpoint) A "'StartEndpoint':'e','Endpoints':{'e':" endpoint "}}"

static const struct hosted_zone zone = { .public_id = "ZLAB", .name = "\3lab\4test" };

/* ---- reading ---- */

static const char *quoted(struct arena *arena, const char *text)
{
    char *copy = arena_copy(arena, text, strlen(text) + 1);
    for (char *at = copy; *at != '\0'; at++)
        if (*at == '\'')
            *at = '"';
    return copy;
}

static int read_document(struct arena *arena, const char *text, struct traffic_document *out,
                         struct problem *problem)
{
    return traffic_document_read(arena, quoted(arena, text), NULL, out, problem);
}

/* ---- the tree as text ---- */

struct listing {
    char text[8192];
    size_t size;
};

static void put(struct listing *listing, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void put(struct listing *listing, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    listing->size += (size_t)vsnprintf(listing->text + listing->size,
                                       sizeof listing->text - listing->size, format, arguments);
    va_end(arguments);
    assert_true(listing->size < sizeof listing->text);
}

static void put_name(struct listing *listing, const uint8_t *name)
{
    char text[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(text, name);
    put(listing, "%s", text);
}

static void put_routing(struct listing *listing, const struct record_set *set)
{
    const struct routing *routing = set->routing;
    put(listing, " %s", routing_policy_name(set->policy));
    if (set->policy == ROUTING_WEIGHTED)
        put(listing, " %u", routing->weight);
    if (routing != NULL && routing->bias != 0)
        put(listing, " bias %d", routing->bias);
    if (set->set_identifier[0] != '\0')
        put(listing, " \"%s\"", set->set_identifier);
    if (set->health_check != NULL)
        put(listing, " check %s", set->health_check);
}

static void put_content(struct listing *listing, struct arena *arena, const struct record_set *set)
{
    struct span packed = set->values, rdata;
    while (dns_values_next(&packed, &rdata))
        put(listing, " %u %s", set->ttl_s, rdata_to_text(arena, set->type, rdata));
    if (set->alias == NULL)
        return;
    put(listing, " -> ");
    put_name(listing, set->alias->name);
    if (strcmp(set->alias->zone_id, zone.public_id) != 0)
        put(listing, " of %s", set->alias->zone_id);
    if (set->alias->evaluate_health)
        put(listing, ", with its health");
}

static void list_tree(struct listing *listing, struct arena *arena,
                      const struct change_batch *batch)
{
    listing->size = 0;
    listing->text[0] = '\0';
    for (uint32_t i = 0; i < batch->count; i++) {
        const struct change_item *item = &batch->items[i];
        assert_int_equal(item->action, CHANGE_CREATE);
        assert_int_equal(item->set.traffic_policy_instance != NULL, i == batch->count - 1);
        put_name(listing, item->owner);
        put_routing(listing, &item->set);
        put_content(listing, arena, &item->set);
        put(listing, "\n");
    }
}

static void make_tree(struct listing *listing, struct arena *arena,
                      const struct traffic_document *document)
{
    struct traffic_tree tree = { .zone = &zone,
                                 .name = (const uint8_t *)"\2tp\3lab\4test",
                                 .ttl_s = 30,
                                 .instance = "any",
                                 .number = 7,
                                 .generation = 2 };
    struct change_batch batch;
    struct problem problem = { 0 };
    if (traffic_tree_make(arena, document, &tree, &batch, &problem) != 0)
        fail_msg("%s", problem.text);
    list_tree(listing, arena, &batch);
}

#define G    "T7v2-0-r.lab.test."
#define ROOT "tp.lab.test. simple -> " G ", with its health\n"

static void a_document_becomes_record_sets(void **state)
{
    static const struct row {
        const char *why, *document, *tree;
    } rows[] = {
        { "R-TPF-3: a value is the root itself", POINT("{'Type':'value','Value':'10.0.0.1'}"),
          "tp.lab.test. simple 30 10.0.0.1\n" },
        { "a resource is an alias, whose health counts",
          POINT("{'Type':'elastic-load-balancer','Value':'DualStack.lb.example'}"),
          "tp.lab.test. simple -> dualstack.lb.example. of ZSIGNPOSTRESOURCES, with its health\n" },
        { "R-ALI-12: but for CloudFront's",
          POINT("{'Type':'cloudfront','Value':'d1.cloudfront.net'}"),
          "tp.lab.test. simple -> d1.cloudfront.net. of ZSIGNPOSTRESOURCES\n" },
        { "R-TPF-8: booleans and numbers as texts and as they are",
          RULE("{'RuleType':'weighted','Items':["
               "{'EndpointReference':'e1','Weight':'70','HealthCheck':'h1'},"
               "{'EndpointReference':'e2','Weight':0,'EvaluateTargetHealth':'true'}]}"),
          G " weighted 70 \"r: 1 e1\" check h1 30 10.0.0.1\n" G
            " weighted 0 \"r: 2 e2\" 30 10.0.0.2\n" ROOT },
        { "failover",
          RULE("{'RuleType':'failover','Primary':{'EndpointReference':'e1','HealthCheck':'h1'},"
               "'Secondary':{'EndpointReference':'e1'}}"),
          G " failover \"r: PRIMARY\" check h1 30 10.0.0.1\n" G
            " failover \"r: SECONDARY\" 30 10.0.0.1\n" ROOT },
        { "R-TPF-8: * is the default, and IsDefault is *",
          RULE("{'RuleType':'geo','Locations':["
               "{'EndpointReference':'e1','Country':'US','Subdivision':'CA'},"
               "{'EndpointReference':'e2','Continent':'EU','IsDefault':false},"
               "{'EndpointReference':'e3','IsDefault':'true'}]}"),
          G " geolocation \"r: US-CA\" 30 10.0.0.1\n" G " geolocation \"r: EU\" 30 10.0.0.2\n" G
            " geolocation \"r: *\" 30 10.0.0.3\n" ROOT },
        { "latency",
          RULE("{'RuleType':'latency','Regions':["
               "{'EndpointReference':'e1','Region':'eu-west-1'}]}"),
          G " latency \"r: eu-west-1\" 30 10.0.0.1\n" ROOT },
        { "geoproximity of 2015-10-01",
          RULE("{'RuleType':'geoproximity','GeoproximityLocations':["
               "{'EndpointReference':'e1','Region':'aws:route53:eu-west-1','Bias':'-10'},"
               "{'EndpointReference':'e2','Latitude':'47.6','Longitude':-122.33}]}"),
          G " geoproximity bias -10 \"r: eu-west-1\" 30 10.0.0.1\n" G
            " geoproximity \"r: 47.60,-122.33\" 30 10.0.0.2\n" ROOT },
        { "geoproximity of 2023-05-09",
          RULE23("{'RuleType':'geoproximity','GeoproximityLocations':["
                 "{'EndpointReference':'e1','Location':{'Type':'Region','LocationName':"
                 "'aws:route53:eu-west-1'}},"
                 "{'EndpointReference':'e2','Location':{'Type':'LocalZone','LocationName':"
                 "'aws:route53:us-west-2-den-1'},'Bias':99},"
                 "{'EndpointReference':'e3','Location':{'Type':'Coordinate','Latitude':-0.5,"
                 "'Longitude':'180'}}]}"),
          G " geoproximity \"r: eu-west-1\" 30 10.0.0.1\n" G
            " geoproximity bias 99 \"r: us-west-2-den-1\" 30 10.0.0.2\n" G
            " geoproximity \"r: -0.50,180.00\" 30 10.0.0.3\n" ROOT },
        { "multivalue",
          RULE("{'RuleType':'multivalue','Items':[{'EndpointReference':'e1'},"
               "{'EndpointReference':'e1','HealthCheck':'h1'}]}"),
          G " multivalue \"r: 1 e1\" 30 10.0.0.1\n" G
            " multivalue \"r: 2 e1\" check h1 30 10.0.0.1\n" ROOT },
        { "R-TPF-7: a rule that is used twice stands before both; one that is not used, not at all",
          A E "'StartRule':'r','Rules':{"
              "'r':{'RuleType':'failover','Primary':{'RuleReference':'a','EvaluateTargetHealth':"
              "'true','HealthCheck':'h1'},'Secondary':{'RuleReference':'b'}},"
              "'a':{'RuleType':'multivalue','Items':[{'EndpointReference':'e1'}]},"
              "'unused':{'RuleType':'multivalue','Items':[{'EndpointReference':'e3'}]},"
              "'b':{'RuleType':'latency','Regions':[{'RuleReference':'a','Region':'eu-west-1'}]}}}",
          "T7v2-1-a.lab.test. multivalue \"a: 1 e1\" 30 10.0.0.1\n"
          "T7v2-3-b.lab.test. latency \"b: eu-west-1\" -> T7v2-1-a.lab.test.\n" G
          " failover \"r: PRIMARY\" check h1 -> T7v2-1-a.lab.test., with its health\n" G
          " failover \"r: SECONDARY\" -> T7v2-3-b.lab.test.\n" ROOT },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        static struct listing listing;
        struct arena *arena = arena_create();
        struct traffic_document document;
        struct problem problem = { 0 };
        if (read_document(arena, rows[i].document, &document, &problem) != 0)
            fail_msg("%s: %s", rows[i].why, problem.text);
        make_tree(&listing, arena, &document);
        if (strcmp(listing.text, rows[i].tree) != 0)
            fail_msg("%s:\n%s\nand not:\n%s", rows[i].why, listing.text, rows[i].tree);
        arena_destroy(arena);
    }
}

/* ---- faults ---- */

#define ITEM(rest)     RULE("{'RuleType':'weighted','Items':[{'EndpointReference':'e1'" rest "}]}")
#define LOCATION(rest) RULE("{'RuleType':'geo','Locations':[{'EndpointReference':'e1'" rest "}]}")
#define PLACE(rest)                                                                                \
    RULE("{'RuleType':'geoproximity','GeoproximityLocations':[{'EndpointReference':'e1'" rest "}]" \
         "}")
#define PLACE23(rest)                                                                              \
    RULE23("{'RuleType':'geoproximity','GeoproximityLocations':[{'EndpointReference':'e1',"        \
           "'Location':" rest "}]}")
#define AT_PLACE "Rules.r.GeoproximityLocations[0]"

static void every_fault_is_named_with_its_place(void **state)
{
    static const struct row {
        const char *document, *text;
    } rows[] = {
        /* the text */
        { "", "line 1: it is not JSON: '[' or '{' expected near end of file" },
        { "{'RecordType':'A','RecordType':'A'}",
          "line 1: it is not JSON: duplicate object key near '\"RecordType\"'" },
        { "[]", "it is not an object" },

        /* the whole */
        { "{'AWSPolicyFormatVersion':'2015-10-01','RecordType':'A','StartEndpoint':'e','More':1,"
          "'Endpoints':{'e':{'Type':'value','Value':'10.0.0.1'}}}",
          "More: there is no such key; here stand AWSPolicyFormatVersion, RecordType, StartRule, "
          "StartEndpoint, Endpoints and Rules" },
        { "{}", "it needs its AWSPolicyFormatVersion; it needs its RecordType; it needs exactly "
                "one of StartEndpoint and StartRule" },
        { "{'AWSPolicyFormatVersion':'2020-01-01','RecordType':'NS','StartRule':1,'Endpoints':[]}",
          "AWSPolicyFormatVersion: \"2020-01-01\" is neither 2015-10-01 nor 2023-05-09; "
          "RecordType: "
          "\"NS\" is not a type that a traffic policy can have; Endpoints: it is not an object; "
          "StartRule: it is not a text; it needs exactly one of StartEndpoint and StartRule" },
        { A E "'StartRule':'r','StartEndpoint':'e1','Rules':{}}",
          "it needs exactly one of StartEndpoint and StartRule" },
        { A E "'StartRule':'r','Rules':{}}", "StartRule: there is no rule \"r\"" },
        { A E "'StartEndpoint':'e4'}", "StartEndpoint: there is no endpoint \"e4\"" },

        /* endpoints */
        { POINT("[]"), "Endpoints.e: it is not an object" },
        { POINT("{'Type':'value'}"), "Endpoints.e: it needs its Value" },
        { POINT("{'Type':'value','Value':''}"), "Endpoints.e: it needs its Value" },
        { POINT("{'Type':'value','Value':true}"), "Endpoints.e.Value: it is not a text" },
        { POINT("{'Type':'value','Value':'10.0.0'}"),
          "Endpoints.e.Value: \"10.0.0\" is not an IPv4 address; it is written: A address" },
        { POINT("{'Type':'elb','Value':'lb.example'}"),
          "Endpoints.e.Type: \"elb\" is not one of value, cloudfront, application-load-balancer, "
          "elastic-load-balancer, network-load-balancer, elastic-beanstalk or s3-website" },
        { POINT("{'Type':'s3-website','Value':'s3.example'}"),
          "Endpoints.e: an endpoint of the type s3-website needs its Region" },
        { POINT("{'Type':'s3-website','Value':'s3.example','Region':'mars'}"),
          "Endpoints.e.Region: there is no Region \"mars\" (they are written as eu-west-1)" },
        { POINT("{'Type':'cloudfront','Value':'a..b'}"),
          "Endpoints.e.Value: \"a..b\" is no domain name: a name cannot have an empty label" },
        { "{'AWSPolicyFormatVersion':'2015-10-01','RecordType':'AAAA','StartEndpoint':'e',"
          "'Endpoints':{'e':{'Type':'elastic-beanstalk','Value':'app.example'}}}",
          "Endpoints.e.Value: a resource of the kind beanstalk has no records of type AAAA" },
        { POINT("{'Type':'value','Value':'10.0.0.1','TTL':5}"),
          "Endpoints.e.TTL: there is no such key; here stand Type, Region and Value" },

        /* rules */
        { RULE("1"), "Rules.r: it is not an object" },
        { RULE("{}"), "Rules.r: it needs its RuleType" },
        { RULE("{'RuleType':'cidr'}"),
          "Rules.r.RuleType: \"cidr\" is not one of failover, geo, geoproximity, latency, weighted "
          "and multivalue" },
        { RULE("{'RuleType':'failover','Primary':{'EndpointReference':'e1'}}"),
          "Rules.r: it needs its Secondary" },
        { RULE("{'RuleType':'failover','Items':[]}"),
          "Rules.r.Items: there is no such key; here stand RuleType, Primary and Secondary; "
          "Rules.r: it needs its Primary; Rules.r: it needs its Secondary" },
        { RULE("{'RuleType':'weighted','Items':[]}"),
          "Rules.r.Items: it is not a list of 1 to 100 members" },
        { RULE("{'RuleType':'weighted'}"), "Rules.r.Items: it is not a list of 1 to 100 members" },
        { RULE("{'RuleType':'weighted','Items':[7]}"), "Rules.r.Items[0]: it is not an object" },
        { RULE("{'RuleType':'weighted','Items':[{'Weight':1}]}"),
          "Rules.r.Items[0]: it needs exactly one of EndpointReference and RuleReference" },
        { RULE("{'RuleType':'weighted','Items':[{'Weight':1,'RuleReference':'r2'}]}"),
          "Rules.r.Items[0].RuleReference: there is no rule \"r2\"" },

        /* R-TPF-7: what multivalue may not, and circles */
        { RULE("{'RuleType':'multivalue','Items':[{'RuleReference':'r'}]}"),
          "Rules.r.Items[0]: a multivalue rule refers to endpoints alone" },
        { A "'StartRule':'r','Endpoints':{'c':{'Type':'cloudfront','Value':'d1.cloudfront.net'}},"
            "'Rules':{'r':{'RuleType':'multivalue','Items':[{'EndpointReference':'c'}]}}}",
          "Rules.r.Items[0]: a multivalue rule refers to endpoints of the type value alone" },
        { RULE("{'RuleType':'latency','Regions':[{'RuleReference':'r','Region':'eu-west-1'}]}"),
          "Rules.r: its reference to the rule r closes a circle" },
        { A E "'StartEndpoint':'e1','Rules':{"
              "'a':{'RuleType':'latency','Regions':[{'RuleReference':'b','Region':'eu-west-1'}]},"
              "'b':{'RuleType':'latency','Regions':[{'RuleReference':'a','Region':'eu-west-1'}]}}}",
          "Rules.b: its reference to the rule a closes a circle" },

        /* health */
        { ITEM(",'Weight':1,'EvaluateTargetHealth':'yes'"),
          "Rules.r.Items[0].EvaluateTargetHealth: it is not true or false" },
        { ITEM(",'Weight':1,'HealthCheck':5"), "Rules.r.Items[0].HealthCheck: it is not a text" },
        { A "'StartRule':'r','Endpoints':{'c':{'Type':'cloudfront','Value':'d1.cloudfront.net'}},"
            "'Rules':{'r':{'RuleType':'failover','Primary':{'EndpointReference':'c',"
            "'EvaluateTargetHealth':true},'Secondary':{'EndpointReference':'c'}}}}",
          "Rules.r.Primary.EvaluateTargetHealth: it must be false for a resource of the kind "
          "cloudfront; Rules.r: CloudFront distributions cannot be both the primary and the "
          "secondary" },

        /* weights */
        { ITEM(""), "Rules.r.Items[0]: it needs its Weight" },
        { ITEM(",'Weight':256"),
          "Rules.r.Items[0].Weight: it is not a whole number from 0 to 255" },
        { ITEM(",'Weight':'1.5'"),
          "Rules.r.Items[0].Weight: it is not a whole number from 0 to 255" },
        { ITEM(",'Weight':1.0"),
          "Rules.r.Items[0].Weight: it is not a whole number from 0 to 255" },

        /* places */
        { LOCATION(""), "Rules.r.Locations[0]: a geolocation is a continent, a country, a country "
                        "and its subdivision, or * in place of a country" },
        { LOCATION(",'Country':'DE','IsDefault':true"),
          "Rules.r.Locations[0]: the default has no place, or * as its Country" },
        { LOCATION(",'Country':'Germany'"),
          "Rules.r.Locations[0].Country: there is no Country \"Germany\"" },
        { LOCATION(",'Country':'QQ'"), "Rules.r.Locations[0]: there is no country \"QQ\" (two "
                                       "capital letters of ISO 3166, as GB)" },
        { LOCATION(",'Continent':'EU'},{'EndpointReference':'e2','Continent':'EU'"),
          "Rules.r.Locations[1]: EU is there already" },
        { LOCATION(",'IsDefault':true},{'EndpointReference':'e2','Country':'*'"),
          "Rules.r.Locations[1]: * is there already" },
        { RULE("{'RuleType':'latency','Regions':[{'EndpointReference':'e1','Region':'mars'}]}"),
          "Rules.r.Regions[0].Region: there is no Region \"mars\" (they are written as "
          "eu-west-1)" },
        { PLACE(""), AT_PLACE ": a geoproximity set has one place: a Region, a Local Zone group, "
                              "or a latitude and a longitude" },
        { PLACE(",'Region':'us-east-1'"),
          AT_PLACE ".Region: \"us-east-1\" is not written as aws:route53:us-east-1" },
        { PLACE(",'Region':'aws:route53:mars'"),
          AT_PLACE ": there is no Region \"mars\" (they are written as eu-west-1)" },
        { PLACE(",'Latitude':'47.605','Longitude':'0'"), /* R-TPF-10 */
          AT_PLACE ".Latitude: it is not a number from -90 to 90 with at most two decimals" },
        { PLACE(",'Latitude':0,'Longitude':180.005"),
          AT_PLACE ".Longitude: it is not a number from -180 to 180 with at most two decimals" },
        { PLACE(",'Latitude':0,'Longitude':0,'Bias':'100'"),
          AT_PLACE ".Bias: it is not a whole number from -99 to 99" },
        { PLACE(",'Latitude':0,'Longitude':0},{'EndpointReference':'e2','Latitude':'0.0',"
                "'Longitude':'-0'"),
          "Rules.r.GeoproximityLocations[1]: 0.00,0.00 is there already" },
        { PLACE(",'Location':{'Type':'Region','LocationName':'aws:route53:us-east-1'}"),
          AT_PLACE ".Location: there is no such key; here stand EndpointReference, RuleReference, "
                   "Region, Latitude, Longitude, Bias, EvaluateTargetHealth and HealthCheck" },
        { PLACE23("[]"), AT_PLACE ".Location: it is not an object" },
        { PLACE23("{'Type':'City','LocationName':'aws:route53:us-east-1'}"),
          AT_PLACE ".Location.Type: \"City\" is not one of Region, LocalZone and Coordinate" },
        { PLACE23("{'Type':'LocalZone','LocationName':'aws:route53:moon-1'}"),
          AT_PLACE ": there is no Local Zone group \"moon-1\" (such as us-west-2-den-1)" },
        { RULE23("{'RuleType':'geoproximity','GeoproximityLocations':[{'EndpointReference':"
                 "'e1'}]}"),
          AT_PLACE ": it needs its Location" },

        /* ids */
        { A "'StartEndpoint':'\\u00e9','Endpoints':{'\\u00e9':{'Type':'value','Value':"
            "'10.0.0.1'}}}",
          "Endpoints.\?\?: an id is 1 to 128 printable ASCII characters" },

        /* types */
        { "{'AWSPolicyFormatVersion':'2015-10-01','RecordType':'CNAME','StartRule':'r','Endpoints':"
          "{'e':{'Type':'value','Value':'a.example'}},'Rules':{'r':{'RuleType':'multivalue',"
          "'Items':[{'EndpointReference':'e'}]}}}",
          "Rules.r: a CNAME cannot be a multivalue answer" },
    };
    unsigned wrong = 0;
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct arena *arena = arena_create();
        struct traffic_document document;
        struct problem problem = { 0 };
        assert_int_equal(read_document(arena, rows[i].document, &document, &problem), SP_EINVAL);
        if (strcmp(problem.text, rows[i].text) != 0)
            wrong++, print_error("%s\nsays: %s\nnot:  %s\n", rows[i].document, problem.text,
                                 rows[i].text);
        arena_destroy(arena);
    }
    assert_int_equal(wrong, 0);
}

/* ---- bounds ---- */

/* A chain of that many rules, the first of them the start. */
static const char *chain(struct arena *arena, unsigned length)
{
    const char *text = A E "'StartRule':'r1','Rules':{";
    for (unsigned i = 1; i < length; i++)
        text = arena_format(arena,
                            "%s'r%u':{'RuleType':'latency','Regions':[{'RuleReference':'r%u',"
                            "'Region':'eu-west-1'}]},",
                            text, i, i + 1);
    return arena_format(arena,
                        "%s'r%u':{'RuleType':'latency','Regions':[{'EndpointReference':'e1',"
                        "'Region':'eu-west-1'}]}}}",
                        text, length);
}

static void rules_follow_one_another_as_deep_as_aliases_may(void **state) /* R-HLT-18 */
{
    static const struct row {
        unsigned length;
        int rc;
    } rows[] = { { 1, 0 }, { 32, 0 }, { 33, SP_EINVAL }, { 400, SP_EINVAL } };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct arena *arena = arena_create();
        struct traffic_document document;
        struct problem problem = { 0 };
        assert_int_equal(read_document(arena, chain(arena, rows[i].length), &document, &problem),
                         rows[i].rc);
        if (rows[i].rc != 0)
            assert_non_null(strstr(problem.text, "more than 32 rules follow one another here"));
        arena_destroy(arena);
    }
}

static void a_group_has_as_many_members_as_any(void **state) /* R-QTA-4 */
{
    (void)state;
    for (unsigned count = 100; count <= 101; count++) {
        struct arena *arena = arena_create();
        struct traffic_document document;
        struct problem problem = { 0 };
        const char *items = "{'EndpointReference':'e1','Weight':1}";
        for (unsigned i = 1; i < count; i++)
            items = arena_format(arena, "%s,{'EndpointReference':'e1','Weight':1}", items);
        const char *text = arena_format(
            arena, A E "'StartRule':'r','Rules':{'r':{'RuleType':'weighted','Items':[%s]}}}",
            items);
        assert_int_equal(read_document(arena, text, &document, &problem),
                         count == 100 ? 0 : SP_EINVAL);
        arena_destroy(arena);
    }
}

static void long_names_leave_room_for_the_hidden_ones_or_are_refused(void **state)
{
    static const struct row {
        size_t zone_size; /* octets of the zone's name in wire form */
        int rc;
        const char *label;
    } rows[] = {
        { 100, 0, "T7v2-0-abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcd" },
        { 255 - 10, 0, "T7v2-0-ab" },
        { 255 - 7, 0, "T7v2-0" },
        { 255 - 6, SP_EINVAL, NULL },
        { 255, SP_EINVAL, NULL },
    };
    (void)state;
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        struct arena *arena = arena_create();
        struct hosted_zone long_zone = { .public_id = "ZLONG" };
        size_t at = 0;
        while (at + 1 < rows[i].zone_size) {
            size_t label = rows[i].zone_size - at - 2 < 50 ? rows[i].zone_size - at - 2 : 50;
            long_zone.name[at] = (uint8_t)label;
            memset(long_zone.name + at + 1, 'x', label);
            at += 1 + label;
        }
        assert_int_equal(dns_name_check(long_zone.name, sizeof long_zone.name), rows[i].zone_size);
        struct traffic_document document;
        struct problem problem = { 0 };
        struct traffic_tree tree = { .zone = &long_zone,
                                     .name = long_zone.name,
                                     .instance = "any",
                                     .number = 7,
                                     .generation = 2 };
        struct change_batch batch;
        const char *id = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefgh";
        const char *text = arena_format(arena,
                                        A E "'StartRule':'%s','Rules':{'%s':{'RuleType':"
                                            "'multivalue','Items':[{'EndpointReference':'e1'}]}}}",
                                        id, id);
        assert_int_equal(read_document(arena, text, &document, &problem), 0);
        int rc = traffic_tree_make(arena, &document, &tree, &batch, &problem);
        assert_int_equal(rc, rows[i].rc);
        if (rc == 0) {
            size_t size = strlen(rows[i].label);
            assert_int_equal(batch.items[0].owner[0], size);
            assert_memory_equal(batch.items[0].owner + 1, rows[i].label, size);
        }
        arena_destroy(arena);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_document_becomes_record_sets),
    cmocka_unit_test(every_fault_is_named_with_its_place),
    cmocka_unit_test(rules_follow_one_another_as_deep_as_aliases_may),
    cmocka_unit_test(a_group_has_as_many_members_as_any),
    cmocka_unit_test(long_names_leave_room_for_the_hidden_ones_or_are_refused),
};

RUN_TESTS(tests)
