/* Batches of changes: what may be done to what is there (R-REC-9), and what may stand afterwards.
 */
#include "signpost/dns/rdata.h"

#include "drafts.h"

struct step {
    enum change_action action;
    const char *owner;
    uint16_t type;
    uint32_t ttl_s;
    const char *values[3];
};

struct row {
    const char *why;
    struct step steps[3];
    const char *expect; /* what www.lab.test. and its like hold then; NULL: see fault */
    const char *fault;
};

static struct record_set make_set(struct draft *draft, const struct step *step)
{
    struct record_set set = { .type = step->type, .set_identifier = "", .ttl_s = step->ttl_s };
    uint8_t *packed = arena_alloc(draft->arena, 4096);
    for (; set.value_count < 3 && step->values[set.value_count] != NULL; set.value_count++) {
        struct span rdata;
        struct problem problem = { 0 };
        int rc = rdata_from_text(draft->arena, step->type, step->values[set.value_count], NULL,
                                 &rdata, &problem);
        if (rc != 0)
            fail_msg("%s", problem.text);
        put_u16(packed + set.values.size, (uint16_t)rdata.size);
        memcpy(packed + set.values.size + 2, rdata.data, rdata.size);
        set.values.size += 2 + rdata.size;
    }
    set.values.data = packed;
    return set;
}

/* What is stored before each row: the draft of a few names, as the store makes it. */
static struct draft *stored(void)
{
    static const struct step sets[] = {
        { 0, "lab.test.", DNS_TYPE_NS, 172800, { "ns.test" } },
        { 0, "lab.test.", DNS_TYPE_SOA, 900, { "ns.test h.test 1 2 3 4 5" } },
        { 0, "www.lab.test.", DNS_TYPE_A, 60, { "192.0.2.1", "192.0.2.2" } },
        { 0, "www.lab.test.", DNS_TYPE_TXT, 60, { "\"x\"" } },
        { 0, "c.lab.test.", DNS_TYPE_CNAME, 60, { "www.lab.test" } },
    };
    struct draft *draft = lab_draft(false);
    for (size_t i = 0; i < COUNT_OF(sets); i++) {
        uint8_t owner[DNS_NAME_SIZE_MAX];
        wire_name(owner, sets[i].owner);
        struct draft_name *name = draft_name(draft, owner);
        struct record_set set = make_set(draft, &sets[i]);
        struct record_set **link = &name->sets;
        while (*link != NULL)
            link = &(*link)->next;
        *link = arena_copy(draft->arena, &set, sizeof set);
        name->before = name->sets;
    }
    return draft;
}

static char *text_of_sets(struct draft *draft, bool before)
{
    struct written written = { 0 };
    keep_written(&written, (struct span){ (const uint8_t *)"", 0 });
    draft_sort(draft);
    for (uint32_t i = 1; i < draft->name_count; i++) { /* without the apex */
        char owner[DNS_NAME_TEXT_SIZE], line[2048];
        const struct draft_name *name = draft->names[i];
        dns_name_to_text(owner, name->owner);
        for (const struct record_set *set = before ? name->before : name->sets; set != NULL;
             set = set->next) {
            struct span packed = set->values, value;
            while (dns_values_next(&packed, &value)) {
                int size = snprintf(line, sizeof line, "%s %u %s %s\n", owner, set->ttl_s,
                                    dns_type_find(set->type)->name,
                                    rdata_to_text(draft->arena, set->type, value));
                keep_written(&written, (struct span){ (const uint8_t *)line, (size_t)size });
            }
        }
    }
    return written.text;
}

#define C   "c.lab.test. 60 CNAME www.lab.test.\n"
#define WWW "www.lab.test. 60 A 192.0.2.1\nwww.lab.test. 60 A 192.0.2.2\n"
#define TXT "www.lab.test. 60 TXT \"x\"\n"

