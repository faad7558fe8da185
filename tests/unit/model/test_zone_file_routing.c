/*
 * Lines that begin with ";@ ": what other servers take for comments.
 */
#include "drafts.h"

struct row {
    const char *why;
    const char *file;
    const char *expect;
};

#define POOL "6f1e2a5c-0d3b-4c8e-9a71-2b54c0e8d913"
#define V1   " value 192.0.2.1\n"

static void check_written(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct draft *draft = read_good(rows[i].file);
        char *text = write_records(draft);
        if (strcmp(text, rows[i].expect) != 0)
            fail_msg("%s\nexpected: %s\n     got: %s", rows[i].why, rows[i].expect, text);
        free(text);
        draft_destroy(draft);
    }
}

static void every_policy_is_written_as_it_is_read(void **state)
{
    static const char *const lines[] = {
        ";@ www 60 IN A weighted id=\"blue\" weight=70 check=web-1" V1,
        ";@ www 60 IN A latency id=\"us\" region=us-east-1" V1,
        ";@ www 60 IN A failover id=\"p\" role=PRIMARY check=c1" V1,
        ";@ www 60 IN A failover id=\"s\" role=SECONDARY" V1,
        ";@ www 60 IN A geolocation id=\"ca\" country=US subdivision=CA" V1,
        ";@ www 60 IN A geolocation id=\"eu\" continent=EU" V1,
        ";@ www 60 IN A geolocation id=\"other\" country=*" V1,
        ";@ www 60 IN A geoproximity id=\"a\" region=us-east-1 bias=10" V1,
        ";@ www 60 IN A geoproximity id=\"a\" local-zone=us-west-2-den-1 bias=-99" V1,
        ";@ www 60 IN A geoproximity id=\"a\" coordinates=47.60,-122.33" V1,
        ";@ www 60 IN A multivalue id=\"1\" check=c1" V1,
        ";@ www 60 IN A cidr id=\"l1\" collection=" POOL " location=L1" V1,
        ";@ www 60 IN A cidr id=\"l1\" collection=" POOL " location=*" V1,
        ";@ www 60 IN A simple check=web-1" V1,
        ";@ @ IN A simple alias lb1.example. zone=Z35SXDOTRQ7X7K evaluate-health=no\n",
        ";@ *.a\\.b 0 IN TXT multivalue id=\"\\\"q\\\" \\\\ \\226\\130\\172 ;(\" value \"x\"\n",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        const struct row row = { "as it is", lines[i], lines[i] };
        check_written(&row, 1);
    }
}

