/* needs: probe */
/*
 * What an endpoint says: any octets, as lines first and then as a body in pieces of any size.  The
 * verdict does not depend on the pieces, and a body that is searched as it is passes when, and only
 * when, the string is in its beginning.  The first octet chooses the size of the pieces.
 */
#include "../../src/probe/judge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NEEDLE "ababc"

static void require(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "not so: %s\n", what);
    abort();
}

/* Returns how many octets of the text are lines. */
static size_t tell_lines(struct judge *judge, const uint8_t *text, size_t size)
{
    size_t at = 0;
    while (at < size && judge->phase != JUDGE_DONE && judge->phase != JUDGE_IN_BODY) {
        const uint8_t *end = memchr(text + at, '\n', size - at);
        size_t line_size = end != NULL ? (size_t)(end - text) + 1 - at : size - at;
        judge__on_line(judge, (const char *)text + at, line_size, 1);
        at += line_size;
    }
    return at;
}

/* Whether the string is where it counts; false too when the body is not searched as it is. */
static bool has_string(const struct judge *judge, const uint8_t *body, size_t size)
{
    size_t searched = size < PROBE_BODY_SEARCHED ? size : PROBE_BODY_SEARCHED;
    return judge->phase == JUDGE_IN_BODY && judge->encoding == BODY_AS_IT_IS &&
           memmem(body, searched, NEEDLE, strlen(NEEDLE)) != NULL;
}

static void tell_body(struct judge *judge, const uint8_t *body, size_t size, size_t piece)
{
    for (size_t at = 0; at < size && judge->phase == JUDGE_IN_BODY;) {
        size_t count = size - at < piece ? size - at : piece;
        judge__on_body(judge, (struct span){ body + at, count }, 1);
        require(judge->body.searched <= PROBE_BODY_SEARCHED, "no more is searched than that");
        at += count;
    }
}

static enum probe_outcome look(const uint8_t *text, size_t size, size_t piece)
{
    const struct judge_task task = { .speaks_http = true, .search_string = NEEDLE };
    struct judge judge;
    judge__begin(&judge, &task, 0);
    judge__on_connected(&judge, 1);
    size_t head_size = tell_lines(&judge, text, size);
    bool is_there = has_string(&judge, text + head_size, size - head_size);
    tell_body(&judge, text + head_size, size - head_size, piece);
    judge__on_closed(&judge, NULL, 1);
    enum probe_outcome outcome = judge.result.outcome;
    unsigned status = judge.result.http_status;
    require(judge.phase == JUDGE_DONE, "in the end there is a verdict");
    require(outcome != PROBE_PASSED || (status >= 200 && status <= 399), "only good ones pass");
    if (judge.encoding == BODY_AS_IT_IS)
        require((outcome == PROBE_PASSED) == is_there, "it passes when the string is there");
    judge__finish(&judge);
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    enum probe_outcome in_pieces = look(data + 1, size - 1, 1 + data[0]);
    require(in_pieces == look(data + 1, size - 1, SIZE_MAX), "pieces do not matter");
    return 0;
}
