/*
 * model/rdata_text.h - one value from words, and as text (RFC 1035 §5, RFC 3597 §5).
 */
#ifndef SIGNPOST_MODEL_RDATA_TEXT_H
#define SIGNPOST_MODEL_RDATA_TEXT_H

#include "rdata_fields.h"

/* Reads the words of one value, specific or generic (\#), into parse->data: checked, lower case.
 * false: parse->why and its company say why not. */
bool rdata__read(struct rdata_parse *parse, uint16_t type, const struct token *words,
                 uint32_t word_count, const uint8_t *origin);

/* What the fields of that type are called: "preference exchange". */
const char *rdata__usage(uint16_t type);

/* `TYPE: "word" is not ...`, with what it should look like. */
void rdata__describe(const struct rdata_parse *parse, uint16_t type, char *out, size_t out_size);

/* A word as messages show it: cut short, with nothing in it that is not printable. */
#define SHOWN_SIZE 72
void rdata__show(char out[SHOWN_SIZE], const struct token *word);

/* The rdata must be well formed. */
void rdata__write(struct text *text, uint16_t type, struct span rdata);

#endif
