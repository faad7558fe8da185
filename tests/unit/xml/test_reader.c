/* Rules: A-XML-2 to A-XML-7, A-XML-9, A-XML-10. */
#include "tests.h"

#include "sets.h"

#include "signpost/base/limits.h"

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

/* ---- what was read, as text ---- */

static const char *told_target(const struct target *target)
{
    return arena_format(arena, "%s%s", target->name,
                        !target->evaluates.set    ? ""
                        : target->evaluates.value ? "+"
                                                  : "-");
}

static const char *told_list(const char *name, const struct xml_list *list, bool is_of_targets)
{
    if (!list->set)
        return "";
    const char *told = arena_format(arena, " %s:", name);
    for (unsigned i = 0; i < list->count; i++) {
        const char *item = is_of_targets ? told_target((const struct target *)list->items + i)
                                         : ((const char *const *)list->items)[i];
        told = arena_format(arena, "%s%s(%s)", told, i == 0 ? "" : ",", item);
    }
    return told;
}

static const char *told_set(const struct set *set)
{
    const char *ttl = set->ttl.set ? arena_format(arena, " %d", (int)set->ttl.value) : "";
    return arena_format(
        arena, "(%s)%s%s%s%s%s%s%s%s", set->name, set->type == NULL ? "" : " ",
        set->type == NULL ? "" : set->type, ttl, told_list("values", &set->values, false),
        told_list("targets", &set->targets, true), set->alias == NULL ? "" : " -> ",
        set->alias == NULL ? "" : told_target(set->alias), told_list("tags", &set->tags, false));
}

/* The struct, or "faults: ..." or "malformed: ...". */
static const char *read_told(struct span text)
{
    struct set set = { 0 };
    struct xml_faults faults = { .arena = arena };
    struct problem problem = { 0 };
    int rc = xml_read(arena, text, &set_shape, "Set", XMLNS, &set, &faults, &problem);
    if (rc != 0) {
        assert_int_equal(rc, SP_EINVAL);
        assert_string_not_equal(problem.text, "");
        return arena_format(arena, "malformed: %s", problem.text);
    }
    if (faults.count > 0)
        return arena_format(arena, "faults: %s", xml_faults_join(&faults));
    return told_set(&set);
}

static struct span span_of(const char *text)
{
    return (struct span){ (const uint8_t *)text, strlen(text) };
}

static const char *read_text(const char *text)
{
    return read_told(span_of(text));
}

/* ---- what is taken ---- */