static void lines_are_read_as_records_are(void **state)
{
    static const struct row rows[] = {
        { "attributes in any order, quoted or not, the class left out",
          ";@ www 1m A weighted check=\"web-1\" weight=\"7\" id=x" V1,
          ";@ www 60 IN A weighted id=\"x\" weight=7 check=web-1" V1 },
        { "several lines are one set with several values, in their order",
          ";@ www 60 A weighted id=x weight=7 value 192.0.2.2\n"
          ";@ a 60 A multivalue id=x" V1 ";@ www 60 A weighted weight=7 id=\"x\"" V1,
          ";@ a 60 IN A multivalue id=\"x\"" V1
          ";@ www 60 IN A weighted id=\"x\" weight=7 value 192.0.2.2\n"
          ";@ www 60 IN A weighted id=\"x\" weight=7" V1 },
        { "plain sets come first at their name, then types, then identifiers",
          ";@ a 60 A weighted id=c weight=1" V1 ";@ a 60 A weighted id=b weight=2" V1
          "a 60 TXT x\n;@ a IN AAAA simple alias b\nb 60 AAAA ::1\n",
          "a 60 IN TXT \"x\"\n;@ a 60 IN A weighted id=\"b\" weight=2" V1
          ";@ a 60 IN A weighted id=\"c\" weight=1" V1
          ";@ a IN AAAA simple alias b.lab.test. evaluate-health=no\nb 60 IN AAAA ::1\n" },
        { "parentheses hold lines together, with ordinary comments in them",
          ";@ www 60 A multivalue ( id=x ; first\n;@ second\n value\n 192.0.2.1 )\n",
          ";@ www 60 IN A multivalue id=\"x\"" V1 },
        { "$ORIGIN and $TTL hold",
          "$ORIGIN b\n$TTL 5\n;@ a A multivalue id=x" V1 "$TTL 6\na MX 1 c\n"
          ";@ d MX simple alias a\n",
          "a.b 6 IN MX 1 c.b.lab.test.\n;@ a.b 5 IN A multivalue id=\"x\"" V1
          ";@ d.b IN MX simple alias a.b.lab.test. evaluate-health=no\n" },
        { "a blank repeats the owner, of a record or of such a line",
          "a 60 TXT x\n;@  60 A multivalue id=1" V1 ";@ b 60 A multivalue id=2" V1
          ";@ \t60 A multivalue id=3" V1,
          "a 60 IN TXT \"x\"\n;@ a 60 IN A multivalue id=\"1\"" V1
          ";@ b 60 IN A multivalue id=\"2\"" V1 ";@ b 60 IN A multivalue id=\"3\"" V1 },
        { "ordinary records go by ordinary records, as other servers see them",
          "a 60 TXT x\n;@ b 7 A multivalue id=1" V1 "  MX 1 @\n",
          "a 60 IN MX 1 lab.test.\na 60 IN TXT \"x\"\n;@ b 7 IN A multivalue id=\"1\"" V1 },
        { "what only looks like such a line is a comment",
          ";@\n;@x 60 A\n;@\ta 60 A\n; @ a 60 A\n ;@ a 60 A\n;;@ a\na 60 TXT x ;@ b 60 A\n;@ ; "
          "nothing\n;@ \n;",
          "a 60 IN TXT \"x\"\n" },
        { "a simple line without a check is an ordinary record", ";@ a 60 A simple" V1,
          "a 60 IN A 192.0.2.1\n" },
        { "CRLF", ";@ a 60 A multivalue id=x value 192.0.2.1\r\n",
          ";@ a 60 IN A multivalue id=\"x\"" V1 },
        { "the zone's own id is left out",
          "a 60 A 192.0.2.1\n;@ b A simple alias a zone=ZLAB "
          "evaluate-health=yes\n",
          "a 60 IN A 192.0.2.1\n;@ b IN A simple alias a.lab.test. evaluate-health=yes\n" },
        { "CNAMEs of a zone file may go in circles", "a 60 CNAME b\nb 60 CNAME a\n",
          "a 60 IN CNAME b.lab.test.\nb 60 IN CNAME a.lab.test.\n" },
        { "the alias comes before its target", ";@ a A simple alias b\nb 60 A 192.0.2.1\n",
          ";@ a IN A simple alias b.lab.test. evaluate-health=no\nb 60 IN A 192.0.2.1\n" },
    };
    (void)state;
    check_written(rows, COUNT_OF(rows));
}

static void check_fault(const char *file, const char *expect)
{
    char text[PROBLEM_TEXT_SIZE + 16];
    snprintf(text, sizeof text, "lab.zone:%s", expect);
    for (size_t piece = 0; piece < 4; piece++) { /* whole, and in pieces of 1, 2 and 3 */
        struct reading reading = read_octets(file, strlen(file), piece);
        if (reading.problem.status != SP_EINVAL)
            fail_msg("%d for: %s", reading.problem.status, file);
        assert_string_equal(reading.problem.text, text);
        draft_destroy(reading.draft);
    }
}

static void check_faults(const struct row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_fault(rows[i].file, rows[i].expect);
}

#define WEIGHTED_HAS                                                                               \
    "is not an attribute of a weighted record set (id, weight, check), nor \"value\" or \"alias\""

