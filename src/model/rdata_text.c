#include "rdata_text.h"

#include "signpost/dns/rdata.h"
#include "signpost/dns/types.h"
#include "signpost/model/zone_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How each type is written, in the order of dns_type_at. */
static const struct form {
    const char *usage;
    const struct field *fields[8];
} forms[DNS_TYPE_COUNT] = {
    /* A     */ { "address", { &field_ipv4 } },
    /* NS    */ { "server", { &field_name } },
    /* CNAME */ { "target", { &field_name } },
    /* SOA   */
    { "server mailbox serial refresh retry expire minimum",
      { &field_name, &field_name, &field_u32, &field_period, &field_period, &field_period,
        &field_period } },
    /* PTR   */ { "name", { &field_name } },
    /* MX    */ { "preference exchange", { &field_u16, &field_name } },
    /* TXT   */ { "\"text\" ...", { &field_strings } },
    /* AAAA  */ { "address", { &field_ipv6 } },
    /* SRV   */
    { "priority weight port target", { &field_u16, &field_u16, &field_u16, &field_name } },
    /* NAPTR */
    { "order preference \"flags\" \"service\" \"regexp\" replacement",
      { &field_u16, &field_u16, &field_string, &field_string, &field_string, &field_name } },
    /* DS    */
    { "key-tag algorithm digest-type digest",
      { &field_u16, &field_algorithm, &field_u8, &field_hex } },
    /* SSHFP */ { "algorithm hash-type fingerprint", { &field_u8, &field_u8, &field_hex } },
    /* TLSA  */
    { "usage selector matching-type data",
      { &field_usage, &field_selector, &field_matching, &field_hex } },
    /* SVCB  */ { "priority target key=value ...", { &field_u16, &field_name, &field_params } },
    /* HTTPS */ { "priority target key=value ...", { &field_u16, &field_name, &field_params } },
    /* SPF   */ { "\"text\" ...", { &field_strings } },
    /* CAA   */ { "flags tag \"value\"", { &field_u8, &field_tag, &field_text } },
};

const char *rdata__usage(uint16_t type)
{
    return forms[dns_type_index(type)].usage;
}

/* \# LENGTH HEX..., as RFC 3597 §5 writes RDATA of any type. */
static void read_generic(struct rdata_parse *parse)
{
    uint32_t length;
    const struct token *word = ++parse->next;
    if (word == parse->end || word->quoted ||
        !rdata__number(word->text, word->size, DNS_RDATA_SIZE_MAX, &length)) {
        rdata__fail(parse, "after \\# comes the number of octets, 0 to 65535");
        return;
    }
    parse->next++;
    rdata__read_hex(parse);
    if (parse->why == NULL && parse->size != length)
        rdata__fail_word(parse, word, "is not the number of octets that follow it");
}

static void read_fields(struct rdata_parse *parse, const struct form *form)
{
    for (unsigned i = 0; form->fields[i] != NULL && parse->why == NULL; i++)
        form->fields[i]->read(parse);
    if (parse->why == NULL && parse->next < parse->end)
        rdata__fail_word(parse, parse->next, "is left over at the end");
}

static bool is_generic(const struct token *word)
{
    return !word->quoted && strcmp(word->text, "\\#") == 0;
}

bool rdata__read(struct rdata_parse *parse, uint16_t type, const struct token *words,
                 uint32_t word_count, const uint8_t *origin)
{
    parse->next = words;
    parse->end = word_count > 0 ? words + word_count : words; /* words may be NULL */
    parse->origin = origin;
    parse->size = 0;
    parse->why = NULL;
    parse->culprit = NULL;
    parse->dotless = NULL;

    if (word_count > 0 && is_generic(words))
        read_generic(parse);
    else
        read_fields(parse, &forms[dns_type_index(type)]);
    if (parse->why == NULL) {
        const char *why = dns_rdata_check(type, (struct span){ parse->data, parse->size });
        if (why != NULL)
            rdata__fail(parse, why);
    }
    if (parse->why != NULL)
        return false;
    dns_rdata_lower(type, parse->data, parse->size);
    return true;
}