static void documents_are_read_by_their_shape(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *text, *expect;
    } rows[] = {
        { "the least that a document holds", "<Set><Name>www</Name><Tags></Tags></Set>",
          "(www) tags:" },
        { "an empty element is an empty list", "<Set><Name>www</Name><Tags/></Set>",
          "(www) tags:" },
        { "every field",
          "<Set><Name>www</Name><Type>TXT</Type><TTL>60</TTL><Values><Value>a</Value>"
          "<Value>b</Value></Values><Targets><Target><Name>x</Name><Evaluates>true</Evaluates>"
          "</Target><Target><Name>y</Name></Target></Targets><Alias><Name>z</Name></Alias>"
          "<Tags><Tag>t</Tag></Tags></Set>",
          "(www) TXT 60 values:(a),(b) targets:(x+),(y) -> z tags:(t)" },
        { "fields stand in any order (A-XML-4)", "<Set><Tags/><TTL>1</TTL><Name>www</Name></Set>",
          "(www) 1 tags:" },
        { "a declaration is fine (A-XML-2)",
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Set><Name>www</Name><Tags/></Set>\n",
          "(www) tags:" },
        { "a declared encoding is not believed: it is UTF-8",
          "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><Set><Name>\xc3\xa9</Name><Tags/></Set>",
          "(\xc3\xa9) tags:" },
        { "a default namespace", "<Set xmlns=\"" XMLNS "\"><Name>www</Name><Tags/></Set>",
          "(www) tags:" },
        { "a prefix", "<r:Set xmlns:r=\"" XMLNS "\"><r:Name>www</r:Name><r:Tags/></r:Set>",
          "(www) tags:" },
        { "attributes are not looked at",
          "<Set a=\"1\"><Name xml:lang='en'>www</Name><Tags/></Set>", "(www) tags:" },
        { "comments, blanks and instructions between elements do not count (A-XML-6)",
          "<Set>\n  <!-- <Name>a</Name> -->\n\t<Name>www</Name>\r\n<?p i?><Tags>\n</Tags> </Set>",
          "(www) tags:" },
        { "blanks inside a text are kept (A-XML-6)", "<Set><Name> w\n </Name><Tags/></Set>",
          "( w\n ) tags:" },
        { "a comment inside a text is no part of it", "<Set><Name>w<!-- x -->w</Name><Tags/></Set>",
          "(ww) tags:" },
        { "the five entities (A-XML-5)",
          "<Set><Name>&lt;&gt;&amp;&quot;</Name><Tags><Tag>&apos;</Tag></Tags></Set>",
          "(<>&\") tags:(')" },
        { "numbers of characters (A-XML-5)", "<Set><Name>&#65;&#x42;&#233;</Name><Tags/></Set>",
          "(AB\xc3\xa9) tags:" },
        { "CDATA (A-XML-5)", "<Set><Name>a<![CDATA[<&>]]></Name><Tags/></Set>", "(a<&>) tags:" },
        { "a long CDATA is no long tag",
          "<Set><Name>www</Name><Tags><Tag><![CDATA[ < x]]></Tag></Tags></Set>",
          "faults: Invalid XML ; cvc-pattern-valid: Value ' < x' is not facet-valid with respect "
          "to pattern for type 'Tag'." },
        { "lengths count characters, not octets",
          "<Set><Name>\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z</Name><Tags/></Set>",
          "(\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z) tags:" },
        { "the least and the most of a number", "<Set><Name>a</Name><TTL>-5</TTL><Tags/></Set>",
          "(a) -5 tags:" },
        { "blanks around a number do not count",
          "<Set><Name>a</Name><TTL>\n300 </TTL><Tags/></Set>", "(a) 300 tags:" },
        { "true is true or 1 (A-XML-10)",
          "<Set><Name>a</Name><Targets><Target><Name>x</Name><Evaluates>true</Evaluates></Target>"
          "<Target><Name>x</Name><Evaluates>1</Evaluates></Target></Targets><Tags/></Set>",
          "(a) targets:(x+),(x+) tags:" },
        { "false is false or 0 (A-XML-10)",
          "<Set><Name>a</Name><Targets><Target><Name>x</Name><Evaluates>false</Evaluates></Target>"
          "<Target><Name>x</Name><Evaluates> 0 </Evaluates></Target></Targets><Tags/></Set>",
          "(a) targets:(x-),(x-) tags:" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        const char *told = read_text(rows[i].text);
        if (strcmp(told, rows[i].expect) != 0)
            fail_msg("%s: %s\n  expected %s", rows[i].why, told, rows[i].expect);
    }
}

static void lists_grow_with_their_items(void **state)
{
    (void)state;
    const char *items = "";
    for (unsigned i = 0; i < 100; i++)
        items = arena_format(arena, "%s<Target><Name>n%u</Name></Target>", items, i);
    const char *text =
        arena_format(arena, "<Set><Name>www</Name><Targets>%s</Targets><Tags/></Set>", items);
    struct set set = { 0 };
    struct xml_faults faults = { .arena = arena };
    int rc = xml_read(arena, span_of(text), &set_shape, "Set", XMLNS, &set, &faults, NULL);
    assert_int_equal(rc, 0);
    assert_int_equal(set.targets.count, 100);
    for (unsigned i = 0; i < 100; i++)
        assert_string_equal(((struct target *)set.targets.items)[i].name,
                            arena_format(arena, "n%u", i));
}

/* ---- what is malformed ---- */

