/*
 * From entries to record sets.  The scanner says which words belong together and where they stand;
 * here they get their meaning: directives, owner, TTL, class, type, and the value.
 *
 * What stands behind ";@ " is a comment to other servers.  So that a file means the same to them,
 * it leaves no trace in what ordinary records go by: the owner above them, and the last TTL.
 */
#include "check.h"
#include "rdata_text.h"
#include "record_set.h"
#include "routing_text.h"

#include "signpost/base/limits.h"
#include "signpost/dns/types.h"
#include "signpost/model/zone_file.h"

#include <ctype.h>
#include <ldns/ldns.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct zone_reader {
    struct draft *draft;
    const char *file_name; /* in the draft's arena */
    struct scanner scanner;
    struct problem problem; /* the first one; it stays */
    uint64_t octets;        /* of text so far */

    uint8_t origin[DNS_NAME_SIZE_MAX];
    struct draft_name *owner;       /* of the last record; NULL before the first */
    struct draft_name *plain_owner; /* of the last ordinary one */
    bool has_default_ttl;           /* by $TTL */
    uint32_t default_ttl;
    bool has_last_ttl; /* RFC 1035 §5.1: without $TTL the last stated TTL goes on */
    uint32_t last_ttl;

    const char **warnings; /* in the draft's arena: one more counts the others, then NULL */
    uint32_t warning_count;

    struct rdata_parse parse;
    struct routing_parse routing;
};

/* What stands before the value. */
struct head {
    uint16_t type;
    const struct token *type_word;
    bool has_ttl;
    uint32_t ttl_s;
    bool has_class;
    uint32_t word_count; /* words that it took */
};

struct zone_reader *zone_reader_create(struct draft *draft, const char *file_name)
{
    struct zone_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    reader->draft = draft;
    reader->file_name = arena_copy(draft->arena, file_name, strlen(file_name) + 1);
    reader->warnings =
        arena_alloc(draft->arena, (ZONE_FILE_WARNINGS_MAX + 2) * sizeof *reader->warnings);
    if (reader->file_name == NULL || reader->warnings == NULL) {
        free(reader);
        return NULL;
    }
    memcpy(reader->origin, draft->zone.name, dns_name_size(draft->zone.name));
    scanner_init(&reader->scanner);
    return reader;
}

void zone_reader_destroy(struct zone_reader *reader)
{
    if (reader == NULL)
        return;
    scanner_finish(&reader->scanner);
    free(reader);
}

const char *const *zone_reader_warnings(const struct zone_reader *reader)
{
    return reader->warnings;
}

