/*
 * Signed replies, judged by ldns.  See validator.h for how an expectation reads.
 */
#include "signpost/answer/answer.h"

#include "trees.h"
#include "validator.h"

#define NOW_S     1790000000
#define SOA_TEXT  "ns1.lab.test host.lab.test 1 7200 900 1209600 900"
#define ALL_TYPES "A PTR MX TXT AAAA SRV NAPTR SSHFP RRSIG NSEC TLSA SVCB HTTPS SPF CAA"

static const struct test_record lab_records[] = {
    { "lab.test", DNS_TYPE_SOA, 900, SOA_TEXT },
    { "lab.test", DNS_TYPE_NS, 172800, "ns1.lab.test" },
    { "lab.test", DNS_TYPE_NS, 172800, "ns.example.org" },
    { "lab.test", DNS_TYPE_MX, 60, "10 web.lab.test" },
    { "ns1.lab.test", DNS_TYPE_A, 60, "192.0.2.53" },
    { "www.lab.test", DNS_TYPE_A, 120, "192.0.2.1" },
    { "www.lab.test", DNS_TYPE_A, 120, "192.0.2.2" },
    { "www.lab.test", DNS_TYPE_A, 120, "192.0.2.3" },
    { "web.lab.test", DNS_TYPE_A, 30, "192.0.2.1" },
    { "web.lab.test", DNS_TYPE_AAAA, 30, "2001:db8::1" },
    { "year.lab.test", DNS_TYPE_A, 31536000, "192.0.2.1" },
    { "c1.lab.test", DNS_TYPE_CNAME, 60, "web.lab.test" },
    { "c2.lab.test", DNS_TYPE_CNAME, 60, "www.example.org" },
    { "c3.lab.test", DNS_TYPE_CNAME, 60, "gone.lab.test" },
    { "c4.lab.test", DNS_TYPE_CNAME, 60, "c1.lab.test" },
    { "cw.lab.test", DNS_TYPE_CNAME, 60, "any.wild.lab.test" },
    { "cs.lab.test", DNS_TYPE_CNAME, 60, "www.sub.lab.test" },
    { "a.b.lab.test", DNS_TYPE_A, 60, "192.0.2.1" },
    { "*.wild.lab.test", DNS_TYPE_A, 60, "192.0.2.7" },
    { "\\001.lab.test", DNS_TYPE_TXT, 60, "one" },
    { "\\200.lab.test", DNS_TYPE_TXT, 60, "two hundred" },
    { "\\255.lab.test", DNS_TYPE_TXT, 60, "all ones" },
    { "do\\.t.lab.test", DNS_TYPE_TXT, 60, "a dot" },
    { "sub.lab.test", DNS_TYPE_NS, 60, "ns1.sub.lab.test" },
    { "sub.lab.test", DNS_TYPE_NS, 60, "ns1.lab.test" },
    { "ns1.sub.lab.test", DNS_TYPE_A, 60, "192.0.2.5" },
    { "www.sub.lab.test", DNS_TYPE_A, 60, "192.0.2.6" },
    { "out.lab.test", DNS_TYPE_NS, 60, "any.wild.lab.test" },
    { "safe.lab.test", DNS_TYPE_NS, 60, "ns.example.org" },
    { "safe.lab.test", DNS_TYPE_DS, 60,
      "00010d02000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f" },
};

/* A zone that lab.test does not delegate. */
static const struct test_record isle_records[] = {
    { "isle.lab.test", DNS_TYPE_SOA, 900, SOA_TEXT },
    { "isle.lab.test", DNS_TYPE_A, 60, "192.0.2.9" },
};

static struct snapshot *snapshot;
static struct health_table *health;
static struct dice dice;
static struct test_key key;
static struct signer *signer;
static struct signer_figures figures;

static void open_signer(unsigned per_second)
{
    const struct signer_settings settings = { 1024, per_second };
    signer_destroy(signer);
    memset(&figures, 0, sizeof figures);
    signer = signer_create(&settings, &figures);
    assert_non_null(signer);
}

