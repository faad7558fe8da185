/*
 * control/collections.h - CIDR collections.
 *
 * A change reaches every group that uses the collection at once (R-CID-12): it is published as any
 * change of records is.  `key` is a collection's id or its name.  Control thread only.
 */
#ifndef SIGNPOST_CONTROL_COLLECTIONS_H
#define SIGNPOST_CONTROL_COLLECTIONS_H

#include "signpost/control/control.h"
#include "signpost/model/cidr.h"

/* An empty one, with an id that is drawn.  SP_EINVAL; SP_EEXIST: the name is taken; SP_ELIMIT:
 * there are as many as there may be (R-QTA-10). */
int control_create_collection(struct control *control, const char *name,
                              struct cidr_collection *out_collection, struct problem *out_problem);

/* The same with the API's caller reference: what it made under that name before is given again
 * (A-CID-1). */
int control_request_collection(struct control *control, const char *name, const char *reference,
                               struct cidr_collection *out_collection, struct problem *out_problem);

/* See cidr_collection_apply.  SP_ENOENT; SP_ECONFLICT also when a location loses its last block and
 * record sets name it. */
int control_change_collection(struct control *control, const char *key,
                              const struct cidr_batch *batch,
                              struct cidr_collection *out_collection, struct problem *out_problem);

/* With all its blocks.  SP_ENOENT; SP_ECONFLICT while record sets name it. */
int control_delete_collection(struct control *control, const char *key,
                              struct problem *out_problem);

int control_read_collection(struct control *control, const char *key,
                            struct cidr_collection *out_collection, struct problem *out_problem);

/* In order of their names. */
int control_list_collections(struct control *control, const struct store_object_visitor *visitor,
                             struct problem *out_problem);

/* How many record sets name a location of the collection with that id. */
int control_count_location_users(struct control *control, const char *id, const char *location,
                                 uint64_t *out_count, struct problem *out_problem);

/* What a record set may name; by the id alone, as record sets do.  "*" is a location of every
 * collection (R-CID-4). */
bool control_has_collection(const struct control *control, const char *id);
bool control_has_location(const struct control *control, const char *id, const char *location);

#endif