static void an_error_in_such_a_line_is_an_error(void **state)
{
    static const struct row rows[] = {
        { "", "\n;@ a\n", "2: the record has no type; it is written: name TTL IN type value" },
        { "", ";@ a 60 A\n", "1: \"A\" is not followed by a policy, such as weighted" },
        { "", ";@ a 60 A 192.0.2.1\n",
          "1: \"192.0.2.1\" is not a policy: simple, weighted, latency, failover, geolocation, "
          "geoproximity, multivalue or cidr; if the line is a comment, begin it with \"; @\"" },
        { "", ";@ a 60 A \"simple\"\n",
          "1: \"simple\" is not a policy: simple, weighted, latency, failover, geolocation, "
          "geoproximity, multivalue or cidr; if the line is a comment, begin it with \"; @\"" },
        { "", ";@ a 60 A weighted id=x weight=1\n",
          "1: \"weighted\" and its attributes are followed by \"value\" and a value, or by "
          "\"alias\" "
          "and a name" },
        { "", ";@ a 60 A weighted id=x wight=1" V1, "1: \"wight=1\" " WEIGHTED_HAS },
        { "", ";@ a 60 A weighted id=x region=us-east-1" V1,
          "1: \"region=us-east-1\" " WEIGHTED_HAS },
        { "", ";@ a 60 A weighted id=x \"weight=1\"" V1, "1: \"weight=1\" " WEIGHTED_HAS },
        { "", ";@ a 60 A weighted id weight=1" V1, "1: \"id\" " WEIGHTED_HAS },
        { "", ";@ a 60 A weighted weight=1" V1, "1: \"weighted\" needs id=" },
        { "", ";@ a 60 A weighted id=x" V1, "1: \"weighted\" needs weight=" },
        { "", ";@ a 60 A latency id=x" V1, "1: \"latency\" needs region=" },
        { "", ";@ a 60 A failover id=x" V1, "1: \"failover\" needs role=" },
        { "", ";@ a 60 A cidr id=x location=*" V1, "1: \"cidr\" needs collection=" },
        { "", ";@ a 60 A multivalue" V1, "1: \"multivalue\" needs id=" },
        { "", ";@ a 60 A simple id=x" V1,
          "1: \"id=x\" is not an attribute of a simple record set (check), nor \"value\" or "
          "\"alias\"" },
        { "", ";@ a 60 A multivalue id=x (\n id=y)" V1, "2: \"id=y\" is a second id" },
        { "", ";@ a 60 A multivalue id=" V1,
          "1: \"id=\" has no value, or an octet of value zero in it" },
        { "", ";@ a 60 A multivalue id=\"\"" V1,
          "1: \"id=\"\"\" has no value, or an octet of value zero in it" },
        { "", ";@ a 60 A multivalue id=a\\000" V1,
          "1: \"id=a\\000\" has no value, or an octet of value zero in it" },
        { "", ";@ a 60 A multivalue id=\"x\"y" V1,
          "1: \"id=\"x\"y\" has its quotes in the wrong place" },
        { "", ";@ a 60 A multivalue id=\"x\\\\\"y\"" V1,
          "1: a quote inside a word; put quotes around all of it, or write \\\"" },
        { "", ";@ a 60 A multivalue id=x=\"y\"" V1,
          "1: \"id=x=\"y\"\" has its quotes in the wrong place" },
        { "", ";@ a 60 A multivalue id=\\256" V1, "1: \"id=\\256\" has a broken escape" },
        { "", ";@ a 60 A multivalue id=\"x" V1, "1: the quote is not closed in its line" },
        { "", ";@ a 60 A weighted id=x weight=256" V1,
          "1: \"weight=256\" is not a weight from 0 to 255" },
        { "", ";@ a 60 A failover id=x role=primary" V1,
          "1: \"role=primary\" is not role=PRIMARY or role=SECONDARY" },
        { "", ";@ a 60 A geoproximity id=x region=us-east-1 bias=100" V1,
          "1: \"bias=100\" is not a bias from -99 to 99" },
        { "", ";@ a 60 A geoproximity id=x coordinates=47.6" V1,
          "1: \"coordinates=47.6\" is not a latitude and a longitude, such as 47.60,-122.33" },
        { "", ";@ a 60 A geoproximity id=x coordinates=47.6,-122.333" V1,
          "1: \"coordinates=47.6,-122.333\" is longer than 7 octets" },
        { "", ";@ a 60 A geolocation id=x country=USA" V1,
          "1: \"country=USA\" is longer than 2 octets" },
        { "", ";@ a 60 A simple value 192.0.2\n",
          "1: \"192.0.2\" is not an IPv4 address; it is written: A address" },
        { "", ";@ a A simple" V1,
          "1: \"A\" has no TTL to go by; put a line such as $TTL 300 above it" },
        { "", ";@ a A simple alias\n",
          "1: \"alias\" is followed by the name to which the alias leads" },
        { "", ";@ a A simple alias \"b\"\n", "1: \"b\" stands in quotes where a name belongs" },
        { "", ";@ a A simple alias b..c\n",
          "1: \"b..c\" is no name: a name cannot have an empty label" },
        { "", ";@ a A simple alias b evaluate-health=true\n",
          "1: \"evaluate-health=true\" is not zone=ID, evaluate-health=yes or evaluate-health=no, "
          "which may follow the name of an alias" },
        { "", ";@ a 60 A simple alias b\n",
          "1: \"A\" has a TTL, but an alias takes that of its target: leave the TTL out" },
        { "", ";@ $TTL 60\n",
          "1: \"$TTL\" is a directive, which stands in a line of its own without \";@ \"" },
        { "", ";@  60 A simple" V1,
          "1: the line begins with a blank, but no name stands above it" },
        { "", ";@ www.example. 60 A simple" V1, "1: www.example. is outside the zone lab.test." },
        { "", ";@ a 60 SOA simple value a b 1 2 3 4 5\n",
          "1: \"SOA\" stands only at the top of the zone" },
    };
    (void)state;
    check_faults(rows, COUNT_OF(rows));
}