static int set_up(void **state)
{
    (void)state;
    struct zone *zone = test_zone("lab.test", lab_records, COUNT_OF(lab_records));
    test_key_make(&key, "lab.test");
    test_sign_zone(zone, &key);
    health = health_table_create(TREE_CHECKS + 1);
    snapshot = snapshot_create();
    snapshot->options.minimal_responses = true;
    snapshot->options.edns_size = 1232;
    snapshot->options.signature_validity_s = 86400;
    snapshot_put_zone(snapshot, zone);
    snapshot_put_zone(snapshot, test_zone("isle.lab.test", isle_records, COUNT_OF(isle_records)));
    dice_init_seeded(&dice, 1);
    open_signer(1000);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    signer_destroy(signer);
    signer = NULL;
    snapshot_unref(snapshot);
    health_table_destroy(health);
    test_key_free(&key);
    return 0;
}

enum { EDNS = 0, DO = 0x8000, DO_CO = 0xc000 };

struct asked {
    uint8_t reply[ANSWER_SIZE_MAX_TCP];
    size_t size;
    struct verdict verdict;
};

static void ask_wire(struct asked *asked, const uint8_t *name, uint16_t type, unsigned flags,
                     bool over_tcp, uint64_t now_s)
{
    static const uint8_t header[] = { 0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1 };
    static const struct sockaddr_in client = { .sin_family = AF_INET };
    uint8_t query[600], *to = query + sizeof header;
    size_t name_size = dns_name_size(name);
    struct answer_note note;
    memcpy(query, header, sizeof header);
    memcpy(to, name, name_size);
    to += name_size;
    put_u32(to, (uint32_t)type << 16 | DNS_CLASS_IN);
    memset(to + 4, 0, 11);
    put_u16(to + 5, DNS_TYPE_OPT);
    put_u16(to + 7, 1232);
    put_u16(to + 11, (uint16_t)flags);
    struct view view = { .snapshot = snapshot,
                         .health = health,
                         .dice = &dice,
                         .source = (const struct sockaddr_storage *)(const void *)&client,
                         .over_tcp = over_tcp,
                         .signer = signer,
                         .now_ms = now_s * 1000 };
    asked->size =
        answer_query(&view, (struct span){ query, (size_t)(to + 15 - query) }, asked->reply, &note);
    judge(&asked->verdict, asked->reply, asked->size, &key, (time_t)now_s);
}

static void ask(struct asked *asked, const char *name, uint16_t type, unsigned flags)
{
    uint8_t wire[DNS_NAME_SIZE_MAX];
    test_raw_name(wire, name);
    ask_wire(asked, wire, type, flags, false, NOW_S);
}

struct row {
    const char *why, *name;
    uint16_t type;
    const char *expected;
};

static void check_rows(const struct row *rows, unsigned count, unsigned flags)
{
    for (unsigned i = 0; i < 2 * count; i++) { /* made, and then remembered */
        static struct asked asked;
        const struct row *row = &rows[i / 2];
        ask(&asked, row->name, row->type, flags);
        if (strcmp(asked.verdict.text, row->expected) != 0)
            fail_msg("%s: %s\n  is       %s\n  expected %s", row->name, row->why,
                     asked.verdict.text, row->expected);
    }
}

