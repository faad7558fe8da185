/*
 * One function per state.  Each looks at the text from where the last one stopped, takes as many
 * octets as belong to its state (none, if the next state should see the octet too) and says what
 * the state is now.  So it does not matter where a piece of text ends.
 */
#include "scanner.h"

#include "signpost/base/limits.h"
#include "signpost/base/status.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t byte_order_mark[3] = { 0xef, 0xbb, 0xbf };
static const uint8_t sign[3] = { ';', '@', ' ' };

/* Octets that end the plain run inside a word. */
static const bool ends_word_run[256] = {
    ['\0'] = true, [' '] = true, ['\t'] = true, ['\r'] = true, ['\n'] = true,
    ['"'] = true,  ['('] = true, [')'] = true,  [';'] = true,  ['\\'] = true,
};

/* The same inside quotes. */
static const bool ends_quoted_run[256] = {
    ['\0'] = true, ['\r'] = true, ['\n'] = true, ['"'] = true, ['\\'] = true,
};

void scanner_init(struct scanner *scanner)
{
    memset(scanner, 0, sizeof *scanner);
    scanner->line = 1;
}

void scanner_finish(struct scanner *scanner)
{
    free(scanner->buffer);
    free(scanner->tokens);
    memset(scanner, 0, sizeof *scanner);
}

static void fault_at(struct scanner *scanner, int status, uint32_t line, const char *why)
{
    if (scanner->why != NULL)
        return;
    scanner->status = status;
    scanner->why = why;
    scanner->fault_line = line;
}

static void fault(struct scanner *scanner, const char *why)
{
    fault_at(scanner, SP_EINVAL, scanner->line, why);
}

static void fault_zero_octet(struct scanner *scanner)
{
    fault(scanner, "an octet of value zero: this is no text file");
}

static void append(struct scanner *scanner, const void *data, size_t size)
{
    if (size == 0)
        return;
    if (scanner->used + size > scanner->capacity) {
        size_t capacity = 2 * (scanner->used + size) + 1024;
        char *grown = realloc(scanner->buffer, capacity);
        if (grown == NULL) {
            fault_at(scanner, SP_ENOMEM, scanner->line, "no memory");
            return;
        }
        scanner->buffer = grown;
        scanner->capacity = capacity;
    }
    memcpy(scanner->buffer + scanner->used, data, size);
    scanner->used += size;
    if (scanner->used > ZONE_FILE_LINE_MAX)
        fault_at(scanner, SP_ELIMIT, scanner->line,
                 "the entry is longer than a mebibyte; is a quote or a parenthesis left open?");
}

static void open_token(struct scanner *scanner, bool quoted)
{
    if (scanner->token_count == scanner->token_capacity) {
        uint32_t capacity = 2 * scanner->token_capacity + 16;
        struct token *grown = realloc(scanner->tokens, capacity * sizeof *grown);
        if (grown == NULL) {
            fault_at(scanner, SP_ENOMEM, scanner->line, "no memory");
            return;
        }
        scanner->tokens = grown;
        scanner->token_capacity = capacity;
    }
    struct token *token = &scanner->tokens[scanner->token_count++];
    memset(token, 0, sizeof *token);
    token->start = (uint32_t)scanner->used;
    token->line = scanner->line;
    token->quoted = quoted;
}

static void close_token(struct scanner *scanner)
{
    struct token *token = &scanner->tokens[scanner->token_count - 1];
    token->size = (uint32_t)scanner->used - token->start;
    append(scanner, "", 1);
    scanner->state = SCANNER_BETWEEN;
}

static void open_word(struct scanner *scanner)
{
    open_token(scanner, false);
    scanner->state = SCANNER_WORD;
}

static void open_quote(struct scanner *scanner)
{
    scanner->quote_line = scanner->line;
    scanner->state = SCANNER_QUOTED;
}

static size_t run_length(const bool ends[256], const uint8_t *data, size_t size)
{
    size_t length = 0;
    while (length < size && !ends[data[length]])
        length++;
    return length;
}