static void lines_of_one_set_must_agree(void **state)
{
    static const char *const others[] = {
        ";@ a 61 A weighted id=x weight=1 check=c value 192.0.2.2\n",
        ";@ a 60 A weighted id=x weight=2 check=c value 192.0.2.2\n",
        ";@ a 60 A weighted id=x weight=1 check=d value 192.0.2.2\n",
        ";@ a 60 A weighted id=x weight=1 value 192.0.2.2\n",
        ";@ a 60 A multivalue id=x check=c value 192.0.2.2\n",
        ";@ a A weighted id=x weight=1 check=c alias b\n",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        char file[256];
        snprintf(file, sizeof file, ";@ a 60 A weighted id=x weight=1 check=c" V1 "\n%s",
                 others[i]);
        check_fault(file,
                    "3: a.lab.test. A \"x\": TTL, policy, attributes and alias must be those of "
                    "line 1, because it is one record set");
    }
    static const struct row rows[] = {
        { "", ";@ a 60 A simple check=c" V1 "a 60 A 192.0.2.2\n",
          "2: a.lab.test. A: TTL, policy, attributes and alias must be those of line 1, because it "
          "is "
          "one record set" },
        { "", "a 60 A 192.0.2.2\n;@ a 60 A simple check=c" V1,
          "2: a.lab.test. A: TTL, policy, attributes and alias must be those of line 1, because it "
          "is "
          "one record set" },
        { "", ";@ a A simple alias b\na 60 A 192.0.2.2\n",
          "2: a.lab.test. A: TTL, policy, attributes and alias must be those of line 1, because it "
          "is "
          "one record set" },
        { "",
          ";@ a 60 CNAME weighted id=x weight=1 value b\n;@ a 60 CNAME weighted id=x weight=1 "
          "value "
          "c\n",
          "2: a second CNAME at the same name; the first is in line 1" },
    };
    check_faults(rows, COUNT_OF(rows));
}