static void what_is_there_is_signed(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "R-SEC-14: one signature for a set in random order", "www.lab.test", DNS_TYPE_A,
          "NOERROR aa | www.lab.test A 3 + | |" },
        { "R-NAM-2: the letters of the question do not matter", "wWw.LAB.test", DNS_TYPE_A,
          "NOERROR aa | wWw.LAB.test A 3 + | |" },
        { "R-SEC-13: a wildcard answers as a name of its own", "x.y.wild.lab.test", DNS_TYPE_A,
          "NOERROR aa | x.y.wild.lab.test A 1 + | |" },
        { "RFC 4034 §3.1.3: the wildcard itself", "*.wild.lab.test", DNS_TYPE_A,
          "NOERROR aa | *.wild.lab.test A 1 + | |" },
        { "R-SEC-17: each set of a chain", "c4.lab.test", DNS_TYPE_AAAA,
          "NOERROR aa | c4.lab.test CNAME 1 +; c1.lab.test CNAME 1 +; web.lab.test AAAA 1 + | |" },
        { "R-SEC-17: a chain that leaves the zone", "c2.lab.test", DNS_TYPE_A,
          "NOERROR aa | c2.lab.test CNAME 1 + | |" },
        { "R-SEC-17: a chain into a wildcard", "cw.lab.test", DNS_TYPE_A,
          "NOERROR aa | cw.lab.test CNAME 1 +; any.wild.lab.test A 1 + | |" },
        { "R-SEC-9: a year is a week", "year.lab.test", DNS_TYPE_A,
          "NOERROR aa | year.lab.test A 1 + | |" },
        { "the apex", "lab.test", DNS_TYPE_SOA, "NOERROR aa | lab.test SOA 1 + | |" },
        { "R-ANS-26: every set of ANY", "web.lab.test", DNS_TYPE_ANY,
          "NOERROR aa | web.lab.test A 1 +; web.lab.test AAAA 1 + | |" },
        { "odd labels", "\\001.lab.test", DNS_TYPE_TXT, "NOERROR aa | \\001.lab.test TXT 1 + | |" },
        { "odd labels", "\\200.lab.test", DNS_TYPE_TXT, "NOERROR aa | \\200.lab.test TXT 1 + | |" },
        { "odd labels", "\\255.lab.test", DNS_TYPE_TXT, "NOERROR aa | \\255.lab.test TXT 1 + | |" },
        { "odd labels", "do\\.t.lab.test", DNS_TYPE_TXT,
          "NOERROR aa | do\\.t.lab.test TXT 1 + | |" },
        { "every signed name has an NSEC record", "www.lab.test", DNS_TYPE_NSEC,
          "NOERROR aa | www.lab.test NSEC \\000.www.lab.test [" ALL_TYPES "] + | |" },
        { "which denies no type of a name that is an alias", "c1.lab.test", DNS_TYPE_NSEC,
          "NOERROR aa | c1.lab.test NSEC \\000.c1.lab.test [CNAME RRSIG NSEC] + | |" },
        { "and its signature can be asked for", "www.lab.test", DNS_TYPE_RRSIG,
          "NOERROR aa | www.lab.test RRSIG 1 | |" },
    };
    check_rows(rows, COUNT_OF(rows), DO);
    assert_int_equal(figures.refused, 0);
}

#define SOA_SIGNED "lab.test SOA 1 +; "

static void what_is_not_there_is_proven(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "R-SEC-11: a name that is not there", "gone.lab.test", DNS_TYPE_A,
          "NOERROR aa | | " SOA_SIGNED "gone.lab.test NSEC \\000.gone.lab.test [RRSIG NSEC] + |" },
        { "R-SEC-12: a type that is not there", "www.lab.test", DNS_TYPE_MX,
          "NOERROR aa | | " SOA_SIGNED "www.lab.test NSEC \\000.www.lab.test "
          "[A PTR TXT AAAA SRV NAPTR SSHFP RRSIG NSEC TLSA SVCB HTTPS SPF CAA] + |" },
        { "R-SEC-12: at the apex", "lab.test", DNS_TYPE_AAAA,
          "NOERROR aa | | " SOA_SIGNED "lab.test NSEC \\000.lab.test "
          "[A NS SOA PTR MX TXT SRV NAPTR SSHFP RRSIG NSEC DNSKEY TLSA SVCB HTTPS SPF CAA] + |" },
        { "R-SEC-12: no type of ours is lacking", "www.lab.test", 65280,
          "NOERROR aa | | " SOA_SIGNED "www.lab.test NSEC \\000.www.lab.test [" ALL_TYPES "] + |" },
        { "an empty non-terminal", "b.lab.test", DNS_TYPE_A,
          "NOERROR aa | | " SOA_SIGNED "b.lab.test NSEC \\000.b.lab.test [RRSIG NSEC] + |" },
        { "R-SEC-13: a wildcard without the type", "q.wild.lab.test", DNS_TYPE_MX,
          "NOERROR aa | | " SOA_SIGNED "q.wild.lab.test NSEC \\000.q.wild.lab.test "
          "[A PTR TXT AAAA SRV NAPTR SSHFP RRSIG NSEC TLSA SVCB HTTPS SPF CAA] + |" },
        { "a CNAME to nowhere", "c3.lab.test", DNS_TYPE_A,
          "NOERROR aa | c3.lab.test CNAME 1 + | " SOA_SIGNED
          "gone.lab.test NSEC \\000.gone.lab.test [RRSIG NSEC] + |" },
        { "between odd labels", "\\000.lab.test", DNS_TYPE_TXT,
          "NOERROR aa | | " SOA_SIGNED
          "\\000.lab.test NSEC \\000.\\000.lab.test [RRSIG NSEC] + |" },
    };
    check_rows(rows, COUNT_OF(rows), DO);
    assert_int_equal(figures.refused, 0);
}

