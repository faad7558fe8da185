/*
 * The search is that of Knuth, Morris and Pratt: border[n] is the length of the longest beginning
 * of the needle that its first n+1 octets end with, so no octet of the body is looked at twice and
 * pieces may be cut anywhere.
 */
#include "body.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define PIECE_SIZE 1024 /* of decompressed text at a time */

static size_t follow(const struct body *body, size_t matched, uint8_t octet)
{
    while (matched > 0 && (uint8_t)body->needle[matched] != octet)
        matched = body->border[matched - 1];
    return matched + ((uint8_t)body->needle[matched] == octet);
}

void body__init(struct body *body, enum body_encoding encoding, const char *needle)
{
    *body = (struct body){ .needle = needle, .needle_size = strlen(needle), .encoding = encoding };
    for (size_t i = 1; i < body->needle_size; i++)
        body->border[i] = (uint8_t)follow(body, body->border[i - 1], (uint8_t)needle[i]);
}

void body__finish(struct body *body)
{
    if (body->stream == NULL)
        return;
    inflateEnd(body->stream);
    free(body->stream);
    body->stream = NULL;
}

static enum body_verdict search(struct body *body, struct span text)
{
    for (size_t i = 0; i < text.size && body->searched < PROBE_BODY_SEARCHED; i++) {
        body->searched++;
        body->matched = follow(body, body->matched, text.data[i]);
        if (body->matched == body->needle_size)
            return BODY_FOUND;
    }
    return body->searched == PROBE_BODY_SEARCHED ? BODY_MISSING : BODY_MORE;
}

/* "deflate" should be the format of zlib, and from some servers is bare (RFC 7230 §4.2.2): the two
 * octets of zlib's header have a check in them. */
static int window_bits(const struct body *body)
{
    if (body->encoding == BODY_GZIP)
        return 16 + MAX_WBITS;
    bool is_zlib = (body->lead[0] & 15) == Z_DEFLATED && get_u16(body->lead) % 31 == 0;
    return is_zlib ? MAX_WBITS : -MAX_WBITS;
}

static bool open_stream(struct body *body)
{
    body->stream = calloc(1, sizeof *body->stream);
    if (body->stream != NULL && inflateInit2(body->stream, window_bits(body)) == Z_OK)
        return true;
    free(body->stream);
    body->stream = NULL;
    return false;
}

/* A file of gzip may have several members, one behind the other (RFC 1952 §2.2). */
static bool begin_next_member(struct body *body)
{
    return body->encoding == BODY_GZIP && inflateReset(body->stream) == Z_OK;
}

static enum body_verdict decompress(struct body *body, struct span piece)
{
    z_stream *stream = body->stream;
    uint8_t text[PIECE_SIZE];
    enum body_verdict verdict = BODY_MORE;
    stream->next_in = (Bytef *)(uintptr_t)piece.data;
    stream->avail_in = (uInt)piece.size;
    do {
        stream->next_out = text;
        stream->avail_out = sizeof text;
        int rc = inflate(stream, Z_SYNC_FLUSH);
        if (rc == Z_MEM_ERROR)
            return BODY_NO_MEMORY;
        verdict = search(body, (struct span){ text, sizeof text - stream->avail_out });
        if (verdict != BODY_MORE)
            return verdict;
        if (rc == Z_STREAM_END ? !begin_next_member(body) : rc != Z_OK && rc != Z_BUF_ERROR)
            return BODY_MISSING;
    } while (stream->avail_in > 0 || stream->avail_out == 0);
    return BODY_MORE;
}

/* Keeps the first two octets until both are there. */
static enum body_verdict begin_decompressing(struct body *body, struct span piece, size_t before)
{
    size_t taken = 0;
    while (before + taken < sizeof body->lead && taken < piece.size) {
        body->lead[before + taken] = piece.data[taken];
        taken++;
    }
    if (before + taken < sizeof body->lead)
        return BODY_MORE;
    if (!open_stream(body))
        return BODY_NO_MEMORY;
    enum body_verdict verdict = decompress(body, (struct span){ body->lead, sizeof body->lead });
    if (verdict != BODY_MORE || taken == piece.size)
        return verdict;
    return decompress(body, (struct span){ piece.data + taken, piece.size - taken });
}

enum body_verdict body__add(struct body *body, struct span piece)
{
    if (body->encoding == BODY_AS_IT_IS)
        return search(body, piece);
    if (piece.size == 0)
        return BODY_MORE;
    size_t before = body->read;
    size_t left = PROBE_BODY_READ_MAX - before;
    if (piece.size > left)
        piece.size = left;
    body->read += piece.size;
    enum body_verdict verdict =
        body->stream == NULL ? begin_decompressing(body, piece, before) : decompress(body, piece);
    return verdict == BODY_MORE && body->read == PROBE_BODY_READ_MAX ? BODY_MISSING : verdict;
}