static void check_row(const struct row *row)
{
    struct draft *draft = stored();
    struct change_item items[3] = { 0 };
    struct change_batch batch = { 0, items };
    struct problem problem = { 0 };

    for (; batch.count < 3 && row->steps[batch.count].owner != NULL; batch.count++) {
        struct change_item *item = &items[batch.count];
        item->action = row->steps[batch.count].action;
        wire_name(item->owner, row->steps[batch.count].owner);
        item->set = make_set(draft, &row->steps[batch.count]);
    }
    int rc = model_apply(draft, &batch, NULL, NULL, &problem);
    if (rc != (row->fault == NULL ? 0 : SP_EINVAL))
        fail_msg("%s: %d %s", row->why, rc, problem.text);
    if (row->fault != NULL && strcmp(problem.text, row->fault) != 0)
        fail_msg("%s\nexpected: %s\n     got: %s", row->why, row->fault, problem.text);
    if (row->fault == NULL) {
        char *text = text_of_sets(draft, false);
        if (strcmp(text, row->expect) != 0)
            fail_msg("%s\nexpected: %s\n     got: %s", row->why, row->expect, text);
        free(text);
    }
    char *before = text_of_sets(draft, true);
    assert_string_equal(before, C WWW TXT); /* what was published is never written to */
    free(before);
    draft_destroy(draft);
}