static void delegations_are_handed_over(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "R-SEC-15: no DS, and proof of it; glue unsigned, what is ours signed",
          "www.sub.lab.test", DNS_TYPE_A,
          "NOERROR | | sub.lab.test NS 2; sub.lab.test NSEC \\000.sub.lab.test [NS RRSIG NSEC] + | "
          "ns1.sub.lab.test A 1; ns1.lab.test A 1 +" },
        { "R-SEC-15: with DS", "x.safe.lab.test", DNS_TYPE_A,
          "NOERROR | | safe.lab.test NS 1; safe.lab.test DS 1 + |" },
        { "R-SEC-15: behind a CNAME", "cs.lab.test", DNS_TYPE_A,
          "NOERROR aa | cs.lab.test CNAME 1 + | sub.lab.test NS 2; "
          "sub.lab.test NSEC \\000.sub.lab.test [NS RRSIG NSEC] + | "
          "ns1.sub.lab.test A 1; ns1.lab.test A 1 +" },
        { "the DS itself", "safe.lab.test", DNS_TYPE_DS, "NOERROR aa | safe.lab.test DS 1 + | |" },
        { "with an address that a wildcard gives", "out.lab.test", DNS_TYPE_A,
          "NOERROR | | out.lab.test NS 1; out.lab.test NSEC \\000.out.lab.test [NS RRSIG NSEC] + | "
          "any.wild.lab.test A 1 +" },
        { "of a zone that is here without a delegation", "isle.lab.test", DNS_TYPE_DS,
          "NOERROR aa | | " SOA_SIGNED
          "isle.lab.test NSEC \\000.isle.lab.test [NS RRSIG NSEC] + |" },
        { "that there is none", "sub.lab.test", DNS_TYPE_DS,
          "NOERROR aa | | " SOA_SIGNED "sub.lab.test NSEC \\000.sub.lab.test [NS RRSIG NSEC] + |" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        static struct asked asked;
        ask(&asked, rows[i].name, rows[i].type, DO);
        /* NS are sent in random order, and so are the addresses that come with them. */
        if (strcmp(asked.verdict.text, rows[i].expected) != 0 &&
            strstr(asked.verdict.text, "| ns1.lab.test A 1 +; ns1.sub.lab.test A 1") == NULL)
            fail_msg("%s: %s\n  is       %s\n  expected %s", rows[i].name, rows[i].why,
                     asked.verdict.text, rows[i].expected);
    }
}

/* R-SEC-10. */
static void nobody_gets_what_he_did_not_ask_for(void **state)
{
    (void)state;
    static const struct row rows[] = {
        { "records alone", "www.lab.test", DNS_TYPE_A, "NOERROR aa | www.lab.test A 3 | |" },
        { "NXDOMAIN included", "gone.lab.test", DNS_TYPE_A, "NXDOMAIN aa | | lab.test SOA 1 |" },
        { "NODATA", "www.lab.test", DNS_TYPE_MX, "NOERROR aa | | lab.test SOA 1 |" },
        { "a zone that is here exists", "isle.lab.test", DNS_TYPE_DS,
          "NOERROR aa | | lab.test SOA 1 |" },
        { "no NSEC", "www.lab.test", DNS_TYPE_NSEC, "NOERROR aa | | lab.test SOA 1 |" },
        { "no RRSIG", "www.lab.test", DNS_TYPE_RRSIG, "NOERROR aa | | lab.test SOA 1 |" },
        { "DNSKEY, as it is asked for", "lab.test", DNS_TYPE_DNSKEY,
          "NOERROR aa | lab.test DNSKEY 1 | |" },
        { "R-SEC-9 all the same", "year.lab.test", DNS_TYPE_A,
          "NOERROR aa | year.lab.test A 1 | |" },
    };
    check_rows(rows, COUNT_OF(rows), EDNS);
    assert_int_equal(figures.made + figures.made_other + figures.remembered, 0);
}