/* Some editors put U+FEFF in front of a file.  What only begins like one belongs to a word. */
static size_t step_mark(struct scanner *scanner, const uint8_t *data, size_t size)
{
    (void)size;
    if (data[0] == byte_order_mark[scanner->mark_size]) {
        if (++scanner->mark_size == sizeof byte_order_mark)
            scanner->state = SCANNER_LINE;
        return 1;
    }
    scanner->state = SCANNER_LINE;
    if (scanner->mark_size > 0) {
        open_word(scanner);
        append(scanner, byte_order_mark, scanner->mark_size);
    }
    return 0;
}

static size_t step_line(struct scanner *scanner, const uint8_t *data, size_t size)
{
    (void)size;
    scanner->is_marked = false;
    scanner->sign_size = 0;
    scanner->state = data[0] == sign[0] ? SCANNER_SIGN : SCANNER_START;
    return 0;
}

/* What only begins like the sign is a comment; with all but the blank it is noted. */
static size_t step_sign(struct scanner *scanner, const uint8_t *data, size_t size)
{
    (void)size;
    if (data[0] != sign[scanner->sign_size]) {
        if (scanner->sign_size + 1 == sizeof sign && scanner->missed_line == 0)
            scanner->missed_line = scanner->line;
        scanner->state = SCANNER_COMMENT;
        return 0;
    }
    if (++scanner->sign_size == sizeof sign) {
        scanner->is_marked = true;
        scanner->state = SCANNER_START;
    }
    return 1;
}

static size_t step_start(struct scanner *scanner, const uint8_t *data, size_t size)
{
    (void)size;
    scanner->starts_blank = data[0] == ' ' || data[0] == '\t';
    scanner->state = SCANNER_BETWEEN;
    return 0;
}

static void end_line(struct scanner *scanner)
{
    scanner->line++;
    if (scanner->depth > 0)
        return;
    scanner->state = SCANNER_LINE;
    scanner->entry_ended = scanner->token_count > 0;
}

static void open_parenthesis(struct scanner *scanner)
{
    if (scanner->depth++ == 0)
        scanner->depth_line = scanner->line;
}

static void close_parenthesis(struct scanner *scanner)
{
    if (scanner->depth == 0)
        fault(scanner, "a closing parenthesis that nothing opened");
    else
        scanner->depth--;
}

static size_t step_between(struct scanner *scanner, const uint8_t *data, size_t size)
{
    (void)size;
    switch (data[0]) {
    case ' ':
    case '\t':
    case '\r': /* of CRLF; alone it separates too */
        break;
    case '\n':
        end_line(scanner);
        break;
    case ';':
        scanner->state = SCANNER_COMMENT;
        break;
    case '(':
        open_parenthesis(scanner);
        break;
    case ')':
        close_parenthesis(scanner);
        break;
    case '"':
        open_token(scanner, true);
        open_quote(scanner);
        break;
    case '\0':
        fault_zero_octet(scanner);
        break;
    default:
        open_word(scanner);
        return 0;
    }
    return 1;
}

static size_t step_comment(struct scanner *scanner, const uint8_t *data, size_t size)
{
    const uint8_t *newline = memchr(data, '\n', size);
    if (newline == NULL)
        return size;
    scanner->state = SCANNER_BETWEEN;
    return (size_t)(newline - data);
}

static void enter_escape(struct scanner *scanner)
{
    scanner->after_escape = scanner->state;
    scanner->state = SCANNER_ESCAPE;
}

/* key="value", as RFC 9460 §2.1 writes parameters.  Elsewhere in a word a quote is a slip: some
 * servers begin another word there, some do not. */
static void open_quote_inside(struct scanner *scanner)
{
    struct token *token = &scanner->tokens[scanner->token_count - 1];
    if (scanner->used == token->start || scanner->buffer[scanner->used - 1] != '=') {
        fault(scanner, "a quote inside a word; put quotes around all of it, or write \\\"");
        return;
    }
    token->quote_inside = true;
    open_quote(scanner);
}