static void batches_are_carried_out_or_refused(void **state)
{
    static const struct row rows[] = {
        { "a new name",
          { { CHANGE_CREATE, "new.lab.test.", DNS_TYPE_A, 5, { "192.0.2.9" } } },
          C "new.lab.test. 5 A 192.0.2.9\n" WWW TXT,
          NULL },
        { "a new type at a name, in its place",
          { { CHANGE_CREATE, "www.lab.test.", DNS_TYPE_MX, 5, { "1 a" } } },
          C WWW "www.lab.test. 5 MX 1 a.\n" TXT,
          NULL },
        { "UPSERT creates what is not there",
          { { CHANGE_UPSERT, "www.lab.test.", DNS_TYPE_AAAA, 5, { "::1" } } },
          C WWW TXT "www.lab.test. 5 AAAA ::1\n",
          NULL },
        { "UPSERT replaces what is there",
          { { CHANGE_UPSERT, "www.lab.test.", DNS_TYPE_A, 5, { "192.0.2.9" } } },
          C "www.lab.test. 5 A 192.0.2.9\n" TXT,
          NULL },
        { "DELETE quotes the values in any order",
          { { CHANGE_DELETE, "www.lab.test.", DNS_TYPE_A, 60, { "192.0.2.2", "192.0.2.1" } } },
          C TXT,
          NULL },
        { "both sets of a name go",
          { { CHANGE_DELETE, "www.lab.test.", DNS_TYPE_A, 60, { "192.0.2.2", "192.0.2.1" } },
            { CHANGE_DELETE, "www.lab.test.", DNS_TYPE_TXT, 60, { "\"x\"" } } },
          C,
          NULL },
        { "a CNAME makes room for an address in one batch",
          { { CHANGE_DELETE, "c.lab.test.", DNS_TYPE_CNAME, 60, { "www.lab.test" } },
            { CHANGE_CREATE, "c.lab.test.", DNS_TYPE_A, 60, { "192.0.2.9" } } },
          "c.lab.test. 60 A 192.0.2.9\n" WWW TXT,
          NULL },
        { "the apex NS may be edited",
          { { CHANGE_UPSERT, "lab.test.", DNS_TYPE_NS, 60, { "ns2.test", "ns3.test" } } },
          C WWW TXT,
          NULL },
        { "CREATE of what is there",
          { { CHANGE_CREATE, "www.lab.test.", DNS_TYPE_A, 60, { "192.0.2.9" } } },
          NULL,
          "Tried to create resource record set [name='www.lab.test.', type='A'] but it already "
          "exists" },
        { "DELETE of what is not there",
          { { CHANGE_DELETE, "*.lab.test.", DNS_TYPE_MX, 60, { "1 a" } } },
          NULL,
          "Tried to delete resource record set [name='\\052.lab.test.', type='MX'] but it was not "
          "found" },
        { "DELETE with another TTL",
          { { CHANGE_DELETE, "www.lab.test.", DNS_TYPE_TXT, 61, { "\"x\"" } } },
          NULL,
          "Tried to delete resource record set [name='www.lab.test.', type='TXT'] but the values "
          "provided do not match the current values" },
        { "DELETE with fewer values",
          { { CHANGE_DELETE, "www.lab.test.", DNS_TYPE_A, 60, { "192.0.2.1" } } },
          NULL,
          "Tried to delete resource record set [name='www.lab.test.', type='A'] but the values "
          "provided do not match the current values" },
        { "every fault is named, in the order of the changes",
          { { CHANGE_CREATE, "www.lab.test.", DNS_TYPE_A, 60, { "192.0.2.9" } },
            { CHANGE_DELETE, "x.lab.test.", DNS_TYPE_A, 60, { "192.0.2.9" } },
            { CHANGE_CREATE, "*.lab.test.", DNS_TYPE_NS, 60, { "ns.test" } } },
          NULL,
          "Tried to create resource record set [name='www.lab.test.', type='A'] but it already "
          "exists; Tried to delete resource record set [name='x.lab.test.', type='A'] but it was "
          "not "
          "found; *.lab.test. NS: a wildcard cannot be delegated" },
        { "a value twice (R-ANS-18)",
          { { CHANGE_CREATE, "a.lab.test.", DNS_TYPE_A, 60, { "192.0.2.9", "192.0.2.9" } } },
          NULL,
          "Duplicate Resource Record: '192.0.2.9'" },
        { "no value",
          { { CHANGE_CREATE, "a.lab.test.", DNS_TYPE_A, 60, { NULL } } },
          NULL,
          "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
          "ResourceRecords], "
          "or TrafficPolicyInstanceId], but found none in Change with [Action=CREATE, "
          "Name=a.lab.test., Type=A, SetIdentifier=null]" },
        { "a wrong shape is told alone, before the zone is looked at",
          { { CHANGE_CREATE, "www.lab.test.", DNS_TYPE_A, 60, { "192.0.2.9" } },
            { CHANGE_DELETE, "a.lab.test.", DNS_TYPE_A, 60, { NULL } } },
          NULL,
          "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and "
          "ResourceRecords], "
          "or TrafficPolicyInstanceId], but found none in Change with [Action=DELETE, "
          "Name=a.lab.test., Type=A, SetIdentifier=null]" },
        { "outside the zone (R-NAM-10)",
          { { CHANGE_CREATE, "a.example.", DNS_TYPE_A, 60, { "192.0.2.9" } } },
          NULL,
          "RRSet with DNS name a.example. is not permitted in zone lab.test." },
        { "a CNAME beside others (R-REC-4)",
          { { CHANGE_CREATE, "www.lab.test.", DNS_TYPE_CNAME, 60, { "a" } } },
          NULL,
          "RRSet of type CNAME with DNS name www.lab.test. is not permitted as it conflicts with "
          "other records with the same DNS name in zone lab.test." },
        { "others beside a CNAME",
          { { CHANGE_CREATE, "c.lab.test.", DNS_TYPE_A, 60, { "192.0.2.9" } } },
          NULL,
          "RRSet of type A with DNS name c.lab.test. is not permitted because a conflicting RRSet "
          "of "
          "type CNAME with the same DNS name already exists in zone lab.test." },
        { "the order counts: first the CNAME has to go (A-CHG-3)",
          { { CHANGE_CREATE, "c.lab.test.", DNS_TYPE_A, 60, { "192.0.2.9" } },
            { CHANGE_DELETE, "c.lab.test.", DNS_TYPE_CNAME, 60, { "www.lab.test" } } },
          NULL,
          "RRSet of type A with DNS name c.lab.test. is not permitted because a conflicting RRSet "
          "of "
          "type CNAME with the same DNS name already exists in zone lab.test." },
        { "a CNAME with two values (R-REC-5)",
          { { CHANGE_UPSERT, "c.lab.test.", DNS_TYPE_CNAME, 60, { "a", "b" } } },
          NULL,
          "c.lab.test. CNAME: it has 2 values and may have only one" },
        { "a CNAME at the apex",
          { { CHANGE_CREATE, "lab.test.", DNS_TYPE_CNAME, 60, { "a" } } },
          NULL,
          "RRSet of type CNAME with DNS name lab.test. is not permitted at apex in zone "
          "lab.test." },
        { "a SOA below the apex",
          { { CHANGE_CREATE, "a.lab.test.", DNS_TYPE_SOA, 60, { "a b 1 2 3 4 5" } } },
          NULL,
          "a.lab.test. SOA: a SOA stands only at the top of the zone" },
        { "the apex keeps its SOA and NS (R-ZON-4)",
          { { CHANGE_DELETE, "lab.test.", DNS_TYPE_NS, 172800, { "ns.test" } },
            { CHANGE_DELETE, "lab.test.", DNS_TYPE_SOA, 900, { "ns.test h.test 1 2 3 4 5" } } },
          NULL,
          "A HostedZone must contain exactly one SOA record.; A HostedZone must contain at least "
          "one "
          "NS record for the zone itself." },
        { "they may be replaced in one batch",
          { { CHANGE_DELETE, "lab.test.", DNS_TYPE_NS, 172800, { "ns.test" } },
            { CHANGE_CREATE, "lab.test.", DNS_TYPE_NS, 60, { "ns2.test" } } },
          C WWW TXT,
          NULL },
        { "a TTL beyond the range",
          { { CHANGE_CREATE, "a.lab.test.", DNS_TYPE_A, 2147483648u, { "192.0.2.9" } } },
          NULL,
          "the TTL 2147483648 is above 2147483647 in Change with [Action=CREATE, Name=a.lab.test., "
          "Type=A, SetIdentifier=null]" },
        { "one record set changed twice (A-CHG-4)",
          { { CHANGE_UPSERT, "a.lab.test.", DNS_TYPE_A, 60, { "192.0.2.9" } },
            { CHANGE_UPSERT, "www.lab.test.", DNS_TYPE_A, 60, { "192.0.2.9" } },
            { CHANGE_UPSERT, "a.lab.test.", DNS_TYPE_A, 60, { "192.0.2.8" } } },
          NULL,
          "The request contains an invalid set of changes for a resource record set 'A "
          "a.lab.test.'; "
          "The request contains an invalid set of changes for a resource record set 'A "
          "a.lab.test.'" },
        { "created and then deleted",
          { { CHANGE_CREATE, "a.lab.test.", DNS_TYPE_A, 60, { "192.0.2.9" } },
            { CHANGE_DELETE, "a.lab.test.", DNS_TYPE_A, 60, { "192.0.2.9" } } },
          NULL,
          "The request contains an invalid set of changes for a resource record set 'A "
          "a.lab.test.'; "
          "The request contains an invalid set of changes for a resource record set 'A "
          "a.lab.test.'" },
        { "deleted and then created, which replaces it",
          { { CHANGE_DELETE, "www.lab.test.", DNS_TYPE_TXT, 60, { "\"x\"" } },
            { CHANGE_CREATE, "www.lab.test.", DNS_TYPE_TXT, 5, { "\"y\"" } } },
          C WWW "www.lab.test. 5 TXT \"y\"\n",
          NULL },
        { "a CNAME in a circle with another (A-CHG-51)",
          { { CHANGE_CREATE, "d.lab.test.", DNS_TYPE_CNAME, 60, { "e.lab.test" } },
            { CHANGE_CREATE, "e.lab.test.", DNS_TYPE_CNAME, 60, { "d.lab.test" } } },
          NULL,
          "RRSet of type CNAME with DNS name e.lab.test. is not permitted as it creates a CNAME or "
          "alias loop in the zone." },
        { "a CNAME to itself",
          { { CHANGE_UPSERT, "c.lab.test.", DNS_TYPE_CNAME, 60, { "c.lab.test" } } },
          NULL,
          "RRSet of type CNAME with DNS name c.lab.test. is not permitted as it creates a CNAME or "
          "alias loop in the zone." },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check_row(&rows[i]);
}

static void values_are_checked_whoever_made_them(void **state)
{
    static const struct octets_row {
        const char *why;
        uint16_t type;
        const char *packed;
        size_t size;
        uint32_t count;
        const char *expect;
    } rows[] = {
        { "RDATA of the wrong size", DNS_TYPE_A, "\0\3abc", 5, 1,
          "a.lab.test. A: the record's data ends too early or holds a malformed name" },
        { "more values than there are", DNS_TYPE_A, "\0\4abcd", 6, 2,
          "a.lab.test. A: the record set has no value" },
        { "fewer", DNS_TYPE_A, "\0\4abcd\0\4abce", 12, 1,
          "a.lab.test. A: the record set has no value" },
        { "a type that is none", 29, "\0\0", 2, 1,
          "a.lab.test.: type 29 is not one that records may have" },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct draft *draft = stored();
        struct problem problem = { 0 };
        struct change_item item = { .action = CHANGE_CREATE };
        wire_name(item.owner, "a.lab.test.");
        item.set.type = rows[i].type;
        item.set.set_identifier = "";
        item.set.value_count = rows[i].count;
        item.set.values = (struct span){ (const uint8_t *)rows[i].packed, rows[i].size };
        struct change_batch batch = { 1, &item };
        assert_int_equal(model_apply(draft, &batch, NULL, NULL, &problem), SP_EINVAL);
        assert_string_equal(problem.text, rows[i].expect);
        draft_destroy(draft);
    }
}

static void faults_that_do_not_fit_are_counted_and_listed_in_full(void **state)
{
    static struct change_item items[200];
    struct draft *draft = stored();
    struct change_batch batch = { COUNT_OF(items), items };
    struct change_faults faults = { .arena = draft->arena };
    struct problem problem = { 0 };
    struct step step = { CHANGE_CREATE, "", DNS_TYPE_A, 60, { "192.0.2.9" } };
    unsigned shown = 0, more = 0;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        char owner[32];
        snprintf(owner, sizeof owner, "x%zu.lab.test.", i);
        wire_name(items[i].owner, owner);
        items[i].action = CHANGE_DELETE;
        items[i].set = make_set(draft, &step);
    }
    assert_int_equal(model_apply(draft, &batch, NULL, &faults, &problem), SP_EINVAL);
    assert_int_equal(faults.kind, CHANGE_FAULT_BATCH);
    assert_int_equal(faults.count, COUNT_OF(items));
    assert_string_equal(faults.texts[199],
                        "Tried to delete resource record set "
                        "[name='x199.lab.test.', type='A'] but it was not found");
    for (const char *at = problem.text; (at = strstr(at, "was not found")) != NULL; at++)
        shown++;
    const char *end = strstr(problem.text, "; and ");
    assert_non_null(end);
    assert_int_equal(sscanf(end, "; and %u more", &more), 1);
    assert_true(shown > 5);
    assert_int_equal(shown + more, COUNT_OF(items));
    draft_destroy(draft);
}

