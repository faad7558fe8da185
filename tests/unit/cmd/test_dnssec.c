/* How a signed zone looks on the command line, and what people are told to do next. */
#include "../../../src/cmd/client/client.h"

#include "tests.h"

/* JSON with single quotes for double ones. */
static json_t *parse(const char *text)
{
    char *copy = strdup(text);
    json_error_t error;
    for (char *at = copy; *at != '\0'; at++)
        *at = *at == '\'' ? '"' : *at;
    json_t *value = json_loads(copy, 0, &error);
    if (value == NULL)
        fail_msg("%s near \"%.40s\"", error.text, copy + error.position);
    free(copy);
    return value;
}

enum what { ADVICE, DS, DNSKEY, ANCHOR, PAGE };

#define NOW 1795230000 /* 2026-11-21T03:00:00Z */

static char *printed(enum what what, const char *reply)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    json_t *report = parse(reply);
    if (what == ADVICE)
        dnssec_print_advice(out, report);
    else if (what == PAGE)
        dnssec_print_page(out, report, NOW);
    else
        dnssec_print_records(out, report,
                             what == DNSKEY   ? DNSSEC_DNSKEY
                             : what == ANCHOR ? DNSSEC_ANCHOR
                                              : DNSSEC_DS);
    fclose(out);
    json_decref(report);
    return text;
}

static void assert_printed(enum what what, const char *reply, const char *expect)
{
    char *text = printed(what, reply);
    assert_string_equal(text, expect);
    free(text);
}

/* ---- times ---- */

