/*
 * drafts.h - drafts of the zone lab.test. from text, and back.
 */
#ifndef SIGNPOST_TEST_DRAFTS_H
#define SIGNPOST_TEST_DRAFTS_H

#include "signpost/dns/types.h"
#include "signpost/model/zone_file.h"

#include "tests.h"

static const struct zone_defaults lab_defaults = {
    .server_domain = "\2ns\4test",
    .hostmaster = "\12hostmaster\4test",
};

static inline size_t wire_name(uint8_t out[DNS_NAME_SIZE_MAX], const char *text)
{
    const char *why = "";
    size_t size = dns_name_from_text(out, text, strlen(text), NULL, &why);
    if (size == 0)
        fail_msg("%s: %s", text, why);
    dns_name_lower(out, out, size);
    return size;
}

static inline struct hosted_zone lab_zone(void)
{
    struct hosted_zone zone = { .public_id = "ZLAB", .name_servers = { 155, 935, 1337, 1842 } };
    wire_name(zone.name, "lab.test.");
    return zone;
}

static inline struct draft *lab_draft(bool whole)
{
    struct hosted_zone zone = lab_zone();
    struct draft *draft = draft_create(&zone, whole);
    assert_non_null(draft);
    return draft;
}

/* The text of one reading, and what came of it. */
struct reading {
    struct draft *draft;
    struct problem problem;
    const char *const *warnings;
};

/* Feeds the text in pieces of that size; 0 feeds it whole. */
static inline struct reading read_octets_beside(const char *text, size_t size, size_t piece,
                                                const struct model_references *references)
{
    struct reading reading = { .draft = lab_draft(true) };
    struct zone_reader *reader = zone_reader_create(reading.draft, "lab.zone");
    int rc = 0;
    assert_non_null(reader);
    for (size_t at = 0; at < size && rc == 0;) {
        size_t next = piece == 0 || piece > size - at ? size - at : piece;
        struct span span = { (const uint8_t *)text + at, next };
        rc = zone_reader_feed(reader, span, &reading.problem);
        at += next;
    }
    if (rc == 0)
        rc = zone_reader_finish(reader, &lab_defaults, references, &reading.problem);
    assert_int_equal(rc, reading.problem.status);
    reading.warnings = zone_reader_warnings(reader);
    zone_reader_destroy(reader); /* draft and warnings stay */
    return reading;
}

static inline struct reading read_octets(const char *text, size_t size, size_t piece)
{
    return read_octets_beside(text, size, piece, NULL);
}

static inline struct reading read_text(const char *text)
{
    return read_octets(text, strlen(text), 0);
}

static inline struct draft *read_good(const char *text)
{
    struct reading reading = read_text(text);
    if (reading.problem.status != 0)
        fail_msg("%s\nin: %s", reading.problem.text, text);
    return reading.draft;
}

/* What the lines say, whether it may stand or not: nothing is checked, no default is added.  The
 * last one needs no newline. */
static inline struct draft *read_lines(const char *text)
{
    struct draft *draft = lab_draft(true);
    struct zone_reader *reader = zone_reader_create(draft, "lines");
    struct problem problem = { 0 };
    assert_non_null(reader);
    zone_reader_feed(reader, (struct span){ (const uint8_t *)text, strlen(text) }, &problem);
    if (zone_reader_feed(reader, (struct span){ (const uint8_t *)"\n", 1 }, &problem) != 0)
        fail_msg("%s\nin: %s", problem.text, text);
    zone_reader_destroy(reader);
    return draft;
}

struct written {
    char *text; /* ends with a zero */
    size_t size;
};

static inline int keep_written(void *context, struct span text)
{
    struct written *written = context;
    written->text = realloc(written->text, written->size + text.size + 1);
    assert_non_null(written->text);
    memcpy(written->text + written->size, text.data, text.size);
    written->size += text.size;
    written->text[written->size] = '\0';
    return 0;
}

/* The zone as text; free it. */
static inline char *write_text(struct draft *draft)
{
    struct written written = { 0 };
    assert_int_equal(zone_file_write(draft, keep_written, &written), 0);
    return written.text;
}

/* The same without $ORIGIN, $TTL and the default SOA and NS: what the test is about. */
static inline char *write_records(struct draft *draft)
{
    char *text = write_text(draft);
    char *to = text;
    for (char *line = text; *line != '\0';) {
        char *end = strchr(line, '\n') + 1;
        bool is_default = *line == '$' || strncmp(line, "@ 900 IN SOA ns-155.", 20) == 0 ||
                          strncmp(line, "@ 172800 IN NS ns-", 18) == 0;
        if (!is_default) {
            memmove(to, line, (size_t)(end - line));
            to += end - line;
        }
        line = end;
    }
    *to = '\0';
    return text;
}

static inline void assert_same_drafts(struct draft *a, struct draft *b)
{
    draft_sort(a);
    draft_sort(b);
    assert_int_equal(a->name_count, b->name_count);
    for (uint32_t i = 0; i < a->name_count; i++) {
        assert_true(dns_name_equal(a->names[i]->owner, b->names[i]->owner));
        const struct record_set *other = b->names[i]->sets;
        for (const struct record_set *set = a->names[i]->sets; set != NULL; set = set->next) {
            assert_non_null(other);
            assert_true(record_set_equal(set, other));
            assert_int_equal(set->values.size, other->values.size);
            if (set->values.size > 0) /* the same order too */
                assert_memory_equal(set->values.data, other->values.data, set->values.size);
            other = other->next;
        }
        assert_null(other);
    }
}

#endif