/* What a reader has noted is told in its turn (A-CHG 7.7, A-ERR-3), and of a name as it was sent.
 */
static void what_was_noted_while_reading_is_told_in_its_turn(void **state)
{
    static const struct noted_row {
        const char *why;
        struct change_reading readings[2];
        enum change_fault_kind kind;
        const char *faults[2];
    } rows[] = {
        { "a shape before all else",
          { { .value_fault = "v" }, { .name = "W", .shape_fault = "s" } },
          CHANGE_FAULT_INPUT,
          { "s in Change with [Action=CREATE, Name=W, Type=A, SetIdentifier=null]" } },
        { "a name before a value",
          { { .name_fault = "n", .value_fault = "v" }, { .value_fault = "w" } },
          CHANGE_FAULT_BATCH,
          { "n", "w" } },
        { "changes without a name are not one set twice",
          { { .name_fault = "n" }, { .name_fault = "m" } },
          CHANGE_FAULT_BATCH,
          { "n", "m" } },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct draft *draft = stored();
        struct step step = { CHANGE_CREATE, "", DNS_TYPE_A, 60, { "192.0.2.9" } };
        struct change_item items[2] = { 0 };
        struct change_batch batch = { 2, items };
        struct change_faults faults = { .arena = draft->arena };
        struct problem problem = { 0 };
        for (size_t k = 0; k < 2; k++) {
            wire_name(items[k].owner, k == 0 ? "a.lab.test." : "b.lab.test.");
            items[k].set = make_set(draft, &step);
            items[k].reading = rows[i].readings[k];
        }
        assert_int_equal(model_apply(draft, &batch, NULL, &faults, &problem), SP_EINVAL);
        assert_int_equal(faults.kind, rows[i].kind);
        for (size_t k = 0; k < faults.count; k++)
            if (rows[i].faults[k] == NULL || strcmp(faults.texts[k], rows[i].faults[k]) != 0)
                fail_msg("%s: %s", rows[i].why, faults.texts[k]);
        assert_true(faults.count == 2 || rows[i].faults[faults.count] == NULL);
        draft_destroy(draft);
    }
}

