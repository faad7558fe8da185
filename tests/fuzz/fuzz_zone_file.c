/* needs: model */
/*
 * Any text, fed in pieces of any size, is taken as it is when fed whole; a file that is accepted
 * can be written, read again and is the same; and ldns reads every value that we write as we meant
 * it.
 *
 * The first octet of the input seeds the sizes of the pieces, the rest is the text.
 */
#include "signpost/dns/rdata.h"
#include "signpost/dns/types.h"
#include "signpost/model/zone_file.h"

#include <ldns/ldns.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LDNS_LINE_SIZE 10000 /* a little less than what ldns takes */

static struct hosted_zone zone = { .public_id = "ZFUZZ",
                                   .name = "\3lab\4test",
                                   .name_servers = { 1, 513, 1025, 1537 } };
static const struct zone_defaults defaults = { .server_domain = "\2ns\4test",
                                               .hostmaster = "\4host\4test" };

static void require(bool condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "broken: %s\n", what);
    abort();
}

/* Reads the text in pieces of up to seed octets, whole when seed is 0.  NULL: it was refused. */
static struct draft *read_text(struct span text, uint8_t seed, struct problem *out_problem)
{
    struct draft *draft = draft_create(&zone, true);
    struct zone_reader *reader = zone_reader_create(draft, "fuzz.zone");
    uint32_t dice = seed;
    int rc = 0;

    out_problem->status = 0;
    while (rc == 0 && text.size > 0) {
        dice = dice * 1103515245 + 12345;
        size_t piece = seed == 0 ? text.size : 1 + (dice >> 16) % seed;
        if (piece > text.size)
            piece = text.size;
        rc = zone_reader_feed(reader, (struct span){ text.data, piece }, out_problem);
        text.data += piece;
        text.size -= piece;
    }
    if (rc == 0)
        rc = zone_reader_finish(reader, &defaults, NULL, out_problem);
    require(rc == out_problem->status, "the status and the problem differ");
    require(rc == 0 || out_problem->text[0] != '\0', "a fault without words");
    zone_reader_destroy(reader);
    if (rc == 0)
        return draft;
    draft_destroy(draft);
    return NULL;
}

static void require_same_names(const struct draft_name *a, const struct draft_name *b)
{
    const struct record_set *set_b = b->sets;
    require(dns_name_equal(a->owner, b->owner), "another owner");
    for (const struct record_set *set = a->sets; set != NULL; set = set->next) {
        require(set_b != NULL && record_set_equal(set, set_b), "another set");
        require(set->values.size == 0 ||
                    memcmp(set->values.data, set_b->values.data, set->values.size) == 0,
                "another order of values");
        set_b = set_b->next;
    }
    require(set_b == NULL, "a set too many");
}

static void require_same(struct draft *a, struct draft *b)
{
    draft_sort(a);
    draft_sort(b);
    require(a->name_count == b->name_count, "another number of names");
    for (uint32_t i = 0; i < a->name_count; i++)
        require_same_names(a->names[i], b->names[i]);
}

struct output {
    char *data;
    size_t size;
};

static int collect(void *context, struct span text)
{
    struct output *output = context;
    output->data = realloc(output->data, output->size + text.size);
    memcpy(output->data + output->size, text.data, text.size);
    output->size += text.size;
    return 0;
}

static void require_identity(struct draft *draft)
{
    struct output output = { 0 }, output_again = { 0 };
    struct problem problem;
    require(zone_file_write(draft, collect, &output) == 0, "it cannot be written");
    struct draft *again =
        read_text((struct span){ (uint8_t *)output.data, output.size }, 0, &problem);
    if (again == NULL)
        fprintf(stderr, "%s\n%.*s", problem.text, (int)output.size, output.data);
    require(again != NULL, "what was written is refused");
    require_same(draft, again);
    require(zone_file_write(again, collect, &output_again) == 0, "it cannot be written again");
    require(output.size == output_again.size &&
                memcmp(output.data, output_again.data, output.size) == 0,
            "it is written otherwise");
    draft_destroy(again);
    free(output.data);
    free(output_again.data);
}

/* What ldns 1.8.3 reads otherwise than the RFCs say: a first label "@" (it takes \@ for the
 * origin), backslashes inside lists of parameters, and long lines. */
static bool is_beyond_ldns(uint16_t type, const char *text)
{
    bool is_svcb = type == DNS_TYPE_SVCB || type == DNS_TYPE_HTTPS;
    return strstr(text, "\\@.") != NULL || (is_svcb && strstr(text, "\\\\") != NULL) ||
           strlen(text) > LDNS_LINE_SIZE;
}

/* ldns puts names into lower case nowhere, so what we gave it comes back octet by octet. */
static void require_ldns_agrees(struct draft *draft, const struct record_set *set,
                                struct span rdata)
{
    const char *text = rdata_to_text(draft->arena, set->type, rdata);
    ldns_rr *rr = NULL;
    uint8_t *wire = NULL;
    size_t wire_size = 0;

    require(text != NULL, "a value has no text");
    if (is_beyond_ldns(set->type, text))
        return;
    char *line = malloc(strlen(text) + 64);
    sprintf(line, ". 1 IN %s %s", dns_type_find(set->type)->name, text);
    ldns_status status = ldns_rr_new_frm_str(&rr, line, 0, NULL, NULL);
    if (status != LDNS_STATUS_OK)
        fprintf(stderr, "%s: %s\n", ldns_get_errorstr_by_id(status), line);
    require(status == LDNS_STATUS_OK, "ldns refuses a value");
    require(ldns_rr2wire(&wire, rr, LDNS_SECTION_ANSWER, &wire_size) == LDNS_STATUS_OK, "no wire");
    bool same = wire_size == 11 + rdata.size && memcmp(wire + 11, rdata.data, rdata.size) == 0;
    if (!same)
        fprintf(stderr, "%s\n", line);
    require(same, "ldns reads another value");
    free(line);
    free(wire);
    ldns_rr_free(rr);
}

static void ask_ldns(struct draft *draft)
{
    for (uint32_t i = 0; i < draft->name_count; i++)
        for (struct record_set *set = draft->names[i]->sets; set != NULL; set = set->next) {
            struct span packed = set->values;
            struct span rdata;
            while (dns_values_next(&packed, &rdata))
                require_ldns_agrees(draft, set, rdata);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct problem problem, problem_in_pieces;
    if (size == 0)
        return 0;
    struct span text = { data + 1, size - 1 };
    struct draft *draft = read_text(text, 0, &problem);
    struct draft *in_pieces = read_text(text, data[0], &problem_in_pieces);

    require(problem.status == problem_in_pieces.status, "pieces make a difference");
    if (problem.status != 0) {
        require(strcmp(problem.text, problem_in_pieces.text) == 0, "pieces make another fault");
        return 0;
    }
    require_same(draft, in_pieces);
    require_identity(draft);
    ask_ldns(draft);
    draft_destroy(in_pieces);
    draft_destroy(draft);
    return 0;
}