static void sets_that_do_not_go_together_are_told_with_the_later_line(void **state)
{
#define A_MEMBER "RRSet with DNS name a.lab.test., type A, SetIdentifier "
    static const struct row rows[] = {
        { "", "a 60 A 192.0.2.1\n;@ a 60 A weighted id=x weight=1" V1,
          "2: " A_MEMBER "x cannot be created as a non-weighted set exists with the same name and "
          "type." },
        { "", ";@ a 60 A weighted id=x weight=1" V1 "a 60 A 192.0.2.1\n",
          "2: RRSet with DNS name a.lab.test., type A cannot be created as other RRSets exist with "
          "the same name and type." },
        { "", ";@ a 60 A weighted id=z weight=1" V1 ";@ a 61 A weighted id=b weight=1" V1,
          "2: " A_MEMBER "b cannot be created as weighted sets must contain the same TTL." },
        { "",
          ";@ a 60 A failover id=z role=PRIMARY" V1 "\n;@ a 60 A failover id=b role=PRIMARY" V1
          ";@ a 60 A failover id=c role=PRIMARY" V1,
          "3: " A_MEMBER
          "b cannot be created because a failover RRSet with the same name, type and "
          "failover role already exists.; lab.zone:4: " A_MEMBER "c cannot be created because a "
          "failover RRSet with the same name, type and failover role already exists." },
        { "", ";@ a 60 NS weighted id=z weight=1 value b\n",
          "1: a.lab.test. NS: records of this type have no policy other than simple" },
        { "", ";@ a A simple alias b\n",
          "1: Tried to create an alias that targets b.lab.test., type A in zone ZLAB, but that "
          "target "
          "was not found" },
        { "", ";@ a A simple alias b.example.\n",
          "1: Tried to create an alias that targets b.example., type A in zone ZLAB, but the alias "
          "target name does not lie within the target zone; lab.zone:1: Tried to create an alias "
          "that "
          "targets b.example., type A in zone ZLAB, but that target was not found" },
        { "", ";@ a A simple alias b\n;@ b A simple alias c\n;@ c A simple alias a\n",
          "3: RRSet of type A with DNS name c.lab.test. is not permitted as it creates a CNAME or "
          "alias loop in the zone." },
        { "",
          ";@ a A failover id=s role=SECONDARY alias c.example. zone=Z2FDTNDATAQYW2\n"
          ";@ a A failover id=p role=PRIMARY alias d.example. zone=Z2FDTNDATAQYW2\n",
          "1: a.lab.test. A: CloudFront distributions cannot be both the primary and the "
          "secondary" },
        { "", ";@ a CNAME simple alias a\n",
          "1: RRSet of type CNAME with DNS name a.lab.test. is not permitted as it creates a CNAME "
          "or "
          "alias loop in the zone." },
    };
    (void)state;
    check_faults(rows, COUNT_OF(rows));
}

static void a_group_that_is_too_large_is_refused_at_its_line(void **state)
{
    struct written written = { 0 };
    char line[128];
    (void)state;
    for (unsigned i = 0; i < 102; i++) {
        snprintf(line, sizeof line, ";@ a 60 A multivalue id=%u" V1, i);
        keep_written(&written, (struct span){ (const uint8_t *)line, strlen(line) });
    }
    check_fault(written.text,
                "101: a.lab.test. A: a group of multivalue sets has at most 100 of them");
    free(written.text);
}

static bool no_check(void *context, const char *id)
{
    (void)context;
    return strcmp(id, "web-1") == 0;
}

static bool no_collection(void *context, const char *id)
{
    (void)context;
    (void)id;
    return false;
}

static void what_lines_name_must_be_there(void **state)
{
    static const char file[] =
        "a 60 A 192.0.2.1\n"
        ";@ b 60 A multivalue id=1 check=web-1" V1 ";@ b 60 A multivalue id=2 check=web-2" V1
        ";@ c 60 A cidr id=1 collection=" POOL " location=L1" V1;
    struct model_references references = { .has_health_check = no_check,
                                           .has_collection = no_collection };
    struct reading reading = read_octets_beside(file, strlen(file), 0, &references);
    (void)state;
    assert_int_equal(reading.problem.status, SP_EINVAL);
    assert_string_equal(
        reading.problem.text,
        "lab.zone:3: b.lab.test. A: A health check with id web-2 does not exist. \"signpost health "
        "create web-2\" makes it.; lab.zone:4: c.lab.test. A: there is no CIDR collection with the "
        "id " POOL ": \"signpost collection list\" shows those that are there");
    draft_destroy(reading.draft);
}

static int broken_zones(void *context, const char *public_id, bool *out_there,
                        struct problem *out_problem)
{
    (void)context;
    (void)public_id;
    (void)out_there;
    return problem_set(out_problem, SP_EIO, "the disk is broken");
}

static void a_store_that_cannot_tell_ends_the_import(void **state)
{
    static const char file[] = ";@ a A simple alias lb1.example. zone=ZELB\n";
    struct model_references references = { .find_zone = broken_zones };
    struct reading reading = read_octets_beside(file, strlen(file), 0, &references);
    (void)state;
    assert_int_equal(reading.problem.status, SP_EIO);
    assert_string_equal(reading.problem.text, "the disk is broken");
    draft_destroy(reading.draft);
}