static uint32_t first_ttl(const struct asked *asked)
{
    ldns_pkt *packet;
    assert_int_equal(ldns_wire2pkt(&packet, asked->reply, asked->size), LDNS_STATUS_OK);
    uint32_t ttl_s = ldns_rr_ttl(ldns_rr_list_rr(ldns_pkt_answer(packet), 0));
    ldns_pkt_free(packet);
    return ttl_s;
}

/* R-SEC-9. */
static void no_ttl_is_longer_than_a_week(void **state)
{
    (void)state;
    static struct asked asked;
    ask(&asked, "year.lab.test", DNS_TYPE_A, DO);
    assert_int_equal(first_ttl(&asked), 604800);
    ask(&asked, "year.lab.test", DNS_TYPE_A, EDNS);
    assert_int_equal(first_ttl(&asked), 604800);
}

/* RFC 9824. */
static void compact_denial_tells_the_truth_to_who_understands(void **state)
{
    (void)state;
    static const struct row without[] = {
        { "§3.2: a name that is not there", "gone.lab.test", DNS_TYPE_A,
          "NOERROR aa | | " SOA_SIGNED
          "gone.lab.test NSEC \\000.gone.lab.test [RRSIG NSEC TYPE128] + |" },
        { "§3.3: an empty non-terminal exists", "b.lab.test", DNS_TYPE_A,
          "NOERROR aa | | " SOA_SIGNED "b.lab.test NSEC \\000.b.lab.test [RRSIG NSEC] + |" },
        { "§3.5: nobody asks for NXNAME", "www.lab.test", DNS_TYPE_NXNAME, "FORMERR | | |" },
    };
    static const struct row with_co[] = {
        { "§5.1: NXDOMAIN with the CO flag", "gone.lab.test", DNS_TYPE_A,
          "NXDOMAIN aa | | " SOA_SIGNED
          "gone.lab.test NSEC \\000.gone.lab.test [RRSIG NSEC TYPE128] + |" },
        { "§5.1: at the end of a chain", "c3.lab.test", DNS_TYPE_A,
          "NXDOMAIN aa | c3.lab.test CNAME 1 + | " SOA_SIGNED
          "gone.lab.test NSEC \\000.gone.lab.test [RRSIG NSEC TYPE128] + |" },
        { "but not of a zone that is here", "isle.lab.test", DNS_TYPE_DS,
          "NOERROR aa | | " SOA_SIGNED
          "isle.lab.test NSEC \\000.isle.lab.test [NS RRSIG NSEC] + |" },
        { "and nothing else changes", "b.lab.test", DNS_TYPE_A,
          "NOERROR aa | | " SOA_SIGNED "b.lab.test NSEC \\000.b.lab.test [RRSIG NSEC] + |" },
    };
    static struct asked asked;
    snapshot->options.denial = DENIAL_COMPACT;
    check_rows(without, COUNT_OF(without), DO);
    check_rows(without + COUNT_OF(without) - 1, 1, EDNS);
    check_rows(with_co, COUNT_OF(with_co), DO_CO);
    ask(&asked, "gone.lab.test", DNS_TYPE_A, DO_CO);
    assert_int_equal(asked.reply[asked.size - 4] & 0xc0, 0xc0); /* the flags of the last OPT */
    ask(&asked, "gone.lab.test", DNS_TYPE_A, DO);
    assert_int_equal(asked.reply[asked.size - 4] & 0xc0, 0x80);
    snapshot->options.denial = DENIAL_ROUTE53;
    ask(&asked, "gone.lab.test", DNS_TYPE_A, DO_CO);
    assert_int_equal(asked.reply[asked.size - 4] & 0xc0, 0x80);
    assert_int_equal(asked.reply[3] & 15, DNS_NOERROR);
}