static void what_is_no_document_is_malformed(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *text, *expect;
    } rows[] = {
        { "another root (A-XML-3)", "<Batch><Name>www</Name></Batch>",
          "malformed: Batch is not valid, expected Set" },
        { "another root under a prefix is told without it", "<r:Batch xmlns:r=\"" XMLNS "\"/>",
          "malformed: Batch is not valid, expected Set" },
        { "the right root in another namespace (A-XML-2)", "<Set xmlns=\"https://other.test/\"/>",
          "malformed: Set in the namespace 'https://other.test/' is not valid, expected the "
          "namespace '" XMLNS "'" },
        { "nothing", "", "malformed: The XML is not well-formed: it is empty" },
        { "blanks", " \n", "malformed: The XML is not well-formed: line 2: " },
        { "no XML", "{\"Name\": \"www\"}", "malformed: The XML is not well-formed: line 1: " },
        { "an element that does not end", "<Set>\n<Name>www</Name>",
          "malformed: The XML is not well-formed: line 2: " },
        { "elements that end crosswise", "<Set><Name></Set></Name>",
          "malformed: The XML is not well-formed: line 1: " },
        { "something behind the root", "<Set><Name>a</Name><Tags/></Set><Set/>",
          "malformed: The XML is not well-formed: line 1: " },
        { "faults do not hide that it goes wrong later", "<Set><Other/><Name>a</Name><Tags></Set>",
          "malformed: The XML is not well-formed: line 1: " },
        { "an undeclared entity", "<Set><Name>&auml;</Name><Tags/></Set>",
          "malformed: The XML is not well-formed: line 1: " },
        { "an undeclared prefix", "<r:Set><Name>a</Name><Tags/></r:Set>",
          "malformed: The XML is not well-formed: line 1: " },
        { "a document type (A-XML-5)", "<!DOCTYPE Set><Set><Name>a</Name><Tags/></Set>",
          "malformed: The XML has a document type declaration, which is not accepted" },
        { "a document type with entities, which are not looked at",
          "<!DOCTYPE Set [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Set><Name>&e;</Name></Set>",
          "malformed: The XML has a document type declaration, which is not accepted" },
        { "a number of no character", "<Set><Name>&#0;</Name><Tags/></Set>",
          "malformed: The XML is not well-formed: line 1: " },
        { "a control character", "<Set><Name>\x01</Name><Tags/></Set>",
          "malformed: The XML is not well-formed: it holds an octet" },
        { "Latin-1", "<Set><Name>\xe9</Name><Tags/></Set>",
          "malformed: The XML is not well-formed: it holds an octet" },
        { "Latin-1 in a comment", "<Set><!-- \xe9 --><Name>a</Name><Tags/></Set>",
          "malformed: The XML is not well-formed: it holds an octet" },
        { "UTF-8 longer than it need be", "<Set><Name>\xc1\x81</Name><Tags/></Set>",
          "malformed: The XML is not well-formed: it holds an octet" },
        { "half a surrogate pair", "<Set><Name>\xed\xa0\x80</Name><Tags/></Set>",
          "malformed: The XML is not well-formed: it holds an octet" },
        { "a character cut off by the end", "<Set><Name>a</Name><Tags/></Set>\xe2\x82",
          "malformed: The XML is not well-formed: it holds an octet" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        const char *told = read_text(rows[i].text);
        if (strncmp(told, rows[i].expect, strlen(rows[i].expect)) != 0)
            fail_msg("%s: %s\n  expected %s", rows[i].why, told, rows[i].expect);
    }
}

static void a_zero_octet_is_malformed(void **state)
{
    (void)state;
    static const char text[] = "<Set><Name>a\0b</Name><Tags/></Set>";
    const char *told = read_told((struct span){ (const uint8_t *)text, sizeof text - 1 });
    assert_string_equal(told, "malformed: The XML is not well-formed: it holds an octet that is no "
                              "character of UTF-8 or not allowed in XML");
}

static const char *repeat(const char *text, unsigned count)
{
    char *all = arena_alloc(arena, strlen(text) * count + 1), *at = all;
    for (unsigned i = 0; i < count; i++)
        at = stpcpy(at, text);
    return all;
}

static void deep_and_huge_documents_end_early(void **state)
{
    (void)state;
    const char *deep = arena_format(arena, "<Set>%s", repeat("<a>", 100000));
    const char *huge =
        arena_format(arena, "<Set %s/>", repeat(" attribute=\"\"", XML_TAG_SIZE_MAX / 10));
    const char *quoted = arena_format(arena, "<Set %s/>", repeat(" a='>'", XML_TAG_SIZE_MAX / 5));
    const char *cdata = arena_format(arena, "<Set><Name>a</Name><Tags/><!--<a %s--></Set>",
                                     repeat(" a='>'", XML_TAG_SIZE_MAX / 5));
    const struct row {
        const char *why, *text, *expect;
    } rows[] = {
        { "elements deeper than any shape", deep,
          "malformed: The XML is not well-formed: line 1: " },
        { "attributes without end", huge,
          "malformed: The XML is not well-formed: it holds a tag that is too long" },
        { "a tag goes on behind a quoted >", quoted,
          "malformed: The XML is not well-formed: it holds a tag that is too long" },
        { "what looks like a tag in a comment is none", cdata, "(a) tags:" },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        const char *told = read_text(rows[i].text);
        if (strncmp(told, rows[i].expect, strlen(rows[i].expect)) != 0)
            fail_msg("%s: %.200s\n  expected %s", rows[i].why, told, rows[i].expect);
    }
}

/* ---- what breaks the shape ---- */

#define UNEXPECTED(name)                                                                           \
    "Invalid XML ; cvc-complex-type.2.4.a: Invalid content was found starting with element '" name \
    "'."
#define INCOMPLETE(outer, name)                                                                    \
    "Invalid XML ; cvc-complex-type.2.4.b: The content of element '" outer                         \
    "' is not complete. One of '{\"" XMLNS "\":" name "}' is expected."