static int fault(struct zone_reader *reader, int status, uint32_t line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static int fault(struct zone_reader *reader, int status, uint32_t line, const char *format, ...)
{
    char reason[PROBLEM_TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    return problem_set(&reader->problem, status, "%s:%u: %s", reader->file_name, line, reason);
}

static int fault_memory(struct zone_reader *reader)
{
    return problem_set(&reader->problem, SP_ENOMEM, "%s", status_text(SP_ENOMEM));
}

static int fault_word(struct zone_reader *reader, const struct token *word, const char *reason)
{
    char shown[SHOWN_SIZE];
    rdata__show(shown, word);
    return fault(reader, SP_EINVAL, word->line, "\"%s\" %s", shown, reason);
}

static void warn(struct zone_reader *reader, uint32_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* A warning for which there is no memory is no reason to refuse the file. */
static void warn(struct zone_reader *reader, uint32_t line, const char *format, ...)
{
    char reason[PROBLEM_TEXT_SIZE];
    va_list arguments;
    if (reader->warning_count++ >= ZONE_FILE_WARNINGS_MAX)
        return;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    reader->warnings[reader->warning_count - 1] =
        arena_format(reader->draft->arena, "%s:%u: %s", reader->file_name, line, reason);
}

/* Called when the reading is over, one way or the other. */
static void count_other_warnings(struct zone_reader *reader)
{
    if (reader->warning_count > ZONE_FILE_WARNINGS_MAX)
        reader->warnings[ZONE_FILE_WARNINGS_MAX] =
            arena_format(reader->draft->arena, "and %u more warnings",
                         reader->warning_count - ZONE_FILE_WARNINGS_MAX);
}

/* Directives. */

static int read_origin(struct zone_reader *reader, const struct token *word)
{
    uint8_t origin[DNS_NAME_SIZE_MAX];
    const char *why;
    char shown[SHOWN_SIZE];
    size_t size = dns_name_from_text(origin, word->text, word->size, reader->origin, &why);
    if (size == 0) {
        rdata__show(shown, word);
        return fault(reader, SP_EINVAL, word->line, "\"%s\": %s", shown, why);
    }
    dns_name_lower(reader->origin, origin, size);
    return 0;
}

static int read_default_ttl(struct zone_reader *reader, const struct token *word)
{
    if (!rdata__period(word->text, word->size, DNS_TTL_MAX, &reader->default_ttl))
        return fault_word(reader, word, "is not a TTL: seconds up to 2147483647, or such as 1h30m");
    reader->has_default_ttl = true;
    return 0;
}

static int read_directive(struct zone_reader *reader)
{
    const struct token *words = reader->scanner.tokens;
    bool is_origin = strcasecmp(words->text, "$ORIGIN") == 0;

    if (strcasecmp(words->text, "$INCLUDE") == 0)
        return fault_word(reader, words, "is not followed; put the files into one");
    if (strcasecmp(words->text, "$GENERATE") == 0)
        return fault_word(reader, words, "is not carried out; write its records out");
    if (!is_origin && strcasecmp(words->text, "$TTL") != 0)
        return fault_word(reader, words,
                          "is not a directive ($ORIGIN, $TTL); a name starts with \\$");
    if (reader->scanner.token_count != 2 || words[1].quoted)
        return fault_word(reader, words,
                          is_origin ? "is followed by one name" : "is followed by one TTL");
    return is_origin ? read_origin(reader, &words[1]) : read_default_ttl(reader, &words[1]);
}

/* TTL, class and type. */

static int fault_type(struct zone_reader *reader, const struct token *word, bool starts_blank)
{
    ldns_rr_type known = ldns_get_rr_type_by_name(word->text);

    switch (known) {
    case LDNS_RR_TYPE_RRSIG:
    case LDNS_RR_TYPE_NSEC:
    case LDNS_RR_TYPE_NSEC3:
    case LDNS_RR_TYPE_NSEC3PARAM:
    case LDNS_RR_TYPE_DNSKEY:
        return fault_word(reader, word,
                          "belongs to a signed zone; import the zone without its "
                          "signatures and keys");
    case 0:
        return fault_word(reader, word,
                          starts_blank ? "is not a TTL, a class or a type; a line that begins with "
                                         "a blank has no owner name"
                                       : "is not a TTL, a class or a type");
    default:
        return fault_word(reader, word,
                          "is a type that Route 53 does not have; it has A, AAAA, CAA, CNAME, DS, "
                          "HTTPS, MX, NAPTR, NS, PTR, SOA, SPF, SRV, SSHFP, SVCB, TLSA and TXT");
    }
}

/* "TYPE15" or "CLASS1": the number, -1 when it is no such word. */
static int32_t read_numbered(const struct token *word, const char *prefix)
{
    uint32_t number;
    size_t size = strlen(prefix);
    if (word->size <= size || strncasecmp(word->text, prefix, size) != 0 ||
        !rdata__number(word->text + size, word->size - size, UINT16_MAX, &number))
        return -1;
    return (int32_t)number;
}

static const struct dns_type_info *find_type(const struct token *word)
{
    int32_t number = read_numbered(word, "TYPE");
    if (number >= 0)
        return dns_type_find((uint16_t)number);
    return dns_type_find_name(word->text);
}

/* The class a word names, 0 when it names none. */
static unsigned find_class(const struct token *word)
{
    int32_t number = read_numbered(word, "CLASS");
    if (number >= 0)
        return (unsigned)number;
    if (strcasecmp(word->text, "IN") == 0)
        return DNS_CLASS_IN;
    if (strcasecmp(word->text, "CH") == 0)
        return LDNS_RR_CLASS_CH;
    if (strcasecmp(word->text, "HS") == 0)
        return LDNS_RR_CLASS_HS;
    return 0;
}

/* Takes one word of the head.  *out_last: it was the type. */
static int read_head_word(struct zone_reader *reader, struct head *head, const struct token *word,
                          bool *out_last)
{
    const struct dns_type_info *info;
    unsigned class;

    if (word->quoted || word->quote_inside)
        return fault_word(reader, word, "stands in quotes where a TTL, a class or a type belongs");
    if (isdigit((unsigned char)word->text[0]) && !head->has_ttl) {
        if (!rdata__period(word->text, word->size, DNS_TTL_MAX, &head->ttl_s))
            return fault_word(reader, word,
                              "is not a TTL: seconds up to 2147483647, or such as 1h30m");
        head->has_ttl = true;
        return 0;
    }
    class = find_class(word);
    if (class != 0 && !head->has_class) {
        if (class != DNS_CLASS_IN)
            return fault_word(reader, word, "is not the class IN, the only one there is here");
        head->has_class = true;
        return 0;
    }
    info = find_type(word);
    if (info == NULL)
        return fault_type(reader, word, reader->scanner.starts_blank);
    head->type = info->type;
    head->type_word = word;
    *out_last = true;
    return 0;
}

static int read_head(struct zone_reader *reader, const struct token *words, uint32_t count,
                     struct head *out_head)
{
    struct head head = { 0 };
    bool last = false;
    while (!last) {
        if (head.word_count == count)
            return fault(reader, SP_EINVAL, reader->scanner.tokens[0].line,
                         "the record has no type; it is written: name TTL IN type value");
        int rc = read_head_word(reader, &head, &words[head.word_count++], &last);
        if (rc != 0)
            return rc;
    }
    *out_head = head;
    return 0;
}

/* Owner. */

static int fault_outside(struct zone_reader *reader, const struct token *word, const uint8_t *owner)
{
    char name[DNS_NAME_TEXT_SIZE], zone[DNS_NAME_TEXT_SIZE];
    dns_name_to_text(name, owner);
    dns_name_to_text(zone, reader->draft->zone.name);
    return fault(reader, SP_EINVAL, word->line, "%.300s is outside the zone %.300s", name, zone);
}

static void warn_dotless(struct zone_reader *reader, const struct token *word)
{
    char shown[SHOWN_SIZE], origin[DNS_NAME_TEXT_SIZE];
    rdata__show(shown, word);
    dns_name_to_text(origin, reader->origin);
    warn(reader, word->line, "\"%s\" has no final dot, so it means %s.%.300s", shown, shown,
         origin);
}

static int read_owner(struct zone_reader *reader, const struct token *word)
{
    uint8_t owner[DNS_NAME_SIZE_MAX];
    const char *why;
    char shown[SHOWN_SIZE];

    if (word->quoted || word->quote_inside)
        return fault_word(reader, word, "stands in quotes where a name belongs");
    size_t size = dns_name_from_text(owner, word->text, word->size, reader->origin, &why);
    if (size == 0) {
        rdata__show(shown, word);
        return fault(reader, SP_EINVAL, word->line, "\"%s\": %s", shown, why);
    }
    if (rdata__repeats_origin(word, owner, size, reader->origin))
        warn_dotless(reader, word);
    dns_name_lower(owner, owner, size);
    if (reader->owner != NULL && dns_name_equal(reader->owner->owner, owner))
        return 0;
    if (!dns_name_is_within(owner, reader->draft->zone.name))
        return fault_outside(reader, word, owner);
    reader->owner = draft_name(reader->draft, owner);
    return reader->owner == NULL ? fault_memory(reader) : 0;
}

/* TTLs, RFC 2308 §4 and RFC 1035 §5.1. */

static int settle_ttl(struct zone_reader *reader, const struct head *head, uint32_t *out_ttl_s)
{
    const struct rdata_parse *parse = &reader->parse;
    if (head->has_ttl) {
        *out_ttl_s = head->ttl_s;
    } else if (reader->has_default_ttl) {
        *out_ttl_s = reader->default_ttl;
    } else if (reader->has_last_ttl) {
        *out_ttl_s = reader->last_ttl;
    } else if (head->type == DNS_TYPE_SOA) {
        /* What servers did before there was $TTL, and many files still rely on. */
        uint32_t minimum = get_u32(parse->data + parse->size - 4);
        if (minimum > DNS_TTL_MAX)
            return fault_word(reader, head->type_word,
                              "has no TTL, nor a minimum that could be "
                              "one; put a line $TTL above it");
        warn(reader, head->type_word->line, "there is no TTL; the SOA's minimum, %u, is taken",
             minimum);
        *out_ttl_s = minimum;
    } else {
        return fault_word(reader, head->type_word,
                          "has no TTL to go by; put a line such as $TTL 300 above it");
    }
    return 0;
}

/* What the next record without a TTL goes by. */
static void keep_ttl(struct zone_reader *reader, const struct head *head, uint32_t ttl_s)
{
    if (!head->has_ttl && (reader->has_default_ttl || reader->has_last_ttl))
        return;
    reader->has_last_ttl = true;
    reader->last_ttl = ttl_s;
}

/* Values. */

static int fault_value(struct zone_reader *reader, const struct head *head)
{
    const struct rdata_parse *parse = &reader->parse;
    const struct token *word = parse->culprit == NULL ? head->type_word : parse->culprit;
    char reason[PROBLEM_TEXT_SIZE];
    rdata__describe(parse, head->type, reason, sizeof reason);
    return fault(reader, SP_EINVAL, word->line, "%s", reason);
}

/* A set of a type that holds one value only, which is there already. */
static int check_single(struct zone_reader *reader, const struct head *head,
                        const struct record_set *set)
{
    bool is_single = head->type == DNS_TYPE_SOA || head->type == DNS_TYPE_CNAME;
    if (!is_single || set->value_count == 1)
        return 0;
    return fault(reader, SP_EINVAL, head->type_word->line,
                 "a second %s at the same name; the first is in line %u",
                 dns_type_find(head->type)->name, set->line);
}

/* "OWNER TYPE", or "OWNER TYPE "ID"". */
struct set_text {
    char text[DNS_NAME_TEXT_SIZE];
};

static struct set_text text_of_set(const struct zone_reader *reader, const struct record_set *set)
{
    struct set_text text;
    char owner[DNS_NAME_TEXT_SIZE], shown[SHOWN_SIZE];
    const char *id = set->set_identifier, *quote = *id == '\0' ? "" : "\"";
    dns_name_to_text(owner, reader->owner->owner);
    rdata__show(shown, &(struct token){ .text = id, .size = (uint32_t)strlen(id) });
    snprintf(text.text, sizeof text.text, "%.300s %s%s%s%s%s", owner,
             dns_type_find(set->type)->name, *id == '\0' ? "" : " ", quote, shown, quote);
    return text;
}

static int fault_adding(struct zone_reader *reader, int status, uint32_t line)
{
    return status == SP_ENOMEM ? fault_memory(reader)
                               : fault(reader, status, line, "the record set has too many values");
}

static int fault_contradiction(struct zone_reader *reader, const struct record_set *set,
                               uint32_t line)
{
    return fault(
        reader, SP_EINVAL, line,
        "%s: TTL, policy, attributes and alias must be those of line %u, because it is one "
        "record set",
        text_of_set(reader, set).text, set->line);
}

static void warn_twice(struct zone_reader *reader, const struct record_set *set, uint32_t line)
{
    warn(reader, line, "%s: the same %s stands above; it counts once",
         text_of_set(reader, set).text, set->alias == NULL ? "value" : "alias");
}

static int add_value(struct zone_reader *reader, const struct head *head, uint32_t ttl_s)
{
    uint32_t line = head->type_word->line;
    struct span rdata = { reader->parse.data, reader->parse.size };
    const struct record_set *set = record_set_find_identity(reader->owner->sets, head->type, "");
    bool added;

    if (set != NULL && (set->alias != NULL || set->health_check != NULL))
        return fault_contradiction(reader, set, line);
    int rc = draft_add_value(reader->draft, reader->owner, head->type, ttl_s, rdata, line, &added);
    if (rc != 0)
        return fault_adding(reader, rc, line);

    if (set == NULL)
        set = record_set_find_identity(reader->owner->sets, head->type, "");
    if (set->ttl_s != ttl_s) /* RFC 2181 §5.2 */
        warn(reader, line, "%s: the TTL is %u here and %u in line %u; %u is taken for all",
             text_of_set(reader, set).text, ttl_s, set->ttl_s, set->line, set->ttl_s);
    if (!added)
        warn_twice(reader, set, line);
    return check_single(reader, head, set);
}

/* Records and their lines. */

/* The owner, where the line has one, and what comes before the value or the policy.  *out_words
 * and *out_count: what is left then. */
static int read_start(struct zone_reader *reader, struct head *out_head,
                      const struct token **out_words, uint32_t *out_count)
{
    const struct token *words = reader->scanner.tokens;
    uint32_t count = reader->scanner.token_count;
    int rc = 0;

    if (!reader->scanner.starts_blank) {
        rc = read_owner(reader, words++);
        count--;
    } else if (reader->owner == NULL) {
        rc = fault(reader, SP_EINVAL, words->line,
                   "the line begins with a blank, but no name stands above it");
    }
    if (rc == 0)
        rc = read_head(reader, words, count, out_head);
    if (rc != 0)
        return rc;
    if (out_head->type == DNS_TYPE_SOA &&
        !dns_name_equal(reader->owner->owner, reader->draft->zone.name))
        return fault_word(reader, out_head->type_word, "stands only at the top of the zone");
    *out_words = words + out_head->word_count;
    *out_count = count - out_head->word_count;
    return 0;
}

static int read_value(struct zone_reader *reader, const struct head *head,
                      const struct token *words, uint32_t count, uint32_t *out_ttl_s)
{
    if (!rdata__read(&reader->parse, head->type, words, count, reader->origin))
        return fault_value(reader, head);
    if (reader->parse.dotless != NULL)
        warn_dotless(reader, reader->parse.dotless);
    return settle_ttl(reader, head, out_ttl_s);
}

static int read_record(struct zone_reader *reader)
{
    const struct token *words;
    uint32_t count;
    struct head head;
    uint32_t ttl_s = 0;

    reader->owner = reader->plain_owner;
    int rc = read_start(reader, &head, &words, &count);
    if (rc == 0)
        rc = read_value(reader, &head, words, count, &ttl_s);
    if (rc != 0)
        return rc;
    reader->plain_owner = reader->owner;
    keep_ttl(reader, &head, ttl_s);
    return add_value(reader, &head, ttl_s);
}

/* A line that begins with ";@ ". */

static int check_room(struct zone_reader *reader, const struct record_set *set)
{
    struct faults faults;
    uint32_t member_count = 0;
    for (const struct record_set *other = record_set_find(reader->owner->sets, set->type);
         other != NULL && other->type == set->type; other = other->next)
        member_count++;
    if (member_count < check__group_limit(set->policy))
        return 0;
    faults_init(&faults, reader->file_name);
    check__fault_group(&faults, reader->owner->owner, set, check__group_limit(set->policy));
    return faults_report(&faults, &reader->problem);
}

/* The set of that identity, made when it is not there yet; it must agree with what the line says.
 */
static int get_set(struct zone_reader *reader, const struct record_set *wanted,
                   struct record_set **out_set, bool *out_added)
{
    struct record_set *set =
        record_set_find_identity(reader->owner->sets, wanted->type, wanted->set_identifier);
    *out_added = set == NULL;
    if (set == NULL) {
        int rc = check_room(reader, wanted);
        if (rc != 0)
            return rc;
        set = draft_add_set(reader->draft, reader->owner, wanted);
        if (set == NULL)
            return fault_memory(reader);
    } else if (!record_set__same_attributes(set, wanted)) {
        return fault_contradiction(reader, set, wanted->line);
    }
    *out_set = set;
    return 0;
}

static int add_routed(struct zone_reader *reader, const struct head *head,
                      const struct record_set *wanted)
{
    struct span rdata = { reader->parse.data, reader->parse.size };
    struct record_set *set = NULL;
    bool added;
    int rc = get_set(reader, wanted, &set, &added);
    if (rc != 0)
        return rc;
    if (set->alias == NULL)
        rc = draft_add_to_set(reader->draft, set, rdata, &added);
    if (rc != 0)
        return fault_adding(reader, rc, wanted->line);
    if (!added)
        warn_twice(reader, set, wanted->line);
    return set->alias == NULL ? check_single(reader, head, set) : 0;
}

static int read_routing(struct zone_reader *reader, const struct token *words, uint32_t count)
{
    struct routing_parse *parse = &reader->routing;
    memset(parse, 0, sizeof *parse);
    parse->zone = &reader->draft->zone;
    parse->origin = reader->origin;
    if (!routing__read(parse, words, count))
        return fault_word(reader, parse->culprit, parse->why);
    if (parse->dotless != NULL)
        warn_dotless(reader, parse->dotless);
    return 0;
}

static int read_routed_record(struct zone_reader *reader)
{
    struct routing_parse *parse = &reader->routing;
    struct record_set *set = &parse->set;
    const struct token *words;
    uint32_t count;
    struct head head;

    if (!reader->scanner.starts_blank && reader->scanner.tokens->text[0] == '$')
        return fault_word(reader, reader->scanner.tokens,
                          "is a directive, which stands in a line of its own without \";@ \"");
    int rc = read_start(reader, &head, &words, &count);
    if (rc == 0)
        rc = read_routing(reader, words, count);
    if (rc != 0)
        return rc;
    set->type = head.type;
    set->line = head.type_word->line;
    if (set->alias == NULL)
        rc = read_value(reader, &head, parse->next, (uint32_t)(parse->end - parse->next),
                        &set->ttl_s);
    else if (head.has_ttl)
        rc = fault_word(reader, head.type_word,
                        "has a TTL, but an alias takes that of its target: leave the TTL out");
    return rc == 0 ? add_routed(reader, &head, set) : rc;
}

static int read_entry(struct zone_reader *reader)
{
    const struct token *first = reader->scanner.tokens;
    if (reader->scanner.is_marked)
        return read_routed_record(reader);
    if (!reader->scanner.starts_blank && !first->quoted && first->text[0] == '$')
        return read_directive(reader);
    return read_record(reader);
}

static int hand_out(struct zone_reader *reader, struct problem *out_problem)
{
    if (reader->problem.status == 0)
        return 0;
    count_other_warnings(reader);
    if (out_problem != NULL)
        *out_problem = reader->problem;
    return reader->problem.status;
}

/* A record that nobody reads is worth a word: it is easily lost. */
static void warn_missed(struct zone_reader *reader)
{
    if (reader->scanner.missed_line == 0)
        return;
    warn(reader, reader->scanner.missed_line,
         "the line is taken for a comment; a record with a policy begins with \";@\" and a blank");
    reader->scanner.missed_line = 0;
}

/* Carries on with what the scanner found. */
static int take_result(struct zone_reader *reader, enum scan_result result)
{
    const struct scanner *scanner = &reader->scanner;
    switch (result) {
    case SCAN_ENTRY:
        return read_entry(reader);
    case SCAN_FAULT:
        return fault(reader, scanner->status, scanner->fault_line, "%s", scanner->why);
    default:
        return 0;
    }
}

int zone_reader_feed(struct zone_reader *reader, struct span text, struct problem *out_problem)
{
    enum scan_result result = SCAN_ENTRY;
    int rc = reader->problem.status;

    reader->octets += text.size;
    if (rc == 0 && reader->octets > ZONE_FILE_SIZE_MAX)
        rc = fault(reader, SP_ELIMIT, reader->scanner.line, "the file is longer than %llu octets",
                   ZONE_FILE_SIZE_MAX);
    while (rc == 0 && result == SCAN_ENTRY) {
        result = scanner_read(&reader->scanner, &text);
        warn_missed(reader);
        rc = take_result(reader, result);
    }
    return hand_out(reader, out_problem);
}

static int add_defaults(struct zone_reader *reader, const struct zone_defaults *defaults)
{
    int rc = draft_add_defaults(reader->draft, defaults);
    if (rc == SP_ENOMEM)
        return fault_memory(reader);
    if (rc != 0)
        return problem_set(&reader->problem, rc,
                           "the names of the name servers are longer than 255 octets; choose a "
                           "shorter server-domain");
    return 0;
}

int zone_reader_finish(struct zone_reader *reader, const struct zone_defaults *defaults,
                       const struct model_references *references, struct problem *out_problem)
{
    enum scan_result result = SCAN_ENTRY;
    int rc = reader->problem.status;

    while (rc == 0 && result == SCAN_ENTRY) {
        result = scanner_read_end(&reader->scanner);
        warn_missed(reader);
        rc = take_result(reader, result);
    }
    if (rc == 0)
        rc = add_defaults(reader, defaults);
    if (rc == 0)
        rc = draft_check(reader->draft, reader->file_name, references, &reader->problem);
    reader->problem.status = rc; /* the references may have had no words */
    count_other_warnings(reader);
    return hand_out(reader, out_problem);
}