/* What a flood of made-up names can and cannot do. */
static void beyond_the_budget_denials_wait_and_what_is_there_does_not(void **state)
{
    (void)state;
    static struct asked asked;
    uint8_t gone[DNS_NAME_SIZE_MAX];
    test_name(gone, "gone.lab.test");
    open_signer(0);
    ask_wire(&asked, gone, DNS_TYPE_A, DO, false, NOW_S);
    assert_string_equal(asked.verdict.text, "NOERROR aa tc | | |");
    ask_wire(&asked, gone, DNS_TYPE_A, DO, true, NOW_S);
    assert_string_equal(asked.verdict.text, "SERVFAIL | | |");
    assert_int_equal(figures.refused, 2);
    ask(&asked, "any.wild.lab.test", DNS_TYPE_A, DO);
    assert_string_equal(asked.verdict.text, "NOERROR aa tc | | |");
    ask(&asked, "out.lab.test", DNS_TYPE_A, DO); /* RFC 4035 §3.1.1: the address all the same */
    assert_string_equal(asked.verdict.text,
                        "NOERROR | | out.lab.test NS 1; "
                        "out.lab.test NSEC \\000.out.lab.test [NS RRSIG NSEC] + | "
                        "any.wild.lab.test A 1");
    ask(&asked, "web.lab.test", DNS_TYPE_A, DO);
    assert_string_equal(asked.verdict.text, "NOERROR aa | web.lab.test A 1 + | |");
    ask(&asked, "web.lab.test", DNS_TYPE_MX, DO);
    assert_string_equal(asked.verdict.text, "NOERROR aa tc | | |");
    ask(&asked, "www.sub.lab.test", DNS_TYPE_A, DO);
    assert_true(strstr(asked.verdict.text, "[NS RRSIG NSEC] +") != NULL);
    ask(&asked, "gone.lab.test", DNS_TYPE_A, EDNS);
    assert_string_equal(asked.verdict.text, "NXDOMAIN aa | | lab.test SOA 1 |");
}

/* Members of many.lab.test. */
static void put_multivalue(struct zone *zone, unsigned count)
{
    struct rrset_source sources[MULTIVALUE_MAX + 1];
    const struct member member = { .identifier = "m", .check_id = "" };
    uint8_t packed[MULTIVALUE_MAX + 1][6], owner[DNS_NAME_SIZE_MAX];
    assert_true(count <= COUNT_OF(sources));
    for (unsigned i = 0; i < count; i++) {
        memcpy(packed[i], (uint8_t[]){ 0, 4, 10, 0, 0, (uint8_t)i }, 6);
        sources[i] = (struct rrset_source){ .type = DNS_TYPE_A,
                                            .ttl_s = 60,
                                            .value_count = 1,
                                            .values = { packed[i], 6 },
                                            .member = &member,
                                            .policy = ROUTING_MULTIVALUE };
    }
    test_name(owner, "many.lab.test");
    assert_int_equal(zone_put_name(zone, zone_name_create(zone, owner, sources, count)), 0);
}

/* R-MVA-2: there are more selections of a hundred members than anybody could remember. */
static void a_drawn_selection_is_not_foreseen(void **state)
{
    (void)state;
    static struct asked asked;
    struct name_path path;
    test_path(&path, "lab.test");
    dns_path_hash(&path);
    struct zone *zone = (struct zone *)(uintptr_t)snapshot_find(snapshot, &path);
    open_signer(0);
    put_multivalue(zone, MULTIVALUE_MAX);
    ask(&asked, "many.lab.test", DNS_TYPE_A, DO);
    assert_string_equal(asked.verdict.text, "NOERROR aa | many.lab.test A 8 + | |");
    put_multivalue(zone, MULTIVALUE_MAX + 1);
    ask(&asked, "many.lab.test", DNS_TYPE_A, DO);
    assert_string_equal(asked.verdict.text, "NOERROR aa tc | | |");
    open_signer(1000);
    ask(&asked, "many.lab.test", DNS_TYPE_A, DO);
    assert_string_equal(asked.verdict.text, "NOERROR aa | many.lab.test A 8 + | |");
    assert_int_equal(figures.made_other, 1);
}