static size_t step_word(struct scanner *scanner, const uint8_t *data, size_t size)
{
    size_t length = run_length(ends_word_run, data, size);
    append(scanner, data, length);
    if (length == size || scanner->why != NULL)
        return length;

    switch (data[length]) {
    case '\\':
        append(scanner, "\\", 1);
        enter_escape(scanner);
        return length + 1;
    case '"':
        open_quote_inside(scanner);
        if (scanner->why == NULL)
            append(scanner, "\"", 1);
        return length + 1;
    case '\0':
        fault_zero_octet(scanner);
        return length;
    default:
        close_token(scanner);
        return length;
    }
}

static void close_quote(struct scanner *scanner)
{
    struct token *token = &scanner->tokens[scanner->token_count - 1];
    if (token->quoted) {
        close_token(scanner);
    } else {
        append(scanner, "\"", 1);
        scanner->state = SCANNER_WORD;
    }
}

static void fault_open_quote(struct scanner *scanner)
{
    fault_at(scanner, SP_EINVAL, scanner->quote_line, "the quote is not closed in its line");
}

static size_t step_quoted(struct scanner *scanner, const uint8_t *data, size_t size)
{
    size_t length = run_length(ends_quoted_run, data, size);
    append(scanner, data, length);
    if (length == size || scanner->why != NULL)
        return length;

    switch (data[length]) {
    case '\\':
        append(scanner, "\\", 1);
        enter_escape(scanner);
        break;
    case '"':
        close_quote(scanner);
        break;
    case '\0':
        fault_zero_octet(scanner);
        break;
    default:
        fault_open_quote(scanner);
    }
    return length + 1;
}

static size_t step_escape(struct scanner *scanner, const uint8_t *data, size_t size)
{
    (void)size;
    if (data[0] == '\n' || data[0] == '\r')
        fault(scanner, "a backslash at the end of the line");
    else if (data[0] == '\0')
        fault_zero_octet(scanner);
    else
        append(scanner, data, 1);
    scanner->state = scanner->after_escape;
    return 1;
}

typedef size_t scanner_step(struct scanner *scanner, const uint8_t *data, size_t size);

static scanner_step *const steps[] = {
    [SCANNER_MARK] = step_mark,       [SCANNER_LINE] = step_line,
    [SCANNER_SIGN] = step_sign,       [SCANNER_START] = step_start,
    [SCANNER_BETWEEN] = step_between, [SCANNER_WORD] = step_word,
    [SCANNER_QUOTED] = step_quoted,   [SCANNER_ESCAPE] = step_escape,
    [SCANNER_COMMENT] = step_comment,
};

/* The entry given out last is done with. */
static void forget_entry(struct scanner *scanner)
{
    if (!scanner->entry_ended)
        return;
    scanner->entry_ended = false;
    scanner->token_count = 0;
    scanner->used = 0;
}

static enum scan_result give_entry(struct scanner *scanner)
{
    for (uint32_t i = 0; i < scanner->token_count; i++)
        scanner->tokens[i].text = scanner->buffer + scanner->tokens[i].start;
    return SCAN_ENTRY;
}

enum scan_result scanner_read(struct scanner *scanner, struct span *text)
{
    forget_entry(scanner);
    while (text->size > 0 && !scanner->entry_ended && scanner->why == NULL) {
        size_t taken = steps[scanner->state](scanner, text->data, text->size);
        text->data += taken;
        text->size -= taken;
    }
    if (scanner->why != NULL)
        return SCAN_FAULT;
    return scanner->entry_ended ? give_entry(scanner) : SCAN_MORE;
}

enum scan_result scanner_read_end(struct scanner *scanner)
{
    static const uint8_t newline = '\n';
    struct span last = { &newline, 1 };

    enum scan_result result = scanner_read(scanner, &last);
    if (result == SCAN_MORE && scanner->depth > 0) {
        fault_at(scanner, SP_EINVAL, scanner->depth_line, "the parenthesis is never closed");
        result = SCAN_FAULT;
    }
    return result;
}
