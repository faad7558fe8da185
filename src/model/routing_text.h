/*
 * model/routing_text.h - the policy of a record set and all that goes with it, from words and as
 * text: what stands between the type and the value in a line that begins with ";@ ".
 */
#ifndef SIGNPOST_MODEL_ROUTING_TEXT_H
#define SIGNPOST_MODEL_ROUTING_TEXT_H

#include "scanner.h"
#include "text.h"

#include "signpost/model/hosted_zone.h"

/* One line being read.  The first fault ends it. */
struct routing_parse {
    const struct hosted_zone *zone;
    const uint8_t *origin;
    const struct token *next;
    const struct token *end;

    struct record_set set; /* points into this struct; without type, TTL and values */
    struct routing routing;
    struct alias_target alias;
    uint8_t alias_name[DNS_NAME_SIZE_MAX];
    char identifier[SET_IDENTIFIER_SIZE_MAX + 1];
    char health_check[HEALTH_CHECK_ID_SIZE_MAX + 1];
    uint32_t seen; /* attributes so far, a bit each */

    const struct token *dotless; /* a target that seems to lack its final dot; a warning */
    const struct token *culprit; /* the word that is wrong */
    char why[256];               /* what is to be said behind it; "" while all is well */
};

/* Reads the words from the policy on.  After "value" the words that are left are the value; after
 * "alias" none is.  false: culprit and why say why not. */
bool routing__read(struct routing_parse *parse, const struct token *words, uint32_t word_count);

/* The policy and its attributes, each with a space behind it; then "value ", or the alias. */
void routing__write(struct text *text, const struct hosted_zone *zone,
                    const struct record_set *set);

#endif