/* ---- whatever is asked ---- */

static void random_name(uint8_t *out)
{
    static const char *const odd[] = { "\\000", "\\001", "@",   "\\[", "\\200", "\\255", "a\\.b",
                                       "*",     "x",     "sub", "www", "wild",  "b" };
    char text[512] = "";
    for (unsigned i = dice_below(&dice, 4); i > 0; i--) {
        strcat(text, odd[dice_below(&dice, COUNT_OF(odd))]);
        strcat(text, ".");
    }
    strcat(text, "lab.test");
    test_raw_name(out, text);
}

/* Of the Answer and Authority sections. */
static unsigned count_sets(const char *text)
{
    unsigned count = 0;
    const char *end = strrchr(text, '|');
    for (const char *at = strchr(text, '|'); at < end; at++)
        count += *at == ';' || (*at == '|' && at[2] != '|');
    return count;
}

/* Every set is signed, but for the NS of a referral; and what says no says it with two. */
static void check_whole(const struct asked *asked)
{
    const char *text = asked->verdict.text;
    bool is_referral = strncmp(text, "NOERROR |", 9) == 0;
    bool is_negative = strncmp(strchr(text, '|'), "| |", 3) == 0;
    unsigned sets = count_sets(text) - is_referral;
    unsigned least = is_negative && !is_referral ? 2 : 1;
    const char *additional = strrchr(text, '|');
    unsigned verified = asked->verdict.verified;
    for (; *additional != '\0'; additional++)
        verified -= *additional == '+';
    if (sets < least || verified != sets)
        fail_msg("something is not signed: %s", text);
}

static void any_name_and_type_is_signed(void **state)
{
    (void)state;
    static struct asked asked;
    for (unsigned i = 0; i < 3000; i++) {
        uint8_t name[DNS_NAME_SIZE_MAX];
        uint16_t type = dns_type_at(dice_below(&dice, DNS_TYPE_COUNT))->type;
        random_name(name);
        ask_wire(&asked, name, type, DO, false, NOW_S + i);
        check_whole(&asked);
    }
    assert_true(figures.remembered > 0 && figures.made_other > 0);
}

/* R-SEC-14, R-SEC-16: whatever a tree of policies gives. */
static void random_trees_are_signed(void **state)
{
    (void)state;
    static struct asked asked;
    unsigned verified = 0;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        struct tree tree;
        struct snapshot *kept = snapshot;
        struct health_table *all_up = health;
        tree_make(&tree, seed);
        health = tree_health(&tree);
        snapshot = tree_compile(&tree);
        snapshot->options = kept->options;
        struct name_path path;
        test_path(&path, "lab.test");
        dns_path_hash(&path);
        test_sign_zone((struct zone *)(uintptr_t)snapshot_find(snapshot, &path), &key);
        for (unsigned group = 0; group < tree.group_count; group++) {
            char name[32];
            sprintf(name, "g%u.lab.test", group);
            ask(&asked, name, DNS_TYPE_A, DO);
            if (strncmp(asked.verdict.text, "SERVFAIL", 8) != 0)
                check_whole(&asked);
            verified += asked.verdict.verified;
        }
        snapshot_unref(snapshot);
        health_table_destroy(health);
        snapshot = kept;
        health = all_up;
    }
    assert_true(verified > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_there_is_signed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_there_is_proven, set_up, tear_down),
        cmocka_unit_test_setup_teardown(delegations_are_handed_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nobody_gets_what_he_did_not_ask_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_ttl_is_longer_than_a_week, set_up, tear_down),
        cmocka_unit_test_setup_teardown(compact_denial_tells_the_truth_to_who_understands, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(beyond_the_budget_denials_wait_and_what_is_there_does_not,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_drawn_selection_is_not_foreseen, set_up, tear_down),
        cmocka_unit_test_setup_teardown(any_name_and_type_is_signed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(random_trees_are_signed, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
