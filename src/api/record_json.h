/*
 * api/record_json.h - record sets as JSON: {"name","type","ttl","values"}, or an "alias" instead of
 * the last two, and what they are chosen by.
 *
 * What is read is strict: a member that is unknown, of another kind or without sense is refused by
 * name.
 */
#ifndef API_RECORD_JSON_H
#define API_RECORD_JSON_H

#include "call.h"

/* The set at that owner; the caller's reference.  NULL: no memory. */
json_t *api_json_record_set(const uint8_t *owner, const struct record_set *set);

/* Reads changes[index], a change of that zone.  What the item points to lives in the arena of the
 * exchange.  SP_EINVAL, SP_ENOMEM. */
int api_read_change(struct api_call *call, size_t index, const struct hosted_zone *zone,
                    json_t *change, struct change_item *out_item);

/* ---- the same in pieces: reading.c, record_json.c, record_routing.c ---- */

/* A change that is being read. */
struct reading {
    struct api_call *call;
    size_t index; /* it is changes[index] */
    const struct hosted_zone *zone;
};

/* "changes[3].MEMBER: REASON"; SP_EINVAL. */
int reading_fault(const struct reading *reading, const char *member, const char *reason);

/* Puts "changes[3]: " in front of words that were written deeper down.  Returns rc. */
int reading_locate(const struct reading *reading, int rc);

/* Values of one kind; member is for the message.  SP_EINVAL. */
int reading_number(const struct reading *reading, const json_t *value, const char *member,
                   int least, int most, int *out_number);
int reading_flag(const struct reading *reading, const json_t *value, const char *member,
                 bool *out_flag);
int reading_text(const struct reading *reading, const json_t *value, const char *member, char *out,
                 size_t size);

/* A text of any length, copied into the arena; *out_text stays as it is when value is NULL. */
int reading_string(const struct reading *reading, const json_t *value, const char *member,
                   const char **out_text);

/* That the value is an object and has no other members than those. */
int reading_object(const struct reading *reading, json_t *value, const char *member,
                   const char *const *known);

/* Policy and parameters, in and out; the set's identifier is only written here.  Writing returns
 * other than 0 when there is no memory. */
int record_read_routing(const struct reading *reading, const json_t *change,
                        struct record_set *set);
int record_write_routing(json_t *object, const struct record_set *set);

#endif