static void times_of_the_server_are_read(void **state)
{
    static const struct row {
        const char *text;
        json_int_t seconds;
    } rows[] = {
        { "2026-11-21T03:00:00Z", NOW },
        { "1970-01-01T00:00:01Z", 1 },
        { "2026-11-21T03:00:00", 0 },
        { "2026-11-21T03:00:00Zulu", 0 },
        { "tomorrow", 0 },
        { "", 0 },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (utc_seconds(rows[i].text) != rows[i].seconds)
            fail_msg("%s is %lld", rows[i].text, (long long)utc_seconds(rows[i].text));
}

static void times_ahead_and_behind_are_told(void **state)
{
    static const struct row {
        json_int_t seconds;
        const char *expect;
    } rows[] = {
        { 0, "now" },           { 90, "in 90 s" }, { 7200, "in 2 h" }, { 259200, "in 3 days" },
        { -600, "10 min ago" },
    };
    char text[40];
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_string_equal(time_ahead(rows[i].seconds, text), rows[i].expect);
}

/* ---- records ---- */

#define KEY(name, status, tag, in_parent)                                                          \
    "{'name':'" name "','arn':'arn:" name "','status':'" status "','message':'','tag':" tag        \
    ",'ds_record':'" tag " 13 2 AB','dnskey_record':'257 3 13 " name "','in_parent':" in_parent    \
    ",'created_at':'2026-11-20T03:00:00Z','changed_at':'2026-11-20T04:00:00Z'}"
#define ZONE(signing, parent, keys)                                                                \
    "{'zone':'shop.lab.test.','signing':" signing                                                  \
    ",'status':'SIGNING','message':'','parent':" parent ",'keys':[" keys "]}"
#define ELSEWHERE   "{'zone':null,'state':'ELSEWHERE'}"
#define HERE(state) "{'zone':'lab.test.','state':'" state "'}"

static void only_keys_that_sign_are_for_the_parent(void **state)
{
    static const struct row {
        const char *keys, *ds, *dnskey;
    } rows[] = {
        { ZONE("true", ELSEWHERE, ""), "", "" },
        { ZONE("true", ELSEWHERE, KEY("a", "ACTIVE", "7", "null")),
          "shop.lab.test. IN DS 7 13 2 AB\n", "shop.lab.test. IN DNSKEY 257 3 13 a\n" },
        { ZONE("true", ELSEWHERE,
               KEY("a", "INACTIVE", "7", "null") "," KEY("b", "ACTION_NEEDED", "8", "null")),
          "shop.lab.test. IN DS 8 13 2 AB\n", "shop.lab.test. IN DNSKEY 257 3 13 b\n" },
        { ZONE("true", ELSEWHERE,
               KEY("a", "ACTIVE", "7", "null") "," KEY("b", "ACTIVE", "8", "null")),
          "shop.lab.test. IN DS 7 13 2 AB\nshop.lab.test. IN DS 8 13 2 AB\n",
          "shop.lab.test. IN DNSKEY 257 3 13 a\nshop.lab.test. IN DNSKEY 257 3 13 b\n" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_printed(DS, rows[i].keys, rows[i].ds);
        assert_printed(DNSKEY, rows[i].keys, rows[i].dnskey);
    }
}

/* What delv reads with -a. */
static void a_trust_anchor_is_for_labs_without_a_parent(void **state)
{
    (void)state;
    assert_printed(ANCHOR, ZONE("true", ELSEWHERE, KEY("a", "ACTIVE", "7", "null")),
                   "trust-anchors { shop.lab.test. static-key 257 3 13 \"a\"; };\n");
}

/* ---- what is left to do ---- */

#define SET_DS(tag)                                                                                \
    "  signpost record set lab.test. shop.lab.test. DS --ttl 300 '" tag " 13 2 AB'\n"

static void the_parent_decides_what_is_left_to_do(void **state)
{
    static const struct row {
        const char *reply, *expect;
    } rows[] = {
        { ZONE("false", ELSEWHERE, ""),
          "To sign shop.lab.test.:\n  signpost dnssec enable shop.lab.test.\n" },
        { ZONE("false", HERE("NO_DS"), ""),
          "To sign shop.lab.test.:\n  signpost dnssec enable shop.lab.test.\n" },
        { ZONE("false", HERE("OTHER_DS"), ""),
          "lab.test. has a DS record for shop.lab.test., which is not signed: resolvers that check "
          "signatures\nrefuse the zone.  Take the record away, or sign the zone:\n"
          "  signpost record delete lab.test. shop.lab.test. DS\n"
          "  signpost dnssec enable shop.lab.test.\n" },
        { ZONE("true", ELSEWHERE, KEY("a", "ACTIVE", "7", "null")),
          "Resolvers check the signatures once the parent of shop.lab.test. has this DS record.  "
          "Give it to\nwhoever runs the parent, most often through the registrar of the domain:\n"
          "shop.lab.test. IN DS 7 13 2 AB\n" },
        { ZONE("true", HERE("NO_DS"), KEY("a", "ACTIVE", "7", "false")),
          "Resolvers check the signatures once lab.test., which is hosted here, has the DS "
          "record:\n" SET_DS("7") },
        { ZONE("true", HERE("UNSIGNED"), KEY("a", "ACTIVE", "7", "false")),
          "Resolvers check the signatures once lab.test., which is hosted here, has the DS "
          "record:\n" SET_DS("7") "and is signed itself:\n  signpost dnssec enable lab.test.\n" },
        { "{'zone':'shop.lab.test.','signing':true,'status':'SIGNING','name_servers':"
          "['ns1.lab.test.','n s.lab.test.'],'parent':" HERE("NO_CUT") ",'keys':[" KEY(
              "a", "ACTIVE", "7", "false") "]}",
          "Resolvers check the signatures once lab.test., which is hosted here, has the DS "
          "record:\n"
          "  signpost record set lab.test. shop.lab.test. NS --ttl 172800 ns1.lab.test. "
          "'n s.lab.test.'\n" SET_DS("7") },
        { ZONE("true", HERE("OTHER_DS"), KEY("a", "ACTIVE", "7", "false")),
          "lab.test. has DS records of other keys only.  Put that of this key in their "
          "place:\n" SET_DS("7") },
        { ZONE("true", HERE("HAS_DS"), KEY("a", "ACTIVE", "7", "true")),
          "Nothing is left to do.\n" },
        { ZONE("true", "{'zone':'lab.test.','state':'HAS_DS','other_ds':true}",
               KEY("a", "ACTIVE", "7", "true")),
          "lab.test. has DS records of keys that the zone does not have, too.  Unless somebody "
          "needs\nthem, take them away:\n" SET_DS("7") },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_printed(ADVICE, rows[i].reply, rows[i].expect);
}

#define TWO_KEYS(parent, old_there, new_there)                                                     \
    ZONE("true", parent, KEY("a", "ACTIVE", "7", old_there) "," KEY("b", "ACTIVE", "8", new_there))
#define FIRST_STEP                                                                                 \
    "The key-signing key b (tag 8) is to take the place of a (tag 7).\n"                           \
    "1. Wait until every cache knows it: dnskey-ttl, an hour unless configured, from\n"            \
    "   2026-11-20T03:00:00Z on.\n"

static void a_roll_is_led_through_its_steps(void **state)
{
    static const struct row {
        const char *reply, *expect;
    } rows[] = {
        { TWO_KEYS(ELSEWHERE, "null", "null"),
          FIRST_STEP "2. Give the parent this DS record in place of the old one:\n"
                     "shop.lab.test. IN DS 8 13 2 AB\n"
                     "3. When the parent has it, and the TTL of the old one has passed:\n"
                     "  signpost dnssec rotate shop.lab.test. --finish --parent-changed\n" },
        { TWO_KEYS(HERE("HAS_DS"), "true", "false"),
          FIRST_STEP "2. Put its DS record in place of the old one:\n" SET_DS(
              "8") "3. When the parent has it, and the TTL of the old one has passed:\n"
                   "  signpost dnssec rotate shop.lab.test. --finish\n" },
        { TWO_KEYS(HERE("HAS_DS"), "true", "true"),
          FIRST_STEP "2. Put its DS record in place of the old one:\n" SET_DS(
              "8") "3. When the parent has it, and the TTL of the old one has passed:\n"
                   "  signpost dnssec rotate shop.lab.test. --finish\n" },
        { TWO_KEYS(HERE("HAS_DS"), "false", "true"),
          "The key-signing key b (tag 8) is to take the place of a (tag 7).\n"
          "lab.test. has its DS record.  When the TTL of the old one has passed:\n"
          "  signpost dnssec rotate shop.lab.test. --finish\n" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_printed(ADVICE, rows[i].reply, rows[i].expect);
}

#define TROUBLED(status, parent, keys)                                                             \
    "{'zone':'shop.lab.test.','signing':true,'status':'" status "','parent':" parent               \
    ",'keys':[" keys "]}"
#define LOST(name, tag, in_parent) KEY(name, "ACTION_NEEDED", tag, in_parent)
#define PUT_RIGHT                  "Put right what the message says.\n"
#define SEE                                                                                        \
    PUT_RIGHT "What is lost for good can be replaced: see \"What is lost\" in signpostd(8).\n"
#define INSTEAD                                                                                    \
    PUT_RIGHT                                                                                      \
    "If it is lost for good, the key-signing key b (tag 8) can take the place of a\n"              \
    "(tag 7).  Not before the lost one is gone is the new one in the zone, so:\n"
#define SET_BOTH                                                                                   \
    "  signpost record set lab.test. shop.lab.test. DS --ttl 300 '7 13 2 AB' '8 13 2 AB'\n"

static void what_is_lost_is_replaced_step_by_step(void **state)
{
    static const struct row {
        const char *reply, *expect;
    } rows[] = {
        { TROUBLED("ACTION_NEEDED", ELSEWHERE, LOST("a", "7", "null")),
          PUT_RIGHT "If the key is lost for good, begin to replace it:\n"
                    "  signpost dnssec rotate shop.lab.test.\n" },
        { TROUBLED("ACTION_NEEDED", ELSEWHERE,
                   LOST("a", "7", "null") "," KEY("b", "ACTIVE", "8", "null")),
          INSTEAD "1. Give the parent both DS records:\n"
                  "shop.lab.test. IN DS 7 13 2 AB\nshop.lab.test. IN DS 8 13 2 AB\n"
                  "2. When the parent has both, and the TTL of its DS records has passed:\n"
                  "  signpost dnssec rotate shop.lab.test. --finish --parent-changed\n"
                  "3. Take the DS record of the lost key away.\n" },
        { TROUBLED("ACTION_NEEDED", HERE("HAS_DS"),
                   LOST("a", "7", "true") "," KEY("b", "ACTIVE", "8", "false")),
          INSTEAD "1. Put both DS records there:\n" SET_BOTH
                  "2. When the parent has both, and the TTL of its DS records has passed:\n"
                  "  signpost dnssec rotate shop.lab.test. --finish\n"
                  "3. Take the DS record of the lost key away:\n" SET_DS("8") },
        { TROUBLED("ACTION_NEEDED", HERE("HAS_DS"),
                   LOST("a", "7", "true") "," KEY("b", "ACTIVE", "8", "true")),
          INSTEAD "1. When the parent has both, and the TTL of its DS records has passed:\n"
                  "  signpost dnssec rotate shop.lab.test. --finish\n"
                  "2. Take the DS record of the lost key away:\n" SET_DS("8") },
        { TROUBLED("ACTION_NEEDED", ELSEWHERE,
                   KEY("a", "ACTIVE", "7", "null") "," LOST("b", "8", "null")),
          SEE },
        { TROUBLED("INTERNAL_FAILURE", ELSEWHERE, LOST("a", "7", "null")), SEE },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_printed(ADVICE, rows[i].reply, rows[i].expect);
}

/* ---- the page ---- */

static void a_signed_zone_is_told_in_full(void **state)
{
    (void)state;
    assert_printed(
        PAGE,
        "{'zone':'shop.lab.test.','signing':true,'status':'SIGNING','message':'','"
        "parent':" HERE("HAS_DS") ",'keys':[" KEY("signpost_1", "ACTIVE", "12345", "true") "," KEY(
            "old", "INACTIVE", "7", "false") "],'zone_signing_keys':["
                                             "{'tag':54321,'state':'ACTIVE','created_at':'2026-"
                                             "11-07T03:00:00Z','since':"
                                             "'2026-11-07T05:00:00Z','until':'2026-11-21T05:00:"
                                             "00Z'},"
                                             "{'tag':100,'state':'PUBLISHED','created_at':'2026-"
                                             "11-21T03:00:00Z','since':"
                                             "'2026-11-21T03:00:00Z','until':'2026-11-21T05:00:"
                                             "00Z'}],"
                                             "'signed_until':'2026-12-06T03:00:00Z','refresh_at'"
                                             ":'2026-11-22T03:00:00Z',"
                                             "'publishes_cds':false}",
        "zone               shop.lab.test.\n"
        "status             SIGNING\n"
        "parent             lab.test.: the DS record of a key that signs\n"
        "keys signed until  2026-12-06T03:00:00Z (in 15 days)\n"
        "CDS and CDNSKEY    not published\n"
        "\n"
        "KEY-SIGNING KEY    TAG  STATUS    IN PARENT  CREATED               CHANGED\n"
        "signpost_1       12345  ACTIVE    yes        2026-11-20T03:00:00Z  "
        "2026-11-20T04:00:00Z\n"
        "old                  7  INACTIVE  no         2026-11-20T03:00:00Z  "
        "2026-11-20T04:00:00Z\n"
        "\n"
        "ZONE-SIGNING KEY  STATE      SINCE                 UNTIL\n"
        "54321             ACTIVE     2026-11-07T05:00:00Z  2026-11-21T05:00:00Z\n"
        "100               PUBLISHED  2026-11-21T03:00:00Z  2026-11-21T05:00:00Z\n"
        "\n"
        "What happens next:\n"
        "  2026-11-21T05:00:00Z  in 2 h   zone-signing key 100 begins to sign\n"
        "  2026-11-21T05:00:00Z  in 2 h   zone-signing key 54321 is replaced\n"
        "  2026-11-22T03:00:00Z  in 24 h  the keys are signed anew\n"
        "\n"
        "What to do:\n"
        "Nothing is left to do.\n");
}

static void trouble_is_told_in_the_words_of_the_server(void **state)
{
    (void)state;
    assert_printed(
        PAGE,
        "{'zone':'shop.lab.test.','signing':true,'status':'ACTION_NEEDED','message':'a cannot be "
        "used','parent':" ELSEWHERE ",'keys':[{'name':'a','status':'ACTION_NEEDED','message':'its "
        "file is gone','tag':7,'ds_record':'7 13 2 AB','in_parent':null,'created_at':"
        "'2026-11-20T03:00:00Z','changed_at':'2026-11-20T04:00:00Z'}],'zone_signing_keys':[],"
        "'signed_until':'2026-11-21T02:00:00Z','refresh_at':null,'publishes_cds':true}",
        "zone               shop.lab.test.\n"
        "status             ACTION_NEEDED\n"
        "message            a cannot be used\n"
        "parent             it is not hosted here, so what it says is not known\n"
        "keys signed until  2026-11-21T02:00:00Z (60 min ago)\n"
        "CDS and CDNSKEY    published\n"
        "\n"
        "KEY-SIGNING KEY  TAG  STATUS         IN PARENT  CREATED               CHANGED\n"
        "a                  7  ACTION_NEEDED  not known  2026-11-20T03:00:00Z  "
        "2026-11-20T04:00:00Z\n"
        "a: its file is gone\n"
        "\n"
        "What to do:\n" PUT_RIGHT "If the key is lost for good, begin to replace it:\n"
        "  signpost dnssec rotate shop.lab.test.\n");
}

static void a_zone_without_dnssec_is_a_short_page(void **state)
{
    (void)state;
    assert_printed(PAGE,
                   "{'zone':'shop.lab.test.','signing':false,'status':'NOT_SIGNING','message':'',"
                   "'parent':" HERE("NO_DS") ",'keys':[],'zone_signing_keys':[],'signed_until':"
                                             "null,'refresh_at':null,'publishes_cds':false}",
                   "zone    shop.lab.test.\n"
                   "status  NOT_SIGNING\n"
                   "parent  lab.test.: no DS record of this zone, so resolvers take it for "
                   "unsigned\n"
                   "\n"
                   "What to do:\n"
                   "To sign shop.lab.test.:\n  signpost dnssec enable shop.lab.test.\n");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(times_of_the_server_are_read),
    cmocka_unit_test(times_ahead_and_behind_are_told),
    cmocka_unit_test(only_keys_that_sign_are_for_the_parent),
    cmocka_unit_test(a_trust_anchor_is_for_labs_without_a_parent),
    cmocka_unit_test(the_parent_decides_what_is_left_to_do),
    cmocka_unit_test(a_roll_is_led_through_its_steps),
    cmocka_unit_test(what_is_lost_is_replaced_step_by_step),
    cmocka_unit_test(a_signed_zone_is_told_in_full),
    cmocka_unit_test(trouble_is_told_in_the_words_of_the_server),
    cmocka_unit_test(a_zone_without_dnssec_is_a_short_page),
};

RUN_TESTS(tests)