void rdata__show(char out[SHOWN_SIZE], const struct token *word)
{
    size_t size = word->size < SHOWN_SIZE - 4 ? word->size : SHOWN_SIZE - 4;
    for (size_t i = 0; i < size; i++) {
        uint8_t octet = (uint8_t)word->text[i];
        out[i] = octet < ' ' || octet >= 0x7f ? '?' : (char)octet;
    }
    snprintf(out + size, SHOWN_SIZE - size, "%s", size < word->size ? "..." : "");
}

void rdata__describe(const struct rdata_parse *parse, uint16_t type, char *out, size_t out_size)
{
    char word[SHOWN_SIZE] = "";
    const char *quote = parse->culprit == NULL ? "" : "\"";
    if (parse->culprit != NULL)
        rdata__show(word, parse->culprit);
    snprintf(out, out_size, "%s%s%s%s%s; it is written: %s %s", quote, word, quote, parse->joint,
             parse->why, dns_type_find(type)->name, rdata__usage(type));
}

void rdata__write(struct text *text, uint16_t type, struct span rdata)
{
    const struct form *form = &forms[dns_type_index(type)];
    for (unsigned i = 0; form->fields[i] != NULL; i++) {
        size_t size = text->size;
        if (i > 0)
            text_put(text, " ", 1);
        form->fields[i]->write(text, &rdata);
        if (i > 0 && text->size == size + 1)
            text->size = size; /* a record without parameters ends without a space */
    }
}

const char *rdata_to_text(struct arena *arena, uint16_t type, struct span rdata)
{
    struct text text = { 0 };
    if (dns_rdata_check(type, rdata) != NULL)
        return NULL;
    rdata__write(&text, type, rdata);
    text_put(&text, "", 1);
    const char *copy = text.failed ? NULL : arena_copy(arena, text.data, text.size);
    text_finish(&text);
    return copy;
}

static int read_one(struct arena *arena, struct scanner *scanner, struct rdata_parse *parse,
                    uint16_t type, const uint8_t *origin, struct span *out_rdata,
                    struct problem *out_problem)
{
    char reason[PROBLEM_TEXT_SIZE];
    if (!rdata__read(parse, type, scanner->tokens, scanner->token_count, origin)) {
        rdata__describe(parse, type, reason, sizeof reason);
        return problem_set(out_problem, SP_EINVAL, "%s", reason);
    }
    uint8_t *copy = arena_copy(arena, parse->data, parse->size);
    if (copy == NULL)
        return problem_set(out_problem, SP_ENOMEM, "%s", status_text(SP_ENOMEM));
    *out_rdata = (struct span){ copy, parse->size };
    return 0;
}

/* Takes the text as one entry that has only values, and no more than one line of them. */
static int scan_one(struct scanner *scanner, const char *text, struct problem *out_problem)
{
    struct span span = { (const uint8_t *)text, strlen(text) };
    if (memchr(text, '\n', span.size) != NULL)
        return problem_set(out_problem, SP_EINVAL, "a value stands in one line");
    enum scan_result result = scanner_read(scanner, &span);
    if (result == SCAN_MORE)
        result = scanner_read_end(scanner);
    if (result == SCAN_FAULT)
        return problem_set(out_problem, scanner->status, "%s", scanner->why);
    if (result == SCAN_MORE || scanner->is_marked)
        scanner->token_count =
            0; /* nothing but blanks and comments: the first field says what is missing */
    return 0;
}

int rdata_from_text(struct arena *arena, uint16_t type, const char *text, const uint8_t *origin,
                    struct span *out_rdata, struct problem *out_problem)
{
    struct scanner scanner;
    if (dns_type_find(type) == NULL)
        return problem_set(out_problem, SP_EINVAL, "type %u is not one that records may have",
                           type);
    struct rdata_parse *parse = malloc(sizeof *parse);
    if (parse == NULL)
        return problem_set(out_problem, SP_ENOMEM, "%s", status_text(SP_ENOMEM));

    scanner_init(&scanner);
    int rc = scan_one(&scanner, text, out_problem);
    if (rc == 0)
        rc = read_one(arena, &scanner, parse, type, origin, out_rdata, out_problem);
    scanner_finish(&scanner);
    free(parse);
    return rc;
}