static void what_deserves_a_word_is_accepted_with_a_warning(void **state)
{
    static const struct row rows[] = {
        { "a value twice", ";@ a 60 A multivalue id=x" V1 ";@ a 60 A multivalue id=x" V1,
          "lab.zone:2: a.lab.test. A \"x\": the same value stands above; it counts once" },
        { "an alias twice", "b 60 A 192.0.2.1\n;@ a A simple alias b\n;@ a A simple alias b\n",
          "lab.zone:3: a.lab.test. A: the same alias stands above; it counts once" },
        { "a target that lacks its dot",
          "b.lab.test.lab.test. 60 A 192.0.2.1\n"
          ";@ a A simple alias b.lab.test\n",
          "lab.zone:2: \"b.lab.test\" has no final dot, so it means b.lab.test.lab.test." },
        { "a blank that is missing", "b 60 A 192.0.2.1\n;@a 60 A multivalue id=x" V1,
          "lab.zone:2: the line is taken for a comment; a record with a policy begins with \";@\" "
          "and a blank" },
        { "at the end of the file", "b 60 A 192.0.2.1\n;@a",
          "lab.zone:2: the line is taken for a comment; a record with a policy begins with \";@\" "
          "and a blank" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct reading reading = read_text(rows[i].file);
        if (reading.problem.status != 0)
            fail_msg("%s: %s", rows[i].why, reading.problem.text);
        if (reading.warnings[0] == NULL)
            fail_msg("%s: no warning", rows[i].why);
        assert_string_equal(reading.warnings[0], rows[i].expect);
        assert_null(reading.warnings[1]);
        draft_destroy(reading.draft);
    }
}

static void pieces_of_any_size_make_no_difference(void **state)
{
    static const char text[] =
        "; a zone\n;@ a 60 A weighted id=\"b \\\" c\" weight=1 check=c" V1
        ";@  AAAA simple alias b zone=ZELB\r\n;@x\n;\n;@\n;@ \nb 60 A 192.0.2.1";
    struct draft *whole = read_lines(text);
    (void)state;
    for (size_t piece = 1; piece < sizeof text; piece++) {
        struct draft *draft = lab_draft(true);
        struct zone_reader *reader = zone_reader_create(draft, "pieces");
        for (size_t at = 0; at < sizeof text - 1; at += piece) {
            size_t size = sizeof text - 1 - at < piece ? sizeof text - 1 - at : piece;
            struct span span = { (const uint8_t *)text + at, size };
            assert_int_equal(zone_reader_feed(reader, span, NULL), 0);
        }
        zone_reader_feed(reader, (struct span){ (const uint8_t *)"\n", 1 }, NULL);
        zone_reader_destroy(reader);
        assert_same_drafts(whole, draft);
        draft_destroy(draft);
    }
    draft_destroy(whole);
}

static void one_value_is_no_place_for_such_a_line(void **state)
{
    struct arena *arena = arena_create();
    struct problem problem = { 0 };
    struct span rdata;
    (void)state;
    assert_int_equal(rdata_from_text(arena, DNS_TYPE_A, ";@ 192.0.2.1", NULL, &rdata, &problem),
                     SP_EINVAL);
    assert_string_equal(problem.text, "the value ends too early; it is written: A address");
    arena_destroy(arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_policy_is_written_as_it_is_read),
    cmocka_unit_test(lines_are_read_as_records_are),
    cmocka_unit_test(an_error_in_such_a_line_is_an_error),
    cmocka_unit_test(lines_of_one_set_must_agree),
    cmocka_unit_test(sets_that_do_not_go_together_are_told_with_the_later_line),
    cmocka_unit_test(a_group_that_is_too_large_is_refused_at_its_line),
    cmocka_unit_test(what_lines_name_must_be_there),
    cmocka_unit_test(a_store_that_cannot_tell_ends_the_import),
    cmocka_unit_test(what_deserves_a_word_is_accepted_with_a_warning),
    cmocka_unit_test(pieces_of_any_size_make_no_difference),
    cmocka_unit_test(one_value_is_no_place_for_such_a_line),
};

RUN_TESTS(tests)
