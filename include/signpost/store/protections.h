/*
 * store/protections.h - protected record sets (A-PRT), as they are stored.
 *
 * Everything that writes does so inside a transaction begun before (store_begin), which goes on.
 * Zones are named by their number; what they have goes with them.  Control thread only.
 */
#ifndef SIGNPOST_STORE_PROTECTIONS_H
#define SIGNPOST_STORE_PROTECTIONS_H

#include "signpost/store/store.h"

struct protection {
    uint8_t owner[DNS_NAME_SIZE_MAX]; /* wire, lower case */
    uint16_t type;
    char comment[ZONE_COMMENT_SIZE]; /* "" is fine */
};

/* At most `count` of a zone in the order of A-LST-2 and A-LST-3, from that owner key
 * (dns_name_to_key) and that type's name on, "" for none.  What is visited is the callee's for the
 * call only; other than 0 ends the reading with that status. */
int store_visit_protections(struct store *store, int64_t zone_id, const char *owner_key,
                            const char *type, unsigned count,
                            int (*visit)(void *context, const struct protection *protection),
                            void *context, struct problem *out_problem);

/* SP_ENOENT without words. */
int store_find_protection(struct store *store, int64_t zone_id, const uint8_t *owner, uint16_t type,
                          struct protection *out_protection, struct problem *out_problem);

/* SP_EEXIST without words. */
int store_add_protection(struct store *store, int64_t zone_id, const struct protection *protection,
                         struct problem *out_problem);

/* SP_ENOENT without words. */
int store_delete_protection(struct store *store, int64_t zone_id, const uint8_t *owner,
                            uint16_t type, struct problem *out_problem);

#endif
