/*
 * The shapes of all operations, each with what it is made of: what is written is read again as the
 * same, and each bound holds on both sides.  Rules: A-XML-4, A-XML-7 to A-XML-9, section 15.
 */
#include "tests.h"

#include "forms.h"
#include "operations.h"

#define LENGTH_TRIED 200000 /* where a text has no bound */

static struct arena *arena;

static int open_arena(void **state)
{
    (void)state;
    arena = arena_create();
    return arena == NULL;
}

static int close_arena(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

/* ---- every shape ---- */

struct shapes {
    unsigned count;
    const struct xml_shape *all[512];
};

static void add_shape(struct shapes *shapes, const struct xml_shape *shape)
{
    if (shape == NULL)
        return;
    for (unsigned i = 0; i < shapes->count; i++)
        if (shapes->all[i] == shape)
            return;
    assert_true(shapes->count < COUNT_OF(shapes->all));
    shapes->all[shapes->count++] = shape;
    for (unsigned i = 0; i < shape->field_count; i++) {
        add_shape(shapes, shape->fields[i].shape);
        if (shape->fields[i].item != NULL)
            add_shape(shapes, shape->fields[i].item->shape);
    }
}

static struct shapes every_shape(void)
{
    struct shapes shapes = { 0 };
    for (unsigned i = 0; i < route53_operation_count; i++) {
        add_shape(&shapes, route53_operations[i].query);
        add_shape(&shapes, route53_operations[i].request);
        add_shape(&shapes, route53_operations[i].response);
    }
    assert_true(shapes.count > 0);
    return shapes;
}

/* ---- structs with something in every field ---- */

static const char *sample_of(const struct xml_field *field)
{
    static const struct sample {
        bool (*fits)(const char *text);
        const char *text;
    } samples[] = {
        { fits_ip_address, "2001:db8::1" },
        { fits_latitude, "-9.5" },
        { fits_longitude, "179.99" },
        { fits_uuid, "6f1e2a5c-0d3b-4c8e-9a71-2b54c0e8d913" },
        { fits_name, "office" },
        { fits_name_or_default, "*" },
        { fits_ascii, "a & b" },
        { fits_text, "10.0.0.0/8" },
        { fits_region, "eu-west-1" },
    };
    for (unsigned i = 0; i < COUNT_OF(samples); i++)
        if (samples[i].fits == field->fits)
            return samples[i].text;
    fail_msg("%s has a form without a sample", field->name);
    return NULL;
}

static const char *repeat(const char *character, int64_t count)
{
    size_t size = strlen(character);
    char *text = arena_alloc(arena, size * (size_t)count + 1);
    for (int64_t i = 0; i < count; i++)
        memcpy(text + (size_t)i * size, character, size);
    return text;
}

/* The longest or the shortest that is allowed; the longest is of characters of two octets. */
static const char *text_of(const struct xml_field *field, bool is_most)
{
    if (field->fits != NULL)
        return sample_of(field);
    if (!is_most)
        return repeat("a", field->least);
    return repeat("\xc3\xa9", field->most < LENGTH_TRIED ? field->most : LENGTH_TRIED);
}

static const char *word_of(const struct xml_field *field, bool is_most)
{
    const char *const *word = field->words;
    while (is_most && word[1] != NULL)
        word++;
    return *word;
}

static void fill(const struct xml_shape *shape, bool is_most, void *out);

static void fill_list(const struct xml_field *field, bool is_most, struct xml_list *list)
{
    const struct xml_field *item = field->item;
    int64_t most = field->most < 70 ? field->most : 70;
    size_t size = item->kind == XML_STRUCTURE ? item->shape->size : sizeof(char *);
    list->set = true;
    list->count = (unsigned)(is_most ? most : field->least);
    list->items = arena_alloc(arena, list->count * size);
    for (unsigned i = 0; i < list->count; i++) {
        char *at = (char *)list->items + i * size;
        if (item->kind == XML_STRUCTURE)
            fill(item->shape, false, at);
        else
            *(const char **)at = item->kind == XML_WORD ? word_of(item, i % 2) : text_of(item, 0);
    }
}

static void fill_field(const struct xml_field *field, bool is_most, void *member)
{
    switch (field->kind) {
    case XML_TEXT:
        *(const char **)member = text_of(field, is_most);
        break;
    case XML_WORD:
        *(const char **)member = word_of(field, is_most);
        break;
    case XML_INTEGER: {
        int64_t value = is_most ? field->most : field->least;
        bool is_bound = value != INT64_MAX && value != INT64_MIN;
        *(struct xml_integer *)member = (struct xml_integer){ true, is_bound ? value : 17 };
        break;
    }
    case XML_BOOLEAN:
        *(struct xml_boolean *)member = (struct xml_boolean){ true, is_most };
        break;
    case XML_TIME:
        *(struct xml_time *)member = (struct xml_time){ true, 1767323045678 };
        break;
    case XML_STRUCTURE:
        *(void **)member = arena_alloc(arena, field->shape->size);
        fill(field->shape, is_most, *(void **)member);
        break;
    case XML_LIST:
        fill_list(field, is_most, member);
        break;
    }
}

/* Every field with the most that it takes, or those that are required with the least. */
static void fill(const struct xml_shape *shape, bool is_most, void *out)
{
    for (unsigned i = 0; i < shape->field_count; i++)
        if (is_most || shape->fields[i].required)
            fill_field(&shape->fields[i], is_most, (char *)out + shape->fields[i].offset);
}

/* ---- writing and reading ---- */

/* The same shape for reading, times as texts: the reader knows no times. */
static const struct xml_shape *readable(const struct xml_shape *shape)
{
    if (shape == NULL)
        return NULL;
    struct xml_field *fields =
        arena_copy(arena, shape->fields, shape->field_count * sizeof *fields);
    for (unsigned i = 0; i < shape->field_count; i++) {
        fields[i].shape = readable(fields[i].shape);
        if (fields[i].item != NULL) {
            struct xml_field *item = arena_copy(arena, fields[i].item, sizeof *item);
            item->shape = readable(item->shape);
            fields[i].item = item;
        }
        if (fields[i].kind == XML_TIME) {
            fields[i].kind = XML_TEXT;
            fields[i].most = 24;
        }
    }
    struct xml_shape *copy = arena_copy(arena, shape, sizeof *shape);
    copy->fields = fields;
    return copy;
}

struct output {
    uint8_t *data;
    size_t size, room;
};

static int take(void *context, const void *data, size_t size)
{
    struct output *output = context;
    if (output->size + size > output->room) {
        output->room = 2 * (output->size + size);
        uint8_t *larger = arena_alloc(arena, output->room);
        if (output->size > 0)
            memcpy(larger, output->data, output->size);
        output->data = larger;
    }
    memcpy(output->data + output->size, data, size);
    output->size += size;
    return 0;
}

/* What was read of what was written; faults: those of the reading. */
static void *rewritten(const struct xml_shape *shape, const void *in, struct xml_faults *faults)
{
    struct output output = { 0 };
    struct problem problem = { 0 };
    assert_int_equal(xml_write(shape, shape->name, ROUTE53_XMLNS, in, take, &output), 0);
    *faults = (struct xml_faults){ .arena = arena };
    void *out = arena_alloc(arena, shape->size);
    int rc = xml_read(arena, (struct span){ output.data, output.size }, readable(shape),
                      shape->name, ROUTE53_XMLNS, out, faults, &problem);
    if (rc != 0)
        fail_msg("%s: %s: %.*s", shape->name, problem.text, (int)output.size, output.data);
    return out;
}

/* ---- comparing ---- */

static bool is_same(const struct xml_shape *shape, const void *one, const void *other);

static bool is_same_text(const char *one, const char *other)
{
    return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

static bool is_same_list(const struct xml_field *field, const struct xml_list *one,
                         const struct xml_list *other)
{
    const struct xml_field *item = field->item;
    bool is_written = field->required || one->count > 0; /* A-XML-8 */
    bool same = one->count == other->count && other->set == is_written;
    for (unsigned i = 0; i < one->count && same; i++) {
        if (item->kind == XML_STRUCTURE)
            same = is_same(item->shape, (char *)one->items + i * item->shape->size,
                           (char *)other->items + i * item->shape->size);
        else
            same = is_same_text(((char **)one->items)[i], ((char **)other->items)[i]);
    }
    return same;
}

static bool is_same_field(const struct xml_field *field, const void *one, const void *other)
{
    const struct xml_integer *integers[] = { one, other };
    const struct xml_boolean *booleans[] = { one, other };
    const struct xml_time *moment = one;
    const char *const *texts = one, *const *other_texts = other;
    switch (field->kind) {
    case XML_TEXT:
    case XML_WORD:
        return is_same_text(*texts, *other_texts);
    case XML_INTEGER:
        return integers[0]->set == integers[1]->set && integers[0]->value == integers[1]->value;
    case XML_BOOLEAN:
        return booleans[0]->set == booleans[1]->set && booleans[0]->value == booleans[1]->value;
    case XML_TIME:
        return is_same_text(moment->set ? "2026-01-02T03:04:05.678Z" : NULL, *other_texts);
    case XML_STRUCTURE:
        if (*texts == NULL || *other_texts == NULL)
            return *texts == *other_texts;
        return is_same(field->shape, *texts, *other_texts);
    case XML_LIST:
        return is_same_list(field, one, other);
    }
    return false;
}

static bool is_same(const struct xml_shape *shape, const void *one, const void *other)
{
    bool same = true;
    for (unsigned i = 0; i < shape->field_count && same; i++) {
        size_t offset = shape->fields[i].offset;
        same = is_same_field(&shape->fields[i], (const char *)one + offset,
                             (const char *)other + offset);
        if (!same)
            print_error("%s of %s differs\n", shape->fields[i].name, shape->name);
    }
    return same;
}

static void what_is_written_is_read_again(void **state)
{
    (void)state;
    struct shapes shapes = every_shape();
    for (unsigned i = 0; i < 2 * shapes.count; i++) {
        const struct xml_shape *shape = shapes.all[i / 2];
        struct xml_faults faults;
        void *in = arena_alloc(arena, shape->size);
        fill(shape, i % 2, in);
        const void *out = rewritten(shape, in, &faults);
        if (faults.count > 0)
            fail_msg("%s, %s: %s", shape->name, i % 2 ? "most" : "least", xml_faults_join(&faults));
        if (!is_same(shape, in, out))
            fail_msg("%s, %s, is not the same", shape->name, i % 2 ? "most" : "least");
    }
}

/* ---- bounds ---- */

static void set_count(const struct xml_field *field, int64_t count, struct xml_list *list)
{
    struct xml_field other = *field;
    other.least = count;
    fill_list(&other, false, list);
}

/* One step beyond a bound; false: there is no such. */
static bool overstep(const struct xml_field *field, bool is_most, void *member)
{
    int64_t bound = is_most ? field->most : field->least;
    if (field->kind == XML_WORD && is_most) {
        *(const char **)member = "no such word";
        return true;
    }
    if (bound == INT64_MAX || bound == INT64_MIN || field->fits != NULL)
        return false;
    if (field->kind == XML_INTEGER) {
        *(struct xml_integer *)member =
            (struct xml_integer){ true, is_most ? bound + 1 : bound - 1 };
        return true;
    }
    if (field->kind == XML_TEXT && (is_most || bound > 0)) {
        *(const char **)member = repeat("\xc3\xa9", is_most ? bound + 1 : bound - 1);
        return true;
    }
    /* An empty optional list is not written. */
    if (field->kind == XML_LIST && (is_most || bound > 1 || (bound == 1 && field->required))) {
        set_count(field, is_most ? bound + 1 : bound - 1, member);
        return true;
    }
    return false;
}

static void expect_fault(const struct xml_shape *shape, const struct xml_field *field,
                         const void *in)
{
    struct xml_faults faults;
    rewritten(shape, in, &faults);
    if (faults.count != 1)
        fail_msg("%s of %s: %u faults: %s", field->name, shape->name, faults.count,
                 xml_faults_join(&faults));
}

static void what_is_beyond_a_bound_is_a_fault(void **state)
{
    (void)state;
    struct shapes shapes = every_shape();
    for (unsigned i = 0; i < shapes.count; i++) {
        const struct xml_shape *shape = shapes.all[i];
        for (unsigned at = 0; at < 2 * shape->field_count; at++) {
            const struct xml_field *field = &shape->fields[at / 2];
            char *in = arena_alloc(arena, shape->size);
            fill(shape, false, in);
            if (overstep(field, at % 2, in + field->offset))
                expect_fault(shape, field, in);
        }
    }
}

static void what_is_required_is_missed(void **state)
{
    (void)state;
    struct shapes shapes = every_shape();
    for (unsigned i = 0; i < shapes.count; i++) {
        const struct xml_shape *shape = shapes.all[i];
        for (unsigned at = 0; at < shape->field_count; at++) {
            const struct xml_field *field = &shape->fields[at];
            bool is_list = field->kind == XML_LIST; /* a required one is always written */
            uint8_t *in = arena_alloc(arena, shape->size);
            fill(shape, false, in);
            memset(in + field->offset, 0, sizeof(void *)); /* unset, or NULL */
            if (field->required && !is_list)
                expect_fault(shape, field, in);
        }
    }
}

/* ---- what the specification says in so many words ---- */

#define MISSING(outer, name)                                                                       \
    "Invalid XML ; cvc-complex-type.2.4.b: The content of element '" outer                         \
    "' is not complete. One of '{\"https://route53.amazonaws.com/doc/2013-04-01/\":" name          \
    "}' is expected."

#define TEN(text) text text text text text text text text text text
#define TOO_LONG  TEN(TEN(TEN("a"))) TEN("b") TEN("c") "12345"

static void documents_are_judged_by_section_15(void **state)
{
    (void)state;
    static const struct row {
        const char *why;
        const struct xml_shape *shape;
        const char *inside, *expect; /* "": no fault */
    } rows[] = {
        { "an unknown action (A-XML-9, seen)", &route53_change_shape,
          "<Action>REPLACE</Action><ResourceRecordSet><Name>a</Name><Type>A</Type>"
          "</ResourceRecordSet>",
          "Invalid XML ; cvc-enumeration-valid: Value 'REPLACE' is not facet-valid with respect to "
          "enumeration '[CREATE, DELETE, UPSERT]'. It must be a value from the enumeration." },
        { "a comment that is too long (A-XML-9)",
          &route53_update_traffic_policy_comment_request_shape, "<Comment>" TOO_LONG "</Comment>",
          "Invalid XML ; cvc-maxLength-valid: Value '" TOO_LONG "' with length = '1025' is not "
          "facet-valid with respect to maxLength '1024' for type 'TrafficPolicyComment'." },
        { "no records (A-XML-9, seen)", &route53_resource_record_set_shape,
          "<Name>a</Name><Type>A</Type><ResourceRecords></ResourceRecords>",
          MISSING("ResourceRecords", "ResourceRecord") },
        { "an alias without EvaluateTargetHealth (A-XML-9, seen)", &route53_alias_target_shape,
          "<HostedZoneId>Z</HostedZoneId><DNSName>a</DNSName>",
          MISSING("AliasTarget", "EvaluateTargetHealth") },
        { "types of 2024", &route53_resource_record_set_shape, "<Type>HTTPS</Type><Name>a</Name>",
          "" },
        { "items of newer lists are members (A-XML-7)",
          &route53_change_cidr_collection_request_shape,
          "<Changes><member><LocationName>a</LocationName><Action>PUT</Action><CidrList>"
          "<Cidr>10.0.0.0/8</Cidr></CidrList></member></Changes>",
          "" },
        { "a Region of a VPC", &route53_vpc_shape, "<VPCRegion>us-iso-east-1</VPCRegion>", "" },
        { "one that the API does not know yet (section 15.4)", &route53_vpc_shape,
          "<VPCRegion>xx-laboratory-9</VPCRegion><VPCId>vpc-1</VPCId>", "" },
        { "no Region", &route53_vpc_shape, "<VPCRegion>here</VPCRegion>",
          "Invalid XML ; cvc-pattern-valid: Value 'here' is not facet-valid with respect to "
          "pattern "
          "for type 'VPCRegion'." },
        { "a Region to answer for is one of the API's", &route53_resource_record_set_shape,
          "<Name>a</Name><Type>A</Type><Region>us-east-3</Region>",
          "Invalid XML ; cvc-enumeration-valid: Value 'us-east-3' is not facet-valid with respect "
          "to "
          "enumeration '[us-east-1, us-east-2, us-west-1, us-west-2, ca-central-1, eu-west-1, "
          "eu-west-2, eu-west-3, eu-central-1, eu-central-2, ap-southeast-1, ap-southeast-2, "
          "ap-southeast-3, ap-northeast-1, ap-northeast-2, ap-northeast-3, eu-north-1, sa-east-1, "
          "cn-north-1, cn-northwest-1, ap-east-1, me-south-1, me-central-1, ap-south-1, "
          "ap-south-2, "
          "af-south-1, eu-south-1, eu-south-2, us-gov-east-1, us-gov-west-1, ca-west-1, "
          "mx-central-1, eusc-de-east-1, il-central-1, ap-southeast-4, ap-southeast-5, "
          "ap-southeast-6, ap-southeast-7, ap-east-2]'. It must be a value from the enumeration." },
        { "three digits before the point are a longitude's", &route53_coordinates_shape,
          "<Latitude>100.0</Latitude><Longitude>100.0</Longitude>",
          "Invalid XML ; cvc-pattern-valid: Value '100.0' is not facet-valid with respect to "
          "pattern "
          "for type 'Latitude'." },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        const char *name = rows[i].shape->name;
        const char *text = arena_format(arena, "<%s>%s</%s>", name, rows[i].inside, name);
        struct xml_faults faults = { .arena = arena };
        int rc =
            xml_read(arena, (struct span){ (const uint8_t *)text, strlen(text) }, rows[i].shape,
                     name, ROUTE53_XMLNS, arena_alloc(arena, rows[i].shape->size), &faults, NULL);
        assert_int_equal(rc, 0);
        if (strcmp(xml_faults_join(&faults), rows[i].expect) != 0)
            fail_msg("%s: %s", rows[i].why, xml_faults_join(&faults));
    }
}

static void tags_are_told_even_when_there_are_none(void **state)
{
    (void)state;
    struct output output = { 0 };
    struct r53_resource_tag_set set = { .resource_type = "hostedzone", .resource_id = "Z1" };
    assert_int_equal(
        xml_write(&route53_resource_tag_set_shape, "S", ROUTE53_XMLNS, &set, take, &output), 0);
    take(&output, "", 1);
    assert_non_null(strstr((const char *)output.data, "<Tags></Tags>")); /* A-TAG-5 */
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(what_is_written_is_read_again, open_arena, close_arena),
    cmocka_unit_test_setup_teardown(what_is_beyond_a_bound_is_a_fault, open_arena, close_arena),
    cmocka_unit_test_setup_teardown(what_is_required_is_missed, open_arena, close_arena),
    cmocka_unit_test_setup_teardown(documents_are_judged_by_section_15, open_arena, close_arena),
    cmocka_unit_test_setup_teardown(tags_are_told_even_when_there_are_none, open_arena,
                                    close_arena),
};

RUN_TESTS(tests)
