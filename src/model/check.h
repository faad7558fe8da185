/*
 * model/check.h - the rules that record sets must keep, one question each.
 *
 * model_apply and draft_check ask them: the one for every change of a batch in turn, the other for
 * all sets of a draft.  A reason is a sentence without an end; where Route 53 has a text it is that
 * text.
 */
#ifndef SIGNPOST_MODEL_CHECK_H
#define SIGNPOST_MODEL_CHECK_H

#include "faults.h"

#include "signpost/model/draft.h"

#include <string.h>

/* Room for what Route 53 says of two names, written in octal escapes, and a set identifier. */
#define REASON_TEXT_SIZE (2 * DNS_NAME_TEXT_SIZE + 4 * SET_IDENTIFIER_SIZE_MAX + 512)

struct reason {
    char text[REASON_TEXT_SIZE]; /* "" while nothing is wrong */
};

void reason_set(struct reason *reason, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static inline bool reason_is_set(const struct reason *reason)
{
    return reason->text[0] != '\0';
}

/* How Route 53's texts write a name. */
struct name_text {
    char text[DNS_NAME_TEXT_SIZE];
};
struct name_text name_text_of(const uint8_t *name);

/* ---- shape.c ---- */

/* What is wrong with the set by itself, whatever stands around it: A-CHG-10 to A-CHG-17.  Its type
 * must be one of the seventeen. */
void check__shape(const struct record_set *set, struct reason *out_reason);

/* A coordinate of R-GPX-2 as a number of hundredths of a degree; false: it is none, or beyond
 * limit degrees. */
bool check__coordinate(const char *text, int limit, int *out_hundredths);

/* ---- check.c ---- */

/* Whether the owner lies outside the zone; then it is noted (R-NAM-10, A-CHG-20). */
bool check__outside(struct faults *faults, const struct hosted_zone *zone, const uint8_t *owner,
                    uint32_t line);

/* What keeps it from standing at that owner, whatever else does (R-NAM-9, R-SIM-2, R-REC-5 ...). */
void check__place(struct faults *faults, const struct hosted_zone *zone, const uint8_t *owner,
                  const struct record_set *set);

/* What keeps it from standing beside another set of the same owner, the TTLs of weighted sets
 * aside: A-CHG-40 to A-CHG-45. */
void check__neighbour(const struct hosted_zone *zone, const uint8_t *owner,
                      const struct record_set *set, const struct record_set *other,
                      struct reason *out_reason);

/* A-CHG-44. */
void check__neighbour_ttl(const uint8_t *owner, const struct record_set *set,
                          const struct record_set *other, struct reason *out_reason);

/* How many sets a group of that policy may have (A-CHG-46). */
uint32_t check__group_limit(enum routing_policy policy);
void check__fault_group(struct faults *faults, const uint8_t *owner, const struct record_set *set,
                        uint32_t limit);

/* R-ZON-4, A-CHG-32. */
void check__apex(struct faults *faults, struct record_set *sets);

/* ---- references.c ---- */

/* Whether there is what the set's routing names, and whether a resource may be its target
 * (A-CHG-17, A-CHG-56, R-ALI-15).  Other than 0: the references could not tell. */
int check__references(const struct model_references *references, const struct hosted_zone *zone,
                      const struct record_set *set, struct reason *out_reason,
                      struct problem *out_problem);

/* R-ALI-12: CloudFront stands in one role only.  sets: those of the owner, set among them. */
int check__both_roles(const struct model_references *references, const struct hosted_zone *zone,
                      const struct record_set *sets, const struct record_set *set,
                      struct reason *out_reason, struct problem *out_problem);

/* A-CHG-31. */
void check__health_check(const struct model_references *references, const struct record_set *set,
                         struct reason *out_reason);

/* Whether it is an alias to a set of its own zone. */
static inline bool leads_inside(const struct record_set *set, const struct hosted_zone *zone)
{
    return set->alias != NULL && strcmp(set->alias->zone_id, zone->public_id) == 0;
}

#endif
