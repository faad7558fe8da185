/*
 * model/scanner.h - cuts the text of a master file into entries, and entries into words.
 *
 * An entry is a line, or several when parentheses hold them together (RFC 1035 §5.1).  The text may
 * come in pieces of any size; nothing of it is kept but the entry at hand.  Escapes stay as
 * written, because "\." and "." differ to a name and "\#" and "#" to RDATA.  A line that begins
 * with ";@ " is an entry too: those three octets are skipped, and it is marked.
 */
#ifndef SIGNPOST_MODEL_SCANNER_H
#define SIGNPOST_MODEL_SCANNER_H

#include "signpost/base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct token {
    const char *text;  /* without its quotes; a zero follows, and no zero is inside */
    uint32_t size;     /* of the text */
    uint32_t start;    /* the scanner's own: where in its buffer */
    uint32_t line;     /* where it begins */
    bool quoted;       /* stood in quotes as a whole: "text" */
    bool quote_inside; /* has quotes inside: key="value" */
};

enum scan_result {
    SCAN_MORE,  /* the piece is used up */
    SCAN_ENTRY, /* tokens hold an entry, until the next call */
    SCAN_FAULT, /* see status, why and fault_line; there is no going on */
};

enum scanner_state {
    SCANNER_MARK, /* before the first octet: a byte order mark may stand there */
    SCANNER_LINE,
    SCANNER_SIGN,
    SCANNER_START,
    SCANNER_BETWEEN,
    SCANNER_WORD,
    SCANNER_QUOTED,
    SCANNER_ESCAPE,
    SCANNER_COMMENT,
};

struct scanner {
    /* For whoever calls, after SCAN_ENTRY ... */
    struct token *tokens;
    uint32_t token_count;
    bool starts_blank; /* the entry begins with a space or a tab: no owner */
    bool is_marked;    /* it stood behind ";@ " */

    /* A comment that begins nearly like a marked line, the first since this was set to 0. */
    uint32_t missed_line;

    /* ... and after SCAN_FAULT. */
    int status; /* SP_EINVAL, SP_ELIMIT or SP_ENOMEM */
    const char *why;
    uint32_t fault_line;

    /* Its own. */
    enum scanner_state state;
    enum scanner_state after_escape;
    bool entry_ended;
    unsigned mark_size; /* octets of a byte order mark seen so far */
    unsigned sign_size; /* the same of ";@ " */
    uint32_t line;
    uint32_t depth; /* of parentheses */
    uint32_t depth_line;
    uint32_t quote_line;
    char *buffer;
    size_t used;
    size_t capacity;
    uint32_t token_capacity;
};

void scanner_init(struct scanner *scanner);
void scanner_finish(struct scanner *scanner); /* frees what it holds */

/* Reads on and takes what it has read off the front of *text. */
enum scan_result scanner_read(struct scanner *scanner, struct span *text);

/* There is no more text: the last line may lack its newline.  SCAN_MORE: nothing is left. */
enum scan_result scanner_read_end(struct scanner *scanner);

#endif