static void a_whole_draft_needs_an_apex(void **state)
{
    struct draft *whole = lab_draft(true);
    struct draft *part = lab_draft(false);
    struct problem problem = { 0 };
    (void)state;
    assert_int_equal(draft_check(part, NULL, NULL, &problem), 0);
    assert_int_equal(draft_check(whole, NULL, NULL, &problem), SP_EINVAL);
    assert_string_equal(problem.text, "A HostedZone must contain exactly one SOA record.; A "
                                      "HostedZone must contain at least one NS record for the zone "
                                      "itself.");
    assert_int_equal(draft_add_defaults(whole, &lab_defaults), 0);
    assert_int_equal(draft_check(whole, NULL, NULL, &problem), 0);
    draft_destroy(whole);
    draft_destroy(part);
}

static void faults_name_the_line_where_there_is_one(void **state)
{
    struct draft *draft = lab_draft(false);
    struct problem problem = { 0 };
    uint8_t owner[DNS_NAME_SIZE_MAX];
    bool added;
    (void)state;
    wire_name(owner, "*.lab.test.");
    draft_add_value(draft, draft_name(draft, owner), DNS_TYPE_NS, 60,
                    (struct span){ (const uint8_t *)"\1a", 3 }, 12, &added);
    assert_int_equal(draft_check(draft, NULL, NULL, &problem), SP_EINVAL);
    assert_string_equal(problem.text, "line 12: *.lab.test. NS: a wildcard cannot be delegated");
    draft_destroy(draft);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(batches_are_carried_out_or_refused),
    cmocka_unit_test(values_are_checked_whoever_made_them),
    cmocka_unit_test(faults_that_do_not_fit_are_counted_and_listed_in_full),
    cmocka_unit_test(what_was_noted_while_reading_is_told_in_its_turn),
    cmocka_unit_test(a_whole_draft_needs_an_apex),
    cmocka_unit_test(faults_name_the_line_where_there_is_one),
};

RUN_TESTS(tests)
