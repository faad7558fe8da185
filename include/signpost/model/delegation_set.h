/*
 * model/delegation_set.h - four name servers, and which of them a zone may have (R-ZON-5 to
 * R-ZON-8).
 *
 * A server is a number from 0 to 2047, each set has one of every suffix family.  Two public zones
 * of which one has the name of the other, or lies above it, must not share a server: else one
 * server would have two answers to a question.
 */
#ifndef SIGNPOST_MODEL_DELEGATION_SET_H
#define SIGNPOST_MODEL_DELEGATION_SET_H

#include "signpost/model/hosted_zone.h"

/* A reusable one. */
struct delegation_set {
    char id[ZONE_ID_TEXT_SIZE]; /* "N" and 20 of A-Z 0-9 */
    char caller_reference[ZONE_REFERENCE_SIZE];
    uint16_t name_servers[ZONE_SERVER_COUNT];
    int64_t created_at; /* Unix seconds */
};

/* Draws an id and four servers. */
void delegation_set_draw(struct delegation_set *set, struct dice *dice);

/* What private zones show (R-ZON-6). */
void delegation_set_reserved(uint16_t out_servers[ZONE_SERVER_COUNT]);

bool delegation_sets_overlap(const uint16_t a[ZONE_SERVER_COUNT],
                             const uint16_t b[ZONE_SERVER_COUNT]);

/* The servers that a zone should not get.  Zeroed at first. */
struct servers_in_use {
    uint64_t of_name[ZONE_SERVER_NUMBERS / 64];   /* of zones with its name: never */
    uint64_t of_family[ZONE_SERVER_NUMBERS / 64]; /* of those, and of zones above and below it */
};

void servers_in_use_add(struct servers_in_use *in_use, const uint16_t servers[ZONE_SERVER_COUNT],
                        bool same_name);

/* Draws again each server that is in use.  Where more zones lie below a name than a family has
 * servers, those of its own name alone are avoided.  SP_ELIMIT: not even that is possible; then
 * nothing has changed. */
int servers_in_use_avoid(const struct servers_in_use *in_use, uint16_t servers[ZONE_SERVER_COUNT],
                         struct dice *dice);

#endif