static void each_breach_of_the_shape_is_told(void **state)
{
    (void)state;
    static const struct row {
        const char *why, *text, *expect;
    } rows[] = {
        { "an unknown element (A-XML-6)", "<Set><Nome>a</Nome><Name>a</Name><Tags/></Set>",
          "faults: " UNEXPECTED("Nome") },
        { "what stands in it is not looked at",
          "<Set><Nome>a<Name>x</Name><b/></Nome><Name>a</Name><Tags/></Set>",
          "faults: " UNEXPECTED("Nome") },
        { "an element given twice", "<Set><Name>a</Name><Name>b</Name><Tags/></Set>",
          "faults: " UNEXPECTED("Name") },
        { "a name is exact", "<Set><Name>a</Name><name>b</name><Tags/></Set>",
          "faults: " UNEXPECTED("name") },
        { "another item in a list", "<Set><Name>a</Name><Tags><Tog>b</Tog></Tags></Set>",
          "faults: " UNEXPECTED("Tog") },
        { "an element in a text", "<Set><Name>a<b/></Name><Tags/></Set>",
          "faults: " UNEXPECTED("b") },
        { "text beside elements", "<Set>a<Name>a</Name>b<Tags/></Set>",
          "faults: Invalid XML ; cvc-complex-type.2.3: Element 'Set' cannot have character "
          "[children], because the type's content type is element-only." },
        { "a required element is missing (A-XML-9)", "<Set><Tags/></Set>",
          "faults: " INCOMPLETE("Set", "Name") },
        { "in a structure",
          "<Set><Name>a</Name><Alias><Evaluates>1</Evaluates></Alias><Tags/></Set>",
          "faults: " INCOMPLETE("Alias", "Name") },
        { "every one that is missing", "<Set/>",
          "faults: " INCOMPLETE("Set", "Name") ", " INCOMPLETE("Set", "Tags") },
        { "a list with too few items", "<Set><Name>a</Name><Values></Values><Tags/></Set>",
          "faults: " INCOMPLETE("Values", "Value") },
        { "a list with too many",
          "<Set><Name>a</Name><Values><Value>1</Value><Value>2</Value><Value>3</Value>"
          "<Value>4</Value></Values><Tags/></Set>",
          "faults: " UNEXPECTED("Value") },
        { "no word of the enumeration", "<Set><Name>a</Name><Type>a</Type><Tags/></Set>",
          "faults: Invalid XML ; cvc-enumeration-valid: Value 'a' is not facet-valid with respect "
          "to enumeration '[A, TXT]'. It must be a value from the enumeration." },
        { "blanks make another word of it", "<Set><Name>a</Name><Type> A</Type><Tags/></Set>",
          "faults: Invalid XML ; cvc-enumeration-valid: Value ' A' is not facet-valid with respect "
          "to enumeration '[A, TXT]'. It must be a value from the enumeration." },
        { "too long, in characters",
          "<Set><Name>\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9</Name><Tags/></Set>",
          "faults: Invalid XML ; cvc-maxLength-valid: Value "
          "'\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9' with length = '5' is not facet-valid with "
          "respect to maxLength '4' for type 'SetName'." },
        { "too short", "<Set><Name></Name><Tags/></Set>",
          "faults: Invalid XML ; cvc-minLength-valid: Value '' with length = '0' is not "
          "facet-valid with respect to minLength '1' for type 'SetName'." },
        { "not of its form", "<Set><Name>a</Name><Tags><Tag>b c</Tag></Tags></Set>",
          "faults: Invalid XML ; cvc-pattern-valid: Value 'b c' is not facet-valid with respect to "
          "pattern for type 'Tag'." },
        { "a number below the least", "<Set><Name>a</Name><TTL>-6</TTL><Tags/></Set>",
          "faults: Invalid XML ; cvc-minInclusive-valid: Value '-6' is not facet-valid with "
          "respect to minInclusive '-5' for type 'TTL'." },
        { "a number above the most", "<Set><Name>a</Name><TTL>301</TTL><Tags/></Set>",
          "faults: Invalid XML ; cvc-maxInclusive-valid: Value '301' is not facet-valid with "
          "respect to maxInclusive '300' for type 'TTL'." },
        { "no truth",
          "<Set><Name>a</Name><Alias><Name>x</Name><Evaluates>yes</Evaluates></Alias>"
          "<Tags/></Set>",
          "faults: Invalid XML ; cvc-datatype-valid.1.2.1: 'yes' is not a valid value for "
          "'boolean'." },
        { "all of them, in the order of the document",
          "<Set><TTL>1m</TTL><Other/><Type>B</Type><Tags/></Set>",
          "faults: Invalid XML ; cvc-datatype-valid.1.2.1: '1m' is not a valid value for "
          "'integer'., " UNEXPECTED("Other") ", Invalid XML ; cvc-enumeration-valid: Value 'B' is "
                                             "not facet-valid with respect to enumeration '[A, "
                                             "TXT]'. It must be a value from the "
                                             "enumeration., " INCOMPLETE("Set", "Name") },
    };
    for (unsigned i = 0; i < COUNT_OF(rows); i++) {
        const char *told = read_text(rows[i].text);
        if (strcmp(told, rows[i].expect) != 0)
            fail_msg("%s: %s\n  expected %s", rows[i].why, told, rows[i].expect);
    }
}

static void numbers_are_plain_decimal(void **state)
{
    (void)state;
    static const char *const texts[] = { "",    "-",   "+5",  "5.0",      "0x5",
                                         "5 5", "1e2", "--5", "\xd9\xa5", "9999999999999999999" };
    for (unsigned i = 0; i < COUNT_OF(texts); i++) {
        const char *told = read_text(
            arena_format(arena, "<Set><Name>a</Name><TTL>%s</TTL><Tags/></Set>", texts[i]));
        const char *expect = arena_format(arena,
                                          "faults: Invalid XML ; cvc-datatype-valid.1.2.1: '%s' is "
                                          "not a valid value for 'integer'.",
                                          texts[i]);
        assert_string_equal(told, expect);
    }
}

static void faults_have_their_bounds(void **state)
{
    (void)state;
    struct set set = { 0 };
    struct xml_faults faults = { .arena = arena };
    const char *many = arena_format(arena, "<Set>%s</Set>", repeat("<a/>", XML_FAULTS_MAX + 5));
    assert_int_equal(xml_read(arena, span_of(many), &set_shape, "Set", XMLNS, &set, &faults, NULL),
                     0);
    assert_int_equal(faults.count, XML_FAULTS_MAX);

    faults = (struct xml_faults){ .arena = arena };
    const char *name = repeat("\xe2\x82\xac", XML_FAULT_TEXT_MAX);
    const char *text = arena_format(arena, "<Set><Name>%s</Name><Tags/></Set>", name);
    assert_int_equal(xml_read(arena, span_of(text), &set_shape, "Set", XMLNS, &set, &faults, NULL),
                     0);
    const char *expect = arena_format(arena,
                                      "Invalid XML ; cvc-maxLength-valid: Value '%.*s' with length "
                                      "= '%d' is not",
                                      XML_FAULT_TEXT_MAX / 3 * 3, name, XML_FAULT_TEXT_MAX);
    assert_int_equal(strncmp(faults.texts[0], expect, strlen(expect)), 0);
}

/* ---- arguments ---- */

static void an_argument_is_read_like_an_element(void **state)
{
    (void)state;
    struct set set = { 0 };
    struct xml_faults faults = { .arena = arena };
    assert_int_equal(xml_read_text(arena, &set_fields[0], "www", &set.name, &faults), 0);
    assert_int_equal(xml_read_text(arena, &set_fields[2], "17", &set.ttl, &faults), 0);
    assert_int_equal(faults.count, 0);
    assert_string_equal(set.name, "www");
    assert_true(set.ttl.set && set.ttl.value == 17);
    assert_int_equal(xml_read_text(arena, &set_fields[2], "301", &set.ttl, &faults), 0);
    assert_string_equal(xml_faults_join(&faults),
                        "Invalid XML ; cvc-maxInclusive-valid: Value '301' is not facet-valid with "
                        "respect to maxInclusive '300' for type 'TTL'.");
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(documents_are_read_by_their_shape, open_arena, close_arena),
    cmocka_unit_test_setup_teardown(lists_grow_with_their_items, open_arena, close_arena),
    cmocka_unit_test_setup_teardown(what_is_no_document_is_malformed, open_arena, close_arena),
    cmocka_unit_test_setup_teardown(a_zero_octet_is_malformed, open_arena, close_arena),
    cmocka_unit_test_setup_teardown(deep_and_huge_documents_end_early, open_arena, close_arena),
    cmocka_unit_test_setup_teardown(each_breach_of_the_shape_is_told, open_arena, close_arena),
    cmocka_unit_test_setup_teardown(numbers_are_plain_decimal, open_arena, close_arena),
    cmocka_unit_test_setup_teardown(faults_have_their_bounds, open_arena, close_arena),
    cmocka_unit_test_setup_teardown(an_argument_is_read_like_an_element, open_arena, close_arena),
};

RUN_TESTS(tests)
